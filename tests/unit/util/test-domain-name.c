/* test-domain-name.c - what is written like the name of a domain, and what of it may be asked of a resolver */
#include "unit.h"

#include <stdbool.h>

#include "util/domain-name.h"

#define FIFTY "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LABEL_63 FIFTY "0123456789012"

static void names_are_judged(void **state)
{
    static const struct {
        const char *name;
        bool is_written, is_askable;
    } cases[] = {
        { "example.org", true, true },
        { "a", true, true },
        { "localhost", true, true },
        { "xn--bcher-kva.example", true, true },
        { "_dmarc.example.org", true, true },
        { "-a-.b-", true, true },
        { "192.0.2.1", true, true },
        { "Example.ORG", true, false },
        { "exampleZ", true, false },
        { "A", true, false },
        { LABEL_63 ".org", true, true },
        { LABEL_63 "4.org", true, false },
        { "a." LABEL_63 "4", true, false },
        { LABEL_63 "." LABEL_63 "." LABEL_63 "." FIFTY "01234567890", true, true },
        { LABEL_63 "." LABEL_63 "." LABEL_63 "." FIFTY "012345678901", false, false },
        { "", false, false },
        { ".", false, false },
        { ".org", false, false },
        { "example.", false, false },
        { "example..org", false, false },
        { "..", false, false },
        { "example org", false, false },
        { "example.org\n", false, false },
        { "*.example.org", false, false },
        { "a@example.org", false, false },
        { "[192.0.2.1]", false, false },
        { "2001:db8::1", false, false },
        { "a;b", false, false },
        { "a/b", false, false },
        { "`a{", false, false }, /* beside the letters, in either case */
        { "@a", false, false },
        { "[a", false, false },
        { "\x01.example", false, false },
        { "b\xC3\xBC" "cher.example", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span name = span_of(cases[i].name);
        if (domain_name_is_written(name) != cases[i].is_written)
            fail_msg("\"%s\": want %d", cases[i].name, cases[i].is_written);
        if (domain_name_is_askable(name) != cases[i].is_askable)
            fail_msg("\"%s\" to be asked about: want %d", cases[i].name, cases[i].is_askable);
    }
    assert_false(domain_name_is_written(SPAN_EMPTY));
    assert_false(domain_name_is_askable(span_make("a\0b", 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_judged) };
    return cmocka_run_group_tests_name("domain-name", tests, NULL, NULL);
}
