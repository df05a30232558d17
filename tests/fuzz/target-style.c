/* target-style.c - CSS: a style sheet in front of the first NUL byte, elements to apply it to behind */
#include "config.h"

#include "fuzz.h"

#include "mail/style-sheet.h"
#include "util/limits.h"
#include "util/utf8.h"

/* Declarations come to an end, each moves on, and none is outside of its enumeration. */
static void check_declarations(struct span text, struct arena *arena)
{
    struct style_declaration declarations[STYLE_LONGHANDS];
    struct span clean = style_clean(text, arena);
    /* "\0" becomes U+FFFD. */
    fuzz_require(clean.length <= 2 * text.length);
    fuzz_require(!utf8_is_valid(text) || utf8_is_valid(clean));
    for (;;) {
        size_t before = clean.length, count = style_next(&clean, declarations);
        fuzz_require(count <= STYLE_LONGHANDS);
        if (!count)
            break;
        fuzz_require(clean.length < before);
        for (size_t i = 0; i < count; i++)
            fuzz_require(declarations[i].property < STYLE_PROPERTY_COUNT
                         && declarations[i].value.unit <= STYLE_UNIT_INITIAL);
    }
}

static void check_apply(struct style_sheet *sheet, struct span html, struct arena *arena)
{
    struct html_tokenizer tokenizer = html_tokenizer_start(html);
    struct html_token token;
    struct style_element root = { 0 };
    while (html_token_next(&tokenizer, &token)) {
        struct style_element element = { .parent = &root, .place = ++root.child_count };
        struct style_set set = { 0 };
        if (token.kind != HTML_TOKEN_START)
            continue;
        style_element_describe(&element, &token, arena);
        fuzz_require(element.class_count <= STYLE_CLASSES);
        style_sheet_apply(sheet, &element, &token, &set);
        fuzz_require(set.present >> STYLE_PROPERTY_COUNT == 0);
    }
}

FUZZ_TARGET(style, "style sheets are read and applied")
{
    struct buffer clean = buffer_new(arena, LIMIT_PART_TEXT);
    utf8_append_repaired(&clean, input);
    struct span html = buffer_span(&clean), text = span_head(html, span_find_byte(html, '\0'));
    html = span_from(html, text.length + 1);
    struct style_sheet *sheet = style_sheet_new(arena, STYLE_MATCH_STEPS);
    style_sheet_add(sheet, text, SPAN_EMPTY);
    style_sheet_add(sheet, text, html);
    fuzz_require(style_sheet_rules(sheet) <= LIMIT_STYLE_RULES);
    check_declarations(text, arena);
    check_apply(sheet, html, arena);
    /* One element may go over the bound by what is looked at between two looks at it. */
    fuzz_require(style_sheet_steps(sheet) <= 2 * (size_t)STYLE_MATCH_STEPS);
    struct style_colour colour;
    style_colour_parse(text, &colour);
    style_colour_parse_attribute(text, &colour);
}
