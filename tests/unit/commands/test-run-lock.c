/* test-run-lock.c - one holder at a time, and what is in the file's place */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/run-lock.h"

static void one_at_a_time(void **state)
{
    struct failure failure = { 0 };
    int first = run_lock_take(".", "lock", 0, &failure);
    assert_true(first >= 0);
    /* Of another open file, as another process would have it. */
    assert_int_equal(run_lock_take(".", "lock", 0, &failure), RUN_LOCK_BUSY);
    assert_int_equal(run_lock_take(".", "lock", 1, NULL), RUN_LOCK_BUSY);
    assert_int_equal(failure.kind, FAILURE_NONE);
    int other = run_lock_take(".", "other", 0, &failure);
    assert_true(other >= 0);
    close(other);
    close(first);
    int again = run_lock_take(".", "lock", 0, &failure);
    assert_true(again >= 0);
    close(again);
    assert_int_equal(unlink("lock"), 0);
    assert_int_equal(unlink("other"), 0);
}

static void what_cannot_be_locked_is_a_failure(void **state)
{
    static char too_long[5000];
    memset(too_long, 'x', sizeof too_long - 1);
    assert_int_equal(symlink("elsewhere", "link"), 0);
    assert_int_equal(mkdir("directory", 0700), 0);
    const struct {
        const char *directory, *name;
    } cases[] = { { ".", "link" }, { ".", "directory" }, { "", "lock" }, { too_long, "lock" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = { 0 };
        if (run_lock_take(cases[i].directory, cases[i].name, 0, &failure) != RUN_LOCK_FAILED)
            fail_msg("%s is locked", cases[i].name);
        assert_int_not_equal(failure.kind, FAILURE_NONE);
    }
    assert_int_not_equal(access("elsewhere", F_OK), 0);
    assert_int_equal(unlink("link"), 0);
    assert_int_equal(rmdir("directory"), 0);
}

static int enter_scratch(void **state)
{
    static char scratch[] = "/tmp/test-run-lock.XXXXXX";
    *state = scratch;
    return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int leave_scratch(void **state)
{
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(what_cannot_be_locked_is_a_failure),
    };
    return cmocka_run_group_tests_name("run-lock", tests, enter_scratch, leave_scratch);
}
