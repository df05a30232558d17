/* test-words.c - disguised words, and the honest ones that look similar */
#include "unit.h"

#include "rules/inspection.h"
#include "rules/words.h"

static void words_are_marked(void **state)
{
    static const struct {
        const char *name, *text;
        unsigned split, mixed, slips;
    } cases[] = {
        { "plain", "nothing to see here", 0, 0, 0 },
        { "empty", "", 0, 0, 0 },
        { "zero-width space inside",
          "vi\xE2\x80\x8B"
          "agra",
          1, 0, 0 },
        { "soft hyphens are how newsletters hyphenate",
          "news\xC2\xAD"
          "letter",
          0, 0, 0 },
        { "zero-width joiner inside an ASCII word", "pay\xE2\x80\x8Dpal", 1, 0, 0 },
        { "zero-width non-joiner between words (preheader filler)", "hello \xE2\x80\x8C \xE2\x80\x8C world",
          0, 0, 0 },
        { "zero-width space behind a word", "hello\xE2\x80\x8B world", 0, 0, 0 },
        { "Persian with its non-joiner", "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85", 0, 0,
          0 },
        { "two of them in one word are one word",
          "v\xE2\x80\x8Bi\xE2\x80\x8B"
          "agra",
          1, 0, 0 },
        { "too short to be a word",
          "a\xE2\x80\x8B"
          "b",
          0, 0, 0 },
        { "Cyrillic a in a Latin word", "p\xD0\xB0ypal", 0, 1, 0 },
        { "Greek omicron in a Latin word",
          "g\xCE\xBF"
          "ogle",
          0, 1, 0 },
        { "Russian", "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82 \xD0\xBC\xD0\xB8\xD1\x80", 0, 0, 0 },
        { "Russian beside Latin", "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82 hello", 0, 0, 0 },
        { "Greek", "\xCE\x9A\xCE\xB1\xCE\xBB\xCE\xB7\xCE\xBC\xCE\xAD\xCF\x81\xCE\xB1", 0, 0, 0 },
        { "micrometres", "10 \xCE\xBCm, \xCE\xA9m, \xCE\xBBmax", 0, 0, 0 },
        { "French, Czech, Vietnamese",
          "d\xC3\xA9j\xC3\xA0 v\xC3\xA1\xC5\xBE"
          "en\xC3\xBD ti\xE1\xBA\xBFng",
          0, 0, 0 },
        { "emoji with variation selector and joiner", "ok \xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5 done", 0,
          0, 0 },
        { "Cyrillic in front of Latin", "\xD1\x80\xD0\xB0ypal", 0, 1, 0 },
        { "Russian with three Latin letters, to be read by people alone",
          "pa\xD0\xB1\xD0\xBE\xD1\x82" "a", 0, 1, 0 },
        { "Russian endings on Latin words", "SMS\xD0\xBA\xD1\x83 PDF\xD0\xBA\xD0\xB0 Zoom\xD0\xBE\xD0\xBC", 0, 0, 0 },
        { "endings are in small letters", "Amaz\xD0\x9E\xD0\x9F", 0, 1, 0 },
        { "an ending that looks Latin", "iPhone\xD0\xB0", 0, 0, 1 },
        { "the Latin c on the key of the Cyrillic one", "C\xD0\xBF\xD0\xB0\xD1\x81\xD0\xB8\xD0\xB1\xD0\xBE", 0, 0, 1 },
        { "both at once",
          "vi\xE2\x80\x8B"
          "agra p\xD0\xB0ypal",
          1, 1, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct word_marks marks = { 0 };
        words_mark(span_of(cases[i].text), &marks);
        if (marks.split != cases[i].split || marks.mixed != cases[i].mixed || marks.slips != cases[i].slips)
            fail_msg("%s: got %u split, %u mixed, %u slips, want %u, %u, %u", cases[i].name, marks.split, marks.mixed,
                     marks.slips, cases[i].split, cases[i].mixed, cases[i].slips);
    }
}

static void words_in_styled_letters_are_marked(void **state)
{
    static const struct {
        const char *name, *text;
        unsigned want;
    } cases[] = {
        { "bold", "\xF0\x9D\x98\x84\xF0\x9D\x97\xAE\xF0\x9D\x97\xB8\xF0\x9D\x97\xB2 up", 1 },
        { "squared", "\xF0\x9F\x85\xB0\xF0\x9F\x85\xB1\xF0\x9F\x85\xB0", 1 },
        { "a formula", "\xF0\x9D\x91\xA5\xF0\x9D\x91\xA6 = 1", 0 },
        { "numbers", "\xF0\x9D\x9F\x8F\xF0\x9D\x9F\x90\xF0\x9D\x9F\x91", 0 },
        { "Chinese", "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xB8\x96", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct word_marks marks = { 0 };
        words_mark(span_of(cases[i].text), &marks);
        if (marks.styled != cases[i].want)
            fail_msg("%s: got %u, want %u", cases[i].name, marks.styled, cases[i].want);
    }
}

static void the_first_example_is_kept(void **state)
{
    struct word_marks marks = { 0 };
    words_mark(span_of("all p\xD0\xB0ypal and g\xD0\xBE"
                       "ogle"),
               &marks);
    assert_int_equal(marks.mixed, 2);
    assert_span_is(marks.first_mixed, "p\xD0\xB0ypal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_marked),
        cmocka_unit_test(words_in_styled_letters_are_marked),
        cmocka_unit_test(the_first_example_is_kept),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
