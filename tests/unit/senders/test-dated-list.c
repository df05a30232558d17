/* test-dated-list.c - lists that the program writes: counted, dated, bounded, and careful with what people wrote */
#include "unit.h"

#include "senders/dated-list.h"

#include "scratch.h"

#define DAY 86400
#define NOVEMBER_22 (20779 * (int64_t)DAY) /* 2026-11-22 */

static bool note(const char *key, int64_t when, size_t most)
{
    struct dated_list list = { .directory = scratch, .name = "list", .mark = "trap", .most = most };
    struct span span = span_of(key);
    struct failure failure = { 0 };
    return dated_list_note(&list, &span, 1, when, &failure);
}

static const struct {
    const char *name, *before, *key, *want;
} cases[] = {
    { "the first", "", "a.example", "a.example  # trap 2026-11-22 1\n" },
    { "another", "b.example  # trap 2026-11-01 2\n", "a.example",
      "b.example  # trap 2026-11-01 2\na.example  # trap 2026-11-22 1\n" },
    { "again", "a.example  # trap 2026-11-01 2\n", "a.example", "a.example  # trap 2026-11-22 3\n" },
    { "in other letters", "A.Example  # trap 2026-11-01 2\n", "a.example", "A.Example  # trap 2026-11-22 3\n" },
    { "a key of two words", "", "anna@example.org 192.0.2.0/24",
      "anna@example.org 192.0.2.0/24  # trap 2026-11-22 1\n" },
    { "what a person wrote stays", "# mine\n\na.example # bad people\n", "a.example",
      "# mine\n\na.example # bad people\n" },
    { "beside what a person wrote", "# mine\nb.example", "a.example",
      "# mine\nb.example\na.example  # trap 2026-11-22 1\n" },
    { "another program's mark is a person's", "b.example # mail 2026-11-01 1\n", "a.example",
      "b.example # mail 2026-11-01 1\na.example  # trap 2026-11-22 1\n" },
    { "half a mark is a person's", "a.example # trap 2026-11\n", "a.example", "a.example # trap 2026-11\n" },
    { "no key at all", "x\n", "", "x\n" },
    { "a key that would be two lines", "x\n", "a\nb", "x\n" },
    { "a key that would be a comment", "x\n", "a # b", "x\n" },
};

static void keys_are_noted(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# %s\n", cases[i].name);
        scratch_write("list", cases[i].before);
        assert_true(note(cases[i].key, NOVEMBER_22 + 100, 10));
        assert_file_is("list", cases[i].want);
    }
}

static void the_oldest_make_room(void **state)
{
    scratch_write("list", "# mine\n"
                          "old.example  # trap 2026-01-02 9\n"
                          "kept.example\n"
                          "older.example  # trap 2026-01-01 9\n"
                          "new.example  # trap 2026-11-21 1\n");
    assert_true(note("newest.example", NOVEMBER_22, 2));
    assert_file_is("list", "# mine\n"
                           "kept.example\n"
                           "new.example  # trap 2026-11-21 1\n"
                           "newest.example  # trap 2026-11-22 1\n");
}

/* Keys as long as they may be: the file stays within its bytes, the newest in it. */
static void a_large_list_stays_within_its_bytes(void **state)
{
    static char keys[3000][DATED_LIST_KEY + 1];
    static struct span spans[3000];
    struct dated_list list = { .directory = scratch, .name = "list", .mark = "trap", .most = 5000 };
    struct failure failure;
    struct stat status;
    for (size_t i = 0; i < 3000; i++) {
        snprintf(keys[i], sizeof keys[i], "%0*zu", DATED_LIST_KEY, i);
        spans[i] = span_of(keys[i]);
    }
    for (size_t i = 0; i < 3000; i += 500)
        assert_true(dated_list_note(&list, spans + i, 500, NOVEMBER_22 + (int64_t)i * DAY, &failure));
    assert_int_equal(stat(scratch_path("list"), &status), 0);
    assert_in_range(status.st_size, DATED_LIST_BYTES / 2, DATED_LIST_BYTES);
    struct file_bytes bytes;
    assert_true(file_read(scratch_path("list"), 0, &bytes, &failure));
    assert_true(dated_list_has(span_make(bytes.data, bytes.length), "trap", spans[2999], NULL));
    assert_false(dated_list_has(span_make(bytes.data, bytes.length), "trap", spans[0], NULL));
    file_bytes_free(&bytes);
}

static void a_missing_list_is_made_private(void **state)
{
    struct stat status;
    assert_true(note("a.example", NOVEMBER_22, 10));
    assert_int_equal(stat(scratch_path("list"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void what_is_there_is_found(void **state)
{
    struct span text = span_of("a.example  # trap 2026-11-22 1\nb.example # by hand\n");
    int64_t day = -1;
    assert_true(dated_list_has(text, "trap", span_of("A.example"), &day));
    assert_int_equal(day, NOVEMBER_22 / DAY);
    assert_true(dated_list_has(text, "trap", span_of("b.example"), &day));
    assert_int_equal(day, 0);
    assert_false(dated_list_has(text, "trap", span_of("example"), NULL));
    assert_false(dated_list_has(text, "trap", SPAN_EMPTY, NULL));
}

/* A folder that cannot be made, and a list too large to be ours. */
static void trouble_is_told(void **state)
{
    struct failure failure = { 0 };
    struct span key = span_of("a.example");
    scratch_write("file", "");
    struct dated_list list = { .directory = scratch_path("file"), .name = "list", .mark = "trap", .most = 1 };
    assert_false(dated_list_note(&list, &key, 1, NOVEMBER_22, &failure));
    assert_int_not_equal(failure.kind, FAILURE_NONE);
    scratch_write("list", "");
    assert_int_equal(truncate(scratch_path("list"), 2 * DATED_LIST_BYTES + 1), 0);
    assert_false(note("a.example", NOVEMBER_22, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_noted, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(the_oldest_make_room, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_large_list_stays_within_its_bytes, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_missing_list_is_made_private, scratch_make, scratch_remove),
        cmocka_unit_test(what_is_there_is_found),
        cmocka_unit_test_setup_teardown(trouble_is_told, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests_name("dated-list", tests, NULL, NULL);
}
