/* test-terminal.c - text keeps to the width of the terminal, and brings no control character into it */
#include "unit.h"

#include "util/limits.h"
#include "verdict/explanation-terminal.h"

static const struct terminal plain = { .colour = false, .unicode = false, .width = 20 };

static const struct {
    const char *name, *text;
    size_t indent;
    const char *want;
} texts[] = {
    { "fits", "one two", 0, "one two" },
    { "wraps between words", "one two three four five", 0, "one two three four\nfive" },
    { "goes on under its start", "one two three four five", 4, "    one two three\n    four five" },
    { "a word longer than a line is broken", "abcdefghijklmnopqrstuvwxyz", 2, "  abcdefghijklmnopqr\n  stuvwxyz" },
    { "line ends stay", "one\ntwo", 2, "  one\n  two" },
    { "wide characters take two columns", "\u65E5\u672C\u65E5\u672C\u65E5\u672C\u65E5\u672C\u65E5\u672C\u65E5", 0,
      "\u65E5\u672C\u65E5\u672C\u65E5\u672C\u65E5\u672C\u65E5\u672C\n\u65E5" },
    { "combining ones take none", "e\u0301e\u0301e\u0301e\u0301e\u0301 bbbbbbbbbbbbbb", 0,
      "e\u0301e\u0301e\u0301e\u0301e\u0301 bbbbbbbbbbbbbb" },
    { "escapes are named", "a\x1B[31mb", 0, "a\\u{001B}[31mb" },
    { "what turns the line around is named", "\u202Eab", 0, "\\u{202E}ab" },
    { "a carriage return moves nothing", "a\rb", 0, "a\\u{000D}b" },
};

static void text_keeps_to_the_width(void **state)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        struct terminal_writer writer = terminal_start(&plain, &out);
        terminal_line(&writer, texts[i].indent);
        terminal_string(&writer, texts[i].text);
        struct span got = span_from(buffer_span(&out), 1);
        if (!span_is(got, texts[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", texts[i].name, (int)got.length, got.data, texts[i].want);
        arena_free(arena);
    }
}

static const struct {
    const char *name;
    double share;
    bool unicode;
    const char *want;
} bars[] = {
    { "none", 0, true, "    |" },
    { "all", 1, true, "\u2588\u2588\u2588\u2588|" },
    { "half", 0.5, true, "\u2588\u2588  |" },
    { "an eighth of one column", 1.0 / 32, true, "\u258F   |" },
    { "seven eighths", 7.0 / 32, true, "\u2589   |" },
    { "more than all", 7, true, "\u2588\u2588\u2588\u2588|" },
    { "no number", 0.0 / 0.0, true, "    |" },
    { "in ASCII", 0.5, false, "##  |" },
    { "in ASCII, all", 1, false, "####|" },
};

static void bars_are_as_long_as_their_share(void **state)
{
    for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        struct terminal terminal = { .unicode = bars[i].unicode, .width = 80 };
        struct terminal_writer writer = terminal_start(&terminal, &out);
        terminal_bar(&writer, bars[i].share, 4, TERMINAL_SPAM);
        terminal_string(&writer, "|");
        if (!span_is(buffer_span(&out), bars[i].want) || writer.column != 5)
            fail_msg("%s: got \"%.*s\"", bars[i].name, (int)out.length, out.data);
        arena_free(arena);
    }
}

static const char sample[] =
    "Received: from localhost (pc.example [203.0.113.5]) by mx.example.org; Mon, 3 Mar 2025 10:00:00 +0000\n"
    "From: \x1B]0;owned\x07 <a@example.net>\nSubject: \xE2\x80\xAE subject\nContent-Type: multipart/mixed; "
    "boundary=b\n\n--b\n"
    "Content-Type: text/html\n\n<p>read \x1B[31mthis</p><p style='display:none'>garden compost</p><p>end"
    "<a href='http://203.0.113.80/x'>www.bank.example</a>\n"
    "--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.exe\n\nx\n--b--\n";

static const char *const says[] = {
    "This is spam: 7.31 points",
    "nothing proves that it is from example.net",
    "    +7.31  ########## has a program PROGRAM_ATTACHED\n",
    "     7.31             sum",
    "    +3.20  ########## order\\u{001B} now  in 5 spam, 0 ham",
    "  [switched off (display:none): garden compost]\n  end",
    "  says www.bank.example\n    -> goes to http://203.0.113.80/x",
    "  mx.example.org\n  `- pc.example [203.0.113.5], says it is localhost",
    "  a.exe  image/png  runs when opened",
};

static void a_message_is_told(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct explained words = { .count = 1, .pair_lessons = { 7, 9 } };
    words.items[0] = (struct explained_token){ span_of("order\x1b now"), 5, 0, 3.2 };
    struct reason reason = { "PROGRAM_ATTACHED", "has a program", SPAN_EMPTY, 731 };
    struct judgement judgement = {
        .verdict = VERDICT_SPAM, .score = 731, .required = 500, .unsure = 250, .reasons = &reason, .reason_count = 1
    };
    struct rule_context context = { 0 };
    struct inspection inspection;
    const struct message *message = message_parse(span_of(sample), arena);
    inspection_start(&inspection, message, &context, arena);
    struct explanation explanation = {
        .judgement = &judgement, .message = message, .words = &words, .inspection = &inspection
    };
    struct terminal terminal = { .width = 80 };
    struct buffer out = buffer_new(arena, 1 << 20);
    explanation_terminal(&explanation, &terminal, &out);
    buffer_append_byte(&out, '\0');
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
        if (!strstr(out.data, says[i]))
            fail_msg("want \"%s\" in\n%s", says[i], out.data);
    assert_null(strchr(out.data, '\x1b'));
    assert_null(strchr(out.data, '\x07'));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_keeps_to_the_width),
        cmocka_unit_test(bars_are_as_long_as_their_share),
        cmocka_unit_test(a_message_is_told),
    };
    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
