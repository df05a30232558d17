/* test-complaints.c - a line is logged once a day for each directory, and always where that cannot be noted */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/complaints.h"
#include "util/file.h"

#define NOTES "complaints-here/" COMPLAINTS_FILE

/* What is in the place of the notes before; NULL: nothing. */
static const struct {
    const char *name, *notes;
    int lines_want; /* of three complaints "one", "one", "two" */
} cases[] = {
    { "no notes yet", NULL, 2 },
    { "notes of another day", "00001 0123456789abcdef\n", 2 },
    { "no notes but something else", "\n\n\n", 2 },
    { "a directory in the place of the notes", "/", 3 },
    { "a FIFO in the place of the notes", "|", 3 },
    { "a symbolic link", "@", 3 },
};

static void make_notes(const char *notes)
{
    if (!notes)
        return;
    if (strcmp(notes, "/") == 0)
        assert_int_equal(mkdir(NOTES, 0700), 0);
    else if (strcmp(notes, "|") == 0)
        assert_int_equal(mkfifo(NOTES, 0600), 0);
    else if (strcmp(notes, "@") == 0)
        assert_int_equal(symlink("elsewhere", NOTES), 0);
    else
        assert_true(file_replace(NOTES, span_of(notes), 0600, NULL));
}

/* How many lines the complaints write to stderr. */
static int complain_thrice(void)
{
    int saved = dup(STDERR_FILENO), lines = 0, fd = open("complaints-log", O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDERR_FILENO);
    complain_daily("complaints-here", LOG_SEVERITY_WARNING, "%s", "one");
    complain_daily("complaints-here", LOG_SEVERITY_WARNING, "%s", "one");
    complain_daily("complaints-here", LOG_SEVERITY_WARNING, "%s", "two");
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    struct file_bytes log;
    assert_true(file_read("complaints-log", 0, &log, NULL));
    for (size_t i = 0; i < log.length; i++)
        lines += log.data[i] == '\n';
    file_bytes_free(&log);
    close(fd);
    return lines;
}

static void a_line_is_logged_once(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(mkdir("complaints-here", 0700), 0);
        make_notes(cases[i].notes);
        int lines = complain_thrice();
        if (lines != cases[i].lines_want)
            fail_msg("%s: got %d lines, want %d", cases[i].name, lines, cases[i].lines_want);
        if (unlink(NOTES) != 0)
            rmdir(NOTES);
        assert_int_equal(rmdir("complaints-here"), 0);
    }
}

static void the_notes_stay_small(void **state)
{
    assert_int_equal(mkdir("complaints-here", 0700), 0);
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_WARNING);
    for (int i = 0; i < 10 * COMPLAINTS_A_DAY; i++)
        complain_daily("complaints-here", LOG_SEVERITY_WARNING, "number %d", i);
    struct stat status;
    assert_int_equal(stat(NOTES, &status), 0);
    assert_true(status.st_size <= COMPLAINTS_A_DAY * 40);
    unlink(NOTES);
    rmdir("complaints-here");
    log_open(LOG_TARGET_STDERR, LOG_SEVERITY_WARNING);
}

static int enter_scratch(void **state)
{
    static char scratch[] = "/tmp/test-complaints.XXXXXX";
    *state = scratch;
    return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int leave_scratch(void **state)
{
    unlink("complaints-log");
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_logged_once),
        cmocka_unit_test(the_notes_stay_small),
    };
    return cmocka_run_group_tests_name("complaints", tests, enter_scratch, leave_scratch);
}
