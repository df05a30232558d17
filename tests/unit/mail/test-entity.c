/* test-entity.c - character references: names, numbers, repairs, and ampersands that are none */
#include "unit.h"

#include "mail/entity.h"
#include "mail/entity-table.h"

struct row {
    const char *name;
    const char *input;
    const char *text;      /* what it is in text */
    const char *attribute; /* what it is in an attribute */
};

static const struct row rows[] = {
    { "no reference", "plain", "plain", "plain" },
    { "a name", "a&amp;b", "a&b", "a&b" },
    { "first and last name of the table", "&AElig;&zwnj;", "\xC3\x86\xE2\x80\x8C", "\xC3\x86\xE2\x80\x8C" },
    { "the longest name", "&CounterClockwiseContourIntegral;", "\xE2\x88\xB3", "\xE2\x88\xB3" },
    { "a name that stands for two characters", "&nGt;", "\xE2\x89\xAB\xE2\x83\x92", "\xE2\x89\xAB\xE2\x83\x92" },
    { "names are told apart by case", "&Eacute;&eacute;", "\xC3\x89\xC3\xA9", "\xC3\x89\xC3\xA9" },
    { "an old name without its semicolon", "&copy 2", "\xC2\xA9 2", "\xC2\xA9 2" },
    { "an old name inside of letters", "&copyright", "\xC2\xA9right", "&copyright" },
    { "before an equals sign", "?a=1&copy=2", "?a=1\xC2\xA9=2", "?a=1&copy=2" },
    { "the longest old name that fits", "&notit;", "\xC2\xACit;", "&notit;" },
    { "a new name needs its semicolon", "&zwnj x", "&zwnj x", "&zwnj x" },
    { "an unknown name", "&blurb;", "&blurb;", "&blurb;" },
    { "nothing behind it", "R&D &", "R&D &", "R&D &" },
    { "decimal", "&#233;", "\xC3\xA9", "\xC3\xA9" },
    { "hexadecimal", "&#xE9;&#XE9;", "\xC3\xA9\xC3\xA9", "\xC3\xA9\xC3\xA9" },
    { "a number without its semicolon", "&#65B", "AB", "AB" },
    { "no digits", "&#;&#x;&#xg", "&#;&#x;&#xg", "&#;&#x;&#xg" },
    { "windows-1252 by mistake", "&#146;&#128;", "\xE2\x80\x99\xE2\x82\xAC", "\xE2\x80\x99\xE2\x82\xAC" },
    { "NUL", "&#0;", "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
    { "a surrogate", "&#xD800;", "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
    { "past Unicode", "&#x110000;", "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
    { "a number that overflows", "&#99999999999999999999;", "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
    { "astral", "&#x1F600;", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
    { "many in a row grow", "&nGt;&nGt;&nGt;&nGt;",
      "\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92",
      "\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92\xE2\x89\xAB\xE2\x83\x92" },
};

static void references_are_decoded_as_browsers_do(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("# %s\n", rows[i].name);
        assert_span_is(entity_decode_all(span_of(rows[i].input), false, arena), rows[i].text);
        assert_span_is(entity_decode_all(span_of(rows[i].input), true, arena), rows[i].attribute);
    }
    arena_free(arena);
}

/* Every name of the table must be found again, with and (for the 106 old ones only) without its semicolon. */
static void every_name_is_found(void **state)
{
    size_t found = 0, legacy = 0;
    for (size_t i = 0; i < 2125; i++) {
        char text[ENTITY_LONGEST_NAME + 3], out[ENTITY_BYTES];
        size_t length = (size_t)(entity_name_offsets[i + 1] - entity_name_offsets[i]), decoded = 0;
        text[0] = '&';
        memcpy(text + 1, entity_names + entity_name_offsets[i], length);
        text[length + 1] = ';';
        found += entity_decode(span_make(text, length + 2), false, out, &decoded) == length + 2 && decoded > 0;
        text[length + 1] = ' ';
        legacy += entity_decode(span_make(text, length + 2), false, out, &decoded) == length + 1;
    }
    assert_int_equal(found, 2125);
    assert_int_equal(legacy, 106);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_decoded_as_browsers_do),
        cmocka_unit_test(every_name_is_found),
    };
    return cmocka_run_group_tests_name("entity", tests, NULL, NULL);
}
