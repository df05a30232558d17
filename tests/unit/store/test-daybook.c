/* test-daybook.c - the day-by-day record: days, months, corrections; bounded, and not believed when damaged */
#include "scratch.h"

#include <sys/wait.h>
#include <time.h>

#include "store/daybook.h"

#define NOON 1795348800 /* 22 November 2026, 12:00 UTC */
#define DAY 86400

static uint32_t day_of(int64_t when)
{
    return daybook_date_of(when).day;
}

static struct daybook *open_daybook(const struct scratch *scratch)
{
    struct failure failure = { 0 };
    struct daybook *daybook = daybook_open(scratch->path, &failure);
    if (!daybook)
        fail_msg("%s", failure.reason);
    return daybook;
}

static void note(const struct scratch *scratch, struct daybook_message message)
{
    struct failure failure = { 0 };
    struct daybook *daybook = open_daybook(scratch);
    if (!daybook_note_message(daybook, &message, &failure))
        fail_msg("%s", failure.reason);
    daybook_close(&daybook);
}

static void learn(const struct scratch *scratch, struct daybook_lesson lesson)
{
    struct failure failure = { 0 };
    struct daybook *daybook = open_daybook(scratch);
    if (!daybook_note_lesson(daybook, &lesson, &failure))
        fail_msg("%s", failure.reason);
    daybook_close(&daybook);
}

static struct daybook_view view_of(const struct scratch *scratch, int64_t first, int64_t last, struct arena *arena)
{
    struct daybook_view view;
    struct failure failure = { 0 };
    if (!daybook_read(scratch->path, day_of(first), day_of(last), arena, &view, &failure))
        fail_msg("not read: %s", failure.reason);
    return view;
}

/* --- calendar --------------------------------------------------------------------------------------------------- */

static void days_are_local_days(void **state)
{
    static const struct {
        const char *name, *zone;
        int64_t when;
        int year, month, day;
    } rows[] = {
        { "the first day", "UTC", 0, 1970, 1, 1 },
        { "noon", "UTC", NOON, 2026, 11, 22 },
        { "the last second of a day", "UTC", 1795391999, 2026, 11, 22 },
        { "the first of the next", "UTC", 1795392000, 2026, 11, 23 },
        { "east, where it is tomorrow already", "UTC-13", NOON, 2026, 11, 23 },
        { "west, where it is still yesterday", "UTC+13", NOON, 2026, 11, 21 },
        { "leap day", "UTC", 1709208000, 2024, 2, 29 },
        { "the day after", "UTC", 1709294400, 2024, 3, 1 },
        { "new year's eve", "UTC", 1798718400, 2026, 12, 31 },
        { "and the year after", "UTC-1", 1798761599, 2027, 1, 1 },
        { "no leap day in 2100", "UTC", 4107542400, 2100, 3, 1 },
        { "before 1970: the first day there is", "UTC", -1, 1970, 1, 2 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setenv("TZ", rows[i].zone, 1);
        tzset();
        struct daybook_date date = daybook_date_of(rows[i].when);
        int year, month, day;
        daybook_calendar(date.day, &year, &month, &day);
        if (year != rows[i].year || month != rows[i].month || day != rows[i].day)
            fail_msg("%s: got %d-%02d-%02d", rows[i].name, year, month, day);
        if (rows[i].when >= 0 && date.month != (uint32_t)(12 * year + month - 1))
            fail_msg("%s: month %u", rows[i].name, date.month);
        assert_int_equal(daybook_month_of(date.day), 12 * year + month - 1);
    }
    setenv("TZ", "UTC", 1);
    tzset();
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static void messages_are_counted_by_day(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    note(&scratch, (struct daybook_message){ .now = NOON - DAY, .verdict = DAYBOOK_HAM, .bytes = 100,
                                           .microseconds = 900 });
    note(&scratch, (struct daybook_message){ .now = NOON, .verdict = DAYBOOK_SPAM, .bytes = 10, .microseconds = 7000 });
    note(&scratch, (struct daybook_message){ .now = NOON + 1, .verdict = DAYBOOK_SPAM, .bytes = 5,
                                           .microseconds = 9000000 });
    note(&scratch, (struct daybook_message){ .now = NOON + 2, .verdict = DAYBOOK_UNCHECKED });
    struct daybook_view view = view_of(&scratch, NOON - DAY, NOON, arena);
    assert_int_equal(view.day_count, 2);
    assert_int_equal(view.days[0].day + 1, view.days[1].day);
    assert_int_equal(view.days[0].counts.messages[DAYBOOK_HAM], 1);
    assert_int_equal(view.days[1].counts.messages[DAYBOOK_SPAM], 2);
    assert_int_equal(view.days[1].counts.messages[DAYBOOK_UNCHECKED], 1);
    assert_int_equal(view.days[1].counts.bytes, 15);
    assert_int_equal(view.days[1].counts.slowest, 9000000);
    assert_int_equal(view.days[1].counts.took[3], 1); /* up to 10 ms */
    assert_int_equal(view.days[1].counts.took[DAYBOOK_STEPS - 1], 1);
    assert_int_equal(view.all.messages[DAYBOOK_HAM] + view.all.messages[DAYBOOK_SPAM], 3);
    assert_int_equal(view.all.took[0], 2);
    assert_int_equal(view.last, NOON + 2);
    view = view_of(&scratch, NOON + DAY, NOON + 2 * DAY, arena);
    assert_int_equal(view.day_count, 0);
    assert_int_equal(view.all.bytes, 115);
    arena_free(arena);
    scratch_remove(&scratch);
}

static void old_days_make_room(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    for (int i = 0; i < DAYBOOK_DAYS + 5; i++)
        note(&scratch, (struct daybook_message){ .now = NOON + (int64_t)i * DAY });
    struct daybook_view view = view_of(&scratch, NOON, NOON + 1000 * DAY, arena);
    assert_int_equal(view.day_count, DAYBOOK_DAYS);
    assert_int_equal(view.days[0].day, day_of(NOON) + 5);
    for (size_t i = 0; i < view.day_count; i++) {
        assert_int_equal(view.days[i].day, view.days[0].day + i);
        assert_int_equal(view.days[i].counts.messages[DAYBOOK_HAM], 1);
    }
    assert_int_equal(view.all.messages[DAYBOOK_HAM], DAYBOOK_DAYS + 5);
    arena_free(arena);
    scratch_remove(&scratch);
}

/* --- rules and relays ------------------------------------------------------------------------------------------- */

static struct daybook_rule rule_named(const struct daybook_view *view, const char *name)
{
    for (size_t i = 0; i < view->rule_count; i++)
        if (strcmp(view->rules[i].name, name) == 0)
            return view->rules[i];
    return (struct daybook_rule){ .points = -1 };
}

static void note_hit(const struct scratch *scratch, int64_t now, enum daybook_verdict verdict, const char *name)
{
    struct daybook_hit hit = { name, 250 };
    note(scratch, (struct daybook_message){ .now = now, .verdict = verdict, .hits = &hit, .hit_count = 1 });
}

static void rules_are_counted_by_month(void **state)
{
    /* Months from November 2026: what is noted in which, and what is read. */
    static const struct {
        const char *name;
        int noted[4]; /* months after the first, ended by -1 */
        int first, last;
        uint64_t want;
    } rows[] = {
        { "this month", { 0, 0, -1 }, 0, 0, 2 },
        { "not the next", { 0, 0, -1 }, 1, 1, 0 },
        { "both", { 0, 1, 1, -1 }, 0, 1, 3 },
        { "only the last", { 0, 1, 1, -1 }, 1, 1, 2 },
        { "after a gap", { 0, 5, -1 }, 0, 5, 2 },
        { "the gap itself", { 0, 5, -1 }, 1, 4, 0 },
        { "a year later the first is still there", { 0, 12, -1 }, 0, 12, 2 },
        { "and then it is not", { 0, 13, -1 }, 0, 13, 1 },
        { "years later", { 0, 40, -1 }, 0, 40, 1 },
        { "a clock that was a year ahead", { 12, 0, 0, -1 }, 0, 0, 2 },
        { "mail of last month's last evening, counted late", { 1, 0, -1 }, 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scratch scratch = scratch_new();
        struct arena *arena = arena_new(16 * 1024 * 1024);
        const int64_t month = 30 * DAY + 10 * 3600 + 1800; /* a year's twelfth, about; from the middle of one */
        const int64_t start = NOON - 8 * DAY;
        for (size_t n = 0; n < 4 && rows[i].noted[n] >= 0; n++)
            note_hit(&scratch, start + rows[i].noted[n] * month, DAYBOOK_SPAM, "HIDDEN_TEXT");
        struct daybook_view view = view_of(&scratch, start + rows[i].first * month, start + rows[i].last * month,
                                           arena);
        struct daybook_rule rule = rule_named(&view, "HIDDEN_TEXT");
        if (rule.spam != rows[i].want || rule.points != 250)
            fail_msg("%s: got %d", rows[i].name, (int)rule.spam);
        arena_free(arena);
        scratch_remove(&scratch);
    }
}

static void more_rules_than_there_is_room_for(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    char longest[DAYBOOK_NAME + 1];
    for (int i = 0; i < 3 * DAYBOOK_RULES; i++) {
        char name[32];
        snprintf(name, sizeof name, "RULE_%d", i);
        note_hit(&scratch, NOON, DAYBOOK_HAM, name);
    }
    memset(longest, 'A', DAYBOOK_NAME);
    longest[DAYBOOK_NAME] = '\0';
    note_hit(&scratch, NOON, DAYBOOK_HAM, longest);
    note_hit(&scratch, NOON, DAYBOOK_HAM, longest + 1);
    struct daybook_view view = view_of(&scratch, NOON, NOON, arena);
    assert_int_equal(view.rule_count, DAYBOOK_RULES);
    assert_int_equal(rule_named(&view, longest).points, -1);
    assert_int_equal(rule_named(&view, longest + 1).ham, 1);
    arena_free(arena);
    scratch_remove(&scratch);
}

static struct network_address address(unsigned number)
{
    struct network_address made = { { [10] = 0xFF, [11] = 0xFF, [12] = 192, [13] = (unsigned char)(number >> 8),
                                      [14] = 2, [15] = (unsigned char)number } };
    return made;
}

static void relays_that_sent_spam(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    struct network_address spammer = address(1), friend = address(2);
    note(&scratch, (struct daybook_message){ .now = NOON, .verdict = DAYBOOK_HAM, .relay = &friend });
    note(&scratch, (struct daybook_message){ .now = NOON, .verdict = DAYBOOK_SPAM, .relay = &spammer });
    note(&scratch, (struct daybook_message){ .now = NOON, .verdict = DAYBOOK_HAM, .relay = &spammer });
    struct daybook_view view = view_of(&scratch, NOON, NOON, arena);
    assert_int_equal(view.relay_count, 1);
    assert_memory_equal(&view.relays[0].address, &spammer, sizeof spammer);
    assert_int_equal(view.relays[0].spam, 1);
    assert_int_equal(view.relays[0].ham, 1);
    learn(&scratch, (struct daybook_lesson){ .now = NOON, .learned = true, .by_user = true,
                                             .was = DAYBOOK_NO_CORRECTION, .is = DAYBOOK_SPAM_WAS_HAM,
                                             .relay = &spammer });
    assert_int_equal(view_of(&scratch, NOON, NOON, arena).relay_count, 0);
    for (unsigned i = 0; i < 3 * DAYBOOK_RELAYS; i++) {
        struct network_address one = address(i);
        note(&scratch, (struct daybook_message){ .now = NOON + DAY, .verdict = DAYBOOK_SPAM, .relay = &one });
    }
    assert_int_equal(view_of(&scratch, NOON, NOON + DAY, arena).relay_count, DAYBOOK_RELAYS);
    arena_free(arena);
    scratch_remove(&scratch);
}

/* --- corrections ------------------------------------------------------------------------------------------------ */

static void what_a_word_is_worth(void **state)
{
    static const struct {
        enum daybook_verdict verdict;
        enum label label;
        enum daybook_correction want;
    } rows[] = {
        { DAYBOOK_HAM, LABEL_HAM, DAYBOOK_NO_CORRECTION },
        { DAYBOOK_HAM, LABEL_SPAM, DAYBOOK_HAM_WAS_SPAM },
        { DAYBOOK_UNSURE, LABEL_HAM, DAYBOOK_UNSURE_WAS_HAM },
        { DAYBOOK_UNSURE, LABEL_SPAM, DAYBOOK_UNSURE_WAS_SPAM },
        { DAYBOOK_SPAM, LABEL_HAM, DAYBOOK_SPAM_WAS_HAM },
        { DAYBOOK_SPAM, LABEL_SPAM, DAYBOOK_NO_CORRECTION },
        { DAYBOOK_INFECTED, LABEL_HAM, DAYBOOK_NO_CORRECTION },
        { DAYBOOK_UNCHECKED, LABEL_SPAM, DAYBOOK_NO_CORRECTION },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(daybook_correction_of(rows[i].verdict, rows[i].label), rows[i].want);
}

static void corrections_count_and_are_taken_back(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    note_hit(&scratch, NOON, DAYBOOK_SPAM, "A_RULE");
    struct daybook_lesson lesson = { .now = NOON, .learned = true, .label = LABEL_HAM, .by_user = true,
                                     .was = DAYBOOK_NO_CORRECTION, .is = DAYBOOK_SPAM_WAS_HAM,
                                     .rules = span_of("A_RULE OTHER") };
    learn(&scratch, lesson);
    struct daybook_view view = view_of(&scratch, NOON, NOON, arena);
    assert_int_equal(view.all.corrected[DAYBOOK_SPAM_WAS_HAM], 1);
    assert_int_equal(view.all.lessons[LABEL_HAM][1], 1);
    assert_int_equal(rule_named(&view, "A_RULE").called_ham, 1);
    assert_int_equal(rule_named(&view, "OTHER").called_ham, 1);
    lesson.is = DAYBOOK_NO_CORRECTION;
    lesson.was = DAYBOOK_SPAM_WAS_HAM;
    lesson.label = LABEL_SPAM;
    learn(&scratch, lesson);
    lesson.learned = false;
    lesson.was = DAYBOOK_NO_CORRECTION;
    learn(&scratch, lesson);
    lesson.learned = lesson.counts_before = true;
    learn(&scratch, lesson);
    view = view_of(&scratch, NOON, NOON, arena);
    assert_int_equal(view.all.corrected[DAYBOOK_SPAM_WAS_HAM], 1);
    assert_int_equal(view.all.taken_back[DAYBOOK_SPAM_WAS_HAM], 1);
    assert_int_equal(view.all.lessons[LABEL_SPAM][1], 1);
    assert_int_equal(view.all.forgotten, 1);
    assert_int_equal(rule_named(&view, "A_RULE").called_ham, 0);
    assert_int_equal(rule_named(&view, "A_RULE").spam, 1);
    arena_free(arena);
    scratch_remove(&scratch);
}

/* --- damage ----------------------------------------------------------------------------------------------------- */

static void spoil(const struct scratch *scratch, off_t at, const void *bytes, size_t length)
{
    int fd = open(scratch_file(scratch, DAYBOOK_FILE), O_RDWR);
    assert_true(fd >= 0 && pwrite(fd, bytes, length, at) == (ssize_t)length);
    close(fd);
}

/* Where things are in the file, as drawn in daybook.h. */
enum { AT_DAYS = 320, AT_RULES = AT_DAYS + 400 * 280, AT_RELAYS = AT_RULES + 1024 * 192,
       AT_END = AT_RELAYS + 512 * 80 };

struct damage {
    const char *name;
    off_t at, every, until; /* where `bytes` are put: one place, or all that are so far apart */
    const char *bytes;
    off_t length; /* of the file then */
    enum failure_kind kind;
    uint64_t today;
    size_t rules, relays;
    uint64_t after; /* messages of today once another one came */
};

static void do_damage(const struct scratch *scratch, const struct damage *damage)
{
    for (off_t at = damage->at; at < damage->until; at += damage->every)
        spoil(scratch, at, damage->bytes, strlen(damage->bytes));
    assert_int_equal(truncate(scratch_file(scratch, DAYBOOK_FILE), damage->length), 0);
}

static void expect_what_is_sound(const struct scratch *scratch, const struct damage *damage, struct arena *arena)
{
    struct daybook_view view;
    struct failure failure = { 0 };
    bool read = daybook_read(scratch->path, day_of(NOON), day_of(NOON), arena, &view, &failure);
    uint64_t today = view.day_count ? view.days[0].counts.messages[DAYBOOK_SPAM] : 0;
    if (read != (damage->kind == FAILURE_NONE) || failure.kind != damage->kind || today != damage->today ||
        view.rule_count != damage->rules || view.relay_count != damage->relays)
        fail_msg("%s: read %d, today %d, %zu rules, %zu relays, %s", damage->name, read, (int)today, view.rule_count,
                 view.relay_count, failure.reason);
}

static void damage_is_not_believed(void **state)
{
    static const struct damage rows[] = {
        { "nothing", 0, 1, 0, "", AT_END, FAILURE_NONE, 1, 1, 1, 2 },
        { "mark", 3, 1, 4, "x", AT_END, FAILURE_DAMAGED, 0, 0, 0, 1 },
        { "counts in the header", 60, 1, 61, "x", AT_END, FAILURE_DAMAGED, 0, 0, 0, 1 },
        { "a newer version", 8, 1, 9, "\x02", AT_END, FAILURE_DAMAGED, 0, 0, 0, 0 },
        { "the day", AT_DAYS + 20, 280, AT_RULES, "x", AT_END, FAILURE_NONE, 0, 1, 1, 1 },
        { "the rule", AT_RULES + 60, 192, AT_RELAYS, "xyzzy", AT_END, FAILURE_NONE, 1, 0, 1, 2 },
        { "the relay", AT_RELAYS + 17, 80, AT_END, "x", AT_END, FAILURE_NONE, 1, 1, 0, 2 },
        { "cut off", 0, 1, 0, "", AT_END - 1, FAILURE_DAMAGED, 0, 0, 0, 1 },
        { "empty", 0, 1, 0, "", 0, FAILURE_DAMAGED, 0, 0, 0, 1 },
    };
    const struct network_address relay = address(7);
    const struct daybook_hit hit = { "A_RULE", 100 };
    const struct daybook_message message = { .now = NOON, .verdict = DAYBOOK_SPAM, .hits = &hit, .hit_count = 1,
                                             .relay = &relay };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scratch scratch = scratch_new();
        struct arena *arena = arena_new(16 * 1024 * 1024);
        note(&scratch, message);
        do_damage(&scratch, &rows[i]);
        expect_what_is_sound(&scratch, &rows[i], arena);
        struct daybook *daybook = open_daybook(&scratch);
        assert_int_equal(daybook_note_message(daybook, &message, NULL), rows[i].after > 0);
        daybook_close(&daybook);
        if (rows[i].after)
            assert_int_equal(view_of(&scratch, NOON, NOON, arena).days[0].counts.messages[DAYBOOK_SPAM], rows[i].after);
        arena_free(arena);
        scratch_remove(&scratch);
    }
}

static void what_cannot_be_had(void **state)
{
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    struct daybook_view view;
    struct failure failure = { 0 };
    assert_false(daybook_read(scratch.path, 1, 2, arena, &view, &failure));
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_null(daybook_open("", &failure));
    assert_int_equal(failure.kind, FAILURE_PERMISSION);
    struct daybook *daybook = open_daybook(&scratch);
    daybook_close(&daybook);
    struct stat status;
    assert_int_equal(stat(scratch_file(&scratch, DAYBOOK_FILE), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(stat(scratch.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    unlink(scratch_file(&scratch, DAYBOOK_FILE));
    assert_int_equal(symlink("/etc/passwd", scratch_file(&scratch, DAYBOOK_FILE)), 0);
    failure = (struct failure){ 0 };
    assert_null(daybook_open(scratch.path, &failure));
    assert_int_equal(failure.kind, FAILURE_PERMISSION);
    arena_free(arena);
    scratch_remove(&scratch);
}

/* Deliveries come at once; each is counted. */
static void many_at_once(void **state)
{
    enum { WRITERS = 6, MESSAGES = 50 };
    struct scratch scratch = scratch_new();
    struct arena *arena = arena_new(16 * 1024 * 1024);
    pid_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0) {
            struct daybook_hit hit = { "A_RULE", 100 };
            struct daybook_message message = { .now = NOON, .verdict = DAYBOOK_HAM, .hits = &hit, .hit_count = 1 };
            struct daybook *daybook = daybook_open(scratch.path, NULL);
            int noted = 0;
            for (int n = 0; n < MESSAGES && daybook; n++)
                noted += daybook_note_message(daybook, &message, NULL);
            _exit(noted);
        }
    }
    uint64_t noted = 0;
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        assert_true(WIFEXITED(status));
        noted += (uint64_t)WEXITSTATUS(status);
    }
    struct daybook_view view = view_of(&scratch, NOON, NOON, arena);
    assert_true(noted > 0);
    assert_int_equal(view.all.messages[DAYBOOK_HAM], noted);
    assert_int_equal(view.days[0].counts.messages[DAYBOOK_HAM], noted);
    assert_int_equal(rule_named(&view, "A_RULE").ham, noted);
    arena_free(arena);
    scratch_remove(&scratch);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_local_days),
        cmocka_unit_test(messages_are_counted_by_day),
        cmocka_unit_test(old_days_make_room),
        cmocka_unit_test(rules_are_counted_by_month),
        cmocka_unit_test(more_rules_than_there_is_room_for),
        cmocka_unit_test(relays_that_sent_spam),
        cmocka_unit_test(what_a_word_is_worth),
        cmocka_unit_test(corrections_count_and_are_taken_back),
        cmocka_unit_test(damage_is_not_believed),
        cmocka_unit_test(what_cannot_be_had),
        cmocka_unit_test(many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
