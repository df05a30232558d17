/* target-html.c - HTML as its reader sees it: text stays text, bounds hold, and what is plain comes through */
#include "config.h"

#include "fuzz.h"

#include "mail/entity.h"
#include "mail/html.h"
#include "util/limits.h"
#include "util/utf8.h"

static void check_view(const struct html_view *view)
{
    fuzz_require(utf8_is_valid(view->hidden_text) && view->hidden_text.length <= LIMIT_HIDDEN_TEXT);
    fuzz_require(utf8_is_valid(view->title));
    fuzz_require(view->link_count <= LIMIT_LINKS && view->image_count <= LIMIT_IMAGES);
    for (size_t i = 0; i < view->link_count; i++) {
        fuzz_require(utf8_is_valid(view->links[i].target) && utf8_is_valid(view->links[i].text));
        fuzz_require(view->links[i].text.length <= HTML_LINK_TEXT);
    }
    for (size_t i = 0; i < view->image_count; i++)
        fuzz_require(view->images[i].width >= -1 && view->images[i].height >= -1);
}

/* Every tag leaves a line end at most, and the longest reference for its length ("&lt" has 3) is no longer than it. */
static size_t text_at_most(struct span html)
{
    return 2 * html.length + 16;
}

/* Text without markup is seen as it stands: what is written as references comes back. */
static void check_plain(struct span text, struct arena *arena)
{
    struct buffer written = buffer_new(arena, LIMIT_VISIBLE_TEXT), shown = buffer_new(arena, LIMIT_VISIBLE_TEXT);
    struct html_view view = { 0 };
    struct span word = span_head(text, 200);
    for (size_t i = 0; i < word.length; i++) {
        unsigned char byte = (unsigned char)word.data[i];
        buffer_append_format(&written, "&#%u;", 33u + byte % 94);
    }
    html_read(buffer_span(&written), arena, &shown, &view);
    fuzz_require(shown.length >= word.length && shown.length <= word.length + 2);
    for (size_t i = 0; i < word.length; i++)
        fuzz_require((unsigned char)shown.data[i] == 33u + (unsigned char)word.data[i] % 94);
}

FUZZ_TARGET(html, "HTML becomes visible and hidden text, links and images")
{
    struct buffer html = buffer_new(arena, LIMIT_PART_TEXT), visible = buffer_new(arena, LIMIT_VISIBLE_TEXT);
    struct html_view view = { 0 };
    utf8_append_repaired(&html, input);
    html_read(buffer_span(&html), arena, &visible, &view);
    fuzz_require(utf8_is_valid(buffer_span(&visible)));
    fuzz_require(visible.length <= text_at_most(buffer_span(&html)));
    check_view(&view);
    fuzz_require(utf8_is_valid(entity_decode_all(buffer_span(&html), true, arena)));
    check_plain(input, arena);
}
