/* test-report.c - words for people and JSON for programs, to the byte */
#include "unit.h"

#include "util/utf8.h"
#include "verdict/report.h"

#define SAID(text)            \
    {                         \
        text, sizeof text - 1 \
    }

static const struct reason some_reasons[] = {
    { "PROGRAM_ATTACHED", "has a program attached", SAID("the attachment \"a.exe\" would run"), 500 },
    { "LEARNED", "what you have taught tamis about such mail", SAID("learned from 3 ham and 4 spam"), 181 },
    { "NO_DATE", "has no Date field", { NULL, 0 }, 50 },
};

static const struct judgement spam = {
    .verdict = VERDICT_SPAM,
    .score = 731,
    .required = 500,
    .unsure = 250,
    .probability = 0.99933,
    .reasons = some_reasons,
    .reason_count = 3,
    .learned = STORE_READY,
    .learned_probability = 0.8593,
    .lessons = { 3, 4 },
    .identity = { 0xAB },
};
static const struct judgement unsure = { .verdict = VERDICT_UNSURE,
                                         .score = 250,
                                         .required = 500,
                                         .unsure = 250,
                                         .probability = 0.92414,
                                         .learned = STORE_EMPTY };
static const struct judgement ham = { .verdict = VERDICT_HAM,
                                      .score = -1200,
                                      .required = 500,
                                      .unsure = 250,
                                      .probability = 0.000006,
                                      .learned = STORE_DAMAGED };

static void text_is_exactly_this(void **state)
{
    static const struct {
        const struct judgement *judgement;
        const char *want;
    } cases[] = {
        { &spam,
          "This is spam: 7.31 points, where 5.00 are enough (probability 0.9993).\n"
          "\n"
          "    5.00  PROGRAM_ATTACHED  the attachment \"a.exe\" would run\n"
          "    1.81  LEARNED           what you have taught tamis about such mail: learned from 3 ham and 4 spam\n"
          "    0.50  NO_DATE           has no Date field\n"
          "  ------\n"
          "    7.31  sum\n" },
        { &unsure, "This may be spam: 2.50 points; doubt starts at 2.50, spam at 5.00 (probability 0.9241).\n"
                   "\nNothing speaks for or against it.\n" },
        { &ham, "This is no spam: -12.00 points, where 5.00 are needed (probability of spam 0.0000).\n"
                "\nNothing speaks for or against it.\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        report_text(cases[i].judgement, &out);
        assert_span_is(buffer_span(&out), cases[i].want);
        arena_free(arena);
    }
}

static void line_is_exactly_this(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 16);
    report_line(&spam, span_of("cur/1\x1B[2J.host"), &out);
    report_line(&unsure, SPAN_EMPTY, &out);
    report_line(&ham, span_of("x"), &out);
    assert_span_is(buffer_span(&out), "spam     7.31  0.999  cur/1\\u{001B}[2J.host\n"
                                      "unsure   2.50  0.924\n"
                                      "ham    -12.00  0.000  x\n");
    arena_free(arena);
}

static void json_is_exactly_this(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 16);
    report_json(&spam, span_of("a\"b"), &out);
    report_json(&ham, SPAN_EMPTY, &out);
    assert_span_is(
        buffer_span(&out),
        "{\"source\":\"a\\\"b\",\"verdict\":\"spam\",\"score\":7.31,\"required\":5.00,\"unsure\":2.50,"
        "\"probability\":0.999330,"
        "\"id\":\"ab000000000000000000000000000000\","
        "\"learned\":{\"state\":\"ready\",\"probability\":0.859300,\"ham\":3,\"spam\":4},\"reasons\":["
        "{\"name\":\"PROGRAM_ATTACHED\",\"points\":5.00,\"description\":\"has a program attached\","
        "\"detail\":\"the attachment \\\"a.exe\\\" would run\"},"
        "{\"name\":\"LEARNED\",\"points\":1.81,\"description\":\"what you have taught tamis about such mail\","
        "\"detail\":\"learned from 3 ham and 4 spam\"},"
        "{\"name\":\"NO_DATE\",\"points\":0.50,\"description\":\"has no Date field\",\"detail\":\"\"}]}\n"
        "{\"source\":null,\"verdict\":\"ham\",\"score\":-12.00,\"required\":5.00,\"unsure\":2.50,"
        "\"probability\":0.000006,"
        "\"id\":\"00000000000000000000000000000000\","
        "\"learned\":{\"state\":\"damaged\",\"probability\":null,\"ham\":0,\"spam\":0},\"reasons\":[]}\n");
    arena_free(arena);
}

static void strings_are_escaped(void **state)
{
    static const struct {
        const char *name, *input, *want_json, *want_text;
    } cases[] = {
        { "quotes and backslash", "a\"\\b", "\"a\\\"\\\\b\"", "a\"\\b" },
        { "newline and escape", "a\n\x1B[0m", "\"a\\u000A\\u001B[0m\"", "a\\u{000A}\\u{001B}[0m" },
        { "C1 control", "\xC2\x9B", "\"\\u009B\"", "\\u{009B}" },
        { "direction",
          "\xE2\x80\xAE"
          "exe",
          "\"\xE2\x80\xAE"
          "exe\"",
          "\\u{202E}exe" },
        { "line separator", "\xE2\x80\xA8", "\"\\u2028\"", "\\u{2028}" },
        { "ill-formed", "caf\xE9!", "\"caf\xEF\xBF\xBD!\"", "caf\xEF\xBF\xBD!" },
        { "half a sequence", "\xF0\x9F\x98", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"",
          "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
        { "honest letters", "r\xC3\xA9sum\xC3\xA9", "\"r\xC3\xA9sum\xC3\xA9\"", "r\xC3\xA9sum\xC3\xA9" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer json_out = buffer_new(arena, 1 << 16), text_out = buffer_new(arena, 1 << 16);
        struct json json = json_new(&json_out);
        json_text(&json, NULL, span_of(cases[i].input));
        report_escape(span_of(cases[i].input), &text_out);
        assert_span_is(buffer_span(&json_out), cases[i].want_json);
        assert_span_is(buffer_span(&text_out), cases[i].want_text);
        assert_true(utf8_is_valid(buffer_span(&json_out)));
        arena_free(arena);
    }
}

static void commas_stand_between_members_only(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 16);
    struct json json = json_new(&out);
    json_open_array(&json, NULL);
    json_open_object(&json, NULL);
    json_close_object(&json);
    json_open_object(&json, NULL);
    json_boolean(&json, "a", true);
    json_open_array(&json, "b");
    json_integer(&json, NULL, -5);
    json_null(&json, NULL);
    json_close_array(&json);
    json_boolean(&json, "c", false);
    json_close_object(&json);
    json_points(&json, NULL, -1);
    json_close_array(&json);
    assert_span_is(buffer_span(&out), "[{},{\"a\":true,\"b\":[-5,null],\"c\":false},-0.01]");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_exactly_this),
        cmocka_unit_test(line_is_exactly_this),
        cmocka_unit_test(json_is_exactly_this),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(commas_stand_between_members_only),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
