/* test-span.c - what is found in a stretch of bytes, which may be empty and hold any byte */
#include "unit.h"

#include "util/span.h"

#define BYTES(text) { text, sizeof text - 1 }

static const struct {
    const char *name;
    struct span in, part;
    bool want;
} cases[] = {
    { "at the start", BYTES("paypal.com"), BYTES("pay"), true },
    { "at the end", BYTES("paypal.com"), BYTES(".com"), true },
    { "all of it", BYTES("com"), BYTES("com"), true },
    { "in another case", BYTES("paypal.com"), BYTES("COM"), false },
    { "more than there is", BYTES("com"), BYTES(".com"), false },
    { "behind a NUL byte", BYTES("a\0b"), BYTES("\0b"), true },
    { "nothing", BYTES("com"), BYTES(""), false },
    { "in nothing", { NULL, 0 }, BYTES("com"), false },
    { "nothing in nothing", { NULL, 0 }, { NULL, 0 }, false },
};

static void parts_are_found(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (span_contains(cases[i].in, cases[i].part) != cases[i].want)
            fail_msg("%s: want %d", cases[i].name, cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(parts_are_found) };
    return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
