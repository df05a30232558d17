/* test-journal.c - lessons come back from the journal as they were, whatever happens to its bytes */
#include "scratch.h"

#include "store/directory.h"
#include "store/journal.h"
#include "store/record.h"

#define KEY UINT64_C(0xFEEDFACE12345678)
#define RECORDS 12

struct seen {
    uint64_t sequences[RECORDS * 2];
    size_t count;
};

/* Record number `sequence` is known to be as it was made below. */
static bool see(void *context, uint64_t sequence, const struct lesson *lessons, size_t count, struct failure *failure)
{
    struct seen *seen = context;
    (void)failure;
    assert_int_equal(count, 1 + sequence % JOURNAL_LESSONS_MOST);
    for (size_t i = 0; i < count; i++) {
        struct made_lesson want;
        scratch_lesson(&want, sequence * 10 + i, LABEL_SPAM);
        bool weights = want.lesson.entry.weight_step, pairs = want.lesson.entry.pair_step;
        assert_int_equal(lessons[i].retract, i % 2);
        assert_memory_equal(lessons[i].identity, want.lesson.identity, LEDGER_IDENTITY);
        assert_int_equal(lessons[i].entry.when, want.lesson.entry.when);
        assert_int_equal(lessons[i].gram_count, weights ? want.lesson.gram_count : 0);
        assert_int_equal(lessons[i].pair_count, pairs ? want.lesson.pair_count : 0);
        if (weights)
            assert_memory_equal(lessons[i].grams, want.grams, want.lesson.gram_count * 4);
        if (pairs)
            assert_memory_equal(lessons[i].pairs, want.pairs, want.lesson.pair_count * 4);
    }
    assert_true(seen->count < RECORDS * 2);
    seen->sequences[seen->count++] = sequence;
    return true;
}

static struct directory open_directory(const struct scratch *scratch)
{
    struct directory directory;
    enum store_state state;
    struct failure failure = { 0 };
    if (!directory_open(&directory, scratch->path, true, &state, &failure))
        fail_msg("%s", failure.reason);
    return directory;
}

/* A journal of RECORDS records from sequence 1 on; where each ends in `ends`. */
static void make_journal(const struct directory *directory, uint64_t ends[RECORDS + 1])
{
    struct failure failure = { 0 };
    uint64_t bytes;
    assert_true(journal_begin(directory, KEY, 0, &bytes, &failure));
    assert_int_equal(bytes, JOURNAL_EMPTY_BYTES);
    int fd = journal_open(directory, &failure);
    assert_true(fd >= 0);
    ends[0] = bytes;
    for (uint64_t sequence = 1; sequence <= RECORDS; sequence++) {
        struct made_lesson made[JOURNAL_LESSONS_MOST];
        struct lesson lessons[JOURNAL_LESSONS_MOST];
        size_t count = 1 + sequence % JOURNAL_LESSONS_MOST;
        for (size_t i = 0; i < count; i++) {
            scratch_lesson(&made[i], sequence * 10 + i, LABEL_SPAM);
            made[i].lesson.retract = i % 2;
            lessons[i] = made[i].lesson;
        }
        assert_true(journal_append(fd, &bytes, KEY, sequence, lessons, count, sequence == RECORDS, &failure));
        ends[sequence] = bytes;
    }
    close(fd);
}

static bool replay(const struct directory *directory, uint64_t after, struct seen *seen, struct journal_found *found)
{
    struct failure failure = { 0 };
    *seen = (struct seen){ 0 };
    return journal_replay(directory, KEY, after, see, seen, found, &failure);
}

static void all_records_come_back(void **state)
{
    struct scratch scratch = scratch_new();
    struct directory directory = open_directory(&scratch);
    struct seen seen;
    struct journal_found found;
    uint64_t ends[RECORDS + 1];
    make_journal(&directory, ends);
    assert_int_equal(directory_file_size(&directory, "journal"), ends[RECORDS]);
    for (uint64_t after = 0; after <= RECORDS; after++) {
        assert_true(replay(&directory, after, &seen, &found));
        assert_int_equal(found.records, RECORDS - after);
        assert_int_equal(found.lost, 0);
        assert_false(found.cut_short);
        for (size_t i = 0; i < seen.count; i++)
            assert_int_equal(seen.sequences[i], after + 1 + i);
    }
    directory_close(&directory);
    scratch_remove(&scratch);
}

static void a_cut_loses_the_last_record_only(void **state)
{
    struct scratch scratch = scratch_new();
    struct directory directory = open_directory(&scratch);
    struct seen seen;
    struct journal_found found;
    uint64_t ends[RECORDS + 1];
    make_journal(&directory, ends);
    for (uint64_t length = ends[RECORDS]; length >= JOURNAL_EMPTY_BYTES; length -= 1 + length % 37) {
        assert_int_equal(truncate(scratch_file(&scratch, "journal"), (off_t)length), 0);
        assert_true(replay(&directory, 0, &seen, &found));
        size_t whole = 0;
        while (whole < RECORDS && ends[whole + 1] <= length)
            whole++;
        assert_int_equal(found.records, whole);
        assert_int_equal(found.lost, 0);
        assert_int_equal(found.cut_short, length != ends[whole]);
    }
    for (off_t length = JOURNAL_EMPTY_BYTES - 1; length >= 0; length--) {
        assert_int_equal(truncate(scratch_file(&scratch, "journal"), length), 0);
        assert_false(replay(&directory, 0, &seen, &found));
    }
    directory_close(&directory);
    scratch_remove(&scratch);
}

static void a_damaged_record_is_skipped_and_counted(void **state)
{
    struct scratch scratch = scratch_new();
    struct directory directory = open_directory(&scratch);
    struct seen seen;
    struct journal_found found;
    uint64_t ends[RECORDS + 1];
    size_t length;
    make_journal(&directory, ends);
    char *bytes = scratch_read(scratch_file(&scratch, "journal"), &length);
    for (size_t at = 0; at < length; at += 1 + at % 7) {
        bytes[at] ^= (char)(1 << at % 8);
        scratch_write(scratch_file(&scratch, "journal"), bytes, length);
        bytes[at] ^= (char)(1 << at % 8);
        bool read = replay(&directory, 0, &seen, &found);
        assert_int_equal(read, at >= JOURNAL_EMPTY_BYTES);
        if (!read)
            continue;
        bool last = at >= ends[RECORDS - 1];
        assert_int_equal(found.records, RECORDS - 1);
        assert_int_equal(found.lost, last ? 0 : 1);
        assert_int_equal(found.cut_short, last);
    }
    free(bytes);
    directory_close(&directory);
    scratch_remove(&scratch);
}

static void another_stores_journal_is_refused(void **state)
{
    struct scratch scratch = scratch_new();
    struct directory directory = open_directory(&scratch);
    struct failure failure = { 0 };
    struct seen seen = { 0 };
    struct journal_found found;
    uint64_t ends[RECORDS + 1];
    make_journal(&directory, ends);
    assert_false(journal_replay(&directory, KEY + 1, 0, see, &seen, &found, &failure));
    assert_non_null(strstr(failure.reason, "another store"));
    directory_close(&directory);
    scratch_remove(&scratch);
}

static void missing_lessons_are_counted(void **state)
{
    struct scratch scratch = scratch_new();
    struct directory directory = open_directory(&scratch);
    struct failure failure = { 0 };
    struct made_lesson made;
    struct seen seen = { 0 };
    struct journal_found found;
    uint64_t bytes;
    assert_true(journal_begin(&directory, KEY, 100, &bytes, &failure));
    int fd = journal_open(&directory, &failure);
    scratch_lesson(&made, 1040, LABEL_SPAM);
    assert_true(journal_append(fd, &bytes, KEY, 104, &made.lesson, 1, false, &failure));
    close(fd);
    assert_true(journal_replay(&directory, KEY, 90, see, &seen, &found, &failure));
    assert_int_equal(found.lost, 10 + 3);
    assert_int_equal(found.records, 1);
    directory_close(&directory);
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_records_come_back),
        cmocka_unit_test(a_cut_loses_the_last_record_only),
        cmocka_unit_test(a_damaged_record_is_skipped_and_counted),
        cmocka_unit_test(another_stores_journal_is_refused),
        cmocka_unit_test(missing_lessons_are_counted),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
