/* test-state-directory.c - the folder of what is remembered: made when missing, refused when it is somebody else's */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/state-directory.h"

#define SOMEBODY_ELSE 54321

/* Made in this order. */
static const struct {
    const char *name;
    mode_t mode; /* 0: a file */
    bool is_ours;
} things[] = {
    { "ours", 0750, true },
    { "theirs", 0700, false },
    { "file", 0, true },
};

static char folder[] = "/tmp/test-state-directory.XXXXXX";

static int make_folder(void **state)
{
    return !mkdtemp(folder);
}

static int remove_folder(void **state)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? fd : close(fd);
}

static void what_is_made_and_refused(void **state)
{
    static const struct {
        const char *name; /* NULL: the empty path */
        enum failure_kind want;
        mode_t mode;
    } cases[] = {
        { "new", FAILURE_NONE, 0700 },
        { "new/below/that", FAILURE_NONE, 0700 },
        { "ours", FAILURE_NONE, 0750 },
        { "ours/below", FAILURE_NONE, 0700 },
        { "theirs", FAILURE_PERMISSION, 0 },
        { "file/below", FAILURE_TEMPORARY, 0 },
        { NULL, FAILURE_CONFIGURATION, 0 },
    };
    bool is_root = geteuid() == 0;
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        const char *path = in_folder(things[i].name);
        if (things[i].mode == 0)
            assert_int_equal(make_file(path), 0);
        else
            assert_true(mkdir(path, 0700) == 0 && chmod(path, things[i].mode) == 0);
        if (!things[i].is_ours && is_root)
            assert_int_equal(chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE), 0);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].want == FAILURE_PERMISSION && !is_root)
            continue; /* nobody else can make a directory of somebody else's */
        const char *path = cases[i].name ? in_folder(cases[i].name) : "";
        struct failure failure = { 0 };
        struct stat status = { 0 };
        bool got = state_directory_make(path, &failure);
        if (got != (cases[i].want == FAILURE_NONE) || failure.kind != cases[i].want)
            fail_msg("row %zu: got %d, kind %d, \"%s\"", i, got, (int)failure.kind, failure.reason);
        if (got && (stat(path, &status) != 0 || (status.st_mode & 0777) != cases[i].mode))
            fail_msg("row %zu: mode %03o", i, (unsigned)status.st_mode & 0777);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_made_and_refused) };
    return cmocka_run_group_tests_name("state directory", tests, make_folder, remove_folder);
}
