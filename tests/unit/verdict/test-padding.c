/* test-padding.c - runs of invisible characters are said in a few words, and nothing else changes */
#include "unit.h"

#include "verdict/padding.h"

#define JOINER "\xE2\x80\x8C" /* U+200C, zero width non-joiner */
#define NO_BREAK "\xC2\xA0"
#define FIGURE_SPACE "\xE2\x80\x87"
#define HYPHEN "\xC2\xAD" /* soft */
#define FOUR(text) text text text text

static const struct {
    const char *name, *text, *want; /* NULL: as it was */
} rows[] = {
    { "nothing", "", NULL },
    { "no such character", "Your order is on its way, \xC3\xA9t\xC3\xA9 " NO_BREAK NO_BREAK, NULL },
    { "eleven", FOUR(JOINER) FOUR(JOINER) JOINER JOINER JOINER, NULL },
    { "twelve", FOUR(JOINER) FOUR(JOINER) FOUR(JOINER), "[12 invisible characters]" },
    { "of two bytes each", FOUR(HYPHEN) FOUR(HYPHEN) FOUR(HYPHEN), "[12 invisible characters]" },
    { "behind a line", "Your order " FOUR(JOINER NO_BREAK " ") FOUR(HYPHEN FIGURE_SPACE) FOUR(FOUR(JOINER)) " Hello",
      "Your order [24 invisible characters] Hello" },
    { "blanks around it stay", NO_BREAK FOUR(JOINER) FOUR(JOINER) FOUR(JOINER) NO_BREAK "\n",
      NO_BREAK "[12 invisible characters]" NO_BREAK "\n" },
    { "two runs", FOUR(FOUR(JOINER)) "x" FOUR(FOUR(HYPHEN)), "[16 invisible characters]x[16 invisible characters]" },
    { "parted by letters", FOUR(FOUR("a" JOINER)), NULL },
    { "over a line end", FOUR(JOINER JOINER "\n") FOUR(JOINER), "[12 invisible characters]" },
    { "a word of Persian", "\xD9\x85\xDB\x8C" JOINER "\xD8\xAE", NULL },
    { "broken UTF-8", "\xE2\x80" FOUR(FOUR(JOINER)) "\xC3", "\xE2\x80[16 invisible characters]\xC3" },
};

static void runs_are_said_in_a_few_words(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new((size_t)1024 * 1024);
        struct span got = padding_shortened(span_of(rows[i].text), arena);
        const char *want = rows[i].want ? rows[i].want : rows[i].text;
        if (!span_is(got, want))
            fail_msg("%s: \"%.*s\", want \"%s\"", rows[i].name, (int)got.length, got.data, want);
        arena_free(arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_said_in_a_few_words),
    };
    return cmocka_run_group_tests_name("padding", tests, NULL, NULL);
}
