/* test-shared-collation.c - users are counted and not reports, and whatever a hostile one writes is one user's word
 * (local.mk: --wrap) */
#include "outside/shared-folder.h"

#include <utime.h>

#include "outside/shared-collation.h"
#include "outside/shared-count.h"

#define DAY 86400

/* How often as many as these were sorted. */
static struct {
    size_t many, often;
} sorted;

typedef int comparison(const void *left, const void *right);
void __real_qsort(void *items, size_t count, size_t size, comparison *compare);
void __wrap_qsort(void *items, size_t count, size_t size, comparison *compare);

void __wrap_qsort(void *items, size_t count, size_t size, comparison *compare)
{
    sorted.often += count >= sorted.many;
    __real_qsort(items, count, size, compare);
}

/* --- counting --------------------------------------------------------------------------------------------------- */

struct said {
    unsigned user; /* from 1; 0 ends the list */
    uint64_t message;
    enum shared_called called;
    int64_t when; /* from NOW */
};

static const struct {
    const char *name;
    struct said said[8];
    int spam, ham, trapped; /* of print 5, ham in voices; spam -1: not in the table */
} countings[] = {
    { "nobody", { { 0 } }, -1, 0, 0 },
    { "one user", { { 1, 1, SHARED_SPAM, 0 } }, -1, 0, 0 },
    { "one user, many messages", { { 1, 1, SHARED_SPAM, 0 }, { 1, 2, SHARED_SPAM, 0 }, { 1, 3, SHARED_TRAPPED, 0 } },
      -1, 0, 0 },
    { "two users", { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_SPAM, 0 } }, 2, 0, 0 },
    { "two users, one by a trap", { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_TRAPPED, 0 } }, 2, 0, 1 },
    { "three, and one says ham", { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_SPAM, 0 }, { 3, 3, SHARED_HAM, 0 } },
      2, 2, 0 },
    { "three, and one has read it and left it alone",
      { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_SPAM, 0 }, { 3, 3, SHARED_LEFT_ALONE, 0 } }, 2, 1, 0 },
    { "who left one alone spoke for ham, whatever he said of another",
      { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_SPAM, 0 }, { 3, 3, SHARED_SPAM, 0 }, { 3, 4, SHARED_LEFT_ALONE, 0 } },
      2, 1, 0 },
    { "who says both says ham",
      { { 1, 1, SHARED_SPAM, 0 }, { 2, 2, SHARED_SPAM, 0 }, { 3, 3, SHARED_TRAPPED, 0 }, { 3, 4, SHARED_HAM, 0 } },
      2, 2, 0 },
    { "too old", { { 1, 1, SHARED_SPAM, -31 * DAY }, { 2, 2, SHARED_SPAM, 0 } }, -1, 0, 0 },
    { "old enough", { { 1, 1, SHARED_SPAM, -29 * DAY }, { 2, 2, SHARED_SPAM, 0 } }, 2, 0, 0 },
    { "from the future", { { 1, 1, SHARED_SPAM, 2 * DAY }, { 2, 2, SHARED_SPAM, 0 } }, -1, 0, 0 },
    { "only ham", { { 1, 1, SHARED_HAM, 0 }, { 2, 2, SHARED_HAM, 0 } }, -1, 0, 0 },
};

static void users_are_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof countings / sizeof *countings; i++) {
        struct shared_count *count = shared_count_new(NOW, 30, SHARED_NAMES_MOST);
        unsigned user = 0;
        for (const struct said *said = countings[i].said; said->user; said++) {
            struct shared_report report = report_of(said->message, said->called, 5, NOW + said->when);
            if (said->user != user)
                shared_count_end_user(count);
            user = said->user;
            shared_count_report(count, &report);
        }
        size_t entries;
        bool full;
        struct shared_facts facts;
        const struct shared_entry *entry;
        assert_true(shared_count_finish(count, &entry, &entries, &facts, &full));
        if (entries != (countings[i].spam < 0 ? 0 : 3) || full)
            fail_msg("%s: %zu entries", countings[i].name, entries);
        if (entries && (entry->name != 5 || entry->kind != SHARED_TEXT || entry->spam != countings[i].spam ||
                        entry->ham != countings[i].ham || entry->trapped != countings[i].trapped))
            fail_msg("%s: spam %u ham %u trapped %u", countings[i].name, entry->spam, entry->ham, entry->trapped);
        shared_count_free(&count);
    }
}

static void many_users_fit(void **state)
{
    struct shared_count *count = shared_count_new(NOW, 30, SHARED_NAMES_MOST);
    (void)state;
    for (uint64_t user = 1; user <= 3000; user++) {
        shared_count_end_user(count);
        for (uint64_t i = 0; i < 200; i++) {
            struct shared_report report = report_of(i, SHARED_SPAM, i ? user * 100000 + i * 7 : 5, NOW);
            shared_count_report(count, &report);
        }
    }
    size_t entries;
    bool full;
    struct shared_facts facts;
    const struct shared_entry *entry;
    assert_true(shared_count_finish(count, &entry, &entries, &facts, &full));
    assert_true(entries >= 3 && !full);
    assert_int_equal(entry->name, 5);
    assert_int_equal(entry->spam, 3000);
    assert_int_equal(facts.users, 3000);
    assert_int_equal(facts.reports, 600000);
    shared_count_free(&count);
}

/* A report of so many names (29 at most), from `first` on. */
static struct shared_report report_of_names(uint64_t first, size_t names)
{
    struct shared_report report = { .message = first, .when = NOW, .called = SHARED_SPAM };
    for (; names > report.print_count && report.print_count < TEXT_PRINTS; report.print_count++)
        report.prints[report.print_count] = first + report.print_count;
    for (; names > TEXT_PRINTS + report.host_count && report.host_count < SHARED_REPORT_HOSTS; report.host_count++)
        report.hosts[report.host_count] = first + TEXT_PRINTS + report.host_count;
    report.relay = names > TEXT_PRINTS + SHARED_REPORT_HOSTS ? first + TEXT_PRINTS + SHARED_REPORT_HOSTS : 0;
    return report;
}

/* The counting is as good as full, and who comes then says what was said before: once it was all sorted for each. */
static void nearly_full_is_full(void **state)
{
    const size_t most = 8 * SHARED_USER_NAMES, of_report = TEXT_PRINTS + SHARED_REPORT_HOSTS + 1;
    struct shared_count *count = shared_count_new(NOW, 30, most);
    uint64_t next = 1;
    (void)state;
    for (int user = 0; user < 7; user++) {
        size_t left = SHARED_USER_NAMES - (user == 6 ? 10 : 0);
        while (left) {
            size_t names = left < of_report ? left : of_report;
            struct shared_report report = report_of_names(next, names);
            shared_count_report(count, &report);
            next += names;
            left -= names;
        }
        shared_count_end_user(count);
    }
    sorted.many = most / 2 + 1;
    sorted.often = 0;
    for (int user = 0; user < 200; user++) {
        struct shared_report report = report_of_names(1, of_report);
        shared_count_report(count, &report);
        shared_count_end_user(count);
    }
    bool full;
    size_t entries;
    struct shared_facts facts;
    const struct shared_entry *entry;
    assert_true(shared_count_finish(count, &entry, &entries, &facts, &full));
    if (!full || sorted.often > 2 || entries != of_report)
        fail_msg("full %d, sorted %zu times, %zu entries", full, sorted.often, entries);
    shared_count_free(&count);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

static struct shared_facts collate(bool virtual_users)
{
    struct shared_facts facts;
    struct failure failure = { 0 };
    struct shared_collating collating = { .directory = folder, .now = NOW, .days = 30, .virtual_owner = geteuid(),
                                          .has_virtual_owner = virtual_users,
                                          .subordinates = path_in("subuid") };
    if (!shared_collate(&collating, &facts, &failure))
        fail_msg("%s", failure.reason);
    return facts;
}

static void report_as(uint64_t from, uint64_t to)
{
    for (uint64_t user = from; user <= to; user++) {
        assert_true(note_report(user, report_of(user, SHARED_SPAM, 5, NOW)));
        struct utimbuf times = { NOW, NOW };
        utime(spool_path(user), &times);
    }
}

static unsigned voices(void)
{
    struct shared_table table;
    struct shared_entry entry;
    struct failure failure = { 0 };
    assert_true(shared_table_open(folder, &table, &failure));
    enum shared_found found = shared_table_find(&table, SHARED_TEXT, 5, &entry);
    shared_table_close(&table);
    return found == SHARED_FOUND ? shared_entry_voices(&entry, 2) : 0;
}

static void one_owner_is_one_user_with_any_number_of_files(void **state)
{
    (void)state;
    report_as(1, 20);
    assert_int_equal(collate(false).users, 1);
    assert_int_equal(voices(), 0);
}

static void virtual_users_are_told_apart_by_file(void **state)
{
    (void)state;
    report_as(1, 20);
    assert_int_equal(collate(true).users, 20);
    assert_int_equal(voices(), 20);
}

static void owners_are_told_apart(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    report_as(1, 3);
    for (uint64_t user = 1; user <= 3; user++)
        assert_int_equal(chown(spool_path(user), (uid_t)(4000 + user), 4000), 0);
    assert_int_equal(collate(false).users, 3);
    assert_int_equal(voices(), 3);
}

static void numbers_granted_to_a_user_are_no_users(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    report_as(1, 3);
    for (uint64_t user = 1; user <= 3; user++)
        assert_int_equal(chown(spool_path(user), (uid_t)(100000 + user), 4000), 0);
    assert_int_equal(collate(false).users, 3);
    FILE *file = fopen(path_in("subuid"), "w");
    fputs("ann:100000:65536\n", file);
    fclose(file);
    assert_int_equal(collate(false).users, 0);
    assert_int_equal(voices(), 0);
}

/* Who may link to another's files (fs.protected_hardlinks off) does not crowd out that user's own. */
static void links_take_the_place_of_no_reports(void **state)
{
    char name[] = SHARED_REPORTS "/00000000000000000000000000000000";
    (void)state;
    report_as(1, 1);
    int fd = open(path_in("other"), O_CREAT | O_WRONLY, 0600);
    char other[200];
    snprintf(other, sizeof other, "%s", path_in("other"));
    struct utimbuf now = { NOW, NOW };
    utime(other, &now);
    for (int i = 0; i < 2 * SHARED_USER_FILES; i++) {
        name[sizeof name - 2] = (char)('0' + i);
        assert_int_equal(link(other, path_in(name)), 0);
    }
    close(fd);
    assert_int_equal(collate(false).users, 1);
}

/* What a hostile user may leave in a folder that is open to all: nothing of it is read, waited for or removed. */
static void what_is_no_file_of_reports_is_passed_over(void **state)
{
    char other[200];
    (void)state;
    report_as(1, 2);
    mkfifo(spool_path(11), 0600);
    mkdir(spool_path(12), 0700);
    snprintf(other, sizeof other, "%s", spool_path(1));
    assert_int_equal(symlink(other, spool_path(13)), 0);
    report_as(14, 15);
    assert_int_equal(truncate(spool_path(14), SHARED_SPOOL_BYTES + 1), 0);
    snprintf(other, sizeof other, "%s", spool_path(15));
    assert_int_equal(link(other, path_in("second-name")), 0);
    close(open(path_in(SHARED_REPORTS "/readme"), O_CREAT | O_WRONLY, 0600));
    close(open(path_in(SHARED_REPORTS "/0123456789ABCDEF0123456789abcdef"), O_CREAT | O_WRONLY, 0600));
    struct utimbuf now = { NOW, NOW };
    utime(spool_path(14), &now);
    assert_int_equal(collate(true).users, 2);
    assert_int_equal(voices(), 2);
    assert_int_equal(access(path_in(SHARED_REPORTS "/readme"), F_OK), 0);
}

static void garbage_says_nothing(void **state)
{
    static unsigned char garbage[SHARED_SPOOL_BYTES];
    (void)state;
    report_as(1, 3);
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (unsigned char)(i * 2654435761u >> 13);
    for (uint64_t user = 2; user <= 3; user++) {
        int fd = open(spool_path(user), O_WRONLY);
        assert_int_equal(pwrite(fd, garbage, sizeof garbage, 0), sizeof garbage);
        close(fd);
        struct utimbuf now = { NOW, NOW };
        utime(spool_path(user), &now);
    }
    assert_int_equal(collate(true).users, 1);
    assert_int_equal(voices(), 0);
}

static void who_has_gone_is_forgotten(void **state)
{
    (void)state;
    report_as(1, 3);
    struct utimbuf times = { NOW - 61 * DAY, NOW - 61 * DAY };
    utime(spool_path(1), &times);
    assert_int_equal(collate(true).users, 2);
    assert_int_not_equal(access(spool_path(1), F_OK), 0);
    assert_int_equal(access(spool_path(2), F_OK), 0);
}

static void too_many_files_are_not_sorted_for_each(void **state)
{
    struct shared_facts facts;
    struct failure failure = { 0 };
    struct shared_collating collating = { .directory = folder, .now = NOW, .days = 30, .virtual_owner = geteuid(),
                                          .has_virtual_owner = true, .subordinates = path_in("subuid"),
                                          .files_most = 512 };
    (void)state;
    report_as(1, 600);
    sorted.many = 512;
    sorted.often = 0;
    assert_true(shared_collate(&collating, &facts, &failure));
    assert_int_equal(facts.users, 512);
    if (sorted.often > 3) /* when it is full, at the end, and the names in them */
        fail_msg("sorted %zu times", sorted.often);
}

static void without_reports_there_is_a_table(void **state)
{
    (void)state;
    assert_int_equal(collate(true).users, 0);
    assert_int_equal(voices(), 0);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_counted),
        cmocka_unit_test(many_users_fit),
        cmocka_unit_test(nearly_full_is_full),
        IN_FOLDER(one_owner_is_one_user_with_any_number_of_files),
        IN_FOLDER(virtual_users_are_told_apart_by_file),
        IN_FOLDER(owners_are_told_apart),
        IN_FOLDER(numbers_granted_to_a_user_are_no_users),
        IN_FOLDER(links_take_the_place_of_no_reports),
        IN_FOLDER(what_is_no_file_of_reports_is_passed_over),
        IN_FOLDER(garbage_says_nothing),
        IN_FOLDER(who_has_gone_is_forgotten),
        IN_FOLDER(too_many_files_are_not_sorted_for_each),
        IN_FOLDER(without_reports_there_is_a_table),
    };
    return cmocka_run_group_tests_name("shared-collation", tests, NULL, NULL);
}
