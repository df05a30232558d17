/* test-history.c - relays, hosts and scripts of earlier mail: counted, taken back, bounded, not believed when
 * damaged */
#include "history-lessons.h"
#include "scratch.h"

#include "store/history.h"

#define NOON 1795348800 /* 22 November 2026 */

static struct history *new_history(void)
{
    struct history *history = history_new_in_memory();
    assert_non_null(history);
    return history;
}

static uint64_t host(const char *name)
{
    return history_name('H', span_of(name));
}

static struct history_entry entry_of(const struct history *history, uint64_t name, int64_t when)
{
    struct history_entry entry;
    history_find(history, name, when, &entry);
    return entry;
}

static void learn_host(struct history *history, uint64_t name, enum label label, bool retract, int64_t now)
{
    struct trace trace = { .hosts = { name }, .host_count = 1 };
    struct failure failure;
    assert_true(history_learn(history, &trace, label, retract, now, &failure));
}

static void expect_counts(const struct history_lessons *row)
{
    struct history *history = new_history();
    for (const char *lesson = row->lessons; *lesson; lesson++)
        learn_host(history, host("a.example"), strchr("sS", *lesson) ? LABEL_SPAM : LABEL_HAM,
                   strchr("HS", *lesson) != NULL, NOON);
    struct history_entry got = entry_of(history, host("a.example"), 0);
    if (got.ham != row->ham || got.spam != row->spam)
        fail_msg("%s: got %u ham, %u spam", row->name, got.ham, got.spam);
    assert_false(history_find(history, host("b.example"), 0, &got));
    assert_false(history_find(history, 0, 0, &got));
    history_close(&history);
}

static void lessons_are_counted_and_taken_back(void **state)
{
    for (size_t i = 0; i < HISTORY_LESSONS; i++)
        expect_counts(&history_lessons[i]);
}

/* Of a name that made room meanwhile, more is taken back than there is. */
static void what_is_not_known_is_not_taken_back(void **state)
{
    static const struct history_lessons rows[] = {
        { "more taken back than there was", "sSSs", 0, 1 },
        { "taken back before it was heard of", "H", 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_counts(&rows[i]);
}

static void one_name_is_not_another(void **state)
{
    assert_true(history_name('R', span_of("a.example")) != history_name('H', span_of("a.example")));
    assert_true(host("a.example") != host("b.example"));
    assert_true(history_name('H', SPAN_EMPTY) != 0);
}

static void the_last_lesson_is_dated(void **state)
{
    struct history *history = new_history();
    learn_host(history, host("a.example"), LABEL_HAM, false, NOON);
    learn_host(history, host("a.example"), LABEL_HAM, false, NOON - 5);
    assert_int_equal(entry_of(history, host("a.example"), 0).seen, NOON);
    learn_host(history, host("a.example"), LABEL_HAM, true, NOON + 5);
    assert_int_equal(entry_of(history, host("a.example"), 0).seen, NOON);
    history_close(&history);
}

static void counts_stop_at_their_most(void **state)
{
    struct history *history = new_history();
    for (size_t i = 0; i < 70000; i++)
        learn_host(history, host("a.example"), LABEL_SPAM, false, NOON);
    assert_int_equal(entry_of(history, host("a.example"), 0).spam, 65535);
    history_close(&history);
}

static void scripts_of_ham_are_counted(void **state)
{
    struct history *history = new_history();
    struct failure failure;
    uint32_t by_script[HISTORY_SCRIPTS];
    const struct trace latin = { .scripts = 1 }, both = { .scripts = 5 };
    assert_true(history_learn(history, &latin, LABEL_HAM, false, NOON, &failure));
    assert_true(history_learn(history, &both, LABEL_HAM, false, NOON, &failure));
    assert_true(history_learn(history, &both, LABEL_SPAM, false, NOON, &failure));
    assert_int_equal(history_ham(history, by_script), 2);
    assert_int_equal(by_script[0], 2);
    assert_int_equal(by_script[2], 1);
    assert_true(history_learn(history, &both, LABEL_HAM, true, NOON, &failure));
    assert_int_equal(history_ham(history, by_script), 1);
    assert_int_equal(by_script[2], 0);
    assert_true(history_learn(history, &both, LABEL_HAM, true, NOON, &failure));
    assert_true(history_learn(history, &both, LABEL_HAM, true, NOON, &failure));
    assert_int_equal(history_ham(history, by_script), 0);
    assert_int_equal(by_script[2], 0);
    history_close(&history);
}

static void a_burst_is_what_came_within_ten_minutes(void **state)
{
    /* Arrivals in seconds from noon, in the order in which they are noted; asked for at `when`. */
    static const struct {
        const char *name;
        int arrivals[8];
        size_t count;
        int when;
        unsigned want;
    } rows[] = {
        { "none", { 0 }, 0, 0, 0 },
        { "at once", { 0, 0, 0 }, 3, 0, 3 },
        { "within eight minutes", { 0, 100, 300, 480 }, 4, 480, 4 },
        { "the first is too old", { 0, 100, 300, 480 }, 4, 610, 2 },
        { "all are too old", { 0, 1, 2 }, 3, 1300, 0 },
        { "out of order", { 480, 0, 300 }, 3, 480, 3 },
        { "far out of order", { 3600, 0 }, 2, 3600, 1 },
        { "asked about what came before the last", { 0, 0, 480 }, 3, 0, 2 },
        { "asked about long before", { 3600, 3600 }, 2, 0, 0 },
        { "a day later", { 0, 86400 }, 2, 86400, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *history = new_history();
        uint64_t relay = history_name('R', span_of("192.0.2"));
        struct failure failure;
        for (size_t j = 0; j < rows[i].count; j++)
            assert_true(history_note_arrival(history, relay, NOON + rows[i].arrivals[j], &failure));
        unsigned got = entry_of(history, relay, NOON + rows[i].when).burst;
        if (got != rows[i].want)
            fail_msg("%s: got %u, want %u", rows[i].name, got, rows[i].want);
        assert_int_equal(entry_of(history, relay, NOON).ham + entry_of(history, relay, NOON).spam, 0);
        history_close(&history);
    }
}

static void arrivals_stop_at_their_most(void **state)
{
    struct history *history = new_history();
    struct failure failure;
    for (size_t i = 0; i < 1000; i++)
        assert_true(history_note_arrival(history, 7, NOON, &failure));
    assert_int_equal(entry_of(history, 7, NOON).burst, 255);
    assert_true(history_note_arrival(history, 7, INT64_MAX, &failure));
    assert_true(history_note_arrival(history, 7, INT64_MIN, &failure));
    assert_int_equal(entry_of(history, 7, INT64_MAX).burst, 1);
    history_close(&history);
}

static size_t known_of(const struct history *history, uint64_t first, uint64_t count)
{
    size_t known = 0;
    struct history_entry entry;
    for (uint64_t name = first; name < first + count; name++)
        known += history_find(history, name, 0, &entry);
    return known;
}

static void a_flood_of_strangers_pushes_nothing_out(void **state)
{
    struct history *history = new_history();
    struct failure failure;
    for (uint64_t name = 1; name <= 2000; name++)
        learn_host(history, name, LABEL_HAM, false, NOON);
    size_t before = known_of(history, 1, 2000);
    for (uint64_t name = 10000; name < 60000; name++)
        assert_true(history_note_arrival(history, name, NOON + 1000, &failure));
    assert_int_equal(known_of(history, 1, 2000), before);
    history_close(&history);
}

static void the_least_recent_lesson_makes_room(void **state)
{
    struct history *history = new_history();
    for (uint64_t name = 1; name <= 5 * HISTORY_SLOTS; name++)
        learn_host(history, name, LABEL_SPAM, false, NOON + (int64_t)name);
    assert_true(known_of(history, 1, 5 * HISTORY_SLOTS) <= HISTORY_SLOTS);
    assert_int_equal(known_of(history, 5 * HISTORY_SLOTS - 99, 100), 100);
    assert_int_equal(known_of(history, 1, 100), 0);
    history_close(&history);
}

/* --- on disk ---------------------------------------------------------------------------------------------------- */

static struct history *try_to_write(const struct scratch *scratch, bool make, struct failure *failure)
{
    *failure = (struct failure){ 0 };
    return history_open_to_write(scratch->path, make, failure);
}

static struct scratch scratch_with_history(void)
{
    struct scratch scratch = scratch_new();
    struct failure failure;
    assert_int_equal(mkdir(scratch.path, 0700), 0);
    struct history *history = try_to_write(&scratch, true, &failure);
    assert_non_null(history);
    learn_host(history, host("a.example"), LABEL_SPAM, false, NOON);
    history_close(&history);
    return scratch;
}

static void it_is_kept_and_private(void **state)
{
    struct scratch scratch = scratch_with_history();
    struct failure failure = { 0 };
    struct stat status;
    assert_int_equal(stat(scratch_file(&scratch, HISTORY_FILE), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    struct history *history = history_open(scratch.path, &failure);
    assert_non_null(history);
    assert_int_equal(entry_of(history, host("a.example"), 0).spam, 1);
    history_close(&history);
    scratch_remove(&scratch);
}

/* Who reads many messages while others learn sees one state of it. */
static void as_it_is_stays_as_it_was(void **state)
{
    struct scratch scratch = scratch_with_history();
    struct failure failure = { 0 };
    struct history *now = history_open_as_it_is(scratch.path, &failure);
    assert_non_null(now);
    struct history *writer = try_to_write(&scratch, false, &failure);
    learn_host(writer, host("a.example"), LABEL_SPAM, false, NOON);
    learn_host(writer, host("b.example"), LABEL_HAM, false, NOON);
    assert_int_equal(entry_of(writer, host("a.example"), 0).spam, 2);
    assert_int_equal(entry_of(now, host("a.example"), 0).spam, 1);
    assert_int_equal(entry_of(now, host("b.example"), 0).ham, 0);
    history_close(&writer);
    history_close(&now);
    scratch_remove(&scratch);
}

static void absence_is_no_failure(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    assert_null(history_open(scratch.path, &failure));
    assert_null(history_open("", &failure));
    assert_null(history_open_as_it_is(scratch.path, &failure));
    assert_int_equal(mkdir(scratch.path, 0700), 0);
    assert_null(history_open(scratch.path, &failure));
    assert_null(history_open_to_write(scratch.path, false, &failure));
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_int_equal(access(scratch_file(&scratch, HISTORY_FILE), F_OK), -1);
    scratch_remove(&scratch);
}

static void flip(const struct scratch *scratch, off_t at, unsigned char bits)
{
    unsigned char byte;
    int fd = open(scratch_file(scratch, HISTORY_FILE), O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= bits;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void a_damaged_header_is_not_believed(void **state)
{
    for (off_t at = 0; at < 128; at++) {
        struct scratch scratch = scratch_with_history();
        struct failure failure = { 0 };
        flip(&scratch, at, 0x40);
        assert_null(history_open(scratch.path, &failure));
        assert_int_not_equal(failure.kind, FAILURE_NONE);
        assert_null(history_open_as_it_is(scratch.path, &failure));
        assert_null(try_to_write(&scratch, false, &failure));
        struct history *history = try_to_write(&scratch, true, &failure);
        if (at == 8) { /* 65: a newer version, whose file is left alone */
            assert_null(history);
            flip(&scratch, at, 0x40);
            history = history_open(scratch.path, &failure);
            assert_int_equal(entry_of(history, host("a.example"), 0).spam, 1);
        } else { /* and the next lesson starts anew */
            assert_non_null(history);
            assert_int_equal(entry_of(history, host("a.example"), 0).spam, 0);
            learn_host(history, host("a.example"), LABEL_SPAM, false, NOON);
            assert_int_equal(entry_of(history, host("a.example"), 0).spam, 1);
        }
        history_close(&history);
        scratch_remove(&scratch);
    }
}

/* Wherever in the slots a bit is flipped, the entry is right or unknown. */
static void a_damaged_slot_is_empty(void **state)
{
    struct scratch scratch = scratch_with_history();
    struct failure failure = { 0 };
    size_t unknown = 0;
    struct history *history = history_open(scratch.path, &failure);
    for (off_t at = 128; at < 128 + 32 * (off_t)HISTORY_SLOTS; at++) {
        struct history_entry entry;
        unsigned char byte = 0;
        int fd = open(scratch_file(&scratch, HISTORY_FILE), O_RDONLY);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        close(fd);
        if (byte == 0)
            continue;
        flip(&scratch, at, 0x10);
        if (!history_find(history, host("a.example"), 0, &entry))
            unknown++;
        else
            assert_int_equal(entry.spam, 1);
        flip(&scratch, at, 0x10);
    }
    assert_true(unknown > 8);
    assert_int_equal(entry_of(history, host("a.example"), 0).spam, 1);
    history_close(&history);
    scratch_remove(&scratch);
}

static void another_size_starts_anew(void **state)
{
    static const off_t sizes[] = { 0, 1, 127, 128, 5000, 300000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct scratch scratch = scratch_with_history();
        struct failure failure = { 0 };
        assert_int_equal(truncate(scratch_file(&scratch, HISTORY_FILE), sizes[i]), 0);
        assert_null(history_open(scratch.path, &failure));
        assert_int_equal(failure.kind, FAILURE_DAMAGED);
        struct history *history = try_to_write(&scratch, true, &failure);
        assert_non_null(history);
        assert_int_equal(entry_of(history, host("a.example"), 0).spam, 0);
        history_close(&history);
        scratch_remove(&scratch);
    }
}

static void others_files_are_refused(void **state)
{
    struct scratch scratch = scratch_with_history();
    struct failure failure = { 0 };
    assert_int_equal(chmod(scratch_file(&scratch, HISTORY_FILE), 0640), 0);
    assert_null(history_open(scratch.path, &failure));
    assert_int_equal(failure.kind, FAILURE_PERMISSION);
    assert_int_equal(unlink(scratch_file(&scratch, HISTORY_FILE)), 0);
    assert_int_equal(symlink("/dev/null", scratch_file(&scratch, HISTORY_FILE)), 0);
    assert_null(try_to_write(&scratch, true, &failure));
    assert_int_equal(failure.kind, FAILURE_PERMISSION);
    scratch_remove(&scratch);
}

static void two_writers_lose_nothing(void **state)
{
    struct scratch scratch = scratch_with_history();
    struct failure failure;
    struct history *one = try_to_write(&scratch, true, &failure), *other = try_to_write(&scratch, true, &failure);
    const struct trace latin = { .scripts = 1 };
    uint32_t by_script[HISTORY_SCRIPTS];
    for (size_t i = 0; i < 10; i++) {
        learn_host(i % 2 ? one : other, host("b.example"), LABEL_HAM, false, NOON);
        assert_true(history_learn(i % 2 ? one : other, &latin, LABEL_HAM, false, NOON, &failure));
    }
    assert_int_equal(entry_of(one, host("b.example"), 0).ham, 10);
    history_close(&one);
    history_close(&other);
    struct history *history = history_open(scratch.path, &failure);
    assert_int_equal(history_ham(history, by_script), 20);
    assert_int_equal(by_script[0], 10);
    history_close(&history);
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_are_counted_and_taken_back),
        cmocka_unit_test(what_is_not_known_is_not_taken_back),
        cmocka_unit_test(one_name_is_not_another),
        cmocka_unit_test(the_last_lesson_is_dated),
        cmocka_unit_test(counts_stop_at_their_most),
        cmocka_unit_test(scripts_of_ham_are_counted),
        cmocka_unit_test(a_burst_is_what_came_within_ten_minutes),
        cmocka_unit_test(arrivals_stop_at_their_most),
        cmocka_unit_test(a_flood_of_strangers_pushes_nothing_out),
        cmocka_unit_test(the_least_recent_lesson_makes_room),
        cmocka_unit_test(it_is_kept_and_private),
        cmocka_unit_test(as_it_is_stays_as_it_was),
        cmocka_unit_test(absence_is_no_failure),
        cmocka_unit_test(a_damaged_header_is_not_believed),
        cmocka_unit_test(a_damaged_slot_is_empty),
        cmocka_unit_test(another_size_starts_anew),
        cmocka_unit_test(others_files_are_refused),
        cmocka_unit_test(two_writers_lose_nothing),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
