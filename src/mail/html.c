/* html.c - HTML as its reader sees it: goes through the tokens, keeps the open elements, and notes what is seen where
 *
 * html-token.c cuts the text into tokens, html-tree.c keeps what is open, style*.c and html-look.c say how it looks,
 * html-text.c writes the text; this file decides what each token means.
 *
 * A <style> that stands behind something it applies to makes one second reading necessary, with all rules known from
 * the start.
 */
#include "mail/html.h"

#include "mail/entity.h"
#include "mail/html-link.h"
#include "mail/html-look.h"
#include "mail/html-text.h"
#include "mail/html-token.h"
#include "mail/html-tree.h"
#include "mail/style-sheet.h"
#include "mail/style-value.h"
#include "util/limits.h"
#include "util/utf8.h"

#define TITLE_BYTES 1024

static const struct style_colour link_blue = { 0, 0, 0xEE, 255 };

struct reader {
    struct arena *arena;
    struct html_view *view;
    struct html_tokenizer tokenizer;
    struct html_tree tree;
    struct html_text text;
    struct style_sheet *sheet;
    struct html_link *links;
    struct html_image *images;
    size_t link_capacity, image_capacity;
    struct span base;
    struct span style_media;      /* of the <style> that is open */
    struct style_colour link_colour;
    size_t open_link;             /* index into links of the <a> that is open, or NO_LINK */
    size_t open_link_start;       /* where its text starts in the visible text */
    size_t open_link_marks;
    bool open_link_shows_image;
    bool sheet_is_complete;       /* second reading: <style> is passed over */
    bool needs_second_reading;
    bool has_shown_element;       /* something that a style rule could have applied to */
    bool after_end;               /* behind </html> */
};

#define NO_LINK SIZE_MAX

/* Room for one more in an array that may still belong to an earlier part. */
static void *grow(struct arena *arena, const void *items, size_t count, size_t *capacity, size_t size)
{
    *capacity = count < 8 ? 16 : count * 2;
    void *larger = arena_alloc_array(arena, *capacity, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

/* --- Links -------------------------------------------------------------------------------------------------------- */

/* Gives the index of the new link, or NO_LINK past the limit. */
static size_t add_link(struct reader *reader, enum html_link_kind kind, struct span written)
{
    struct html_view *view = reader->view;
    view->counts.links++;
    if (view->link_count >= LIMIT_LINKS) {
        view->truncated = true;
        return NO_LINK;
    }
    if (view->link_count >= reader->link_capacity) {
        reader->links =
            grow(reader->arena, view->links, view->link_count, &reader->link_capacity, sizeof *reader->links);
        view->links = reader->links;
    }
    struct span target = html_link_join(html_link_clean(written, reader->arena), reader->base, reader->arena);
    reader->links[view->link_count] = (struct html_link){ .kind = kind, .target = target };
    view->counts.encoded_links += span_starts_nocase(target, "http") && html_link_encodes_letters(written);
    return view->link_count++;
}

/* Where <a> or, in <svg>, <image> leads: href, and in <svg> also xlink:href, which href overrules (SVG 2, section
 * 16.1.6).  Outside of <svg> browsers know no xlink:href. */
static struct span reference_of(const struct reader *reader, const struct html_token *token)
{
    bool is_xlink = reader->tokenizer.foreign_depth && !html_token_has(token, HTML_ATTRIBUTE_HREF);
    return html_token_value(token, is_xlink ? HTML_ATTRIBUTE_XLINK_HREF : HTML_ATTRIBUTE_HREF);
}

static void open_link(struct reader *reader, struct span written)
{
    enum html_link_kind kind = reader->tokenizer.foreign_depth ? HTML_LINK_DRAWING : HTML_LINK_ANCHOR;
    reader->open_link = add_link(reader, kind, written);
    reader->open_link_start = reader->text.visible->length;
    reader->open_link_marks = reader->text.visible_marks;
    reader->open_link_shows_image = false;
}

/* The visible text since the link opened, line ends folded to spaces. */
static struct span link_text(const struct reader *reader)
{
    struct span text = style_trim(span_from(buffer_span(reader->text.visible), reader->open_link_start));
    text = utf8_head(text, HTML_LINK_TEXT);
    char *copy = arena_alloc(reader->arena, text.length);
    for (size_t i = 0; i < text.length; i++)
        copy[i] = text.data[i] == '\n' ? ' ' : text.data[i];
    return span_make(copy, text.length);
}

static void close_link(struct reader *reader)
{
    if (reader->open_link == NO_LINK)
        return;
    struct html_link *link = &reader->links[reader->open_link];
    bool shows_text = reader->text.visible_marks > reader->open_link_marks;
    if (shows_text)
        link->text = link_text(reader);
    link->hidden = !shows_text && !reader->open_link_shows_image;
    reader->open_link = NO_LINK;
}

/* <meta http-equiv=refresh content="5; url=https://example.org/"> (WHATWG HTML, section 4.2.5.3) */
static void read_meta(struct reader *reader, const struct html_token *token)
{
    if (!span_is_nocase(style_trim(html_token_value(token, HTML_ATTRIBUTE_HTTP_EQUIV)), "refresh"))
        return;
    reader->view->counts.meta_refreshes++;
    struct span content = html_token_value(token, HTML_ATTRIBUTE_CONTENT);
    size_t at = 0;
    while (at < content.length && content.data[at] != ';' && content.data[at] != ',')
        at++;
    struct span target = style_trim(span_from(content, at + 1));
    if (span_starts_nocase(target, "url")) {
        struct span rest = style_trim(span_from(target, 3));
        if (rest.length && rest.data[0] == '=')
            target = style_trim(span_from(rest, 1));
    }
    if (target.length && (target.data[0] == '"' || target.data[0] == '\'')) {
        char quote = target.data[0];
        target = span_from(target, 1);
        target = span_head(target, span_find_byte(target, quote));
    }
    if (target.length)
        add_link(reader, HTML_LINK_REFRESH, target);
}

/* --- Images ------------------------------------------------------------------------------------------------------- */

/* A width or height: from the style, else from the attribute, else -1. */
static int image_extent(const struct html_token *token, const struct html_open_element *image,
                        enum style_property property, enum html_attribute attribute)
{
    float px = html_look_length(&image->set, property, &image->look, -1);
    bool relative = style_has(&image->set, property) && image->set.value[property].unit == STYLE_UNIT_PERCENT;
    struct span written = style_trim(html_token_value(token, attribute));
    if ((px < 0 || relative) && written.length) {
        struct style_value value = style_length_parse(written);
        px = value.unit == STYLE_UNIT_NUMBER || value.unit == STYLE_UNIT_PX ? value.number : -1;
    } else if (relative) {
        px = -1;
    }
    return px < 0 ? -1 : px > 100000 ? 100000 : (int)px;
}

static void read_image(struct reader *reader, const struct html_token *token, const struct html_open_element *image)
{
    struct html_view *view = reader->view;
    bool hidden = html_look_hides_image(&image->look);
    view->counts.images++;
    if (!hidden && reader->open_link != NO_LINK)
        reader->open_link_shows_image = true;
    if (reader->open_link != NO_LINK)
        reader->links[reader->open_link].has_image = true;
    if (view->image_count >= LIMIT_IMAGES) {
        view->truncated = true;
        return;
    }
    if (view->image_count >= reader->image_capacity) {
        reader->images =
            grow(reader->arena, view->images, view->image_count, &reader->image_capacity, sizeof *reader->images);
        view->images = reader->images;
    }
    bool in_drawing = token->element == HTML_ELEMENT_IMAGE && reader->tokenizer.foreign_depth;
    struct span written = in_drawing ? reference_of(reader, token) : html_token_value(token, HTML_ATTRIBUTE_SRC);
    struct span source = html_link_clean(written, reader->arena);
    reader->images[view->image_count++] = (struct html_image){
        .source = html_link_join(source, reader->base, reader->arena),
        .width = image_extent(token, image, STYLE_WIDTH, HTML_ATTRIBUTE_WIDTH),
        .height = image_extent(token, image, STYLE_HEIGHT, HTML_ATTRIBUTE_HEIGHT),
        .hidden = hidden,
    };
}

/* --- Structure that is evidence by itself ------------------------------------------------------------------------- */

static void measure_data_urls(struct html_counts *counts, const struct html_token *token)
{
    static const enum html_attribute sources[] = {
        HTML_ATTRIBUTE_ACTION, HTML_ATTRIBUTE_BACKGROUND, HTML_ATTRIBUTE_DATA, HTML_ATTRIBUTE_HREF, HTML_ATTRIBUTE_SRC,
    };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (!html_token_has(token, sources[i]))
            continue;
        struct span value = style_trim(token->value[sources[i]]);
        if (span_starts_nocase(value, "data:") && value.length > counts->longest_data_url)
            counts->longest_data_url = value.length;
    }
}

/* Word's "<o:p>" and "<v:shape>" are no inventions of the sender. */
static bool is_unknown(const struct html_token *token)
{
    return token->element == HTML_ELEMENT_UNKNOWN && span_find_byte(token->name_text, ':') == token->name_text.length;
}

static void count_input(struct html_counts *counts, const struct html_token *token)
{
    counts->inputs++;
    counts->password_fields += span_is_nocase(style_trim(html_token_value(token, HTML_ATTRIBUTE_TYPE)), "password");
}

static void read_link_element(struct reader *reader, const struct html_token *token)
{
    struct span relation = html_token_value(token, HTML_ATTRIBUTE_REL);
    for (struct span word = style_next_word(&relation); word.length; word = style_next_word(&relation))
        reader->view->counts.has_stylesheet_link |= span_is_nocase(word, "stylesheet");
}

static void read_base(struct reader *reader, const struct html_token *token)
{
    struct span target = html_link_clean(html_token_value(token, HTML_ATTRIBUTE_HREF), reader->arena);
    if (!target.length)
        return;
    reader->view->counts.has_base = true;
    if (!reader->base.length && html_link_has_scheme(target))
        reader->base = target;
}

/* A data block is no script: browsers leave it alone (WHATWG HTML, section 4.12.1).  Google's mark-up for mail is one
 * in JSON-LD, which GitHub, shops and airlines put into each of their messages. */
static bool is_data_block(const struct html_token *token)
{
    struct span type = style_trim(html_token_value(token, HTML_ATTRIBUTE_TYPE));
    return span_is_nocase(type, "application/ld+json") || span_is_nocase(type, "application/json");
}

/* What an element brings along besides its look; `open` is it on the stack, or NULL for those that are not put
 * there. */
static void read_element(struct reader *reader, const struct html_token *token, const struct html_open_element *open)
{
    struct html_counts *counts = &reader->view->counts;
    switch (token->element) {
    case HTML_ELEMENT_A:
        close_link(reader);
        if (html_token_has(token, HTML_ATTRIBUTE_HREF) || reference_of(reader, token).length)
            open_link(reader, reference_of(reader, token));
        break;
    case HTML_ELEMENT_AREA:
        if (html_token_has(token, HTML_ATTRIBUTE_HREF))
            add_link(reader, HTML_LINK_AREA, token->value[HTML_ATTRIBUTE_HREF]);
        break;
    case HTML_ELEMENT_BASE: read_base(reader, token); break;
    case HTML_ELEMENT_BR: html_text_break(&reader->text); break;
    case HTML_ELEMENT_HR: html_text_end_line(&reader->text); break;
    case HTML_ELEMENT_FORM:
        counts->forms++;
        if (html_token_value(token, HTML_ATTRIBUTE_ACTION).length)
            add_link(reader, HTML_LINK_FORM, token->value[HTML_ATTRIBUTE_ACTION]);
        break;
    case HTML_ELEMENT_FRAME:
    case HTML_ELEMENT_IFRAME:
        counts->iframes++;
        if (html_token_value(token, HTML_ATTRIBUTE_SRC).length)
            add_link(reader, HTML_LINK_FRAME, token->value[HTML_ATTRIBUTE_SRC]);
        break;
    case HTML_ELEMENT_APPLET:
    case HTML_ELEMENT_EMBED:
    case HTML_ELEMENT_OBJECT: {
        enum html_attribute source = token->element == HTML_ELEMENT_OBJECT ? HTML_ATTRIBUTE_DATA : HTML_ATTRIBUTE_SRC;
        counts->objects++;
        if (html_token_value(token, source).length)
            add_link(reader, HTML_LINK_FRAME, token->value[source]);
        break;
    }
    case HTML_ELEMENT_IMG:
    case HTML_ELEMENT_IMAGE:
        if (open)
            read_image(reader, token, open);
        break;
    case HTML_ELEMENT_INPUT: count_input(counts, token); break;
    case HTML_ELEMENT_LINK: read_link_element(reader, token); break;
    case HTML_ELEMENT_META: read_meta(reader, token); break;
    case HTML_ELEMENT_SCRIPT: counts->scripts += !is_data_block(token); break;
    case HTML_ELEMENT_STYLE:
        reader->style_media = entity_decode_all(html_token_value(token, HTML_ATTRIBUTE_MEDIA), true, reader->arena);
        break;
    default: break;
    }
}

/* --- Start tags --------------------------------------------------------------------------------------------------- */

static bool belongs_to_head(enum html_element element)
{
    switch (element) {
    case HTML_ELEMENT_HTML: case HTML_ELEMENT_HEAD: case HTML_ELEMENT_META: case HTML_ELEMENT_TITLE:
    case HTML_ELEMENT_STYLE: case HTML_ELEMENT_LINK: case HTML_ELEMENT_SCRIPT: case HTML_ELEMENT_BASE:
    case HTML_ELEMENT_UNKNOWN:
        return true;
    default:
        return false;
    }
}

/* Elements without content whose look nobody asks for are not put on the stack. */
static bool needs_stack(enum html_element element, unsigned flags)
{
    return (flags & HTML_VOID) == 0 || element == HTML_ELEMENT_IMG;
}

static void gather_style(struct reader *reader, const struct html_token *token, struct html_open_element *open)
{
    html_look_hints(token, reader->link_colour, &open->set);
    if (style_sheet_rules(reader->sheet)) {
        style_element_describe(&open->matched, token, reader->arena);
        style_sheet_apply(reader->sheet, &open->matched, token, &open->set);
    }
    if (html_token_has(token, HTML_ATTRIBUTE_STYLE))
        html_look_inline(token->value[HTML_ATTRIBUTE_STYLE], reader->arena, &open->set);
}

/* The two places where what an element shows depends on its parent's state: closed <details>, and all but the first
 * <option>. */
static void fold(const struct html_token *token, struct html_open_element *open, const struct html_open_element *parent)
{
    if (token->element == HTML_ELEMENT_DETAILS && !html_token_has(token, HTML_ATTRIBUTE_OPEN))
        open->look.folded = true;
    else if (token->element == HTML_ELEMENT_SUMMARY && parent->element == HTML_ELEMENT_DETAILS)
        open->look.folded = false;
    else if (token->element == HTML_ELEMENT_OPTION && parent->element == HTML_ELEMENT_SELECT && open->matched.place > 1)
        open->look.folded = true;
}

static bool starts_line(const struct html_look *look)
{
    return look->boxed && look->gone != HTML_HIDDEN_DISPLAY;
}

static struct html_open_element *open_element(struct reader *reader, const struct html_token *token)
{
    struct html_open_element *open = html_tree_push(&reader->tree, token);
    const struct html_open_element *parent = open - 1;
    gather_style(reader, token, open);
    html_look_compute(&open->look, &parent->look, &open->set, open->flags);
    fold(token, open, parent);
    open->visible_marks = reader->text.visible_marks;
    if (starts_line(&open->look))
        html_text_end_line(&reader->text);
    if (token->element == HTML_ELEMENT_SVG || token->element == HTML_ELEMENT_MATH)
        reader->tokenizer.foreign_depth++;
    return open;
}

/* A box may hold nothing and still show its picture: how phishing makes an image a link without <img>. */
static bool shows_background(const struct html_open_element *open)
{
    return style_has(&open->set, STYLE_BACKGROUND_IMAGE) &&
           style_keyword_of(&open->set, STYLE_BACKGROUND_IMAGE) != STYLE_NONE &&
           !html_look_hides_image(&open->look);
}

/* A second <body> or <html> opens nothing. */
static bool is_repeated(const struct reader *reader, enum html_element element)
{
    return (element == HTML_ELEMENT_BODY || element == HTML_ELEMENT_HTML) && reader->tree.open_count[element] > 0;
}

static void read_start_tag(struct reader *reader, const struct html_token *token)
{
    struct html_counts *counts = &reader->view->counts;
    unsigned flags = html_element_flags(token->element);
    counts->elements++;
    counts->event_handlers += token->event_handlers;
    if (token->attributes)
        measure_data_urls(counts, token);
    if (is_unknown(token)) {
        counts->unknown_tags++;
        html_text_note_split(&reader->text);
    }
    if (token->element == HTML_ELEMENT_HTML || token->element == HTML_ELEMENT_BODY)
        reader->after_end = false;
    if (token->element == HTML_ELEMENT_BODY && html_token_has(token, HTML_ATTRIBUTE_LINK))
        style_colour_parse_attribute(token->value[HTML_ATTRIBUTE_LINK], &reader->link_colour);
    if (is_repeated(reader, token->element))
        return;
    reader->has_shown_element |= !belongs_to_head(token->element);
    html_tree_imply_ends(&reader->tree, token->element);
    bool stacked = needs_stack(token->element, flags);
    struct html_open_element *open = stacked ? open_element(reader, token) : NULL;
    read_element(reader, token, open);
    if (stacked && reader->open_link != NO_LINK && shows_background(open))
        reader->open_link_shows_image = true;
    if (stacked && ((flags & HTML_VOID) != 0 || (token->self_closing && reader->tokenizer.foreign_depth)))
        html_tree_pop(&reader->tree);
}

/* --- End tags ----------------------------------------------------------------------------------------------------- */

static void element_closed(void *context, const struct html_open_element *closed)
{
    struct reader *reader = context;
    if (starts_line(&closed->look))
        html_text_end_line(&reader->text);
    else if (closed->element == HTML_ELEMENT_TD || closed->element == HTML_ELEMENT_TH)
        html_text_end_cell(&reader->text);
    else if ((closed->flags & HTML_INLINE) != 0 && closed->visible_marks == reader->text.visible_marks)
        html_text_note_split(&reader->text);
    if (closed->element == HTML_ELEMENT_A)
        close_link(reader);
    if (closed->element == HTML_ELEMENT_SVG || closed->element == HTML_ELEMENT_MATH)
        reader->tokenizer.foreign_depth--;
}

static void read_end_tag(struct reader *reader, const struct html_token *token)
{
    switch (token->element) {
    case HTML_ELEMENT_HTML:
        reader->after_end = true;
        return;
    case HTML_ELEMENT_BODY:
        return; /* the body stays open to the end, as in browsers */
    case HTML_ELEMENT_BR:
        html_text_break(&reader->text); /* "</br>" is one, too */
        return;
    default:
        break;
    }
    if (is_unknown(token))
        html_text_note_split(&reader->text);
    if (html_tree_end(&reader->tree, token))
        return;
    if (token->element == HTML_ELEMENT_P)
        html_text_end_line(&reader->text); /* "</p>" alone is an empty paragraph */
}

/* --- Text, comments, style ---------------------------------------------------------------------------------------- */

static bool is_all_space(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!html_is_space(text.data[i]))
            return false;
    return true;
}

static void read_title(struct reader *reader, struct span written)
{
    if (reader->view->title.length)
        return;
    struct span head = utf8_head(style_trim(written), 4 * TITLE_BYTES);
    struct span text = utf8_head(entity_decode_all(head, false, reader->arena), TITLE_BYTES);
    char *title = arena_alloc(reader->arena, text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        bool space = html_is_space(text.data[i]);
        if (!space && text.data[i])
            title[length++] = text.data[i];
        else if (space && length && title[length - 1] != ' ')
            title[length++] = ' ';
    }
    reader->view->title = span_make(title, length);
}

static void read_style(struct reader *reader, struct span text)
{
    if (reader->sheet_is_complete)
        return;
    size_t before = style_sheet_rules(reader->sheet);
    style_sheet_add(reader->sheet, text, reader->style_media);
    reader->needs_second_reading |= reader->has_shown_element && style_sheet_rules(reader->sheet) > before;
}

static bool is_preformatted(const struct html_tree *tree)
{
    return tree->open_count[HTML_ELEMENT_PRE] || tree->open_count[HTML_ELEMENT_LISTING] ||
           tree->open_count[HTML_ELEMENT_XMP] || tree->open_count[HTML_ELEMENT_TEXTAREA] ||
           tree->open_count[HTML_ELEMENT_PLAINTEXT];
}

static void read_shown_text(struct reader *reader, struct span text, bool references)
{
    if (html_tree_top(&reader->tree)->element == HTML_ELEMENT_HEAD && !is_all_space(text))
        html_tree_pop(&reader->tree);
    const struct html_look *look = &html_tree_top(&reader->tree)->look;
    enum html_hiding counted = reader->after_end  ? HTML_HIDDEN_AFTER_END
                               : look->mso_hidden ? HTML_HIDDEN_MSO
                                                  : HTML_VISIBLE;
    html_text_add(&reader->text, text, html_look_hides_text(look), counted, references, is_preformatted(&reader->tree));
}

static void read_text(struct reader *reader, const struct html_token *token)
{
    switch (html_tree_top(&reader->tree)->element) {
    case HTML_ELEMENT_TITLE:
        if (!reader->tokenizer.foreign_depth)
            read_title(reader, token->text);
        break;
    case HTML_ELEMENT_STYLE: read_style(reader, token->text); break;
    case HTML_ELEMENT_SCRIPT:
    case HTML_ELEMENT_IFRAME: break;
    default: read_shown_text(reader, token->text, token->kind == HTML_TOKEN_TEXT);
    }
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

static void read_token(struct reader *reader, const struct html_token *token)
{
    switch (token->kind) {
    case HTML_TOKEN_TEXT:
    case HTML_TOKEN_RAW_TEXT: read_text(reader, token); break;
    case HTML_TOKEN_START: read_start_tag(reader, token); break;
    case HTML_TOKEN_END: read_end_tag(reader, token); break;
    case HTML_TOKEN_COMMENT: html_text_note_comment(&reader->text, token->text); break;
    case HTML_TOKEN_DOCTYPE: reader->tree.quirks = false; break;
    }
}

static void start(struct reader *reader, struct span html, struct buffer *visible)
{
    struct html_view *view = reader->view;
    reader->tokenizer = html_tokenizer_start(html);
    html_tree_start(&reader->tree, reader->arena);
    reader->tree.on_close = element_closed;
    reader->tree.context = reader;
    html_text_start(&reader->text, visible, view, reader->arena);
    reader->link_capacity = reader->image_capacity = 0;
    reader->link_colour = link_blue;
    reader->open_link = NO_LINK;
}

/* Reads to the end, or up to the first <style> that comes too late. */
static void read_document(struct reader *reader)
{
    struct html_token token;
    while (!reader->needs_second_reading && html_token_next(&reader->tokenizer, &token))
        read_token(reader, &token);
}

/* Adds every <style> from here on to the sheet. */
static void collect_styles(struct reader *reader)
{
    struct html_token token;
    while (html_token_next(&reader->tokenizer, &token)) {
        if (token.kind != HTML_TOKEN_START || token.element != HTML_ELEMENT_STYLE)
            continue;
        struct span media = entity_decode_all(html_token_value(&token, HTML_ATTRIBUTE_MEDIA), true, reader->arena);
        if (html_token_next(&reader->tokenizer, &token) && token.kind == HTML_TOKEN_RAW_TEXT)
            style_sheet_add(reader->sheet, token.text, media);
    }
}

/* What is left of the comparisons of style rules that a message of so much HTML may take. */
static size_t style_steps_left(const struct html_view *view)
{
    size_t most = STYLE_MATCH_STEPS_FREE + STYLE_MATCH_STEPS_PER_BYTE * view->read_bytes;
    most = most < STYLE_MATCH_STEPS ? most : STYLE_MATCH_STEPS;
    return view->style_steps < most ? most - view->style_steps : 0;
}

void html_read(struct span html, struct arena *arena, struct buffer *visible, struct html_view *view)
{
    view->read_bytes += html.length;
    const struct html_view before = *view;
    const struct buffer visible_before = *visible;
    struct reader reader = { .arena = arena, .view = view, .sheet = style_sheet_new(arena, style_steps_left(view)) };
    start(&reader, html, visible);
    read_document(&reader);
    if (reader.needs_second_reading) {
        collect_styles(&reader);
        *view = before;
        visible->length = visible_before.length;
        visible->truncated = visible_before.truncated;
        reader = (struct reader){ .arena = arena, .view = view, .sheet = reader.sheet, .sheet_is_complete = true };
        start(&reader, html, visible);
        read_document(&reader);
    }
    html_tree_finish(&reader.tree);
    close_link(&reader);
    html_text_finish(&reader.text);
    view->counts.has_stylesheet_link |= style_sheet_has_import(reader.sheet);
    view->style_steps += style_sheet_steps(reader.sheet);
    view->counts.has_cut_style |= style_sheet_truncated(reader.sheet);
    view->truncated |= reader.tree.truncated || view->counts.has_cut_style;
}
