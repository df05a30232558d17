/* test-nearest.c - slips of the finger find their name, other words find none */
#include "unit.h"

#include "util/nearest.h"

static const char *const names[] = {
    "required", "unsure", "headers", "log", "log_level", "junk_folder", "HIDDEN_TEXT"
};

static const struct {
    const char *name, *input, *want;
} cases[] = {
    { "neighbours swapped", "requierd", "required" },
    { "one letter missing", "unsre", "unsure" },
    { "one letter too many", "headders", "headers" },
    { "one letter wrong", "lug", "log" },
    { "hyphen for underscore", "junk-folder", "junk_folder" },
    { "another case", "hidden_text", "HIDDEN_TEXT" },
    { "two slips in a long name", "jnuk_foldr", "junk_folder" },
    { "the exact name", "log_level", "log_level" },
    { "two slips in a short name", "lgx", NULL },
    { "another word", "spamassassin", NULL },
    { "nothing", "", NULL },
    { "longer than any name", "requiredrequiredrequiredrequiredrequiredrequiredrequiredrequiredr", NULL },
};

static void slips_find_their_name(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nearest nearest = nearest_to(cases[i].input);
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            nearest_offer(&nearest, names[j]);
        const char *got = nearest.name ? nearest.name : "(none)", *want = cases[i].want ? cases[i].want : "(none)";
        if (strcmp(got, want) != 0)
            fail_msg("%s: \"%s\" got %s, want %s", cases[i].name, cases[i].input, got, want);
    }
}

static void first_of_equals_stays(void **state)
{
    struct nearest nearest = nearest_to("score");
    nearest_offer(&nearest, "store");
    nearest_offer(&nearest, "scare");
    assert_string_equal(nearest.name, "store");
    assert_int_equal(nearest.distance, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_find_their_name),
        cmocka_unit_test(first_of_equals_stays),
    };
    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
