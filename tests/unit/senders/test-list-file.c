/* test-list-file.c - lists are edited as a careful hand would */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "senders/list-file.h"

#include "scratch.h"

static int lock_error; /* what flock(2) fails with; 0: it does what it does */

/* In the place of the C library's. */
int flock(int fd, int operation)
{
    if (lock_error == 0)
        return (int)syscall(SYS_flock, fd, operation);
    errno = lock_error;
    return -1;
}

static const struct {
    const char *name, *before;
    bool add;
    const char *entry, *want;
    bool want_changed;
} cases[] = {
    { "the first", "", true, "a@example.org", "a@example.org\n", true },
    { "behind others", "# mine\nb@example.org # Bob\n", true, "a@example.org",
      "# mine\nb@example.org # Bob\na@example.org\n", true },
    { "behind a last line without an end", "b@example.org", true, "a@example.org", "b@example.org\na@example.org\n",
      true },
    { "what is there", "A@example.org   # Ann\n", true, "a@example.org", "A@example.org   # Ann\n", false },
    { "a domain is not its address", "@example.org\n", true, "a@example.org", "@example.org\na@example.org\n", true },
    { "off", "x@example.org\na@example.org # Ann\n\n# mine\n", false, "a@example.org", "x@example.org\n\n# mine\n",
      true },
    { "off wherever it stands", "a@example.org\nb@example.org\r\n*@example.net\nA@EXAMPLE.ORG", false, "a@example.org",
      "b@example.org\r\n*@example.net\n", true },
    { "off in another spelling", "*@example.net\n@example.org\n", false, "@example.net", "@example.org\n", true },
    { "off behind a byte order mark", "\xEF\xBB\xBF" "a@example.org\r\nb@example.org\r\n", false, "a@example.org",
      "b@example.org\r\n", true },
    { "what is there behind one", "\xEF\xBB\xBF" "a@example.org\n", true, "a@example.org",
      "\xEF\xBB\xBF" "a@example.org\n", false },
    { "what is not there", "what is this\nb@example.org\n", false, "a@example.org", "what is this\nb@example.org\n",
      false },
};

static void lists_are_edited(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = { 0 };
        bool changed = !cases[i].want_changed;
        print_message("# %s\n", cases[i].name);
        scratch_write("list", cases[i].before);
        assert_true((cases[i].add ? list_file_add : list_file_remove)(scratch_path("list"), span_of(cases[i].entry),
                                                                      &changed, &failure));
        assert_int_equal(changed, cases[i].want_changed);
        assert_file_is("list", cases[i].want);
    }
}

static void mode_and_links_stay(void **state)
{
    struct failure failure = { 0 };
    struct stat status;
    bool changed;
    scratch_write("real", "b@example.org\n");
    assert_int_equal(chmod(scratch_path("real"), 0640), 0);
    assert_int_equal(symlink("real", scratch_path("list")), 0);
    assert_true(list_file_add(scratch_path("list"), span_of("a@example.org"), &changed, &failure));
    assert_int_equal(lstat(scratch_path("list"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_file_is("real", "b@example.org\na@example.org\n");
    assert_int_equal(stat(scratch_path("real"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void a_missing_list_is_empty(void **state)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    bool changed = true;
    assert_true(list_file_read(scratch_path("list"), &bytes, &failure));
    assert_int_equal(bytes.length, 0);
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_true(list_file_remove(scratch_path("list"), span_of("a@example.org"), &changed, &failure));
    assert_false(changed);
    assert_int_equal(access(scratch_path("list"), F_OK), -1);
}

static void a_full_list_stays_as_it_is(void **state)
{
    struct failure failure = { 0 };
    struct stat status;
    bool changed;
    scratch_write("list", "b@example.org\n");
    assert_int_equal(truncate(scratch_path("list"), LIST_FILE_BYTES), 0);
    assert_false(list_file_add(scratch_path("list"), span_of("a@example.org"), &changed, &failure));
    assert_int_equal(failure.kind, FAILURE_INPUT);
    assert_int_equal(stat(scratch_path("list"), &status), 0);
    assert_int_equal(status.st_size, LIST_FILE_BYTES);
}

static void a_held_lock_is_waited_for_in_vain(void **state)
{
    struct failure failure = { 0 };
    int lock = list_directory_lock(scratch, &failure);
    assert_true(lock >= 0);
    assert_int_equal(list_directory_lock(scratch, &failure), -1);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    list_directory_unlock(lock);
    lock = list_directory_lock(scratch, &failure);
    assert_true(lock >= 0);
    list_directory_unlock(lock);
}

static void a_folder_without_locks_is_not_a_busy_one(void **state)
{
    struct failure failure = { 0 };
    lock_error = ENOLCK;
    int lock = list_directory_lock(scratch, &failure);
    lock_error = 0;
    assert_int_equal(lock, -1);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_int_equal(failure.error, ENOLCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_are_edited, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(mode_and_links_stay, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_missing_list_is_empty, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_full_list_stays_as_it_is, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_held_lock_is_waited_for_in_vain, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_folder_without_locks_is_not_a_busy_one, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests_name("list-file", tests, NULL, NULL);
}
