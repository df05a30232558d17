/* test-subordinates.c - whose number belongs to another user, and that nothing in the file is believed blindly */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "outside/subordinates.h"

static const struct {
    const char *text;
    uint64_t user;
    bool want;
} cases[] = {
    { "", 0, false },
    { "ann:100000:65536\n", 99999, false },
    { "ann:100000:65536\n", 100000, true },
    { "ann:100000:65536\n", 165535, true },
    { "ann:100000:65536\n", 165536, false },
    { "ann:100000:65536", 100001, true },
    { "1000:100000:65536\n", 100001, true },
    { "ann:0x186A0:65536\n", 100001, true },
    { "ann:0303240: 65536\n", 100001, true },
    { "ann:0100000:10\n", 100000, false },
    { "ann:0100000:10\n", 32768, true },
    { "bob:300:10\nann:100:10\ncid:200:10\n", 105, true },
    { "bob:300:10\nann:100:10\ncid:200:10\n", 205, true },
    { "bob:300:10\nann:100:10\ncid:200:10\n", 305, true },
    { "bob:300:10\nann:100:10\ncid:200:10\n", 250, false },
    { "ann:100:100\nbob:120:10\n", 150, true },
    { "ann:100:10\nbob:105:10\n", 112, true },
    { "ann:100:0\n", 100, false },
    { "# a note\n\nann\nann:\nann:100\nann::10\nann:100:\nann:x:10\n", 100, false },
    { "ann:100:-1\nann:100:10:\nann:100:10 \n", 100, false },
    { "ann:18446744073709551615:9\nann:99999999999999999999999:1\nbob:100:10\n", 100, true },
    { "ann:4294967290:4294967296\n", 4294967295, true },
};

static void ranges_are_found(void **state)
{
    char path[] = "/tmp/tamis-subordinates-XXXXXX";
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct subordinates subordinates;
        struct failure failure = { 0 };
        FILE *file = fopen(path, "w");
        fputs(cases[i].text, file);
        fclose(file);
        assert_true(subordinates_read(path, &subordinates, &failure));
        if (subordinates_have(&subordinates, cases[i].user) != cases[i].want)
            fail_msg("%llu in \"%s\"", (unsigned long long)cases[i].user, cases[i].text);
        subordinates_free(&subordinates);
    }
    unlink(path);
}

static void a_file_that_cannot_be_read_is_not_none(void **state)
{
    struct subordinates subordinates;
    struct failure failure = { 0 };
    (void)state;
    assert_true(subordinates_read("/nowhere/subuid", &subordinates, &failure));
    assert_false(subordinates_have(&subordinates, 100000));
    assert_false(subordinates_read("/", &subordinates, &failure));
    subordinates_free(&subordinates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_found),
        cmocka_unit_test(a_file_that_cannot_be_read_is_not_none),
    };
    return cmocka_run_group_tests_name("subordinates", tests, NULL, NULL);
}
