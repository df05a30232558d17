/* test-header-fields.c - the fields exactly as other programs' patterns read them */
#include "config.h"

#include "unit.h"

#include <locale.h>

#include "verdict/figures.h"
#include "verdict/header-fields.h"

static const struct reason spam_reasons[] = {
    { "PROGRAM_ATTACHED", "", { NULL, 0 }, 500 },
    { "LEARNED", "", { NULL, 0 }, 181 },
    { "NO_DATE", "", { NULL, 0 }, 50 },
};

static struct judgement spam(void)
{
    return (struct judgement){
        .verdict = VERDICT_SPAM,
        .score = 731,
        .required = 500,
        .unsure = 250,
        .probability = 0.99933,
        .reasons = spam_reasons,
        .reason_count = 3,
        .learned = STORE_READY,
        .learned_probability = 0.8593,
        .identity = { 0xAB, 0xCD },
    };
}

static struct judgement ham(void)
{
    return (struct judgement){ .verdict = VERDICT_HAM,
                               .score = -50,
                               .required = 500,
                               .unsure = 250,
                               .probability = 0.37754,
                               .learned = STORE_BUSY,
                               .learned_probability = 0.5 };
}

static const struct {
    const char *name;
    struct judgement (*judgement)(void);
    enum header_style style;
    const char *want;
} cases[] = {
    { "spam, SpamAssassin's way", spam, HEADER_STYLE_SPAMASSASSIN,
      "X-Spam-Flag: YES\n"
      "X-Spam-Status: Yes, score=7.31 required=5.00 tests=PROGRAM_ATTACHED=5.00,\n"
      "\tLEARNED=1.81,NO_DATE=0.50 learned=0.859 version=" VERSION "\n"
      "X-Spam-Level: *******\n"
      "X-Spam-Score: 7.31 / 5.00\n"
      "X-Tamis: id=abcd0000000000000000000000000000, verdict=spam,\n"
      "\tprobability=0.9993, version=" VERSION "\n" },
    { "ham, SpamAssassin's way, with a store that is locked", ham, HEADER_STYLE_SPAMASSASSIN,
      "X-Spam-Status: No, score=-0.50 required=5.00 tests=none learned=none\n"
      "\tstore=locked version=" VERSION "\n"
      "X-Spam-Level:\n"
      "X-Spam-Score: -0.50 / 5.00\n"
      "X-Tamis: id=00000000000000000000000000000000, verdict=ham, probability=0.3775,\n"
      "\tversion=" VERSION "\n" },
    { "spam, bogofilter's way", spam, HEADER_STYLE_BOGOFILTER,
      "X-Bogosity: Spam, tests=bogofilter, spamicity=0.999330, version=" VERSION "\n"
      "X-Tamis: id=abcd0000000000000000000000000000, verdict=spam,\n"
      "\tprobability=0.9993, version=" VERSION "\n" },
    { "ham, the least there is", ham, HEADER_STYLE_MINIMAL,
      "X-Spam-Status: No, score=-0.50 required=5.00 tests=none learned=none\n"
      "\tstore=locked version=" VERSION "\n"
      "X-Tamis: id=00000000000000000000000000000000, verdict=ham, probability=0.3775,\n"
      "\tversion=" VERSION "\n" },
};

static void fields_are_exactly_these(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        struct judgement judgement = cases[i].judgement();
        header_fields_write(&judgement, cases[i].style, &out);
        if (!span_is(buffer_span(&out), cases[i].want))
            fail_msg("%s:\ngot\n%.*swant\n%s", cases[i].name, (int)out.length, out.data, cases[i].want);
        arena_free(arena);
    }
}

/* Columns of a line with its leading tab at 8; bytes that are not printable ASCII fail. */
static size_t columns(struct span line)
{
    size_t count = 0;
    for (size_t i = 0; i < line.length; i++) {
        if (i == 0 && line.data[i] == '\t') {
            count = 8;
            continue;
        }
        if (line.data[i] < ' ' || line.data[i] > '~')
            fail_msg("byte %02x in a header field", (unsigned)(unsigned char)line.data[i]);
        count++;
    }
    return count;
}

static void many_long_reasons_stay_within_78_columns(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 16);
    struct reason reasons[300];
    for (size_t i = 0; i < 300; i++)
        reasons[i] = (struct reason){ i % 3 ? "A_RATHER_LONG_NAME_FOR_A_RULE" : "X", "", SPAN_EMPTY, (int)(5000 - i) };
    struct judgement judgement = spam();
    judgement.reasons = reasons;
    judgement.reason_count = 300;
    judgement.score = 123456;
    header_fields_write(&judgement, HEADER_STYLE_SPAMASSASSIN, &out);
    struct span rest = buffer_span(&out);
    size_t lines = 0;
    while (rest.length) {
        struct span line = span_head(rest, span_find_byte(rest, '\n'));
        if (columns(line) > 78)
            fail_msg("%zu columns: %.*s", columns(line), (int)line.length, line.data);
        rest = span_from(rest, line.length + 1);
        lines++;
    }
    assert_true(lines > 100);
    arena_free(arena);
}

static void level_has_fifty_stars_at_most(void **state)
{
    static const struct {
        int score;
        size_t want;
    } levels[] = {
        { -900, 0 }, { 0, 0 }, { 99, 0 }, { 100, 1 }, { 199, 1 }, { 4999, 49 }, { 5000, 50 }, { 90000, 50 }
    };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        struct judgement judgement = ham();
        judgement.score = levels[i].score;
        header_fields_write(&judgement, HEADER_STYLE_SPAMASSASSIN, &out);
        size_t stars = 0;
        for (size_t at = 0; at < out.length; at++)
            stars += out.data[at] == '*';
        if (stars != levels[i].want)
            fail_msg("score %d: got %zu stars, want %zu", levels[i].score, stars, levels[i].want);
        arena_free(arena);
    }
}

static void numbers_ignore_the_locale(void **state)
{
    char figure[FIGURE_SIZE];
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        print_message("# no locale with a decimal comma is installed\n");
    assert_string_equal(figure_points(-731, figure), "-7.31");
    assert_string_equal(figure_probability(0.99933, 4, figure), "0.9993");
    setlocale(LC_ALL, "C");
    assert_string_equal(figure_points(5, figure), "0.05");
    assert_string_equal(figure_points(-2147483647 - 1, figure), "-21474836.48");
    assert_string_equal(figure_probability(7, 3, figure), "1.000");
    assert_string_equal(figure_probability(-1, 3, figure), "0.000");
    assert_string_equal(figure_probability(0.9999999, 3, figure), "1.000");
}

static void unchecked_says_why_and_nothing_else(void **state)
{
    static const struct {
        const char *why;
        enum header_style style;
        const char *want;
    } unchecked[] = {
        { "late", HEADER_STYLE_SPAMASSASSIN,
          "X-Spam-Status: Unchecked, reason=late\nX-Tamis: unchecked, reason=late, version=" VERSION "\n" },
        { "a\nBcc: b,\x80", HEADER_STYLE_MINIMAL,
          "X-Spam-Status: Unchecked, reason=aBcc:-b\nX-Tamis: unchecked, reason=aBcc:-b, version=" VERSION "\n" },
        { "", HEADER_STYLE_MINIMAL,
          "X-Spam-Status: Unchecked, reason=unknown\nX-Tamis: unchecked, reason=unknown, version=" VERSION "\n" },
        { "crashed", HEADER_STYLE_BOGOFILTER,
          "X-Bogosity: Unsure, tests=bogofilter, spamicity=0.500000, version=" VERSION "\n"
          "X-Tamis: unchecked, reason=crashed, version=" VERSION "\n" },
    };
    for (size_t i = 0; i < sizeof unchecked / sizeof *unchecked; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1 << 16);
        header_fields_write_unchecked(unchecked[i].why, unchecked[i].style, &out);
        assert_span_is(buffer_span(&out), unchecked[i].want);
        arena_free(arena);
    }
}

static void our_own_fields_are_known(void **state)
{
    static const struct {
        const char *name;
        bool want;
    } names[] = {
        { "X-Spam-Status", true }, { "x-spam-flag", true }, { "X-SPAM-Anything", true }, { "X-Tamis", true },
        { "x-bogosity", true },    { "X-Spam", false },     { "X-Spamd-Result", false }, { "Subject", false },
        { "X-Tamisx", false },     { "", false },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (header_fields_owned(span_of(names[i].name)) != names[i].want)
            fail_msg("%s: want %d", names[i].name, names[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_exactly_these),
        cmocka_unit_test(many_long_reasons_stay_within_78_columns),
        cmocka_unit_test(level_has_fifty_stars_at_most),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(unchecked_says_why_and_nothing_else),
        cmocka_unit_test(our_own_fields_are_known),
    };
    return cmocka_run_group_tests_name("header fields", tests, NULL, NULL);
}
