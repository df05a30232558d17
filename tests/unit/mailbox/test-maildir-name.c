/* test-maildir-name.c - the parts of the name of a file in a Maildir */
#include "config.h"

#include "unit.h"

#include <inttypes.h>
#include <stdbool.h>

#include "mailbox/maildir-name.h"

static void names_have_parts(void **state)
{
    static const struct {
        const char *name, *unique, *flags;
        bool has_flags;
    } cases[] = {
        { "1.a.host:2,FS", "1.a.host", "FS", true },
        { "1.a.host:2,Sab", "1.a.host", "Sab", true },
        { "1.a.host:2,", "1.a.host", "", true },
        { "1.a.host,S=3,W=4:2,S", "1.a.host,S=3,W=4", "S", true },
        { "1.a.host:2,S,T", "1.a.host", "S", true },
        { "1.a.host:2,,T", "1.a.host", "", true },
        { "1.a.host", "1.a.host", "", false },
        { "1.a.host:", "1.a.host", "", false },
        { "1.a.host:2", "1.a.host", "", false },
        { "1.a.host:2S", "1.a.host", "", false },
        { "1.a.host:1,S", "1.a.host", "", false },
        { "1.a.host:1,:2,S", "1.a.host", "", false }, /* of the first ':' all the rest is */
        { "1.a.host,2,S", "1.a.host,2,S", "", false },
        { ":2,S", "", "S", true },
        { "", "", "", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct maildir_name parts = maildir_name_read(cases[i].name);
        assert_span_is(parts.unique, cases[i].unique);
        assert_span_is(parts.flags, cases[i].flags);
        if (parts.has_flags != cases[i].has_flags)
            fail_msg("%s: got %d", cases[i].name, parts.has_flags);
    }
}

static void flags_are_found(void **state)
{
    static const struct {
        const char *name, *flags;
        bool want;
    } cases[] = {
        { "1.a.host:2,FS", "S", true },
        { "1.a.host:2,FS", "TF", true },
        { "1.a.host:2,FS", "T", false },
        { "1.a.host:2,FS", "", false },
        { "1.a.host:2,s", "S", false },
        { "1.a.host:2,", "S", false },
        { "1.a.host:2,S,T", "T", false },
        { "1.a.host:2,S", ",", false },
        { "1.a.host:1,S", "S", false },
        { "1.a.host,S=3", "S", false },
        { "STF", "STF", false },
        { "", "S", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (maildir_name_has_any(cases[i].name, cases[i].flags) != cases[i].want)
            fail_msg("%s: any of \"%s\": want %d", cases[i].name, cases[i].flags, cases[i].want);
}

static void names_tell_times(void **state)
{
    static const struct {
        const char *name;
        int64_t want;
    } cases[] = {
        { "1717488000.M1P2.host:2,S", 1717488000 },
        { "999999999.1.host", 999999999 },
        { "999999999999.1.host", 999999999999 },
        { "1717488000", 0 }, /* a number, and no time of delivery */
        { "1717488000:2,S", 0 },
        { "99999999.1.host", 0 }, /* before there were Maildirs */
        { "1000000000000.1.host", 0 }, /* milliseconds */
        { "99999999999999999999999999.1.host", 0 },
        { "-1717488000.1.host", 0 },
        { " 1717488000.1.host", 0 },
        { ".1717488000.1.host", 0 },
        { "", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (maildir_name_time(cases[i].name) != cases[i].want)
            fail_msg("%s: got %" PRId64, cases[i].name, maildir_name_time(cases[i].name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_parts),
        cmocka_unit_test(flags_are_found),
        cmocka_unit_test(names_tell_times),
    };
    return cmocka_run_group_tests_name("maildir-name", tests, NULL, NULL);
}
