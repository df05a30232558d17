/* uncovered.c - the text of a message with what it hides put back into its place */
#include "verdict/uncovered.h"

#include "util/translate.h"
#include "util/utf8.h"

const char *uncovered_reason(enum html_hiding reason)
{
    static const char *const reasons[HTML_HIDING_COUNT] = {
        [HTML_HIDDEN_DISPLAY] = N_("switched off (display:none)"),
        [HTML_HIDDEN_VISIBILITY] = N_("made invisible (visibility)"),
        [HTML_HIDDEN_OPACITY] = N_("transparent (opacity)"),
        [HTML_HIDDEN_FONT_SIZE] = N_("too small to see (font-size)"),
        [HTML_HIDDEN_COLOUR] = N_("in the colour of its background"),
        [HTML_HIDDEN_OFF_SCREEN] = N_("moved off the page"),
        [HTML_HIDDEN_CLIPPED] = N_("cut off (no height or width, clip)"),
        [HTML_HIDDEN_MSO] = N_("not shown by Outlook"),
        [HTML_HIDDEN_AFTER_END] = N_("behind the end of the page"),
        [HTML_HIDDEN_FOLDED] = N_("folded in until clicked"),
        [HTML_HIDDEN_PREHEADER] = N_("preview for the list of messages"),
    };
    return (unsigned)reason < HTML_HIDING_COUNT ? _(reasons[reason]) : "";
}

struct uncovered uncovered_start(const struct message *message, size_t visible_most, size_t hidden_most)
{
    return (struct uncovered){ .message = message, .visible_left = visible_most, .hidden_left = hidden_most };
}

/* As much of `text` as may still be shown. */
static struct span within(struct uncovered *walk, struct span text, size_t *left)
{
    struct span shown = utf8_head(text, *left);
    *left -= shown.length;
    if (shown.length < text.length)
        *left = 0; /* half a character is left: nothing follows it */
    walk->omitted += text.length - shown.length;
    return shown;
}

/* The stretch the walk has come to, if it belongs to this half of it: those that have a place, then the others. */
static const struct html_stretch *next_stretch(struct uncovered *walk)
{
    const struct html_view *view = walk->message->html;
    for (; view && walk->stretch < view->stretch_count; walk->stretch++)
        if ((view->stretches[walk->stretch].at == HTML_NOWHERE) == walk->behind)
            return &view->stretches[walk->stretch];
    return NULL;
}

static bool show_hidden(struct uncovered *walk, const struct html_stretch *stretch, struct uncovered_piece *piece)
{
    struct span text = span_head(span_from(walk->message->hidden_text, stretch->start), stretch->length);
    text = within(walk, text, &walk->hidden_left);
    walk->stretch++;
    *piece = (struct uncovered_piece){ .text = text,
                                       .hidden = true,
                                       .reason = stretch->reason,
                                       .starts_line = stretch->on_own_line || walk->behind,
                                       .is_nowhere = walk->behind };
    return text.length > 0;
}

static bool show_visible(struct uncovered *walk, size_t end, struct uncovered_piece *piece)
{
    struct span visible = walk->message->visible_text;
    struct span text = within(walk, span_make(visible.data + walk->at, end - walk->at), &walk->visible_left);
    walk->at = end;
    *piece = (struct uncovered_piece){ .text = text };
    return text.length > 0;
}

bool uncovered_next(struct uncovered *walk, struct uncovered_piece *piece)
{
    size_t end = walk->message->visible_text.length;
    for (;;) {
        const struct html_stretch *stretch = next_stretch(walk);
        if (stretch && (walk->behind || stretch->at <= walk->at)) {
            if (show_hidden(walk, stretch, piece))
                return true;
        } else if (walk->at < end) {
            if (show_visible(walk, stretch && stretch->at < end ? stretch->at : end, piece))
                return true;
        } else if (!walk->behind) {
            walk->behind = true;
            walk->stretch = 0;
        } else {
            return false;
        }
    }
}
