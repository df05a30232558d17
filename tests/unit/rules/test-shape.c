/* test-shape.c - the notation for identifiers as programs make them */
#include "unit.h"

#include "rules/shape.h"

static const struct {
    const char *shape, *text;
    bool want;
} cases[] = {
    { "x12$x8$x8@*", "000401c25b3a$7a4d3f20$0200a8c0@host", true },
    { "x12$x8$x8@*", "000401C25b3a$7a4d3f20$0200a8c0@host", false },
    { "x12$x8$x8@*", "000401c25b3a$7a4d3f20$0200a8c0", false },
    { "x12$x8$x8@*", "00401c25b3a$7a4d3f20$0200a8c0@host", false },
    { "h4-6.", "aB3f.", true },
    { "h4-6.", "aB3.", false },
    { "h4-6.", "aB3faB3.", false },
    { "d1+", "1", true },
    { "d1+", "", false },
    { "d1+", "1a", false },
    { "U2d3", "GA123", true },
    { "U2d3", "Ga123", false },
    { "------------w24", "------------Ab3dEf6hIj9kLm2nOp5qRs8t", true },
    { "------------w24", "------------Ab3dEf6hIj9kLm2nOp5qRs8", false },
    { "d2.'dx'@*", "12.dx@", true },
    { "b4@*", "a%-_@x", true },
    { "b4@*", "a.-_@x", false },
    { "BAYw1+-*", "BAY103-DAV1", true },
    { "*", "", true },
    { "", "", true },
    { "", "a", false },
};

static void shapes_match_the_whole(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (shape_matches(cases[i].shape, span_of(cases[i].text)) != cases[i].want)
            fail_msg("%s on \"%s\": want %d", cases[i].shape, cases[i].text, cases[i].want);
}

static void bytes_that_end_strings_match_nothing(void **state)
{
    assert_false(shape_matches("w3", span_make("a\0b", 3)));
    assert_false(shape_matches("b3", span_make("a\0b", 3)));
    assert_true(shape_matches("w1*", span_make("a\0b", 3)));
}

static void one_of_several_is_enough(void **state)
{
    static const char *const shapes[4] = { "d3", "U3" };
    assert_true(shape_matches_any(shapes, 4, span_of("ABC")));
    assert_false(shape_matches_any(shapes, 4, span_of("abc")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_match_the_whole),
        cmocka_unit_test(bytes_that_end_strings_match_nothing),
        cmocka_unit_test(one_of_several_is_enough),
    };
    return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}
