/* test-sorting.c - what waits to be judged, and what becomes of flags and names when a message moves */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/maildir-folder.h"
#include "mailbox/sorting.h"
#include "util/file.h"
#include "util/log.h"

static char maildir[64];
static struct arena *arena;
static struct opened_folder inbox, junk;

static const char *in_maildir(const char *name)
{
    static char path[4][4096];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", maildir, name);
    return path[turn];
}

static void put(const char *name)
{
    if (!file_replace(in_maildir(name), span_of("Subject: x\n\nbody\n"), 0600, NULL))
        fail_msg("cannot write %s", name);
}

static int set_up(void **state)
{
    struct failure failure = { 0 };
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    arena = arena_new(NAME_RECORD_ARENA);
    strcpy(maildir, "/tmp/test-sorting.XXXXXX");
    if (!mkdtemp(maildir) || mkdir(in_maildir("new"), 0700) || mkdir(in_maildir("cur"), 0700))
        return 1;
    int root = open(maildir, O_RDONLY | O_DIRECTORY), made = maildir_folder_open(root, "Junk", true, &failure);
    close(root);
    close(made);
    return opened_folder_open(maildir, NULL, &inbox, &failure) != FOLDER_OPENED
           || opened_folder_open(maildir, "Junk", &junk, &failure) != FOLDER_OPENED;
}

static int tear_down(void **state)
{
    char command[128];
    opened_folder_close(&inbox);
    opened_folder_close(&junk);
    arena_free(arena);
    snprintf(command, sizeof command, "rm -rf %s", maildir);
    return system(command);
}

static void flags_that_go_along(void **state)
{
    static const char from[] = "0 Work\n1 $Forwarded\n2 Same\n25 Last\nx Bad\n", to[] = "0 $Junk\n2 Same\n25 Last\n";
    static const struct {
        const char *flags, *from, *to, *want;
    } rows[] = {
        { "", from, to, "" },
        { "P", from, to, "P" },
        { "DFPRST", from, to, "DFPRST" },
        { "Pabcz", from, to, "Pcz" },
        { "c", from, "", "" },
        { "c", "", to, "" },
        { "d", from, to, "" },
        { "bc", "1 b\n2 Same", "1 b\n2 Same", "bc" },
        { "c", "12 Same\n", "12 Same\n", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[64];
        sorting_flags(span_of(rows[i].flags), span_of(rows[i].from), span_of(rows[i].to), out);
        if (strcmp(out, rows[i].want) != 0)
            fail_msg("\"%s\": got \"%s\", want \"%s\"", rows[i].flags, out, rows[i].want);
    }
    char long_flags[200], out[64];
    memset(long_flags, 'P', sizeof long_flags - 1);
    long_flags[sizeof long_flags - 1] = '\0';
    sorting_flags(span_of(long_flags), SPAN_EMPTY, SPAN_EMPTY, out);
    assert_int_equal(strlen(out), 63);
}

static void what_waits(void **state)
{
    static const struct {
        const char *name;
        bool want;
    } rows[] = {
        { "new/1.a.h", true },     { "new/2.odd:2,S", true },  { "cur/3.c.h:2,", true },   { "cur/4.d.h", true },
        { "cur/5.e.h:2,S", false }, { "cur/6.f.h:2,F", false }, { "cur/7.g.h:2,R", false }, { "cur/8.h.h:2,T", false },
        { "cur/9.i.h:2,D", false }, { "cur/10.j.h:2,P", true },  { "cur/12.k.h:2,P,S", true },
        { "cur/11.judged.h:2,", false },
        { "new/.hidden", false },
    };
    struct name_record record = { .arena = arena };
    struct failure failure = { 0 };
    name_record_add(&record, span_of("11.judged.h"), 5, 'h');
    name_record_add(&record, span_of("12.gone.h"), 5, 'h');
    assert_true(name_record_save(&record, in_maildir("record"), 9, &failure));
    assert_true(name_record_load(in_maildir("record"), arena, &record, &failure));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        put(rows[i].name);
    struct waiting_list list;
    assert_true(sorting_list(&inbox, &record, arena, &list, &failure));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool found = false;
        for (size_t j = 0; j < list.count; j++)
            found = found || strcmp(list.messages[j].name, rows[i].name + 4) == 0;
        if (found != rows[i].want)
            fail_msg("%s: got %d", rows[i].name, found);
    }
    assert_true(name_record_find(&record, span_of("11.judged.h"))->present);
    assert_false(name_record_find(&record, span_of("12.gone.h"))->present);
}

static void where_a_message_goes(void **state)
{
    static const struct {
        const char *from, *there, *to; /* `there`: a file that is in Junk already */
        enum sorting_moved want;
    } rows[] = {
        { "new/1.a.h", NULL, ".Junk/new/1.a.h", SORTING_MOVED },
        { "cur/2.b.h:2,", NULL, ".Junk/new/2.b.h", SORTING_MOVED },
        { "cur/3.c.h,S=1:2,P", NULL, ".Junk/cur/3.c.h,S=1:2,P", SORTING_MOVED },
        { "cur/4.d.h", NULL, ".Junk/new/4.d.h", SORTING_MOVED },
        { "new/5.e.h", ".Junk/new/5.e.h", "new/5.e.h", SORTING_CHANGED },
        { "new/6.f.h:2,", NULL, ".Junk/new/6.f.h", SORTING_MOVED },
        { "cur/7.g.h,U=12:2,", NULL, ".Junk/new/7.g.h", SORTING_MOVED },
        { "cur/8.h.h,U=3,S=9:2,P", NULL, ".Junk/cur/8.h.h,S=9:2,P", SORTING_MOVED },
        { "new/9.i.h,U=12", NULL, ".Junk/new/9.i.h", SORTING_MOVED },
        { "cur/10.j.h,U=x:2,", NULL, ".Junk/new/10.j.h,U=x", SORTING_MOVED },
        { "cur/11.k.h:2,P,S", NULL, ".Junk/cur/11.k.h:2,P", SORTING_MOVED },
        { "cur/12.l.h:1,P", NULL, ".Junk/new/12.l.h:1,P", SORTING_MOVED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = { 0 };
        put(rows[i].from);
        if (rows[i].there)
            put(rows[i].there);
        struct waiting_message message = { .name = rows[i].from + 4, .is_new = rows[i].from[0] == 'n' };
        enum sorting_moved got = sorting_move(&inbox, &message, &junk, &failure);
        if (got != rows[i].want || access(in_maildir(rows[i].to), F_OK) != 0)
            fail_msg("%s: got %d, \"%s\"", rows[i].from, got, failure.reason);
    }
    struct waiting_message gone = { .name = "gone" };
    assert_int_equal(sorting_move(&inbox, &gone, &junk, NULL), SORTING_CHANGED);
}

/* A link to itself is an error that also root gets; a link to nowhere may lead somewhere tomorrow. */
static void keywords_that_cannot_be_read(void **state)
{
    static const struct {
        const char *flags, *file, *target;
        enum sorting_moved want;
    } rows[] = {
        { "a", "dovecot-keywords", "dovecot-keywords", SORTING_FAILED },
        { "Pa", ".Junk/dovecot-keywords", "dovecot-keywords", SORTING_FAILED },
        { "a", ".Junk/dovecot-keywords", "nowhere", SORTING_FAILED },
        { "P", "dovecot-keywords", "dovecot-keywords", SORTING_MOVED },
        { "P,a", "dovecot-keywords", "dovecot-keywords", SORTING_MOVED },
        { "", "dovecot-keywords", "dovecot-keywords", SORTING_MOVED },
        { "a", "unrelated", "unrelated", SORTING_MOVED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = { 0 };
        char name[64];
        snprintf(name, sizeof name, "cur/%zu.a.h:2,%s", i, rows[i].flags);
        put(name);
        assert_int_equal(symlink(rows[i].target, in_maildir(rows[i].file)), 0);
        struct waiting_message message = { .name = name + 4 };
        enum sorting_moved got = sorting_move(&inbox, &message, &junk, &failure);
        bool stays = access(in_maildir(name), F_OK) == 0;
        if (got != rows[i].want || stays != (got == SORTING_FAILED) || (stays && !*failure.reason))
            fail_msg("row %zu: got %d, \"%s\"", i, got, failure.reason);
        unlink(in_maildir(rows[i].file));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_that_go_along),
        cmocka_unit_test_setup_teardown(what_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_a_message_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keywords_that_cannot_be_read, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
