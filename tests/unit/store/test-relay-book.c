/* test-relay-book.c - hosts that sent spam and ham: counted, taken back, bounded, not believed when damaged */
#include "scratch.h"

#include "store/relay-book.h"

#define NOON 1795348800 /* 22 November 2026 */
#define DAY 86400

static void count_records(void *context, const struct relay_record *record)
{
    (void)record;
    ++*(size_t *)context;
}

static size_t records_in(const char *directory)
{
    size_t count = 0;
    assert_true(relay_book_visit(directory, count_records, &count, NULL));
    return count;
}

struct search {
    struct network network;
    struct relay_record found;
};

static void take_if_found(void *context, const struct relay_record *record)
{
    struct search *search = context;
    if (memcmp(&record->network, &search->network, sizeof record->network) == 0)
        search->found = *record;
}

static struct relay_record record_of(const char *directory, const char *address)
{
    struct search search = { 0 };
    struct network_address bytes;
    assert_true(network_read_address(span_of(address), &bytes));
    search.network = relay_book_network(&bytes);
    assert_true(relay_book_visit(directory, take_if_found, &search, NULL));
    return search.found;
}

/* u user's spam, t trap, i spam inferred, h ham, j ham inferred; a capital takes back. */
static void learn(const char *directory, const char *address, char letter, int64_t arrived, int64_t now)
{
    static const struct {
        char letter;
        enum label label;
        enum label_source source;
    } kinds[] = {
        { 'u', LABEL_SPAM, SOURCE_USER }, { 't', LABEL_SPAM, SOURCE_TRAP }, { 'i', LABEL_SPAM, SOURCE_IMPLICIT },
        { 'h', LABEL_HAM, SOURCE_USER },  { 'j', LABEL_HAM, SOURCE_IMPLICIT },
    };
    struct network_address relay;
    struct failure failure = { 0 };
    assert_true(network_read_address(span_of(address), &relay));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].letter == (letter | 0x20)) {
            struct relay_lesson lesson = { &relay, arrived, kinds[i].label, kinds[i].source, letter < 'a' };
            if (!relay_book_note(directory, &lesson, now, &failure))
                fail_msg("%c: %s", letter, failure.reason);
            return;
        }
    fail_msg("no such lesson: %c", letter);
}

static void lessons_are_counted_and_taken_back(void **state)
{
    static const struct {
        const char *lessons;
        unsigned called_spam, trapped, ham;
    } rows[] = {
        { "", 0, 0, 0 },     { "u", 1, 0, 0 },     { "uut", 2, 1, 0 },   { "i", 0, 0, 0 },  { "uI", 1, 0, 0 },
        { "iUu", 1, 0, 0 },  { "hj", 0, 0, 2 },    { "uUh", 0, 0, 1 },   { "UuU", 0, 0, 0 }, { "tTut", 1, 1, 0 },
        { "uhH", 1, 0, 0 },  { "hHHu", 1, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scratch scratch = scratch_new();
        for (const char *letter = rows[i].lessons; *letter; letter++)
            learn(scratch.path, "192.0.2.7", *letter, NOON, NOON);
        struct relay_record got = record_of(scratch.path, "192.0.2.7");
        if (got.called_spam != rows[i].called_spam || got.trapped != rows[i].trapped || got.ham != rows[i].ham)
            fail_msg("\"%s\": got %u, %u, %u", rows[i].lessons, got.called_spam, got.trapped, got.ham);
        bool none = !rows[i].called_spam && !rows[i].trapped && !rows[i].ham;
        assert_int_equal(records_in(scratch.path), !none);
        scratch_remove(&scratch);
    }
}

static void an_offence_counts_from_the_right_moment(void **state)
{
    static const struct {
        const char *name;
        int64_t arrived, want;
    } rows[] = {
        { "not known", 0, NOON },
        { "just now", NOON - 60, NOON },
        { "told of within two days", NOON - 2 * DAY, NOON },
        { "told of late", NOON - 3 * DAY, NOON - 3 * DAY },
        { "from the future", NOON + DAY, NOON },
        { "too long ago", NOON - 91 * DAY, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scratch scratch = scratch_new();
        learn(scratch.path, "192.0.2.7", 'u', rows[i].arrived, NOON);
        struct relay_record got = record_of(scratch.path, "192.0.2.7");
        if (got.last_spam != rows[i].want || got.first_spam != rows[i].want)
            fail_msg("%s: got %lld", rows[i].name, (long long)got.last_spam);
        scratch_remove(&scratch);
    }
}

static void the_past_is_forgotten(void **state)
{
    struct scratch scratch = scratch_new();
    learn(scratch.path, "192.0.2.7", 'u', NOON, NOON);
    learn(scratch.path, "192.0.2.7", 't', NOON + DAY, NOON + DAY);
    learn(scratch.path, "192.0.2.7", 'u', NOON + 100 * DAY, NOON + 100 * DAY);
    struct relay_record got = record_of(scratch.path, "192.0.2.7");
    assert_int_equal(got.called_spam, 1);
    assert_int_equal(got.trapped, 0);
    assert_int_equal(got.first_spam, NOON + 100 * DAY);
    scratch_remove(&scratch);
}

static void networks_are_told_apart(void **state)
{
    struct scratch scratch = scratch_new();
    learn(scratch.path, "2001:db8:0:1::7", 'u', NOON, NOON);
    learn(scratch.path, "2001:db8:0:1:ffff::8", 'u', NOON, NOON);
    learn(scratch.path, "2001:db8:0:2::7", 'u', NOON, NOON);
    learn(scratch.path, "192.0.2.7", 'u', NOON, NOON);
    learn(scratch.path, "192.0.2.8", 'u', NOON, NOON);
    learn(scratch.path, "::", 'u', NOON, NOON);
    assert_int_equal(record_of(scratch.path, "2001:db8:0:1::1").called_spam, 2);
    assert_int_equal(record_of(scratch.path, "192.0.2.8").called_spam, 1);
    assert_int_equal(records_in(scratch.path), 4);
    scratch_remove(&scratch);
}

/* However many hosts: the file keeps its size, and hosts of ham make room for those of spam. */
static void a_flood_is_bounded(void **state)
{
    struct scratch scratch = scratch_new();
    char address[32];
    for (unsigned i = 0; i < 3 * RELAY_BOOK_SLOTS; i++) {
        snprintf(address, sizeof address, "198.%u.%u.%u", 18 + i / 65536, i / 256 % 256, i % 256);
        learn(scratch.path, address, i % 3 ? 'h' : 'u', NOON + (int64_t)i, NOON + (int64_t)i);
    }
    struct stat status;
    assert_int_equal(stat(scratch_file(&scratch, RELAY_BOOK_FILE), &status), 0);
    assert_int_equal(status.st_size, 32 + 40 * RELAY_BOOK_SLOTS);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true(records_in(scratch.path) <= RELAY_BOOK_SLOTS);
    assert_int_equal(record_of(scratch.path, "198.18.23.253").called_spam, 1);
    scratch_remove(&scratch);
}

static void damage(const char *path, off_t at, const char *bytes, size_t length)
{
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && pwrite(fd, bytes, length, at) == (ssize_t)length);
    close(fd);
}

static void damage_is_not_believed(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    size_t count = 0;
    learn(scratch.path, "192.0.2.7", 'u', NOON, NOON);
    const char *path = scratch_file(&scratch, RELAY_BOOK_FILE);
    char slots[40 * RELAY_BOOK_SLOTS];
    int fd = open(path, O_RDONLY);
    assert_int_equal(pread(fd, slots, sizeof slots, 32), sizeof slots);
    close(fd);
    size_t used = 0;
    while (used < sizeof slots && !slots[used])
        used++;
    damage(path, 32 + (off_t)(used / 40 * 40) + 28, "\xff\xff", 2); /* its count, without its sum */
    assert_int_equal(records_in(scratch.path), 0);
    learn(scratch.path, "192.0.2.7", 'u', NOON, NOON);
    assert_int_equal(records_in(scratch.path), 1);
    damage(path, 17, "x", 1); /* the key */
    assert_false(relay_book_visit(scratch.path, count_records, &count, &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    learn(scratch.path, "192.0.2.8", 'u', NOON, NOON);
    assert_int_equal(records_in(scratch.path), 1);
    damage(path, 8, "\2", 1); /* a newer program's */
    assert_false(relay_book_visit(scratch.path, count_records, &count, &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    assert_int_equal(count, 0);
    scratch_remove(&scratch);
}

static void without_a_file_there_is_nothing(void **state)
{
    struct scratch scratch = scratch_new();
    assert_int_equal(records_in(scratch.path), 0);
    assert_int_equal(records_in(""), 0);
    learn(scratch.path, "192.0.2.7", 'U', NOON, NOON);
    assert_int_not_equal(access(scratch_file(&scratch, RELAY_BOOK_FILE), F_OK), 0);
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_are_counted_and_taken_back),
        cmocka_unit_test(an_offence_counts_from_the_right_moment),
        cmocka_unit_test(the_past_is_forgotten),
        cmocka_unit_test(networks_are_told_apart),
        cmocka_unit_test(a_flood_is_bounded),
        cmocka_unit_test(damage_is_not_believed),
        cmocka_unit_test(without_a_file_there_is_nothing),
    };
    return cmocka_run_group_tests_name("relay book", tests, NULL, NULL);
}
