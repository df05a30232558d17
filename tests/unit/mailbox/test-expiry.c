/* test-expiry.c - how long a message has been in Junk, which are due, and their deletion (local.mk: --wrap) */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/expiry.h"
#include "mailbox/junk-age.h"
#include "mailbox/name-record.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/log.h"

#define DAY ((int64_t)24 * 60 * 60)

static char maildir[64];
static struct arena *arena;

/* The file of which the disk tells nothing but this error. */
static struct {
    const char *name; /* NULL: none */
    int error;
} untold;

int __real_fstatat(int directory_fd, const char *name, struct stat *status, int flags);
int __wrap_fstatat(int directory_fd, const char *name, struct stat *status, int flags);

int __wrap_fstatat(int directory_fd, const char *name, struct stat *status, int flags)
{
    if (!untold.name || strcmp(name, untold.name) != 0)
        return __real_fstatat(directory_fd, name, status, flags);
    errno = untold.error;
    return -1;
}

static const char *in_maildir(const char *name)
{
    static char path[4][4096];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", maildir, name);
    return path[turn];
}

static int set_up(void **state)
{
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    arena = arena_new(NAME_RECORD_ARENA);
    strcpy(maildir, "/tmp/test-expiry.XXXXXX");
    return !mkdtemp(maildir) || mkdir(in_maildir(".Junk"), 0700) || mkdir(in_maildir(".Junk/new"), 0700)
           || mkdir(in_maildir(".Junk/cur"), 0700);
}

static int tear_down(void **state)
{
    char command[128];
    arena_free(arena);
    snprintf(command, sizeof command, "rm -rf %s", maildir);
    return system(command);
}

static void put(const char *name)
{
    if (!file_replace(in_maildir(name), span_of("Subject: x\n\nbody\n"), 0600, NULL))
        fail_msg("cannot write %s", name);
}

/* With this modification time. */
static void put_written(const char *name, int64_t written)
{
    const struct timespec times[] = { { .tv_sec = (time_t)written }, { .tv_sec = (time_t)written } };
    put(name);
    assert_int_equal(utimensat(AT_FDCWD, in_maildir(name), times, 0), 0);
}

static void put_file(const char *text)
{
    assert_true(file_replace(in_maildir("record"), span_of(text), 0600, NULL));
}

/* With the sum that belongs to the text. */
static void put_record(const char *text)
{
    char whole[4096];
    snprintf(whole, sizeof whole, "%ssum %016" PRIx64 "\n", text, hash_bytes(text, strlen(text), 0));
    put_file(whole);
}

static struct junk_list list_now(int64_t now, bool look_only)
{
    struct opened_folder folder;
    struct junk_list list;
    struct failure failure = { 0 };
    bool unsaved;
    assert_int_equal(opened_folder_open(maildir, "Junk", &folder, &failure), FOLDER_OPENED);
    if (!junk_age_list(&folder, in_maildir("record"), now, 10, look_only, arena, &list, &unsaved, &failure))
        fail_msg("%s", failure.reason);
    assert_false(unsaved);
    opened_folder_close(&folder);
    return list;
}

/* --- names ------------------------------------------------------------------------------------------------------- */

static void keys_stay_when_names_change(void **state)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        { "17.M1P2.host", "17.M1P2.host" },
        { "17.M1P2.host:2,", "17.M1P2.host" },
        { "17.M1P2.host,S=12,W=14:2,FS", "17.M1P2.host" },
        { "17.M1P2.host:2,Sab,x", "17.M1P2.host" },
        { ",odd", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_span_is(name_record_key(rows[i].name), rows[i].want);
}

static void damaged_records_begin_anew(void **state)
{
    static const struct {
        const char *text;
        size_t want_count;
        int64_t want_scanned;
    } rows[] = {
        { "tamis-names 2 17\n", 0, 17 },
        { "tamis-names 2 17\n5 - a.b\n6 s c.d\n", 2, 17 },
        { "", 0, 0 },
        { "tamis-names 1 17\n5 - a.b\n", 0, 0 },
        { "tamis-names 2 17\n5 - a.b\n6 -", 0, 0 },
        { "tamis-names 2 17\n-5 - a.b\n", 0, 0 },
        { "tamis-names 2 99999999999999999999\n", 0, 0 },
        { "tamis-names 2 17\n5 -\n", 0, 0 },
        { "tamis-names 2 17\n\n", 0, 0 },
        { "tamis-names 2 17\ndoubted 19\n5 - a.b\n", 1, 17 },
        { "tamis-names 2 17\ndoubted x\n5 - a.b\n", 0, 0 },
        { "tamis-names 2 17\n5 - a.b\ndoubted 19\n", 0, 0 },
        { "tamis-names 2 17\nbegan 19\n5 - a.b\n", 1, 17 },
        { "tamis-names 2 17\ndoubted 18\nbegan 19\n5 - a.b\n", 1, 17 },
        { "tamis-names 2 17\nbegan 19\ndoubted 18\n5 - a.b\n", 0, 0 },
        { "tamis-names 2 17\nbegan x\n5 - a.b\n", 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct name_record record;
        struct failure failure = { 0 };
        put_record(rows[i].text);
        assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
        if (record.count != rows[i].want_count || record.scanned != rows[i].want_scanned)
            fail_msg("row %zu: got %zu entries, scanned %lld", i, record.count, (long long)record.scanned);
        assert_int_equal(record.damaged, rows[i].want_scanned == 0);
    }
}

/* Every bit of a record, and every length that is not its own. */
static void no_flipped_bit_is_believed(void **state)
{
    struct name_record record = { .arena = arena };
    struct failure failure = { 0 };
    struct file_bytes bytes;
    name_record_add(&record, span_of("1.a.host"), 1732254000, '-');
    assert_true(name_record_save(&record, in_maildir("record"), 1732254001, &failure));
    assert_true(file_read(in_maildir("record"), 0, &bytes, &failure));
    for (size_t bit = 0; bit < bytes.length * 8; bit++) {
        bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
        assert_true(file_replace(in_maildir("record"), span_make(bytes.data, bytes.length), 0600, NULL));
        assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
        if (!record.damaged || record.count || record.scanned)
            fail_msg("bit %zu is believed: %.*s", bit, (int)bytes.length, bytes.data);
        bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t length = 0; length < bytes.length; length++) {
        assert_true(file_replace(in_maildir("record"), span_make(bytes.data, length), 0600, NULL));
        assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
        assert_true(record.damaged);
    }
    file_bytes_free(&bytes);
}

static void a_record_that_cannot_be_read_is_told(void **state)
{
    struct name_record record;
    struct failure failure = { 0 };
    assert_true(name_record_load(in_maildir("none"), arena, &record, &failure));
    assert_int_equal(mkdir(in_maildir("record"), 0700), 0);
    assert_false(name_record_load(in_maildir("record"), arena, &record, &failure));
}

static void names_no_line_can_hold_are_left_out(void **state)
{
    struct name_record record = { .arena = arena };
    struct failure failure = { 0 };
    name_record_add(&record, span_of("a\nb"), 5, '-');
    name_record_add(&record, span_of(""), 5, '-');
    name_record_add(&record, span_of("with blank"), 5, 's');
    assert_true(name_record_save(&record, in_maildir("new-dir/record"), 9, &failure));
    assert_true(name_record_load(in_maildir("new-dir/record"), arena, &record, &failure));
    assert_int_equal(record.count, 1);
    struct name_entry *entry = name_record_find(&record, span_of("with blank"));
    assert_non_null(entry);
    assert_int_equal(entry->time, 5);
    assert_int_equal(entry->note, 's');
    assert_null(name_record_find(&record, span_of("with blan")));
}

/* --- arrival ----------------------------------------------------------------------------------------------------- */

/* The file is made now, so its change time is now. `record` is what stood before; `now` and `want` are relative to the
 * time of the test. */
static void arrival_is_never_too_early(void **state)
{
    static const struct {
        const char *name;
        int64_t scanned, recorded; /* relative; scanned 1: no record; recorded 1: not in it */
        int64_t looked_at, want;   /* relative */
    } rows[] = {
        { "no record: the change time", 1, 1, 20 * DAY, 0 },
        { "in the record", -DAY, -9 * DAY, 20 * DAY, -9 * DAY },
        { "not in the record, changed since", -DAY, 1, 20 * DAY, 0 },
        { "not in the record, not changed since", DAY, 1, 20 * DAY, 20 * DAY },
        { "change time in the future", 1, 1, -5 * DAY, -5 * DAY },
        { "record in the future", DAY, 3 * DAY, 2 * DAY, 2 * DAY },
        { "recorded before there was this program", -DAY, -100 * 365 * DAY, 20 * DAY, 20 * DAY },
    };
    int64_t base = (int64_t)time(NULL);
    put_written(".Junk/cur/1.a.host:2,S", 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        unlink(in_maildir("record"));
        int length = snprintf(text, sizeof text, "tamis-names 2 %lld\n", (long long)(base + rows[i].scanned));
        if (rows[i].recorded != 1)
            snprintf(text + length, sizeof text - (size_t)length, "%lld - 1.a.host\n",
                     (long long)(base + rows[i].recorded > 0 ? base + rows[i].recorded : 100));
        if (rows[i].scanned != 1)
            put_record(text);
        struct junk_list list = list_now(base + rows[i].looked_at, false);
        assert_int_equal(list.count, 1);
        int64_t off = list.messages[0].arrived - base - rows[i].want;
        if (off < 0 || off > 20)
            fail_msg("%s: off by %lld s", rows[i].name, (long long)off);
    }
}

/* What the file itself shows, in days; the file is made now, and the record says 20 days ago. */
static void no_message_is_older_than_its_file(void **state)
{
    static const struct {
        const char *what;
        int named, written; /* relative to now; 1000: an old one */
        int want;
    } rows[] = {
        { "both are old", 1000, 1000, -20 },
        { "delivered later", -3, 1000, -3 },
        { "written later", 1000, -3, -3 },
        { "the later of the two", -3, -5, -3 },
        { "a sender's date in the future", 1000, 400, 0 },
        { "a name from the future", 400, 1000, 0 },
    };
    int64_t base = (int64_t)time(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char key[64], path[100], text[200];
        int64_t named = rows[i].named == 1000 ? 1000000000 : base + rows[i].named * DAY;
        int64_t written = rows[i].written == 1000 ? 1000000000 : base + rows[i].written * DAY;
        snprintf(key, sizeof key, "%lld.M1P2.host", (long long)named);
        snprintf(path, sizeof path, ".Junk/cur/%s,S=17:2,S", key);
        put_written(path, written);
        snprintf(text, sizeof text, "tamis-names 2 %lld\n%lld - %s\n", (long long)(base - DAY),
                 (long long)(base - 20 * DAY), key);
        put_record(text);
        for (int turn = 0; turn < 2; turn++) { /* the second by what the first has recorded */
            struct junk_list list = list_now(base + turn, false);
            assert_int_equal(list.count, 1);
            int64_t off = list.messages[0].arrived - base - rows[i].want * DAY;
            if (off < 0 || off > 20)
                fail_msg("%s: off by %lld s", rows[i].what, (long long)off);
        }
        unlink(in_maildir(path));
    }
}

/* The clock of the machine began in 1970 when the message came, and is right now. */
static void a_time_before_this_program_is_none(void **state)
{
    int64_t now = (int64_t)time(NULL);
    put_written(".Junk/cur/100.M1P2.host:2,S", 100);
    char text[100];
    snprintf(text, sizeof text, "tamis-names 2 %lld\n100 - 100.M1P2.host\n", (long long)(now - DAY));
    put_record(text);
    assert_int_equal(list_now(now, false).messages[0].arrived, now);
    assert_int_equal(list_now(now + 5, false).messages[0].arrived, now);
}

static void with_a_damaged_record_ages_count_from_now(void **state)
{
    static const char *const rows[] = { "",
                                        "tamis-names 2 1732254000\n0700000000 - 1.a.host\nsum 0123456789abcdef\n" };
    int64_t later = (int64_t)time(NULL) + 20 * DAY;
    put(".Junk/cur/1.a.host:2,S");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_file(rows[i]);
        struct junk_list list = list_now(later, false);
        assert_int_equal(list.count, 1);
        assert_int_equal(list.messages[0].arrived, later);
    }
}

static void a_record_outlives_changes_of_names(void **state)
{
    int64_t base = (int64_t)time(NULL);
    int64_t long_ago = JUNK_EARLIEST_TIME + 500;
    char text[200];
    snprintf(text, sizeof text, "tamis-names 2 %lld\n%lld - 1.a.host\n%lld - 2.b.host\n", (long long)(base - DAY),
             (long long)long_ago, (long long)long_ago + 100);
    put_record(text);
    put_written(".Junk/cur/1.a.host,S=17:2,FS", 1000);
    struct junk_list list = list_now(base, false);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.messages[0].arrived, long_ago);
    assert_true(list.messages[0].is_flagged);
    /* 2.b.host has left: when it comes back it begins anew. */
    put(".Junk/new/2.b.host");
    list = list_now(base + 1, false);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < list.count; i++)
        assert_true(list.messages[i].is_new ? list.messages[i].arrived >= base - 5
                                            : list.messages[i].arrived == long_ago);
}

/* Days and hours of looks, counted from one that agreed; 0 is noon of a day in 2027. */
static void a_clock_needs_a_witness(void **state)
{
    enum { A = JUNK_CLOCK_AGREES, F = JUNK_CLOCK_FIRST, B = JUNK_CLOCK_BEHIND, L = JUNK_CLOCK_LEAPT };
    static const struct {
        const char *what, *record; /* NULL: none */
        int days;                  /* that messages stay */
        struct {
            int day, hour;
            int want; /* enum junk_clock */
        } looks[6];
    } rows[] = {
        { "every night", "", 10, { { 1, 0, A }, { 2, 2, A }, { 2, 3, A }, { 3, 0, A }, { 11, 0, A } } },
        { "no record", NULL, 10, { { 0, 0, F }, { 0, 1, F }, { 1, 0, A }, { 2, 0, A } } },
        { "a damaged one", "damaged", 10, { { 0, 0, F }, { 0, 1, A }, { 1, 0, A } } },
        { "off for months", "", 10, { { 90, 0, L }, { 90, 1, L }, { 91, 0, A }, { 92, 0, A } } },
        { "1970 for a night", "", 10, { { 1, 0, A }, { -20000, 0, B }, { 2, 0, A } } },
        { "1970 at first", NULL, 10, { { -20000, 0, B }, { -19999, 0, B }, { 1, 0, F }, { 2, 0, A } } },
        { "1970 for ever", "", 10, { { -20000, 0, B }, { -19999, 0, B }, { -19998, 0, B } } },
        { "1970 and a damaged record", "damaged", 10, { { -20000, 0, B }, { 1, 0, F }, { 2, 0, A } } },
        { "2100 for a night", "", 10, { { 26000, 0, L }, { 26000, 1, L }, { 1, 0, A }, { 2, 0, A } } },
        { "2100 at first", NULL, 10, { { 26000, 0, F }, { 1, 0, F }, { 2, 0, A } } },
        { "2100 after the first", NULL, 10, { { 0, 0, F }, { 26000, 0, F }, { 1, 0, A }, { 2, 0, A } } },
        { "20 days ahead", "", 10, { { 21, 0, L }, { 2, 0, A }, { 3, 0, A } } },
        { "20 days behind", "", 10, { { -20, 0, B }, { 2, 0, A }, { 3, 0, A } } },
        { "two wrong nights apart", "", 10, { { 40, 0, L }, { -100, 0, B }, { 3, 0, A } } },
        { "wrong before a long pause", "", 10, { { -100, 0, B }, { 300, 0, L }, { 301, 0, A } } },
        { "set right by a day", "", 10, { { 5, 0, A }, { 3, 0, B }, { 4, 0, A }, { 5, 0, A } } },
        { "set right by half an hour", "", 10, { { 2, 1, A }, { 2, 0, A } } },
        { "messages stay for a day", "", 1, { { 1, 4, A }, { 3, 0, L }, { 4, 0, A } } },
        { "they stay for long", "", 300, { { 8, 0, A }, { 17, 0, L }, { 18, 0, A } } },
        { "once a month", "", 30, { { 30, 0, L }, { 61, 0, A }, { 91, 0, L }, { 122, 0, A } } },
        { "once a month, at first", NULL, 30, { { 1, 0, F }, { 31, 0, F }, { 62, 0, A } } },
    };
    int64_t noon = INT64_C(1800014400);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[100];
        unlink(in_maildir("record"));
        snprintf(text, sizeof text, "tamis-names 2 %lld\n", (long long)noon);
        if (rows[i].record && *rows[i].record)
            put_file(rows[i].record);
        else if (rows[i].record)
            put_record(text);
        for (size_t j = 0; j < 6 && (rows[i].looks[j].day || rows[i].looks[j].hour || rows[i].looks[j].want); j++) {
            int64_t now = noon + rows[i].looks[j].day * DAY + rows[i].looks[j].hour * 3600;
            struct opened_folder folder;
            struct junk_list list;
            struct failure failure = { 0 };
            bool unsaved;
            assert_int_equal(opened_folder_open(maildir, "Junk", &folder, &failure), FOLDER_OPENED);
            assert_true(junk_age_list(&folder, in_maildir("record"), now, rows[i].days, false, arena, &list, &unsaved,
                                      &failure));
            opened_folder_close(&folder);
            if ((int)list.clock != rows[i].looks[j].want)
                fail_msg("%s, look %zu: got %d, want %d", rows[i].what, j + 1, (int)list.clock,
                         rows[i].looks[j].want);
        }
    }
}

/* Neither times nor names: what is there, what has gone and what is new waits for a clock that agrees. */
static void a_doubted_clock_leaves_the_record_alone(void **state)
{
    static const int days[] = { -30, 30, 20000 };
    int64_t now = (int64_t)time(NULL);
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        char text[200];
        struct name_record record;
        struct failure failure = { 0 };
        snprintf(text, sizeof text, "tamis-names 2 %lld\n%lld - 1.a.host\n%lld - gone.host\n", (long long)now,
                 (long long)(now - 5 * DAY), (long long)(now - 6 * DAY));
        put_record(text);
        put(".Junk/cur/1.a.host:2,S");
        put(".Junk/cur/2.new.host:2,S");
        assert_int_not_equal(list_now(now + days[i] * DAY, false).clock, JUNK_CLOCK_AGREES);
        assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
        assert_int_equal(record.count, 2);
        assert_int_equal(record.scanned, now);
        assert_int_equal(record.doubted, now + days[i] * DAY);
        assert_int_equal(name_record_find(&record, span_of("1.a.host"))->time, now - 5 * DAY);
        assert_int_equal(name_record_find(&record, span_of("gone.host"))->time, now - 6 * DAY);
    }
}

/* The clock leapt between two looks and goes on from there: a host that was off, or a clock that stays wrong. */
static void of_a_leap_nothing_counts(void **state)
{
    static const struct {
        const char *what, *record; /* of what is 3 days old at the last good look; NULL: it came after that, unnoted */
        int leap;                  /* days from the last good look to the next, and then a day to one more */
        int want;                  /* days in Junk by then */
    } rows[] = {
        { "a short pause", "1.a.host", 2, 6 },
        { "twenty days", "1.a.host", 20, 4 },
        { "ten years", "1.a.host", 3650, 4 },
        { "ten years, came in between", NULL, 3650, 1 },
    };
    int64_t last = (int64_t)time(NULL) - 2; /* files are made now */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        int64_t next = last + rows[i].leap * DAY, came = next + DAY - rows[i].want * DAY;
        snprintf(text, sizeof text, "tamis-names 2 %lld\n%lld - %s\n", (long long)last, (long long)(last - 3 * DAY),
                 rows[i].record ? rows[i].record : "gone.host");
        put_record(text);
        put_written(".Junk/cur/1.a.host:2,S", 1000);
        list_now(next, false);
        for (int turn = 0; turn < 3; turn++) { /* only looked at, noted, and out of the note a night later */
            struct junk_list list = list_now(next + DAY + (turn == 2 ? DAY : 0), turn == 0);
            assert_int_equal(list.clock, JUNK_CLOCK_AGREES);
            assert_int_equal(list.count, 1);
            if (list.messages[0].arrived != came)
                fail_msg("%s, turn %d: off by %lld s", rows[i].what, turn,
                         (long long)(list.messages[0].arrived - came));
        }
        unlink(in_maildir(".Junk/cur/1.a.host:2,S"));
    }
}

/* How many of the messages there are due on each of these days, counted from now; files are made now, and stay for ten
 * days. */
static void days_begin_with_the_first_look(void **state)
{
    static const struct {
        const char *what, *record; /* NULL: none */
        struct {
            int day;
            size_t want;
        } looks[6];
        size_t count;
    } rows[] = {
        { "right", NULL, { { 0, 0 }, { 1, 0 }, { 9, 0 }, { 11, 1 } }, 4 },
        { "first looked at late", NULL, { { 30, 0 }, { 31, 0 }, { 39, 0 }, { 41, 1 } }, 4 },
        { "years ahead from the first", NULL, { { 3650, 0 }, { 3651, 0 }, { 3659, 0 }, { 3661, 1 } }, 4 },
        { "ahead at first", NULL, { { 3650, 0 }, { 1, 0 }, { 2, 0 }, { 10, 0 }, { 13, 1 } }, 5 },
        { "ahead, then further", NULL, { { 400, 0 }, { 3650, 0 }, { 3651, 0 }, { 3659, 0 }, { 3661, 1 } }, 5 },
        { "ahead for the second", NULL, { { 0, 0 }, { 3650, 0 }, { 1, 0 }, { 8, 0 }, { 10, 1 } }, 5 },
        { "late, then ahead", NULL,
          { { 30, 0 }, { 31, 0 }, { 3650, 0 }, { 3651, 0 }, { 3658, 0 }, { 3661, 1 } }, 6 },
        { "behind at first", NULL, { { -20, 0 }, { 1, 0 }, { 2, 0 }, { 10, 0 }, { 12, 1 } }, 5 },
        { "1970 at first", NULL, { { -20000, 0 }, { 30, 0 }, { 31, 0 }, { 39, 0 }, { 41, 1 } }, 5 },
        { "a damaged record", "damaged", { { 30, 0 }, { 31, 0 }, { 39, 0 }, { 47, 1 } }, 4 },
        { "and ahead", "damaged", { { 3650, 0 }, { 1, 0 }, { 2, 0 }, { 10, 0 }, { 18, 1 } }, 5 },
    };
    const struct expiry_settings settings = { .days = 10, .most = 10 };
    (void)state;
    put_written(".Junk/cur/1.a.host:2,S", 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t base = (int64_t)time(NULL);
        unlink(in_maildir("record"));
        if (rows[i].record)
            put_file(rows[i].record);
        for (size_t j = 0; j < rows[i].count; j++) {
            struct expiry_plan plan;
            int64_t now = base + rows[i].looks[j].day * DAY;
            struct junk_list list = list_now(now, true); /* as a run that only looks, and notes nothing */
            expiry_plan(&list, &settings, now, true, arena, &plan);
            assert_int_equal(list.count, 1);
            if (plan.count != rows[i].looks[j].want)
                fail_msg("%s, day %d: %zu due, only looked at", rows[i].what, rows[i].looks[j].day, plan.count);
            list = list_now(now, false);
            expiry_plan(&list, &settings, now, true, arena, &plan);
            if (plan.count != rows[i].looks[j].want)
                fail_msg("%s, day %d: %zu due", rows[i].what, rows[i].looks[j].day, plan.count);
        }
    }
}

/* A digest left out such messages, and their entries in the record went, so that no later one named them. */
static void what_the_disk_does_not_tell_of_is_there(void **state)
{
    static const struct {
        const char *what;
        int error;
        bool recorded;
        bool want; /* is it listed, as new */
        size_t want_entries; /* in the record, with their times */
    } rows[] = {
        { "recorded, EIO", EIO, true, true, 1 },
        { "recorded, EACCES", EACCES, true, true, 1 },
        { "recorded, ENOMEM", ENOMEM, true, true, 1 },
        { "new, EIO", EIO, false, true, 0 },
        { "recorded, gone", ENOENT, true, false, 0 },
        { "new, gone", ENOENT, false, false, 0 },
    };
    int64_t now = (int64_t)time(NULL);
    const struct expiry_settings settings = { .days = 10, .most = 10 };
    (void)state;
    put_written(".Junk/cur/1.a.host:2,S", 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        struct expiry_plan plan;
        struct name_record record;
        struct failure failure = { 0 };
        snprintf(text, sizeof text, "tamis-names 2 %lld\n%lld - %s\n", (long long)(now - DAY),
                 (long long)(now - 20 * DAY), rows[i].recorded ? "1.a.host" : "gone.host");
        put_record(text);
        untold.name = "1.a.host:2,S";
        untold.error = rows[i].error;
        struct junk_list list = list_now(now, false);
        untold.name = NULL;
        if (list.count != rows[i].want || (list.count && list.messages[0].arrived != now))
            fail_msg("%s: %zu listed", rows[i].what, list.count);
        expiry_plan(&list, &settings, now, true, arena, &plan);
        assert_int_equal(plan.count, 0);
        assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
        if (record.count != rows[i].want_entries || (record.count && record.entries[0].time != now - 20 * DAY))
            fail_msg("%s: %zu entries are left", rows[i].what, record.count);
    }
}

static void who_said_no_junk_keeps_the_mail(void **state)
{
    static const struct {
        const char *flags;
        bool want;
    } rows[] = {
        { "", false }, { ":2,S", false }, { ":2,Sa", false }, { ":2,Sb", true }, { ":2,Sab", true }, { ":2,Sc", false },
    };
    assert_true(file_replace(in_maildir(".Junk/dovecot-keywords"), span_of("0 $Junk\n1 $NotJunk\n"), 0600, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, ".Junk/cur/1.a.host%s", rows[i].flags);
        put(name);
        struct junk_list list = list_now((int64_t)time(NULL), false);
        assert_int_equal(list.count, 1);
        if (list.messages[0].is_not_junk != rows[i].want)
            fail_msg("%s: got %d", name, list.messages[0].is_not_junk);
        unlink(in_maildir(name));
    }
}

/* `there`: none, a file, a folder, a link to itself or to nowhere, or a file too large. */
static void put_keywords(const char *there)
{
    static char large[64 * 1024 + 1];
    const char *path = in_maildir(".Junk/dovecot-keywords");
    memset(large, '\n', sizeof large);
    if (strcmp(there, "a file") == 0)
        assert_true(file_replace(path, span_of("0 $NotJunk\n"), 0600, NULL));
    else if (strcmp(there, "too large") == 0)
        assert_true(file_replace(path, span_make(large, sizeof large), 0600, NULL));
    else if (strcmp(there, "a folder") == 0)
        assert_int_equal(mkdir(path, 0700), 0);
    else if (strcmp(there, "none") != 0)
        assert_int_equal(symlink(strcmp(there, "a loop") == 0 ? "dovecot-keywords" : "nowhere", path), 0);
}

static void keywords_that_cannot_be_read_say_nothing(void **state)
{
    static const struct {
        const char *there;
        bool want_unread;
    } rows[] = {
        { "none", false },    { "a file", false },           { "a folder", true },
        { "a loop", true },   { "a link to nowhere", true }, { "too large", true },
    };
    static const struct {
        const char *name;
        bool has_keyword;
    } files[] = {
        { ".Junk/new/1.a.host", false },
        { ".Junk/cur/1.a.host,S=17:2,FS", false },
        { ".Junk/cur/1.a.host,S=17:2,Sa", true },
        { ".Junk/cur/1.a.host:2,z", true },
        { ".Junk/cur/1.a.host:2,S,a", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_keywords(rows[i].there);
        for (size_t j = 0; j < sizeof files / sizeof files[0]; j++) {
            put(files[j].name);
            struct junk_list list = list_now((int64_t)time(NULL), true);
            assert_int_equal(list.count, 1);
            if (list.messages[0].is_unclear != (rows[i].want_unread && files[j].has_keyword))
                fail_msg("%s, %s: got %d", rows[i].there, files[j].name, list.messages[0].is_unclear);
            if ((list.unread.kind != FAILURE_NONE) != rows[i].want_unread)
                fail_msg("%s: \"%s\"", rows[i].there, list.unread.reason);
            unlink(in_maildir(files[j].name));
        }
        if (remove(in_maildir(".Junk/dovecot-keywords")) != 0)
            assert_string_equal(rows[i].there, "none");
    }
}

static void looking_only_changes_nothing(void **state)
{
    put(".Junk/new/1.a.host");
    list_now((int64_t)time(NULL), true);
    assert_int_not_equal(access(in_maildir("record"), F_OK), 0);
}

static void hidden_files_and_directories_are_no_messages(void **state)
{
    put(".Junk/new/.hidden");
    assert_int_equal(mkdir(in_maildir(".Junk/cur/directory"), 0700), 0);
    assert_int_equal(symlink("/etc/passwd", in_maildir(".Junk/cur/link")), 0);
    assert_int_equal(list_now((int64_t)time(NULL), false).count, 0);
}

static void folders_are_found_in_both_layouts_or_not_at_all(void **state)
{
    static const struct {
        const char *maildir, *junk;
        enum folder_opened want;
    } rows[] = {
        { "", "Junk", FOLDER_OPENED },      { "", "Nested", FOLDER_OPENED }, { "", "Spam", FOLDER_MISSING },
        { "", "../x", FOLDER_FAILED },      { "", "", FOLDER_FAILED },       { "none", "Junk", FOLDER_FAILED },
        { "", "Link", FOLDER_FAILED },
    };
    assert_int_equal(mkdir(in_maildir("Nested"), 0700) | mkdir(in_maildir("Nested/new"), 0700)
                         | mkdir(in_maildir("Nested/cur"), 0700) | symlink(".Junk", in_maildir(".Link")),
                     0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct opened_folder folder;
        struct failure failure = { 0 };
        enum folder_opened got = opened_folder_open(in_maildir(rows[i].maildir), rows[i].junk, &folder, &failure);
        if (got != rows[i].want)
            fail_msg("%s: got %d (%s)", rows[i].junk, got, failure.reason);
        assert_int_equal(got == FOLDER_FAILED, failure.kind != FAILURE_NONE);
        opened_folder_close(&folder);
    }
}

/* --- what is due ------------------------------------------------------------------------------------------------- */

static void what_is_due(void **state)
{
    static struct junk_message messages[] = {
        { .name = "young", .arrived = 95 * DAY },
        { .name = "old", .arrived = 80 * DAY },
        { .name = "older", .arrived = 70 * DAY, .is_new = true },
        { .name = "flagged", .arrived = 1 * DAY, .is_flagged = true },
        { .name = "not junk", .arrived = 1 * DAY, .is_not_junk = true },
        { .name = "unclear", .arrived = 1 * DAY, .is_unclear = true },
        { .name = "to the second", .arrived = 90 * DAY },
        { .name = "a second later", .arrived = 90 * DAY + 1 },
    };
    static const struct {
        int days, most;
        bool unlimited;
        const char *want; /* in order */
        size_t want_waiting, want_kept;
    } rows[] = {
        { 10, 1000, false, "older old to the second ", 0, 3 },
        { 10, 2, false, "older old ", 1, 3 },
        { 10, 2, true, "older old to the second ", 0, 3 },
        { 30, 1000, false, "older ", 0, 3 },
        { 0, 1000, true, "", 0, 0 },
        { 36500, 1000, false, "", 0, 0 },
    };
    struct junk_list list = { .messages = messages, .count = sizeof messages / sizeof messages[0] };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct expiry_plan plan;
        struct expiry_settings settings = { .days = rows[i].days, .most = rows[i].most };
        expiry_plan(&list, &settings, 100 * DAY, rows[i].unlimited, arena, &plan);
        char got[200] = "";
        for (size_t j = 0; j < plan.count; j++)
            strcat(strcat(got, plan.due[j]->name), " ");
        assert_string_equal(got, rows[i].want);
        assert_int_equal(plan.waiting, rows[i].want_waiting);
        assert_int_equal(plan.kept, rows[i].want_kept);
        for (size_t due = plan.count, late = 0; late < 2; late++) {
            struct junk_list begun = { .messages = messages, .count = list.count,
                                       .began = (100 - rows[i].days) * DAY + (int64_t)late };
            expiry_plan(&begun, &settings, 100 * DAY, rows[i].unlimited, arena, &plan);
            assert_int_equal(plan.count, late ? 0 : due);
        }
        for (enum junk_clock clock = JUNK_CLOCK_FIRST; clock <= JUNK_CLOCK_LEAPT; clock++) {
            struct junk_list doubted = { .messages = messages, .count = list.count, .clock = clock };
            expiry_plan(&doubted, &settings, 100 * DAY, rows[i].unlimited, arena, &plan);
            assert_int_equal(plan.count, 0);
        }
    }
}

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void delete_all(struct expiry_done *done, const char *rename_from, const char *rename_to)
{
    struct opened_folder folder;
    struct failure failure = { 0 };
    struct junk_list list;
    bool unsaved;
    assert_int_equal(opened_folder_open(maildir, "Junk", &folder, &failure), FOLDER_OPENED);
    int64_t later = (int64_t)time(NULL) + 100 * DAY;
    char text[100];
    snprintf(text, sizeof text, "tamis-names 2 0\ndoubted %lld\n", (long long)(later - DAY));
    put_record(text);
    assert_true(junk_age_list(&folder, in_maildir("record"), later, 10, false, arena, &list, &unsaved, &failure));
    struct expiry_plan plan;
    expiry_plan(&list, &(struct expiry_settings){ .days = 10, .most = 1000 }, later, false, arena, &plan);
    if (rename_from)
        assert_int_equal(rename(in_maildir(rename_from), in_maildir(rename_to)), 0);
    *done = (struct expiry_done){ 0 };
    assert_true(expiry_delete(&folder, &plan, done, &failure));
    opened_folder_close(&folder);
}

static void deletion_keeps_the_quota_right(void **state)
{
    assert_true(file_replace(in_maildir("maildirsize"), span_of("1000000S\n2000 5\n"), 0600, NULL));
    put(".Junk/cur/1.a.host,S=1200:2,S");
    put(".Junk/new/2.b.host");
    put(".Junk/cur/3.trashed.host,S=99:2,ST"); /* counts nothing already */
    struct expiry_done done;
    delete_all(&done, NULL, NULL);
    assert_int_equal(done.deleted, 3);
    assert_int_equal(done.bytes, 1217);
    assert_int_equal(done.counted, 2);
    struct file_bytes bytes;
    assert_true(file_read(in_maildir("maildirsize"), 0, &bytes, NULL));
    assert_string_equal(bytes.data, "1000000S\n2000 5\n       -1217           -2\n");
    file_bytes_free(&bytes);
}

static void a_message_flagged_this_moment_stays(void **state)
{
    put(".Junk/cur/1.a.host:2,S");
    put(".Junk/cur/2.b.host:2,S");
    struct expiry_done done;
    delete_all(&done, ".Junk/cur/1.a.host:2,S", ".Junk/cur/1.a.host:2,FS");
    assert_int_equal(done.deleted, 1);
    assert_int_equal(done.changed, 1);
    assert_int_equal(access(in_maildir(".Junk/cur/1.a.host:2,FS"), F_OK), 0);
    assert_int_not_equal(access(in_maildir("maildirsize"), F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_stay_when_names_change),
        cmocka_unit_test_setup_teardown(damaged_records_begin_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_flipped_bit_is_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_that_cannot_be_read_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_no_line_can_hold_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arrival_is_never_too_early, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_message_is_older_than_its_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_time_before_this_program_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_a_damaged_record_ages_count_from_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_outlives_changes_of_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clock_needs_a_witness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_doubted_clock_leaves_the_record_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_a_leap_nothing_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_begin_with_the_first_look, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_disk_does_not_tell_of_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_said_no_junk_keeps_the_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keywords_that_cannot_be_read_say_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(looking_only_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hidden_files_and_directories_are_no_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_are_found_in_both_layouts_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_due, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deletion_keeps_the_quota_right, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_message_flagged_this_moment_stays, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
