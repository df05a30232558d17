/* test-explanation.c - what lies behind a judgement is said, bounded, and never raw */
#include "unit.h"

#include "util/limits.h"
#include "verdict/explanation.h"

static const char sample[] =
    "Received: from localhost (pc.example [203.0.113.5]) by mx.example.org; Mon, 3 Mar 2025 10:00:00 +0000\n"
    "Content-Type: text/html\n"
    "\n"
    "<p>read \x1b[31mthis</p><a href=\"http://203.0.113.80/x\">www.bank.example</a>"
    "<p style=\"display:none\">garden compost</p><p>end</p>\n";

static struct explained some_words(void)
{
    struct explained words = { .count = 4, .pair_lessons = { 7, 9 } };
    words.items[0] = (struct explained_token){ span_of("order\x1b now"), 5, 0, 3.214 };
    words.items[1] = (struct explained_token){ span_of("compost"), 0, 4, -2.8 };
    words.items[2] = (struct explained_token){ span_of("\u65E5\u672C"), 1, 0, 1 };
    words.items[3] = (struct explained_token){ span_of("odd"), 1, 0, 0.0 / 0.0 };
    return words;
}

static const struct {
    const char *name, *want;
} texts[] = {
    { "a word for spam has a plus and its counts", "    +3.21  order\\u{001B} now                      5     0\n" },
    { "a word for ham has a minus", "    -2.80  compost                                0     4\n" },
    { "wide characters take two columns", "    +1.00  \u65E5\u672C                                   1     0\n" },
    { "what is no number adds nothing", "     0.00  odd                                    1     0\n" },
    { "counts say out of how many", "of 9 spam and 7 ham" },
    { "the path is told", "  mx.example.org  from  localhost (pc.example [203.0.113.5])\n" },
    { "a link is what it says and where it goes", "  www.bank.example  ->  http://203.0.113.80/x\n" },
    { "hidden text is uncovered", "Hidden text\n  garden compost\n" },
};

static void sections_say_what_there_is(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(span_of(sample), arena);
    struct explained words = some_words();
    struct buffer out = buffer_new(arena, 1 << 20);
    explanation_text(message, &words, &out);
    buffer_append_byte(&out, '\0');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!strstr(out.data, texts[i].want))
            fail_msg("%s: want \"%s\" in\n%s", texts[i].name, texts[i].want, out.data);
    assert_null(strchr(out.data, '\x1b'));
    arena_free(arena);
}

static void nothing_to_say_says_nothing(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(span_of("Subject: x\n\nplain\n"), arena);
    struct explained none = { 0 };
    struct buffer out = buffer_new(arena, 1 << 20);
    explanation_text(message, &none, &out);
    assert_int_equal(out.length, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_say_what_there_is),
        cmocka_unit_test(nothing_to_say_says_nothing),
    };
    return cmocka_run_group_tests_name("explanation", tests, NULL, NULL);
}
