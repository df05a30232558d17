/* test-left-alone.c - what is known of messages that nobody moved, day by day */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/moves.h"
#include "util/log.h"

/* In the far future: no directory is too young to be believed. */
#define DAY 40000
#define HAM "1700000001.M1.host"
#define SPAM "1700000002.M1.host"
#define OTHER_SPAM "1700000003.M1.host"

static char scratch[64];
static struct moves *moves;

static const char *in_scratch(const char *name)
{
    static char path[4][256];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch, name);
    return path[turn];
}

/* Directories have times of a clock that ticks every few milliseconds; a change within one tick of a scan on a day in
 * the far future would be taken for old. */
static void let_clock_tick(void)
{
    usleep(20000);
}

static void put_message(const char *folder, const char *name, const char *verdict)
{
    char path[128];
    snprintf(path, sizeof path, "%s/cur/%s:2,", folder, name);
    let_clock_tick();
    FILE *file = fopen(in_scratch(path), "w");
    assert_non_null(file);
    fprintf(file, "X-Tamis: id=1, verdict=%s, probability=0.5\nReceived: from x\nMessage-ID: <%s>\n\ntext\n", verdict,
            name);
    fclose(file);
}

static void rename_file(const char *from, const char *to)
{
    let_clock_tick();
    assert_int_equal(rename(in_scratch(from), in_scratch(to)), 0);
}

static void look_on(int64_t day)
{
    struct moves_scan_result result;
    struct folders folders;
    struct arena *arena = arena_new(4 * 1024 * 1024);
    assert_true(folders_find(in_scratch("M"), NULL, arena, &folders, NULL));
    assert_true(moves_scan(moves, &folders, day * 86400, &result, NULL));
    arena_free(arena);
}

static int make_mailbox(void **state)
{
    static const char *const folders[] = { "M", "M/.Junk", "M/.Trash", "M/.Lists" };
    snprintf(scratch, sizeof scratch, "/tmp/test-left-alone.XXXXXX");
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    if (!mkdtemp(scratch))
        return -1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/cur", folders[i]);
        mkdir(in_scratch(folders[i]), 0700);
        mkdir(in_scratch(path), 0700);
        snprintf(path, sizeof path, "%s/new", folders[i]);
        mkdir(in_scratch(path), 0700);
    }
    moves = moves_open(in_scratch("moves"), NULL);
    put_message("M", HAM, "ham"); /* numbers follow the order of sight */
    look_on(DAY);
    put_message("M/.Junk", SPAM, "spam");
    look_on(DAY);
    put_message("M/.Junk", OTHER_SPAM, "spam");
    return 0;
}

static int remove_mailbox(void **state)
{
    char command[128];
    moves_close(&moves);
    snprintf(command, sizeof command, "rm -rf %s", scratch);
    return system(command);
}

/* What was asked about, in words that a test can compare: "ham 3 seen; spam 3 opened; ". */
struct asked {
    char text[256];
    bool confirm;
};

static enum belief ask(void *context, const struct moves_left_alone *left_alone)
{
    static const char *const said[] = { "nothing", "ham", "unsure", "spam" };
    struct asked *asked = context;
    size_t length = strlen(asked->text);
    assert_true((left_alone->place == PLACE_JUNK) == (left_alone->said == SAID_SPAM));
    snprintf(asked->text + length, sizeof asked->text - length, "%s %d%s%s%s; ", said[left_alone->said],
             (int)left_alone->days, left_alone->seen ? " seen" : "", left_alone->used ? " used" : "",
             left_alone->junk_opened ? " opened" : "");
    return !asked->confirm ? BELIEF_NONE : left_alone->said == SAID_HAM ? BELIEF_HAM : BELIEF_SPAM;
}

/* Looks through the folders on that day, and asks; the memory goes through its file each time. */
static const char *asked_on(int64_t day, bool confirm)
{
    static struct asked asked;
    asked = (struct asked){ .confirm = confirm };
    assert_true(moves_save(moves, NULL));
    moves_close(&moves);
    moves = moves_open(in_scratch("moves"), NULL);
    look_on(day);
    moves_visit_left_alone(moves, day * 86400, ask, &asked);
    return asked.text;
}

static void days_count_where_it_lies(void **state)
{
    assert_string_equal(asked_on(DAY, false), "ham 0; spam 0; spam 0; ");
    assert_string_equal(asked_on(DAY + 3, false), "ham 3; spam 3; spam 3; ");
    rename_file("M/.Junk/cur/" OTHER_SPAM ":2,", "M/.Trash/cur/" OTHER_SPAM ":2,");
    assert_string_equal(asked_on(DAY + 4, false), "ham 4; spam 4; ");
    rename_file("M/cur/" HAM ":2,", "M/cur/" HAM ":2,T");
    assert_string_equal(asked_on(DAY + 5, false), "spam 5; ");
}

static void flags_and_folders_tell_of_use(void **state)
{
    assert_string_equal(asked_on(DAY, false), "ham 0; spam 0; spam 0; ");
    rename_file("M/cur/" HAM ":2,", "M/cur/" HAM ":2,S");
    assert_string_equal(asked_on(DAY + 1, false), "ham 1 seen; spam 1; spam 1; ");
    rename_file("M/cur/" HAM ":2,S", "M/cur/" HAM ":2,RS");
    assert_string_equal(asked_on(DAY + 2, false), "ham 2 seen used; spam 2; spam 2; ");
    rename_file("M/cur/" HAM ":2,RS", "M/.Lists/cur/" HAM ":2,");
    assert_string_equal(asked_on(DAY + 3, false), "ham 3 used; spam 3; spam 3; ");
}

static void a_message_read_in_junk_tells_of_those_before_it(void **state)
{
    assert_string_equal(asked_on(DAY, false), "ham 0; spam 0; spam 0; ");
    rename_file("M/.Junk/cur/" SPAM ":2,", "M/.Junk/cur/" SPAM ":2,S");
    assert_string_equal(asked_on(DAY + 2, false), "ham 2; spam 2 seen opened; spam 2 opened; ");
    put_message("M/.Junk", "1700000009.M1.host", "spam");
    assert_string_equal(asked_on(DAY + 3, false), "ham 3; spam 3 seen opened; spam 3 opened; spam 0; ");
}

static void a_message_is_weighed_once(void **state)
{
    assert_string_equal(asked_on(DAY, true), "ham 0; spam 0; spam 0; ");
    assert_int_equal(moves_lesson_count(moves), 3);
    assert_true(moves_lesson_is_implicit(moves, 0));
    assert_int_equal(moves_lesson_wanted(moves, 0), BELIEF_HAM);
    moves_lesson_done(moves, 0);
    moves_lesson_put_off(moves, 1);
    assert_string_equal(asked_on(DAY + 1, true), "spam 1; "); /* the third waits to be learned */
    assert_int_equal(moves_lesson_count(moves), 2);
}

static void the_user_replaces_what_was_inferred(void **state)
{
    asked_on(DAY, true);
    moves_lesson_done(moves, 0);
    rename_file("M/cur/" HAM ":2,", "M/.Junk/cur/" HAM ":2,");
    rename_file("M/.Junk/cur/" SPAM ":2,", "M/cur/" SPAM ":2,");
    assert_string_equal(asked_on(DAY + 1, true), "");
    assert_int_equal(moves_lesson_wanted(moves, 0), BELIEF_SPAM);
    assert_int_equal(moves_lesson_wanted(moves, 1), BELIEF_HAM);
    assert_false(moves_lesson_is_implicit(moves, 0));
    assert_false(moves_lesson_is_implicit(moves, 1));
    moves_lesson_done(moves, 0);
    moves_lesson_done(moves, 1);
    assert_string_equal(asked_on(DAY + 2, true), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days_count_where_it_lies, make_mailbox, remove_mailbox),
        cmocka_unit_test_setup_teardown(flags_and_folders_tell_of_use, make_mailbox, remove_mailbox),
        cmocka_unit_test_setup_teardown(a_message_read_in_junk_tells_of_those_before_it, make_mailbox, remove_mailbox),
        cmocka_unit_test_setup_teardown(a_message_is_weighed_once, make_mailbox, remove_mailbox),
        cmocka_unit_test_setup_teardown(the_user_replaces_what_was_inferred, make_mailbox, remove_mailbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
