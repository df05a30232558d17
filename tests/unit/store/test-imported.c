/* test-imported.c - words of another filter beside the store: kept, faded, damaged, as text */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"

#include "store/imported.h"
#include "store/record.h"

#define KEY UINT64_C(0x1234)

static const struct imported_about about = { .from = "bogofilter",
                                             .messages = { 4000, 3000 },
                                             .lessons = { 1000, 500 } };

static struct imported *some(void)
{
    struct imported *imported = imported_new(KEY, &about);
    assert_non_null(imported);
    imported_put(imported, 0x10000001, (struct pair_counts){ .spam = 100, .ham = 0 });
    imported_put(imported, 0x20000001, (struct pair_counts){ .spam = 1, .ham = 900 });
    return imported;
}

static struct pair_counts ask(const struct imported *imported, uint32_t feature, uint64_t own, uint64_t lessons[2])
{
    struct pair_counts counts = { .spam = 7, .ham = 7 };
    lessons[LABEL_HAM] = lessons[LABEL_SPAM] = 10;
    imported_add(imported, own, &feature, 1, &counts, lessons);
    return counts;
}

static const struct {
    uint64_t own;
    unsigned spam, ham, ham_lessons, spam_lessons; /* of 0x20000001 */
} fades[] = {
    { 0, 8, 907, 1010, 510 },
    { 500, 8, 457, 510, 260 },
    { 999, 7, 8, 11, 10 },
    { 1000, 7, 7, 10, 10 },
    { UINT64_MAX, 7, 7, 10, 10 },
};

static void it_adds_to_own_counts_and_fades(void **state)
{
    struct imported *imported = some();
    for (size_t i = 0; i < sizeof fades / sizeof *fades; i++) {
        uint64_t lessons[2];
        struct pair_counts got = ask(imported, 0x20000001, fades[i].own, lessons);
        if (got.spam != fades[i].spam || got.ham != fades[i].ham || lessons[LABEL_HAM] != fades[i].ham_lessons ||
            lessons[LABEL_SPAM] != fades[i].spam_lessons)
            fail_msg("own %llu: got %u %u %llu %llu", (unsigned long long)fades[i].own, got.spam, got.ham,
                     (unsigned long long)lessons[LABEL_HAM], (unsigned long long)lessons[LABEL_SPAM]);
    }
    imported_close(&imported);
}

static void a_full_row_keeps_what_tells_most(void **state)
{
    struct imported *imported = imported_new(KEY, &about);
    uint64_t words, bad_rows, lessons[2];
    for (uint32_t i = 0; i < 20; i++)
        imported_put(imported, 20 - i, (struct pair_counts){ .spam = (uint16_t)(10 * (i + 1)), .ham = 0 });
    imported_put(imported, 30, (struct pair_counts){ .spam = 100, .ham = 200 }); /* as often in both: tells nothing */
    imported_count(imported, &words, &bad_rows);
    assert_int_equal(words, PAIR_SLOTS);
    assert_int_equal(bad_rows, 0);
    for (uint32_t i = 13; i < 20; i++)
        assert_int_equal(ask(imported, 20 - i, 0, lessons).spam, 7 + 10 * (i + 1));
    assert_int_equal(ask(imported, 30, 0, lessons).spam, 7);
    imported_close(&imported);
}

static void it_is_kept_and_taken_away(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    uint64_t lessons[2];
    bool was_there;
    assert_null(imported_open(scratch.path, KEY, &failure));
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_null(imported_open("", KEY, &failure));
    struct imported *imported = some();
    mkdir(scratch.path, 0700);
    assert_true(imported_save(imported, scratch.path, &failure));
    imported_close(&imported);
    imported = imported_open(scratch.path, KEY, &failure);
    assert_non_null(imported);
    assert_string_equal(imported_about(imported)->from, "bogofilter");
    assert_int_equal(imported_about(imported)->messages[LABEL_HAM], 4000);
    assert_int_equal(ask(imported, 0x10000001, 0, lessons).spam, 107);
    imported_close(&imported);
    assert_null(imported_open(scratch.path, KEY + 1, &failure)); /* another store's */
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    assert_true(imported_remove(scratch.path, &was_there, &failure) && was_there);
    assert_true(imported_remove(scratch.path, &was_there, &failure) && !was_there);
    /* What cannot be looked at is not "nothing was imported". */
    failure = (struct failure){ 0 };
    assert_int_equal(symlink(IMPORTED_FILE, scratch_file(&scratch, IMPORTED_FILE)), 0);
    assert_null(imported_open(scratch.path, KEY, &failure));
    assert_int_not_equal(failure.kind, FAILURE_NONE);
    scratch_remove(&scratch);
}

/* Where a byte is changed, and what is left to be known: words, rows, or no file. */
static const struct {
    off_t at;
    bool opens;
} damages[] = {
    { 0, false }, { 8, false }, { 16, false }, { 44, false }, { 127, false },
    { 128 + 64 * 0x200 + 10, true }, /* the row of 0x10000001 */
};

static void damage_is_noticed(void **state)
{
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct scratch scratch = scratch_new();
        struct failure failure = { 0 };
        uint64_t lessons[2];
        char path[4096], byte;
        struct imported *imported = some();
        mkdir(scratch.path, 0700);
        assert_true(imported_save(imported, scratch.path, &failure));
        imported_close(&imported);
        snprintf(path, sizeof path, "%s/%s", scratch.path, IMPORTED_FILE);
        int fd = open(path, O_RDWR);
        assert_int_equal(pread(fd, &byte, 1, damages[i].at), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, damages[i].at), 1);
        close(fd);
        imported = imported_open(scratch.path, KEY, &failure);
        assert_int_equal(imported != NULL, damages[i].opens);
        assert_int_equal(failure.kind, damages[i].opens ? FAILURE_NONE : FAILURE_DAMAGED);
        if (imported) {
            uint64_t words, bad_rows;
            imported_count(imported, &words, &bad_rows);
            assert_int_equal(bad_rows, 1);
            assert_int_equal(words, 1);
            assert_int_equal(ask(imported, 0x10000001, 0, lessons).spam, 7);
            assert_int_equal(ask(imported, 0x20000001, 0, lessons).ham, 907);
        }
        imported_close(&imported);
        scratch_remove(&scratch);
    }
}

static char *text_of(const struct imported *imported)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    imported_write_text(imported, stream);
    fclose(stream);
    return text;
}

static void as_text_it_is_the_same(void **state)
{
    struct imported *imported = some();
    struct failure failure = { 0 };
    char *text = text_of(imported);
    FILE *file = fmemopen(text, strlen(text), "r");
    struct text_lines lines = text_lines_from(file);
    assert_true(text_lines_next(&lines));
    struct imported *again = imported_read_text(&lines, &failure);
    assert_non_null(again);
    char *second = text_of(again);
    assert_string_equal(text, second);
    free(text);
    free(second);
    imported_close(&imported);
    imported_close(&again);
    text_lines_free(&lines);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_adds_to_own_counts_and_fades),
        cmocka_unit_test(a_full_row_keeps_what_tells_most),
        cmocka_unit_test(it_is_kept_and_taken_away),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(as_text_it_is_the_same),
    };
    return cmocka_run_group_tests_name("imported", tests, NULL, NULL);
}
