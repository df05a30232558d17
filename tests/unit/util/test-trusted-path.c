/* test-trusted-path.c - paths through folders and links of others, and which of them are refused */
#include "unit.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/trusted-path.h"

/* User and group of what is made; OURS is who runs the test. */
enum { OURS = -1, OTHER = 54321 };

static char scratch[64];

static const char *in_scratch(const char *name)
{
    static char paths[2][256];
    static int turn;
    char *path = paths[turn = !turn];
    snprintf(path, sizeof paths[0], "%s%s%s", scratch, *name ? "/" : "", name);
    return path;
}

/* Made in this order: what has a target is a link; "@" in front of it is the scratch folder. */
static const struct {
    const char *name, *target;
    mode_t mode;
    int user, group;
} things[] = {
    { "mine", NULL, 0700, OURS, OURS },
    { "mine/state", NULL, 0700, OURS, OURS },
    { "open", NULL, 0777, OURS, OURS },
    { "open/state", NULL, 0700, OURS, OURS },
    { "sticky", NULL, 01777, OURS, OURS },
    { "sticky/state", NULL, 0700, OURS, OURS },
    { "mine/link", "@mine/state", 0, OURS, OURS },
    { "mine/relative", "../mine/./state", 0, OURS, OURS },
    { "mine/to-open", "../open/state", 0, OURS, OURS },
    { "mine/loop", "loop", 0, OURS, OURS },
    { "other", NULL, 0755, OTHER, OTHER },
    { "other/state", NULL, 0700, OURS, OURS },
    { "mine/others-link", "@mine/state", 0, OTHER, OTHER },
    { "sticky/others-link", "@mine", 0, OTHER, OTHER },
    { "mine/to-others-link", "@sticky/others-link/state", 0, OURS, OURS },
};

static const struct {
    const char *path;
    bool needs_root; /* to make what is on the way */
    bool private, mail; /* is it trusted for that? */
} rows[] = {
    { "mine/state", false, true, true },
    { "mine//./state/", false, true, true },
    { "open/../mine/state", false, false, false },
    { "mine/not-yet/state", false, true, true },
    { "mine/link", false, true, true },
    { "mine/link/deeper", false, true, true },
    { "mine/relative", false, true, true },
    { "mine/loop", false, true, true }, /* nothing can be opened there */
    { "open/state", false, false, false },
    { "open/not-yet", false, false, false },
    { "open", false, false, true }, /* delivery says so, and delivers */
    { "sticky/state", false, true, true },
    { "sticky", false, false, true },
    { "mine/to-open", false, false, false },
    { "other/state", true, false, true },
    { "other", true, false, true },
    { "mine/others-link", true, false, false },
    { "mine/others-link/deeper", true, false, false },
    { "sticky/others-link/state", true, false, false },
    { "mine/to-others-link", true, false, false },
};

static void check_rows(bool that_need_root)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].needs_root != that_need_root)
            continue;
        for (int use = PATH_OF_MAIL; use <= PATH_PRIVATE; use++) {
            struct failure failure = { 0 };
            bool want = use == PATH_PRIVATE ? rows[i].private : rows[i].mail;
            bool got = trusted_path_check(in_scratch(rows[i].path), (enum path_use)use, &failure);
            if (got != want)
                fail_msg("%s as %s: got %d (%s)", rows[i].path, use == PATH_PRIVATE ? "private" : "mail", got,
                         failure.reason);
            assert_true(got || (failure.kind == FAILURE_PERMISSION && strstr(failure.reason, scratch)));
        }
    }
}

static void paths_are_trusted_or_not(void **state)
{
    (void)state;
    check_rows(false);
}

static void those_through_what_belongs_to_others_too(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    check_rows(true);
}

static int make_things(void **state)
{
    snprintf(scratch, sizeof scratch, "/tmp/tamis-path.XXXXXX");
    assert_non_null(mkdtemp(scratch));
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        char target[256];
        if (things[i].user != OURS && geteuid() != 0)
            continue;
        if (things[i].target && things[i].target[0] == '@')
            snprintf(target, sizeof target, "%s", in_scratch(things[i].target + 1));
        else if (things[i].target)
            snprintf(target, sizeof target, "%s", things[i].target);
        if (things[i].target)
            assert_int_equal(symlink(target, in_scratch(things[i].name)), 0);
        else
            assert_int_equal(mkdir(in_scratch(things[i].name), 0700) |
                                 chmod(in_scratch(things[i].name), things[i].mode), 0);
        if (things[i].user != OURS)
            assert_int_equal(lchown(in_scratch(things[i].name), OTHER, OTHER), 0);
    }
    return 0;
}

static int remove_things(void **state)
{
    for (size_t i = sizeof things / sizeof things[0]; i-- > 0;)
        remove(in_scratch(things[i].name));
    return rmdir(scratch);
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

/* As Debian numbers them, and nearly everybody: user and group daemon; group bin; group sudo, of no user's number; user
 * nobody and group nogroup. */
enum { DAEMON = 1, BIN = 2, SUDO = 27, NOBODY = 65534, NO_NAME = 54321, NO_NAME_EITHER = 54322 };

static bool has_the_usual_names(void)
{
    const struct passwd *user = getpwuid(DAEMON);
    const struct group *group = getgrgid(DAEMON);
    return user && group && strcmp(user->pw_name, group->gr_name) == 0 && getgrgid(BIN) && getgrgid(SUDO) &&
           !getpwuid(SUDO) && getpwuid(NOBODY) && getgrgid(NOBODY) && !getpwuid(NO_NAME) && !getgrgid(NO_NAME) &&
           !getgrgid(NO_NAME_EITHER);
}

static const struct {
    const char *title;
    uid_t user;         /* who runs this */
    uid_t owner;        /* of the folder, with this group and mode */
    gid_t group;
    mode_t mode;
    bool itself, below; /* are it, and a folder of the user's in it, trusted as private? */
} group_rows[] = {
    { "the user's own group", DAEMON, DAEMON, DAEMON, 0770, true, true },
    { "another group", DAEMON, DAEMON, BIN, 0770, false, false },
    { "another group that may only read", DAEMON, DAEMON, BIN, 0755, true, true },
    { "another group, in a sticky folder", DAEMON, DAEMON, BIN, 01770, false, true },
    { "a group without a name", DAEMON, DAEMON, NO_NAME, 0770, false, false },
    { "the user's number, of another name", NOBODY, NOBODY, NOBODY, 0770, false, false },
    { "neither has a name, one number", NO_NAME, NO_NAME, NO_NAME, 0770, true, true },
    { "neither has a name, two numbers", NO_NAME, NO_NAME, NO_NAME_EITHER, 0770, false, false },
    { "one number, and only the group has a name", SUDO, SUDO, SUDO, 0770, false, false },
    { "a group that root has let in", DAEMON, 0, BIN, 0775, true, true },
    { "a folder of somebody else's", DAEMON, NO_NAME, DAEMON, 0775, false, false },
};

/* As that user, in a process of its own. */
static bool is_trusted_by(uid_t user, const char *path, enum path_use use)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(seteuid(user) != 0 ? 9 : trusted_path_check(path, use, NULL) ? 1 : 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    return WEXITSTATUS(status) == 1;
}

static void a_group_that_may_write_must_be_the_users_own(void **state)
{
    char folder[] = "/tmp/tamis-group.XXXXXX", path[64], inner[80];
    (void)state;
    if (geteuid() != 0 || !has_the_usual_names())
        skip(); /* it takes root to make them */
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    snprintf(path, sizeof path, "%s/it", folder);
    snprintf(inner, sizeof inner, "%s/state", path);
    for (size_t i = 0; i < sizeof group_rows / sizeof group_rows[0]; i++) {
        uid_t user = group_rows[i].user;
        assert_int_equal(mkdir(path, 0700) | mkdir(inner, 0700), 0);
        assert_int_equal(chown(inner, user, group_rows[i].group), 0);
        assert_int_equal(chown(path, group_rows[i].owner, group_rows[i].group), 0);
        assert_int_equal(chmod(path, group_rows[i].mode), 0);
        bool itself = is_trusted_by(user, path, PATH_PRIVATE), below = is_trusted_by(user, inner, PATH_PRIVATE);
        if (itself != group_rows[i].itself || below != group_rows[i].below)
            fail_msg("%s: itself %d, below it %d", group_rows[i].title, itself, below);
        assert_true(is_trusted_by(user, inner, PATH_OF_MAIL)); /* groups are the host's business there */
        assert_int_equal(rmdir(inner) | rmdir(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_are_trusted_or_not, make_things, remove_things),
        cmocka_unit_test_setup_teardown(those_through_what_belongs_to_others_too, make_things, remove_things),
        cmocka_unit_test(a_group_that_may_write_must_be_the_users_own),
    };
    return cmocka_run_group_tests_name("trusted-path", tests, NULL, NULL);
}
