/* test-letter.c - what characters outside ASCII are to words */
#include "unit.h"

#include "util/letter.h"

static const struct {
    const char *name;
    uint32_t code;
    enum letter want;
} rows[] = {
    { "Latin with an accent", 0x00E9, LETTER_OF_WORD },
    { "Cyrillic", 0x0436, LETTER_OF_WORD },
    { "a vowel sign of Devanagari", 0x0947, LETTER_OF_WORD },
    { "an Arabic digit", 0x0661, LETTER_OF_WORD },
    { "the euro", 0x20AC, LETTER_OF_WORD },
    { "a quote of Latin text", 0x201C, LETTER_NONE },
    { "an inverted exclamation mark", 0x00A1, LETTER_NONE },
    { "an arrow", 0x2192, LETTER_ALONE },
    { "a typographic apostrophe", 0x2019, LETTER_NONE },
    { "a dingbat", 0x2714, LETTER_ALONE },
    { "the no-break space", 0x00A0, LETTER_NONE },
    { "the em space", 0x2003, LETTER_NONE },
    { "the ideographic space", 0x3000, LETTER_NONE },
    { "the Arabic comma", 0x060C, LETTER_NONE },
    { "the danda", 0x0964, LETTER_NONE },
    { "not assigned", 0x0378, LETTER_NONE },
    { "a noncharacter", 0x10FFFF, LETTER_NONE },
    { "Han", 0x4E2D, LETTER_ALONE },
    { "Han of another plane", 0x20000, LETTER_ALONE },
    { "kana", 0x3042, LETTER_ALONE },
    { "Hangul", 0xD55C, LETTER_ALONE },
    { "a bracket of Han text", 0x3010, LETTER_ALONE },
    { "an emoji", 0x1F525, LETTER_ALONE },
    { "Thai", 0x0E01, LETTER_OF_RUN },
    { "a Thai tone mark", 0x0E48, LETTER_OF_RUN },
    { "a Thai digit", 0x0E50, LETTER_OF_WORD },
    { "Thai punctuation", 0x0E5A, LETTER_NONE },
    { "Lao", 0x0E81, LETTER_OF_RUN },
    { "Tibetan, which has its own dots", 0x0F40, LETTER_OF_WORD },
    { "Myanmar", 0x1000, LETTER_OF_RUN },
    { "Myanmar Extended-A, among Hangul by number", 0xAA60, LETTER_OF_RUN },
    { "Khmer", 0x1780, LETTER_OF_RUN },
    { "Khmer punctuation", 0x17D4, LETTER_NONE },
    { "Ethiopic, whose words have marks between them", 0x1210, LETTER_OF_WORD },
    { "that mark", 0x1361, LETTER_NONE },
};

static void characters_are_told_apart(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (letter_of(rows[i].code) != rows[i].want)
            fail_msg("%s: got %d, want %d", rows[i].name, (int)letter_of(rows[i].code), (int)rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_told_apart),
    };
    return cmocka_run_group_tests_name("letter", tests, NULL, NULL);
}
