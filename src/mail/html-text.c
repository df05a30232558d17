/* html-text.c - the text of an HTML document as it is read off the screen, and the text that is not on the screen */
#include "mail/html-text.h"

#include "mail/entity.h"
#include "util/limits.h"
#include "util/utf8.h"

void html_text_start(struct html_text *text, struct buffer *visible, struct html_view *view, struct arena *arena)
{
    *text = (struct html_text){
        .visible = visible,
        .hidden = buffer_new(arena, LIMIT_HIDDEN_TEXT),
        .view = view,
        .line_pending = visible->length > 0,
        .reason = HTML_VISIBLE,
        .first_stretch = true,
        .counted = HTML_VISIBLE,
    };
    buffer_append(&text->hidden, view->hidden_text); /* of the parts before this one */
}

/* --- What leaves ink, what is a letter --------------------------------------------------------------------------- */

static bool is_blank(uint32_t code)
{
    return code <= 0x20 || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F ||
           code == 0x3000 || utf8_is_invisible(code);
}

/* How many characters of `run` leave ink; stops counting at `most`. */
static size_t count_ink(struct span run, size_t most)
{
    size_t count = 0, size;
    for (size_t at = 0; at < run.length && count < most; at += size) {
        unsigned char byte = (unsigned char)run.data[at];
        size = 1;
        if (byte < 0x80)
            count += byte > 0x20;
        else
            count += !is_blank(utf8_decode(span_from(run, at), &size));
    }
    return count;
}

static bool is_ascii_letter(char byte)
{
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'z';
}

/* Letters of two bytes are those of Latin, Greek, Cyrillic, Hebrew and Arabic; in scripts beyond them words are not
 * told apart. */
static bool starts_in_letter(struct span run)
{
    unsigned char byte = (unsigned char)run.data[0];
    return is_ascii_letter(run.data[0]) || (byte >= 0xC3 && byte <= 0xDF);
}

static bool ends_in_letter(const struct buffer *buffer)
{
    if (!buffer->length)
        return false;
    if (is_ascii_letter(buffer->data[buffer->length - 1]))
        return true;
    if (buffer->length < 2)
        return false;
    unsigned char lead = (unsigned char)buffer->data[buffer->length - 2];
    return lead >= 0xC3 && lead <= 0xDF;
}

static char last_byte(const struct buffer *buffer)
{
    return buffer->length ? buffer->data[buffer->length - 1] : '\n';
}

/* --- Hidden stretches --------------------------------------------------------------------------------------------- */

/* Notes the open stretch for who wants to see it. */
static void note_stretch(struct html_text *text, enum html_hiding reason)
{
    struct html_view *view = text->view;
    if (view->stretch_count >= LIMIT_HIDDEN_STRETCHES)
        return;
    if (view->stretch_count >= text->stretch_room) {
        text->stretch_room = 2 * view->stretch_count + 8;
        text->stretches = arena_new_array(text->hidden.arena, struct html_stretch, text->stretch_room);
        if (view->stretch_count)
            memcpy(text->stretches, view->stretches, view->stretch_count * sizeof *text->stretches);
        view->stretches = text->stretches;
    }
    text->stretch.reason = reason;
    text->stretch.length = text->hidden.length - text->stretch.start;
    text->stretches[view->stretch_count++] = text->stretch;
}

/* Counts the open stretch.  It is a preheader when it is the first, short, and something visible follows but nothing
 * came before it. */
static void close_stretch(struct html_text *text, bool visible_follows)
{
    if (text->reason == HTML_VISIBLE)
        return;
    bool preheader = text->first_stretch && visible_follows && !text->has_visible &&
                     text->stretch_characters <= HTML_PREHEADER_CHARACTERS;
    enum html_hiding reason = preheader ? HTML_HIDDEN_PREHEADER : text->reason;
    text->view->hidden[reason]++;
    text->view->hidden_bytes[reason] += text->stretch_bytes;
    note_stretch(text, reason);
    text->first_stretch = false;
    text->reason = HTML_VISIBLE;
    text->hidden_space_pending = false;
    buffer_append_byte(&text->hidden, '\n');
}

static void put_hidden(struct html_text *text, struct span run, enum html_hiding reason)
{
    size_t ink = count_ink(run, run.length);
    if (ink && text->reason == HTML_VISIBLE) {
        text->reason = reason;
        text->stretch_bytes = text->stretch_characters = 0;
        text->stretch = (struct html_stretch){ .start = text->hidden.length,
                                               .at = text->visible->length,
                                               .on_own_line = text->line_pending || last_byte(text->visible) == '\n' };
        text->hidden_space_pending = false;
    }
    if (text->reason == HTML_VISIBLE)
        return;
    if (text->hidden_space_pending)
        buffer_append_byte(&text->hidden, ' ');
    text->hidden_space_pending = false;
    buffer_append(&text->hidden, run);
    text->stretch_characters += ink;
    text->stretch_bytes += ink ? run.length : 0;
}

/* --- Visible text ------------------------------------------------------------------------------------------------- */

static void put_pending_space(struct html_text *text)
{
    char last = last_byte(text->visible);
    if (text->line_pending && last != '\n')
        buffer_append_byte(text->visible, '\n');
    else if (text->space_pending && last != '\n' && last != ' ')
        buffer_append_byte(text->visible, ' ');
    text->line_pending = text->space_pending = false;
}

/* Was the word that is being written joined from two pieces before?  Reads no byte twice: a joint follows. */
static bool is_jointed_word(const struct html_text *text)
{
    const struct buffer *visible = text->visible;
    for (size_t at = text->jointed; at < visible->length; at++)
        if (!is_ascii_letter(visible->data[at]) && (unsigned char)visible->data[at] < 0x80)
            return false;
    return text->jointed > 0;
}

static void forget_splits(struct html_text *text)
{
    text->comment_pending = text->tag_pending = text->joint_pending = false;
}

static void count_split(struct html_text *text, struct span run)
{
    bool inside = !text->space_pending && !text->line_pending && starts_in_letter(run) && ends_in_letter(text->visible);
    bool jointed = inside && text->joint_pending;
    text->view->counts.comments_inside_words += inside && (text->comment_pending || (jointed && is_jointed_word(text)));
    text->view->counts.tags_inside_words += inside && text->tag_pending;
    forget_splits(text);
    if (jointed)
        text->jointed = text->visible->length;
}

static void count_though_visible(struct html_text *text, struct span run, enum html_hiding counted)
{
    if (counted != HTML_VISIBLE) {
        text->view->hidden[counted] += counted != text->counted;
        text->view->hidden_bytes[counted] += run.length;
    }
    text->counted = counted;
}

static void put_visible(struct html_text *text, struct span run, enum html_hiding counted)
{
    if (text->comment_pending || text->tag_pending || text->joint_pending)
        count_split(text, run);
    put_pending_space(text);
    buffer_append(text->visible, run);
    if (!count_ink(run, 1))
        return;
    close_stretch(text, true);
    count_though_visible(text, run, counted);
    text->has_visible = true;
    text->visible_marks++;
}

/* --- Folding ------------------------------------------------------------------------------------------------------ */

struct piece {
    enum html_hiding hiding, counted;
    bool references, preformatted;
};

static void put_run(struct html_text *text, struct span run, const struct piece *piece)
{
    if (piece->hiding == HTML_VISIBLE)
        put_visible(text, run, piece->counted);
    else
        put_hidden(text, run, piece->hiding);
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

static void put_space(struct html_text *text, char byte, const struct piece *piece)
{
    if (piece->hiding != HTML_VISIBLE) {
        text->hidden_space_pending = true;
        return;
    }
    if (piece->preformatted && byte == '\n')
        text->line_pending = true;
    text->space_pending = true;
}

/* Bytes up to the next that means something: references, NUL, and white space except a single space between words. */
static size_t run_length(struct span written, bool references)
{
    const char *data = written.data;
    size_t at = 0;
    for (; at < written.length; at++) {
        unsigned char byte = (unsigned char)data[at];
        if (byte > ' ' && (byte != '&' || !references))
            continue;
        if (byte > '\r' && byte < ' ')
            continue;
        bool between = byte == ' ' && at + 1 < written.length && (unsigned char)data[at + 1] > ' ' &&
                       data[at + 1] != '&';
        if (!between)
            break;
    }
    return at;
}

/* A reference, or an ampersand that is none; gives the bytes it takes. */
static size_t put_reference(struct html_text *text, struct span written, const struct piece *piece)
{
    char value[ENTITY_BYTES];
    size_t length = 1;
    size_t used = entity_decode(written, false, value, &length);
    if (!used)
        put_run(text, span_head(written, 1), piece);
    else if (length == 1 && is_space(value[0]))
        put_space(text, value[0], piece);
    else
        put_run(text, span_make(value, length), piece);
    return used ? used : 1;
}

void html_text_add(struct html_text *text, struct span written, enum html_hiding hiding, enum html_hiding counted,
                   bool references, bool preformatted)
{
    const struct piece piece = { hiding, counted, references, preformatted };
    while (written.length) {
        char byte = written.data[0];
        size_t used = 1;
        if (is_space(byte)) {
            put_space(text, byte, &piece);
            while (!preformatted && used < written.length && is_space(written.data[used]))
                used++;
        } else if (byte == '&' && references) {
            used = put_reference(text, written, &piece);
        } else if ((used = run_length(written, references)) > 0) {
            put_run(text, span_head(written, used), &piece);
        } else {
            used = 1; /* a NUL or its like: browsers drop it */
        }
        written = span_from(written, used);
    }
}

/* --- Lines -------------------------------------------------------------------------------------------------------- */

void html_text_end_line(struct html_text *text)
{
    text->line_pending = true;
    text->hidden_space_pending = true;
}

void html_text_break(struct html_text *text)
{
    struct buffer *visible = text->visible;
    put_pending_space(text);
    bool line_ended = last_byte(visible) == '\n';
    bool empty_line = visible->length < 2 ? line_ended : line_ended && visible->data[visible->length - 2] == '\n';
    if (!empty_line)
        buffer_append_byte(visible, '\n');
    text->hidden_space_pending = true;
    forget_splits(text);
}

void html_text_end_cell(struct html_text *text)
{
    text->space_pending = true;
    text->hidden_space_pending = true;
}

void html_text_note_comment(struct html_text *text, struct span comment)
{
    bool joint = span_equal(comment, span_of(" "));
    text->joint_pending |= joint;
    text->comment_pending |= !joint;
}

void html_text_note_split(struct html_text *text)
{
    text->tag_pending = true;
}

void html_text_finish(struct html_text *text)
{
    close_stretch(text, false);
    text->view->hidden_text = buffer_span(&text->hidden);
    text->view->truncated |= text->hidden.truncated || text->visible->truncated;
}
