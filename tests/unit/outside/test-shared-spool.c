/* test-shared-spool.c - a user's reports: idempotent, bounded, and believed only when they are sound */
#include "outside/shared-folder.h"

#include <sys/resource.h>

#include "util/limits.h"

struct seen {
    size_t count, of[SHARED_LEFT_ALONE + 1];
    struct shared_report last;
};

static void see(void *context, const struct shared_report *report)
{
    struct seen *seen = context;
    seen->count++;
    seen->of[report->called]++;
    seen->last = *report;
}

static struct seen read_user(uint64_t user)
{
    struct seen seen = { 0 };
    int fd = open(spool_path(user), O_RDONLY);
    assert_true(fd >= 0 && shared_spool_read(fd, key, see, &seen));
    close(fd);
    return seen;
}

static void a_message_is_reported_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(note_report(1, report_of(77, SHARED_SPAM, 5, NOW + i)));
    struct seen seen = read_user(1);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.called, SHARED_SPAM);
    assert_int_equal(seen.last.when, NOW + 2);
    assert_int_equal(seen.last.prints[0], 5);
    assert_int_equal(seen.last.relay, 1005);
    assert_int_equal(seen.last.hosts[0], 2005);
    assert_true(note_report(1, report_of(77, SHARED_HAM, 5, NOW)));
    seen = read_user(1);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.called, SHARED_HAM);
    assert_true(note_report(1, report_of(77, SHARED_TAKEN_BACK, 5, NOW)));
    assert_int_equal(read_user(1).count, 0);
}

static void what_was_never_reported_takes_no_place(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= SHARED_SPOOL_BUCKET; i++)
        assert_true(note_report(2, report_of(i * 64, SHARED_SPAM, i, NOW)));
    assert_true(note_report(2, report_of(64 * 64, SHARED_TAKEN_BACK, 1, NOW)));
    assert_int_equal(read_user(2).count, SHARED_SPOOL_BUCKET);
}

static void a_user_is_bounded_and_the_oldest_goes(void **state)
{
    struct stat status;
    (void)state;
    for (uint64_t i = 1; i <= 3 * SHARED_SPOOL_SLOTS; i++)
        assert_true(note_report(3, report_of(i, SHARED_SPAM, i, NOW + (int64_t)i)));
    struct seen seen = read_user(3);
    assert_int_equal(seen.count, SHARED_SPOOL_SLOTS);
    assert_true(seen.last.when > NOW + 2 * SHARED_SPOOL_SLOTS);
    assert_int_equal(stat(spool_path(3), &status), 0);
    assert_int_equal(status.st_size, SHARED_SPOOL_BYTES);
    assert_int_equal(status.st_mode & 0777, 0600);
}

/* What was left alone finds a place only where no word of the user's is. */
static void words_stand_above_what_was_left_alone(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= SHARED_SPOOL_BUCKET; i++)
        assert_true(note_report(4, report_of(i * 64, i % 2 ? SHARED_SPAM : SHARED_LEFT_ALONE, i, NOW + (int64_t)i)));
    for (uint64_t i = 9; i <= 20; i++)
        assert_true(note_report(4, report_of(i * 64, SHARED_LEFT_ALONE, i, NOW + (int64_t)i)));
    struct seen seen = read_user(4);
    assert_int_equal(seen.count, SHARED_SPOOL_BUCKET);
    assert_int_equal(seen.of[SHARED_SPAM], SHARED_SPOOL_BUCKET / 2);
    for (uint64_t i = 21; i <= 24; i++)
        assert_true(note_report(4, report_of(i * 64, SHARED_HAM, i, NOW)));
    assert_true(note_report(4, report_of(64 * 64, SHARED_LEFT_ALONE, 1, NOW + 100)));
    seen = read_user(4);
    assert_int_equal(seen.of[SHARED_SPAM], SHARED_SPOOL_BUCKET / 2);
    assert_int_equal(seen.of[SHARED_HAM], SHARED_SPOOL_BUCKET / 2);
    assert_true(note_report(4, report_of(64, SHARED_LEFT_ALONE, 1, NOW + 100)));
    assert_int_equal(read_user(4).of[SHARED_LEFT_ALONE], 1);
}

/* --- what is not believed --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t at;
    unsigned char byte;
} lies[] = {
    { "another message", 0, 9 },   { "another time", 9, 9 },          { "called what is nothing", 12, 5 },
    { "called nothing", 12, 0 },   { "more prints than fit", 13, 17 }, { "more hosts than fit", 14, 13 },
    { "another relay", 16, 9 },    { "another print", 24, 9 },        { "another host", 152, 9 },
    { "another sum", 250, 0xEE },
};

static void lies_are_not_read(void **state)
{
    unsigned char slot[SHARED_SLOT_BYTES];
    struct shared_report report = report_of(1, SHARED_SPAM, 5, NOW), got;
    (void)state;
    shared_slot_write(&report, key, 3, slot);
    assert_true(shared_slot_read(slot, key, 3, &got));
    assert_false(shared_slot_read(slot, key, 4, &got));
    assert_false(shared_slot_read(slot, key + 1, 3, &got));
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        shared_slot_write(&report, key, 3, slot);
        slot[lies[i].at] = lies[i].byte;
        if (shared_slot_read(slot, key, 3, &got))
            fail_msg("believed: %s", lies[i].name);
    }
}

/* --- what is in the way ----------------------------------------------------------------------------------------- */

static void make_fifo(const char *path) { assert_int_equal(mkfifo(path, 0600), 0); }
static void make_directory(const char *path) { assert_int_equal(mkdir(path, 0700), 0); }
static void make_link(const char *path) { assert_int_equal(symlink("/tmp/nowhere", path), 0); }
static void make_second_name(const char *path)
{
    int fd = open(path_in("other"), O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(link(path_in("other"), path), 0);
}
static void make_folder_vanish(const char *path)
{
    char reports[200];
    (void)path;
    snprintf(reports, sizeof reports, "%s", path_in(SHARED_REPORTS));
    assert_int_equal(rename(reports, path_in("gone")), 0);
}

static const struct {
    const char *name;
    void (*make)(const char *path);
} obstacles[] = {
    { "a FIFO", make_fifo },        { "a directory", make_directory },       { "a link", make_link },
    { "a second name", make_second_name }, { "no folder", make_folder_vanish },
};

static void nothing_in_the_way_is_written_to(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof obstacles / sizeof *obstacles; i++) {
        obstacles[i].make(spool_path(100 + i));
        if (note_report(100 + i, report_of(1, SHARED_SPAM, 1, NOW)))
            fail_msg("written to %s", obstacles[i].name);
    }
}

static void a_full_disk_is_told(void **state)
{
    const struct rlimit none = { 0, RLIM_INFINITY };
    struct rlimit before;
    struct failure failure = { 0 };
    struct shared_report report = report_of(1, SHARED_SPAM, 1, NOW);
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &none);
    bool noted = shared_spool_note(folder, key, 200, &report, 1, &failure);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_false(noted);
    assert_int_not_equal(failure.kind, FAILURE_NONE);
}

static void the_folder_is_made_once(void **state)
{
    struct failure failure = { 0 };
    struct stat status;
    uint64_t again;
    (void)state;
    assert_int_equal(stat(path_in(SHARED_REPORTS), &status), 0);
    assert_int_equal(status.st_mode & 07777, 01733);
    assert_true(shared_place_make(folder, &failure));
    assert_true(shared_place_key(folder, &again, &failure));
    assert_true(again == key);
    int fd = open(path_in(SHARED_KEY), O_WRONLY);
    assert_int_equal(pwrite(fd, "x", 1, 9), 1);
    close(fd);
    assert_false(shared_place_key(folder, &again, &failure));
    assert_false(shared_place_make(folder, &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_message_is_reported_once),
        IN_FOLDER(what_was_never_reported_takes_no_place),
        IN_FOLDER(a_user_is_bounded_and_the_oldest_goes),
        IN_FOLDER(words_stand_above_what_was_left_alone),
        IN_FOLDER(lies_are_not_read),
        IN_FOLDER(nothing_in_the_way_is_written_to),
        IN_FOLDER(a_full_disk_is_told),
        IN_FOLDER(the_folder_is_made_once),
    };
    return cmocka_run_group_tests_name("shared-spool", tests, NULL, NULL);
}
