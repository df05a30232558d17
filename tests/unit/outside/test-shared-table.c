/* test-shared-table.c - the table of what users agree on: found, not known, or damaged and never believed */
#include "outside/shared-folder.h"

#include "outside/shared-table.h"

#define ENTRIES 2000

static const struct shared_facts facts = { .made = NOW, .users = 9, .reports = 90, .texts = ENTRIES };

static uint64_t name_of(size_t number)
{
    return (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static void write_table(size_t count)
{
    static struct shared_entry entries[ENTRIES];
    struct failure failure = { 0 };
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct shared_entry){ .name = name_of(i), .spam = (uint16_t)(2 + i), .kind = SHARED_TEXT };
    assert_true(shared_table_write(folder, key, &facts, entries, count, &failure));
}

static void what_is_written_is_found(void **state)
{
    static const size_t counts[] = { 0, 1, 15, 16, ENTRIES };
    (void)state;
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        struct shared_table table;
        struct shared_entry entry;
        struct failure failure = { 0 };
        write_table(counts[k]);
        assert_true(shared_table_open(folder, &table, &failure));
        assert_int_equal(table.facts.made, NOW);
        assert_int_equal(table.facts.users, 9);
        for (size_t i = 0; i < ENTRIES; i++) {
            enum shared_found found = shared_table_find(&table, SHARED_TEXT, name_of(i), &entry);
            assert_int_equal(found, i < counts[k] ? SHARED_FOUND : SHARED_UNKNOWN);
            assert_true(i >= counts[k] || entry.spam == 2 + i);
            assert_int_equal(shared_table_find(&table, SHARED_HOST, name_of(i), &entry), SHARED_UNKNOWN);
        }
        assert_int_equal(shared_table_find(&table, SHARED_TEXT, 0, &entry), SHARED_UNKNOWN);
        shared_table_close(&table);
    }
}

/* Whatever one byte is changed: what is known is found as it was, or cannot be told; never is it not known. */
static void damage_is_never_no(void **state)
{
    (void)state;
    write_table(10);
    int fd = open(path_in(SHARED_TABLE), O_RDWR);
    off_t size = lseek(fd, 0, SEEK_END);
    for (off_t at = 0; at < size; at++) {
        unsigned char byte, changed;
        struct shared_table table;
        struct shared_entry entry;
        struct failure failure = { 0 };
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        changed = byte ^ 0x10;
        assert_int_equal(pwrite(fd, &changed, 1, at), 1);
        if (shared_table_open(folder, &table, &failure)) {
            for (size_t i = 0; i < 10; i++)
                if (shared_table_find(&table, SHARED_TEXT, name_of(i), &entry) != SHARED_CANNOT_TELL)
                    assert_int_equal(entry.spam, 2 + i);
            shared_table_close(&table);
        }
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

static void cut_off(const char *path) { assert_int_equal(truncate(path, 64 + 255), 0); }
static void empty(const char *path) { assert_int_equal(truncate(path, 0), 0); }
static void longer(const char *path) { assert_int_equal(truncate(path, 1 << 20), 0); }
static void gone(const char *path) { assert_int_equal(unlink(path), 0); }
static void fifo(const char *path)
{
    gone(path);
    assert_int_equal(mkfifo(path, 0644), 0);
}
static void linked(const char *path)
{
    assert_int_equal(rename(path, path_in("elsewhere")), 0);
    assert_int_equal(symlink(path_in("elsewhere"), path), 0);
}
static void of_another_key(const char *path)
{
    struct failure failure = { 0 };
    (void)path;
    assert_true(shared_table_write(folder, key + 1, &facts, NULL, 0, &failure));
}

static const struct {
    const char *name;
    void (*make)(const char *path);
} broken[] = {
    { "cut off", cut_off }, { "empty", empty },       { "longer", longer },
    { "gone", gone },       { "a FIFO", fifo },       { "a link", linked },
    { "of another key", of_another_key },
};

static void what_is_no_table_is_not_opened(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char path[200];
        struct shared_table table;
        struct failure failure = { 0 };
        snprintf(path, sizeof path, "%s", path_in(SHARED_TABLE));
        unlink(path);
        write_table(10);
        broken[i].make(path);
        if (shared_table_open(folder, &table, &failure))
            fail_msg("opened: %s", broken[i].name);
        assert_int_not_equal(failure.kind, FAILURE_NONE);
        assert_int_equal(table.fd, -1);
    }
}

/* Cut off after it was opened. */
static void what_cannot_be_read_is_not_no(void **state)
{
    struct shared_table table;
    struct shared_entry entry;
    struct failure failure = { 0 };
    (void)state;
    write_table(10);
    assert_true(shared_table_open(folder, &table, &failure));
    cut_off(path_in(SHARED_TABLE));
    for (size_t i = 0; i < 10; i++)
        if ((name_of(i) & (table.buckets - 1)) == table.buckets - 1)
            assert_int_equal(shared_table_find(&table, SHARED_TEXT, name_of(i), &entry), SHARED_CANNOT_TELL);
    shared_table_close(&table);
}

static const struct {
    struct shared_entry entry;
    unsigned least, voices;
} said[] = {
    { { .spam = 0 }, 2, 0 },
    { { .spam = 1 }, 2, 0 },
    { { .spam = 1 }, 1, 0 },
    { { .spam = 1, .trapped = 1 }, 2, 0 }, /* one user alone never decides, with a trap neither */
    { { .spam = 2 }, 2, 2 },
    { { .spam = 2 }, 3, 0 },
    { { .spam = 2, .trapped = 2 }, 3, 0 }, /* nor do fewer than are asked for */
    { { .spam = 3, .trapped = 2 }, 3, 5 },
    { { .spam = 3 }, 3, 3 },
    { { .spam = 3, .ham = 1 }, 2, 2 },
    { { .spam = 3, .ham = 1 }, 3, 0 },
    { { .spam = 5, .ham = 2, .trapped = 1 }, 3, 4 },
    { { .spam = 65535, .trapped = 65535 }, 3, 131070 },
    { { .spam = 9, .ham = 65535 }, 2, 0 },
};

static void ham_takes_voices_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_int_equal(shared_entry_voices(&said[i].entry, said[i].least), said[i].voices);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_is_written_is_found),
        IN_FOLDER(damage_is_never_no),
        IN_FOLDER(what_is_no_table_is_not_opened),
        IN_FOLDER(what_cannot_be_read_is_not_no),
        cmocka_unit_test(ham_takes_voices_away),
    };
    return cmocka_run_group_tests_name("shared-table", tests, NULL, NULL);
}
