/* test-html-hostile.c - documents made to crash, hang or fill memory: cut anywhere, nested without end, with rules
 * without number
 *
 * What cannot be told here without a clock is told by memory, by the number of tokens and by the style sheet's own
 * count of steps.
 */
#include "config.h" /* memmem */

#include "unit.h"

#include "mail/html-token.h"
#include "mail/html.h"
#include "mail/style-sheet.h"
#include "util/limits.h"
#include "util/utf8.h"

static const char sample[] =
    "<!DOCTYPE html><html><head><title>T &amp; t</title>"
    "<style>.x > b, #y i:nth-child(2n+1) { color: #fff !important; font: 1px/2 a }"
    "@media (max-width: 3em) { a { b: c } }</style><script><!-- <script></script> --></script></head>"
    "<body bgcolor='#ffFFff' link=red>"
    "<!-- c --><![if x]><table><tr>"
    "<td width=\"10%\" style=\"background: url('a;b') ; d\\69splay:none;opacity:.5\">a<td>b</table>"
    "<a href='http://x.example/?a&amp;b&copy=&#x41;&#66'>t<img src=\"data:x\" width=1></a>"
    "<font size=+1 color=#eee>x</p></font><br/>"
    "<select><option>1<option>2</select><svg><![CDATA[x]]></svg><textarea>&lt;</textarea>"
    "<q4x></q4x>\xC3\xA9\xE2\x80\x8B</body></html>z";

/* Reads a copy that ends where memory ends, so that the sanitizer sees one byte too far. */
static void read_exactly(struct span html, struct html_view *view, struct arena *arena)
{
    char *copy = test_malloc(html.length + (html.length == 0));
    memcpy(copy, html.data, html.length);
    struct buffer visible = buffer_new(arena, LIMIT_VISIBLE_TEXT);
    html_read(span_make(copy, html.length), arena, &visible, view);
    assert_true(utf8_is_valid(buffer_span(&visible)));
    assert_true(visible.length <= html.length * 2); /* no reference stands for more than it takes, but for one byte */
    test_free(copy);
}

static void a_document_may_end_anywhere(void **state)
{
    for (size_t length = 0; length < sizeof sample; length++) {
        struct span head = utf8_head(span_make(sample, sizeof sample - 1), length);
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct html_view view = { 0 };
        read_exactly(head, &view, arena);
        arena_free(arena);
    }
}

static void a_document_may_start_anywhere(void **state)
{
    for (size_t from = 0; from < sizeof sample - 1; from++) {
        if ((sample[from] & 0xC0) == 0x80)
            continue;
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct html_view view = { 0 };
        read_exactly(span_make(sample + from, sizeof sample - 1 - from), &view, arena);
        arena_free(arena);
    }
}

/* NUL in the place of any byte. */
static void a_document_may_hold_nul_anywhere(void **state)
{
    char copy[sizeof sample];
    for (size_t at = 0; at < sizeof sample - 1; at++) {
        if ((sample[at] & 0x80) != 0)
            continue;
        memcpy(copy, sample, sizeof sample);
        copy[at] = '\0';
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct html_view view = { 0 };
        read_exactly(span_make(copy, sizeof sample - 1), &view, arena);
        arena_free(arena);
    }
}

/* `piece` repeated to 500 KB between `front` and `back`. */
static struct span repeated(struct arena *arena, const char *front, const char *piece, const char *back)
{
    struct buffer html = buffer_new(arena, 1 << 20);
    buffer_append_string(&html, front);
    while (html.length < 500000)
        buffer_append_string(&html, piece);
    buffer_append_string(&html, back);
    return buffer_span(&html);
}

static void memory_stays_bounded(void **state)
{
    static const struct {
        const char *front, *piece, *back;
    } rows[] = {
        { "", "<div>", "" },
        { "", "<b>", "" },
        { "", "<font><p>", "" },
        { "", "<p><b>", "" },
        { "", "<table><tr><td>", "" },
        { "", "</x>", "" },
        { "<div><div><div><b>", "</i></u>", "" },
        { "", "<b><div></b>", "" },
        { "<p ", "a=b ", ">" },
        { "<p ", "style='x:y' ", ">" },
        { "<p class='", "a ", "'>" },
        { "<p style='", "color:red;", "'>" },
        { "<p style='", "(", "'>" },
        { "", "<!--", "" },
        { "", "<!", "" },
        { "", "<", "" },
        { "", "</", "" },
        { "", "&", "" },
        { "", "&#", "" },
        { "", "<a href=x>", "" },
        { "", "<a href=x>y", "" },
        { "", "<img src=x>", "" },
        { "<script>", "<!--<script>", "" },
        { "<title>", "</titl", "" },
        { "<style>", "a{", "" },
        { "<style>", "a,", "{color:red}</style><a>" },
        { "<style>", "a{color:red}", "</style><a>" },
        { "<style>", "@media screen{", "" },
        { "<style>", "a b c d>", "{color:red}</style>" },
        { "", "<style>a{color:red}</style><a>", "" },
        { "", "<i hidden>x</i>y", "" },
        { "", "<base href=http://x/><a href=y>", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *input = arena_new(4 << 20), *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct html_view view = { 0 };
        struct buffer visible = buffer_new(arena, LIMIT_VISIBLE_TEXT);
        html_read(repeated(input, rows[i].front, rows[i].piece, rows[i].back), arena, &visible, &view);
        if (arena_used(arena) > (size_t)4 << 20)
            fail_msg("\"%s\" takes %zu bytes", rows[i].piece, arena_used(arena));
        assert_true(view.link_count <= LIMIT_LINKS && view.image_count <= LIMIT_IMAGES);
        arena_free(arena);
        arena_free(input);
    }
}

/* Deeper than LIMIT_HTML_DEPTH an element still hides its own text. */
static void depth_does_not_hide_tricks(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer html = buffer_new(arena, 1 << 20), visible = buffer_new(arena, 1 << 20);
    for (int i = 0; i < 1000; i++)
        buffer_append_string(&html, "<div>");
    buffer_append_string(&html, "before<p style='display:none'>salad");
    struct html_view view = { 0 };
    html_read(buffer_span(&html), arena, &visible, &view);
    assert_span_is(buffer_span(&visible), "before");
    assert_span_is(view.hidden_text, "salad\n");
    assert_true(view.truncated);
    arena_free(arena);
}

/* However many junk attributes stand in front of it. */
static void attributes_do_not_hide_tricks(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer visible = buffer_new(arena, 1 << 20);
    struct html_view view = { 0 };
    html_read(repeated(arena, "a<p ", "x=y ", "style='display:none'>salad</p>"), arena, &visible, &view);
    assert_int_equal(view.hidden[HTML_HIDDEN_DISPLAY], 1);
    arena_free(arena);
}

/* 1,024 rules for every element, and 100,000 elements: matching gives up at its bound and says so. */
static void rule_matching_is_bounded(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer css = buffer_new(arena, 1 << 20);
    for (int i = 0; i < 2000; i++)
        buffer_append_string(&css, "div b{color:red}b{top:0}");
    struct style_sheet *sheet = style_sheet_new(arena, STYLE_MATCH_STEPS);
    style_sheet_add(sheet, buffer_span(&css), SPAN_EMPTY);
    assert_int_equal(style_sheet_rules(sheet), LIMIT_STYLE_RULES);
    struct html_token token = { .kind = HTML_TOKEN_START, .name_text = span_of("b") };
    struct style_element element = { 0 };
    style_element_describe(&element, &token, arena);
    for (int i = 0; i < 100000; i++) {
        struct style_set set = { 0 };
        style_sheet_apply(sheet, &element, &token, &set);
    }
    assert_true(style_sheet_truncated(sheet));
    assert_in_range(style_sheet_steps(sheet), STYLE_MATCH_STEPS, STYLE_MATCH_STEPS + 10 * LIMIT_STYLE_RULES);
    arena_free(arena);
}

/* The tokenizer never gives more tokens than bytes, and never stands still. */
static void tokens_advance(void **state)
{
    struct html_tokenizer tokenizer = html_tokenizer_start(span_make(sample, sizeof sample - 1));
    struct html_token token;
    const char *before = tokenizer.at;
    size_t count = 0;
    for (; html_token_next(&tokenizer, &token); count++) {
        assert_true(tokenizer.at > before);
        before = tokenizer.at;
    }
    assert_true(tokenizer.at == tokenizer.end);
    assert_int_equal(count, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_may_end_anywhere),
        cmocka_unit_test(a_document_may_start_anywhere),
        cmocka_unit_test(a_document_may_hold_nul_anywhere),
        cmocka_unit_test(memory_stays_bounded),
        cmocka_unit_test(depth_does_not_hide_tricks),
        cmocka_unit_test(attributes_do_not_hide_tricks),
        cmocka_unit_test(rule_matching_is_bounded),
        cmocka_unit_test(tokens_advance),
    };
    return cmocka_run_group_tests_name("html-hostile", tests, NULL, NULL);
}
