/* test-utf8.c - what is UTF-8, what is none, and that a limit never cuts a character in two */
#include "unit.h"

#include "util/utf8.h"

static void sequences_decode_to_their_code_points(void **state)
{
    static const struct {
        const char *input;
        uint32_t want;
        size_t size;
    } cases[] = {
        { "A", 'A', 1 },
        { "\xC3\xA9", 0xE9, 2 },
        { "\xDF\xBF", 0x7FF, 2 },
        { "\xE0\xA0\x80", 0x800, 3 },
        { "\xE2\x82\xAC", 0x20AC, 3 },
        { "\xED\x9F\xBF", 0xD7FF, 3 },
        { "\xEE\x80\x80", 0xE000, 3 },
        { "\xEF\xBF\xBD", 0xFFFD, 3 },
        { "\xF0\x90\x80\x80", 0x10000, 4 },
        { "\xF4\x8F\xBF\xBF", 0x10FFFF, 4 },
        /* RFC 3629 section 10: ill-formed */
        { "\x80", UTF8_REPLACEMENT, 1 },
        { "\xC0\x80", UTF8_REPLACEMENT, 1 },         /* overlong NUL */
        { "\xC1\xBF", UTF8_REPLACEMENT, 1 },         /* overlong */
        { "\xE0\x9F\xBF", UTF8_REPLACEMENT, 1 },     /* overlong */
        { "\xF0\x8F\xBF\xBF", UTF8_REPLACEMENT, 1 }, /* overlong */
        { "\xED\xA0\x80", UTF8_REPLACEMENT, 1 },     /* surrogate */
        { "\xED\xBF\xBF", UTF8_REPLACEMENT, 1 },     /* surrogate */
        { "\xF4\x90\x80\x80", UTF8_REPLACEMENT, 1 }, /* past U+10FFFF */
        { "\xF5\x80\x80\x80", UTF8_REPLACEMENT, 1 },
        { "\xFF", UTF8_REPLACEMENT, 1 },
        { "\xC3", UTF8_REPLACEMENT, 1 },             /* cut short */
        { "\xE2\x82", UTF8_REPLACEMENT, 1 },
        { "\xF0\x9F\x98", UTF8_REPLACEMENT, 1 },
        { "\xC3\x41", UTF8_REPLACEMENT, 1 },         /* no continuation byte */
        { "\xE2\x82\x41", UTF8_REPLACEMENT, 1 },
        { "\xE2\x41\x82", UTF8_REPLACEMENT, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size = 99;
        uint32_t got = utf8_decode(span_of(cases[i].input), &size);
        if (got != cases[i].want || size != cases[i].size)
            fail_msg("case %zu: got U+%04X size %zu, want U+%04X size %zu", i, got, size, cases[i].want, cases[i].size);
        assert_int_equal(utf8_is_valid(span_of(cases[i].input)), got != UTF8_REPLACEMENT || size == 3);
    }
}

static void every_code_point_survives_encoding(void **state)
{
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        size_t length = utf8_encode(code, bytes), size;
        uint32_t want = code >= 0xD800 && code <= 0xDFFF ? UTF8_REPLACEMENT : code;
        if (utf8_decode(span_make(bytes, length), &size) != want || size != length)
            fail_msg("U+%04X does not survive", code);
    }
    char bytes[4];
    assert_int_equal(utf8_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

/* The fast paths look at eight bytes at a time: the first bad byte is tried at every place. */
static void first_foreign_byte_is_found_at_every_offset(void **state)
{
    char text[40];
    for (size_t length = 0; length <= sizeof text; length++)
        for (size_t at = 0; at < length; at++) {
            memset(text, 'x', sizeof text);
            text[at] = (char)0x80;
            assert_int_equal(utf8_ascii_length(span_make(text, length)), at);
            assert_int_equal(utf8_valid_length(span_make(text, length)), at);
            assert_false(utf8_is_ascii(span_make(text, length)));
        }
    memset(text, 'x', sizeof text);
    assert_true(utf8_is_ascii(span_make(text, sizeof text)));
    assert_true(utf8_is_ascii(SPAN_EMPTY));
    assert_true(utf8_is_valid(SPAN_EMPTY));
}

static void repairing_replaces_each_ill_formed_byte(void **state)
{
    static const struct {
        const char *input, *want;
    } cases[] = {
        { "plain", "plain" },
        { "caf\xC3\xA9", "caf\xC3\xA9" },
        { "caf\xE9!", "caf\xEF\xBF\xBD!" },
        { "\xC3", "\xEF\xBF\xBD" },
        { "a\xED\xA0\x80z", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 16);
        struct buffer out = buffer_new(arena, 1024);
        utf8_append_repaired(&out, span_of(cases[i].input));
        assert_span_is(buffer_span(&out), cases[i].want);
        arena_free(arena);
    }
}

static void limits_cut_between_characters(void **state)
{
    struct span text = span_of("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"); /* 1 + 2 + 3 + 4 bytes */
    static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };
    for (size_t limit = 0; limit < sizeof want / sizeof want[0]; limit++) {
        assert_int_equal(utf8_head(text, limit).length, want[limit]);
        struct arena *arena = arena_new(1 << 16);
        struct buffer valid = buffer_new(arena, limit), repaired = buffer_new(arena, limit);
        utf8_append_valid(&valid, text);
        assert_int_equal(valid.length, want[limit]);
        assert_int_equal(valid.truncated, want[limit] < text.length);
        utf8_append_repaired(&repaired, text);
        assert_int_equal(repaired.length, want[limit]);
        arena_free(arena);
    }
}

static void controls_are_known(void **state)
{
    static const uint32_t controls[] = { 0, '\t', '\n', 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F };
    static const uint32_t others[] = { ' ', '~', 0xA0, 0xAD, 0x200B, 0x2028 };
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        if (!utf8_is_control(controls[i]))
            fail_msg("U+%04X is a control", controls[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (utf8_is_control(others[i]))
            fail_msg("U+%04X is none", others[i]);
}

static void invisible_characters_are_known(void **state)
{
    static const uint32_t invisible[] = { 0xAD,   0x34F,  0x61C,  0x115F, 0x1160, 0x17B4,  0x180B,  0x200B,  0x200C,
                                          0x200D, 0x200F, 0x202A, 0x202E, 0x2060, 0x206F,  0x3164,  0xFE0F,  0xFEFF,
                                          0xFFA0, 0x1BCA0, 0xE0001, 0xE0041, 0xE0FFF };
    static const uint32_t visible[] = { 0,      ' ',    'a',    0xA0,    0xAC,    0xAE,    0x2010,  0x2029,
                                        0x202F, 0x2070, 0x3000, 0xFE10,  0xFFFD,  0x1F600, 0xDFFFF, 0xE1000 };
    for (size_t i = 0; i < sizeof invisible / sizeof invisible[0]; i++)
        if (!utf8_is_invisible(invisible[i]))
            fail_msg("U+%04X can be seen", invisible[i]);
    for (size_t i = 0; i < sizeof visible / sizeof visible[0]; i++)
        if (utf8_is_invisible(visible[i]))
            fail_msg("U+%04X cannot be seen", visible[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_decode_to_their_code_points),
        cmocka_unit_test(every_code_point_survives_encoding),
        cmocka_unit_test(first_foreign_byte_is_found_at_every_offset),
        cmocka_unit_test(repairing_replaces_each_ill_formed_byte),
        cmocka_unit_test(limits_cut_between_characters),
        cmocka_unit_test(controls_are_known),
        cmocka_unit_test(invisible_characters_are_known),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
