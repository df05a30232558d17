/* test-style.c - CSS: declarations, lengths, colours, media queries */
#include "unit.h"

#include "mail/html-element.h"
#include "mail/style-colour.h"
#include "mail/style-sheet.h"
#include "mail/style-value.h"
#include "mail/style.h"

static void colours_are_read(void **state)
{
    static const struct {
        const char *text;
        int red, green, blue, alpha; /* red -1: no colour */
    } rows[] = {
        { "red", 255, 0, 0, 255 }, { "AliceBlue", 0xF0, 0xF8, 0xFF, 255 }, { "yellowgreen", 0x9A, 0xCD, 0x32, 255 },
        { "lightgoldenrodyellow", 0xFA, 0xFA, 0xD2, 255 }, { "rebeccapurple", 0x66, 0x33, 0x99, 255 },
        { "transparent", 0, 0, 0, 0 }, { "#fff", 255, 255, 255, 255 }, { "#1234", 0x11, 0x22, 0x33, 0x44 },
        { "#102030", 16, 32, 48, 255 }, { "#10203040", 16, 32, 48, 64 }, { "102030", 16, 32, 48, 255 },
        { "rgb(1,2,3)", 1, 2, 3, 255 }, { "rgb( 1 2 3 / 50% )", 1, 2, 3, 128 },
        { "RGBA(255, 300, -5, .5)", 255, 255, 0, 128 },
        { "rgb(100%,50%,0%)", 255, 128, 0, 255 }, { "hsl(120,100%,50%)", 0, 255, 0, 255 },
        { "hsla(240deg 100% 50% / 0)", 0, 0, 255, 0 }, { "hsl(-120,100%,50%)", 0, 0, 255, 255 },
        { "", -1, 0, 0, 0 }, { "#", -1, 0, 0, 0 }, { "#12", -1, 0, 0, 0 }, { "#ggg", -1, 0, 0, 0 },
        { "reddish", -1, 0, 0, 0 },
        { "rgb(1,2)", -1, 0, 0, 0 }, { "url(x)", -1, 0, 0, 0 }, { "fff", -1, 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct style_colour got;
        bool read = style_colour_parse(span_of(rows[i].text), &got);
        if (read != (rows[i].red >= 0))
            fail_msg("\"%s\": read %d", rows[i].text, read);
        if (read && (got.red != rows[i].red || got.green != rows[i].green || got.blue != rows[i].blue ||
                     got.alpha != rows[i].alpha))
            fail_msg("\"%s\": got %d %d %d %d", rows[i].text, got.red, got.green, got.blue, got.alpha);
    }
}

/* WHATWG HTML 2.4.6 makes a colour out of anything. */
static void old_colours_are_read(void **state)
{
    static const struct {
        const char *text;
        int red, green, blue;
    } rows[] = {
        { "#abc", 0xAA, 0xBB, 0xCC }, { "ffffff", 255, 255, 255 }, { "white", 255, 255, 255 },
        { "chucknorris", 0xC0, 0, 0 },
        { "fff", 0x0F, 0x0F, 0x0F }, { "#1", 1, 0, 0 }, { "#ffffffff", 255, 255, 255 }, { "#", 0, 0, 0 },
    };
    struct style_colour got;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(style_colour_parse_attribute(span_of(rows[i].text), &got));
        if (got.red != rows[i].red || got.green != rows[i].green || got.blue != rows[i].blue)
            fail_msg("\"%s\": got %d %d %d", rows[i].text, got.red, got.green, got.blue);
    }
    assert_false(style_colour_parse_attribute(span_of(" "), &got));
    assert_false(style_colour_parse_attribute(span_of("transparent"), &got));
}

static void distance_is_weighted(void **state)
{
    struct style_colour faint = { 0xF1, 0xF1, 0xF1, 255 };
    assert_int_equal((int)style_colour_distance(STYLE_BLACK, STYLE_WHITE), 764);
    assert_int_equal((int)style_colour_distance(STYLE_WHITE, STYLE_WHITE), 0);
    assert_int_equal((int)style_colour_distance(faint, STYLE_WHITE), 41);
}

static void lengths_are_read(void **state)
{
    static const struct {
        const char *text;
        enum style_unit unit;
        float number;
    } rows[] = {
        { "12px", STYLE_UNIT_PX, 12 }, { "12PT", STYLE_UNIT_PX, 16 }, { "-.5em", STYLE_UNIT_EM, -.5f },
        { "50%", STYLE_UNIT_PERCENT, 50 },
        { "0", STYLE_UNIT_NUMBER, 0 }, { "1rem", STYLE_UNIT_PX, 16 }, { "10vw", STYLE_UNIT_PX, 80 },
        { "1in", STYLE_UNIT_PX, 96 },
        { "calc(0px)", STYLE_UNIT_PX, 0 }, { "calc(1px + 2px)", STYLE_UNIT_UNKNOWN, 0 },
        { "auto", STYLE_UNIT_UNKNOWN, 0 },
        { "1parsec", STYLE_UNIT_UNKNOWN, 0 }, { "", STYLE_UNIT_UNKNOWN, 0 }, { "-", STYLE_UNIT_UNKNOWN, 0 },
        { "+2px", STYLE_UNIT_PX, 2 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct style_value got = style_length_parse(span_of(rows[i].text));
        if (got.unit != rows[i].unit ||
            (got.unit != STYLE_UNIT_UNKNOWN && (int)(got.number * 100) != (int)(rows[i].number * 100)))
            fail_msg("\"%s\": unit %d, %g", rows[i].text, got.unit, (double)got.number);
    }
}

/* Every property that matters must be found in its table, also behind a vendor's prefix and in capitals. */
static void properties_are_found(void **state)
{
    static const struct {
        const char *text;
        int property, count;
    } rows[] = {
        { "background-clip:text", STYLE_BACKGROUND_CLIP, 1 },
        { "-WEBKIT-BACKGROUND-CLIP:text", STYLE_BACKGROUND_CLIP, 1 },
        { "background-color:red", STYLE_BACKGROUND_COLOUR, 1 }, { "background-image:none", STYLE_BACKGROUND_IMAGE, 1 },
        { "background:red", STYLE_BACKGROUND_COLOUR, 3 }, { "clip:auto", STYLE_CLIP, 1 },
        { "-webkit-clip-path:none", STYLE_CLIP_PATH, 1 },
        { "color:red", STYLE_COLOUR, 1 }, { "content-visibility:hidden", STYLE_DISPLAY, 1 },
        { "display:none", STYLE_DISPLAY, 1 },
        { "-ms-filter:alpha(opacity=1)", STYLE_FILTER, 1 }, { "font:1px a", STYLE_FONT_SIZE, 1 },
        { "font:1px/2 a", STYLE_FONT_SIZE, 2 },
        { "font-size:1px", STYLE_FONT_SIZE, 1 }, { "height:1px", STYLE_HEIGHT, 1 }, { "left:1px", STYLE_LEFT, 1 },
        { "line-height:1", STYLE_LINE_HEIGHT, 1 }, { "margin:1px 2px", STYLE_MARGIN_TOP, 2 },
        { "margin-left:1px", STYLE_MARGIN_LEFT, 1 },
        { "margin-top:1px", STYLE_MARGIN_TOP, 1 }, { "max-height:1px", STYLE_MAX_HEIGHT, 1 },
        { "max-width:1px", STYLE_MAX_WIDTH, 1 },
        { "mso-hide:all", STYLE_MSO_HIDE, 1 }, { "-moz-opacity:0", STYLE_OPACITY, 1 },
        { "overflow:hidden", STYLE_OVERFLOW, 1 },
        { "overflow-x:hidden", STYLE_OVERFLOW, 1 }, { "overflow-y:hidden", STYLE_OVERFLOW, 1 },
        { "position:fixed", STYLE_POSITION, 1 },
        { "right:1px", STYLE_RIGHT, 1 }, { "scale:0", STYLE_TRANSFORM, 1 },
        { "-webkit-text-fill-color:red", STYLE_TEXT_FILL, 1 },
        { "text-indent:1px", STYLE_TEXT_INDENT, 1 }, { "top:1px", STYLE_TOP, 1 },
        { "transform:none", STYLE_TRANSFORM, 1 },
        { "visibility:hidden", STYLE_VISIBILITY, 1 }, { "width:1px", STYLE_WIDTH, 1 },
        { "padding:1px", -1, 0 }, { "color:", -1, 0 }, { "color", -1, 0 }, { ":red", -1, 0 }, { ";;", -1, 0 },
        { "color:zzz", -1, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct style_declaration got[STYLE_LONGHANDS];
        struct span text = span_of(rows[i].text);
        int count = (int)style_next(&text, got);
        if (count != rows[i].count || (count && got[0].property != rows[i].property))
            fail_msg("\"%s\": %d declarations, property %d", rows[i].text, count, count ? got[0].property : -1);
    }
}

static void escapes_and_comments_are_cleaned(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "color:red", "color:red" }, { "c\\6F lor", "color" }, { "c\\00006Flor", "color" }, { "co\\lor", "color" },
        { "a/**/b", "a b" },
        { "a/* b", "a " }, { "a\\3b b", "a?b" }, { "a\\;b", "a?b" }, { "a\\", "a?" }, { "http://x", "http://x" },
        { "\\e9", "\xC3\xA9" },
        { "\\110000 x", "\xEF\xBF\xBDx" },
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_span_is(style_clean(span_of(rows[i].text), arena), rows[i].want);
    arena_free(arena);
}

static void media_queries_are_judged_for_a_desktop(void **state)
{
    static const struct {
        const char *query;
        bool matches;
    } rows[] = {
        { "", true }, { "all", true }, { "screen", true }, { "print", false }, { "not print", true },
        { "not screen", false },
        { "print, screen", true }, { "only screen and (max-width:600px)", false }, { "(max-width:50em)", true },
        { "(min-width:600px)", true }, { "screen and (min-width:600px) and (max-width:700px)", false },
        { "(prefers-color-scheme:dark)", false }, { "(prefers-color-scheme: light)", true },
        { "(unknown-feature)", false },
        { "(max-device-width:480px)", false }, { "screen and (-webkit-min-device-pixel-ratio:0)", false },
        { "(", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (style_media_matches(span_of(rows[i].query)) != rows[i].matches)
            fail_msg("\"%s\" should %smatch", rows[i].query, rows[i].matches ? "" : "not ");
}

/* The enumeration and the table must have one order, and the index of first letters must fit. */
static void elements_are_found(void **state)
{
    struct html_name_memo memo = { 0 };
    static const struct {
        const char *name;
        enum html_element element;
        unsigned flags;
    } rows[] = {
        { "a", HTML_ELEMENT_A, HTML_INLINE }, { "wbr", HTML_ELEMENT_WBR, HTML_VOID },
        { "TD", HTML_ELEMENT_TD, HTML_SCOPE | HTML_TABLE },
        { "BlockQuote", HTML_ELEMENT_BLOCKQUOTE, HTML_BLOCK | HTML_ENDS_P },
        { "xmp", HTML_ELEMENT_XMP, HTML_BLOCK | HTML_ENDS_P | HTML_RAW },
        { "lineargradient", HTML_ELEMENT_LINEARGRADIENT, 0 }, { "font", HTML_ELEMENT_FONT, HTML_INLINE },
        { "q4x", HTML_ELEMENT_UNKNOWN, HTML_INLINE },
        { "a-name-longer-than-any-element", HTML_ELEMENT_UNKNOWN, HTML_INLINE },
        { "\xC3\xA9", HTML_ELEMENT_UNKNOWN, HTML_INLINE },
    };
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            enum html_element got = html_element_find(span_of(rows[i].name), &memo);
            if (got != rows[i].element || html_element_flags(got) != rows[i].flags)
                fail_msg("<%s>: element %d, flags %x", rows[i].name, (int)got, html_element_flags(got));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_read),
        cmocka_unit_test(old_colours_are_read),
        cmocka_unit_test(distance_is_weighted),
        cmocka_unit_test(lengths_are_read),
        cmocka_unit_test(properties_are_found),
        cmocka_unit_test(escapes_and_comments_are_cleaned),
        cmocka_unit_test(media_queries_are_judged_for_a_desktop),
        cmocka_unit_test(elements_are_found),
    };
    return cmocka_run_group_tests_name("style", tests, NULL, NULL);
}
