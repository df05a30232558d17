/* test-page.c - nothing a message says becomes markup of ours, and what cannot be seen is named */
#include "unit.h"

#include "util/arena.h"
#include "util/utf8.h"
#include "verdict/page.h"

#define MARK(text) "<span class=mark>" text "</span>"

static const struct {
    const char *name, *input, *want;
} escapes[] = {
    { "nothing", "", "" },
    { "plain words", "Good morning, Ann.", "Good morning, Ann." },
    { "letters of other scripts", "Gr\u00FC\u00DFe \u05E9\u05DC\u05D5\u05DD \u65E5\u672C",
      "Gr\u00FC\u00DFe \u05E9\u05DC\u05D5\u05DD \u65E5\u672C" },
    { "an element", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
    { "the end of the style", "</style><b>", "&lt;/style&gt;&lt;b&gt;" },
    { "the end of the title", "</title>", "&lt;/title&gt;" },
    { "the end of an attribute", "\" onload=\"x", "&quot; onload=&quot;x" },
    { "and of a single-quoted one", "' onload='x", "&#39; onload=&#39;x" },
    { "a comment", "<!-- --!>", "&lt;!-- --!&gt;" },
    { "a CDATA section", "]]>", "]]&gt;" },
    { "a reference", "&lt;b&gt; &#60; &lt", "&amp;lt;b&amp;gt; &amp;#60; &amp;lt" },
    { "line ends and tabs stay", "a\tb\nc", "a\tb\nc" },
    { "a carriage return is no line end", "a\rb", "a" MARK("U+000D") "b" },
    { "an escape", "\x1B[31m", MARK("U+001B") "[31m" },
    { "DEL and C1 controls", "\x7F\xC2\x85", MARK("U+007F +1") },
    { "a line separator", "a\u2028b", "a" MARK("U+2028") "b" },
    { "a byte that is no character", "a\xFFz", "a\uFFFDz" },
    { "an overlong '<'",
      "\xC0\xBC"
      "b",
      "\uFFFD\uFFFDb" },
    { "a sequence cut off", "a\xE2\x80", "a\uFFFD\uFFFD" },
    { "UTF-16 half in UTF-8", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD" },
    { "a name turned around", "invoice\u202Efdp.exe", "invoice" MARK("U+202E") "fdp.exe" },
    { "an isolate left open", "\u2067abc", MARK("U+2067") "abc" },
    { "a word split by nothing", "via\u200Bgra", "via" MARK("U+200B") "gra" },
    { "a soft hyphen", "vi\u00ADagra", "vi" MARK("U+00AD") "agra" },
    { "many of one kind", "\u200B\u200B\u200B", MARK("U+200B &times;3") },
    { "padding with blanks between", "a\u200C\u00A0\u200C \u200C b", "a" MARK("U+200C &times;3") " b" },
    { "blanks behind stay", "\u200B  ", MARK("U+200B") "  " },
    { "of several kinds, the one that turns the line", "\u200B\u202E\u200B", MARK("U+202E +2") },
    { "letters of the tag plane", "\U000E0048\U000E0049", MARK("U+E0048 +1") },
    { "a family of pictographs", "\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469" },
    { "a red heart", "\u2764\uFE0F", "\u2764\uFE0F" },
    { "a keycap", "1\uFE0F\u20E3", "1\uFE0F\u20E3" },
    { "a selector that selects nothing", "a\uFE0F", "a" MARK("U+FE0F") },
    { "selectors that carry bytes", "\u2764\uFE0F\uFE0F\uFE0F", "\u2764\uFE0F" MARK("U+FE0F &times;2") },
    { "Persian needs its non-joiner", "\u0645\u06CC\u200C\u062E", "\u0645\u06CC\u200C\u062E" },
    { "Latin does not", "a\u200Cb", "a" MARK("U+200C") "b" },
    { "Hindi needs its joiner", "\u0915\u094D\u200D", "\u0915\u094D\u200D" },
};

static void foreign_text_is_only_text(void **state)
{
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        page_escape(span_of(escapes[i].input), &out);
        if (!span_is(buffer_span(&out), escapes[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", escapes[i].name, (int)out.length, out.data, escapes[i].want);
        arena_free(arena);
    }
}

/* Every character there is, alone between two letters: only our own marks bring a '<', and no more than is announced.
 */
static void every_character_is_harmless_and_bounded(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct buffer out = buffer_new(arena, 1 << 10);
    for (uint32_t code = 0; code < 0x110000; code++) {
        char bytes[6] = { 'a' };
        size_t size = utf8_encode(code, bytes + 1);
        bytes[size + 1] = 'z';
        out.length = 0;
        page_escape(span_make(bytes, size + 2), &out);
        assert_true(out.length <= PAGE_ESCAPE_GROWTH * size + 2);
        struct span inside = span_make(out.data + 1, out.length - 2);
        bool is_mark = span_starts_nocase(inside, "<span class=mark>U+");
        bool has_markup = span_find_byte(inside, '<') < inside.length || span_find_byte(inside, '"') < inside.length;
        if (has_markup && !is_mark)
            fail_msg("U+%04X is written as \"%.*s\"", (unsigned)code, (int)inside.length, inside.data);
        if (utf8_is_invisible(code) && !is_mark)
            fail_msg("U+%04X cannot be seen and is not marked", (unsigned)code);
    }
    arena_free(arena);
}

static void text_keeps_its_direction_to_itself(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct buffer out = buffer_new(arena, 1 << 10);
    page_text(span_of("</bdi><b>"), &out);
    assert_span_is(buffer_span(&out), "<bdi>&lt;/bdi&gt;&lt;b&gt;</bdi>");
    arena_free(arena);
}

static const struct {
    const char *name;
    double low, high, value;
    enum page_colour colour;
    const char *want;
} bars[] = {
    { "half of the way", 0, 10, 5, PAGE_SPAM,
      "<rect class=\"spam\" x=\"0\" y=\"0\" width=\"500\" height=\"10\"/></svg>" },
    { "all of it", 0, 10, 10, PAGE_PLAIN,
      "<rect class=\"plain\" x=\"0\" y=\"0\" width=\"1000\" height=\"10\"/></svg>" },
    { "more than all", 0, 10, 11, PAGE_UNSURE,
      "<rect class=\"unsure\" x=\"0\" y=\"0\" width=\"1000\" height=\"10\"/></svg>" },
    { "to the left of zero", -5, 5, -2.5, PAGE_HAM,
      "<rect class=\"ham\" x=\"250\" y=\"0\" width=\"250\" height=\"10\"/><line class" },
    { "to the right of it", -5, 15, 5, PAGE_SPAM,
      "<rect class=\"spam\" x=\"250\" y=\"0\" width=\"250\" height=\"10\"/><line class" },
    { "no axis", 0, 0, 5, PAGE_SPAM, "<rect class=\"spam\" x=\"0\" y=\"0\" width=\"0\" height=\"10\"/></svg>" },
    { "no number", 0, 1, 0.0 / 0.0, PAGE_SPAM,
      "<rect class=\"spam\" x=\"0\" y=\"0\" width=\"0\" height=\"10\"/></svg>" },
};

static void bars_are_as_long_as_their_figures(void **state)
{
    for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++) {
        struct arena *arena = arena_new(1 << 16);
        struct buffer out = buffer_new(arena, 1 << 10);
        page_bar(bars[i].low, bars[i].high, bars[i].value, bars[i].colour, &out);
        buffer_append_byte(&out, '\0');
        if (!strstr(out.data, bars[i].want))
            fail_msg("%s: want \"%s\" in \"%s\"", bars[i].name, bars[i].want, out.data);
        arena_free(arena);
    }
}

static const char *const frame_has[] = {
    "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta http-equiv=\"Content-Security-Policy\"",
    "default-src 'none'; style-src 'unsafe-inline'",
    "<title>a title</title>",
    "<section>\n<h2>heading</h2>\n<p class=\"note\">how to read it</p>\n</section>\n",
    "<section>\n<h2>no note</h2>\n</section>\n",
    "</body>\n</html>\n",
};
static const char *const frame_lacks[] = { "<script", "<img", "<link",   "<a ", "http:",
                                           "https:",  "url(", "@import", "src=" };

static void a_page_needs_nothing_but_itself(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 16);
    page_start("a title", &out);
    page_section_start("heading", "how to read it", &out);
    page_section_end(&out);
    page_section_start("no note", NULL, &out);
    page_section_end(&out);
    page_end(&out);
    buffer_append_byte(&out, '\0');
    for (size_t i = 0; i < sizeof frame_has / sizeof frame_has[0]; i++)
        if (!strstr(out.data, frame_has[i]))
            fail_msg("lacks \"%s\"", frame_has[i]);
    for (size_t i = 0; i < sizeof frame_lacks / sizeof frame_lacks[0]; i++)
        if (strstr(out.data, frame_lacks[i]))
            fail_msg("has \"%s\"", frame_lacks[i]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_text_is_only_text),          cmocka_unit_test(every_character_is_harmless_and_bounded),
        cmocka_unit_test(text_keeps_its_direction_to_itself), cmocka_unit_test(bars_are_as_long_as_their_figures),
        cmocka_unit_test(a_page_needs_nothing_but_itself),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
