/* test-owner.c - whose work it is, and that a process that cannot tell does not go on as root
 *
 * A link that leads to itself stands for a disk that does not answer: something is there, and cannot be looked at.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/owner.h"

#define OTHER 54321 /* nobody's number in the user database */

static char scratch[64];

static const char *in_scratch(const char *name)
{
    static char paths[4][256];
    static unsigned turn;
    char *path = paths[turn = (turn + 1) % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

static int make_places(void **state)
{
    static const char *const names[] = { "root", "other", "daemon" };
    static const uid_t owners[] = { 0, OTHER, 1 };
    (void)state;
    snprintf(scratch, sizeof scratch, "/tmp/tamis-owner.XXXXXX");
    assert_non_null(mkdtemp(scratch));
    assert_int_equal(chmod(scratch, 0755), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(mkdir(in_scratch(names[i]), 0755), 0);
        if (geteuid() == 0)
            assert_int_equal(chown(in_scratch(names[i]), owners[i], OTHER), 0);
    }
    assert_int_equal(symlink("unseen", in_scratch("unseen")), 0);
    return 0;
}

static int remove_places(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", scratch);
    return system(command);
}

/* What was given and set; names in the scratch folder, NULL: nothing. */
struct given {
    const char *user, *state_directory, *maildir, *home;
};

static struct config_sources sources_of(const struct given *given)
{
    if (given->home)
        setenv("HOME", in_scratch(given->home), 1);
    else
        unsetenv("HOME");
    return (struct config_sources){
        .user = given->user ? given->user : "anna",
        .state_directory = given->state_directory ? in_scratch(given->state_directory) : NULL,
        .maildir = given->maildir ? in_scratch(given->maildir) : NULL,
    };
}

static void the_first_place_that_is_there_says_whose_work_it_is(void **state)
{
    static const struct {
        const char *title;
        struct given given;
        enum owner_work want; /* of root; of anybody else all work is his own */
    } rows[] = {
        { "nothing is known", { NULL, NULL, NULL, NULL }, OWNER_IS_SELF },
        { "root's home", { NULL, NULL, NULL, "root" }, OWNER_IS_SELF },
        { "a user's home", { NULL, NULL, NULL, "other" }, OWNER_IS_OTHER },
        { "a home that is not there", { NULL, NULL, NULL, "missing" }, OWNER_IS_SELF },
        { "a home that cannot be seen", { NULL, NULL, NULL, "unseen" }, OWNER_IS_UNKNOWN },
        { "the state before all", { NULL, "root", "other", "other" }, OWNER_IS_SELF },
        { "the state before all, of a user", { NULL, "other", "root", "root" }, OWNER_IS_OTHER },
        { "no state yet: the Maildir", { NULL, "missing", "other", "root" }, OWNER_IS_OTHER },
        { "neither yet: home", { NULL, "missing", "missing", "other" }, OWNER_IS_OTHER },
        { "below what is not there", { NULL, "missing/deeper", "missing/deeper", "other" }, OWNER_IS_OTHER },
        { "a state that cannot be seen, whatever else can", { NULL, "unseen", "root", "root" }, OWNER_IS_UNKNOWN },
        { "below what cannot be seen", { NULL, "unseen/deeper", "other", "other" }, OWNER_IS_UNKNOWN },
        { "a Maildir that cannot be seen", { NULL, NULL, "unseen", "root" }, OWNER_IS_UNKNOWN },
        { "a Maildir that is not asked", { NULL, "other", "unseen", "unseen" }, OWNER_IS_OTHER },
        { "a name in the path", { "other", "%u", NULL, "root" }, OWNER_IS_OTHER },
        { "half a name in the path", { "other@example.org", NULL, "%n", "root" }, OWNER_IS_OTHER },
        { "a name that must not be in one says nothing", { "../other", "%u", NULL, "root" }, OWNER_IS_SELF },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = { 0 };
        struct config_sources sources = sources_of(&rows[i].given);
        enum owner_work got = owner_of_work(&sources, &failure);
        enum owner_work want = geteuid() == 0 ? rows[i].want : OWNER_IS_SELF;
        if (got != want)
            fail_msg("%s: got %d (%s), want %d", rows[i].title, (int)got, failure.reason, (int)want);
        assert_int_equal(failure.kind, want == OWNER_IS_UNKNOWN ? FAILURE_TEMPORARY : FAILURE_NONE);
    }
}

/* In a process of its own, since it is for good: 0 it became that user and group, 1 it did not and may not go on. */
static int drop(const struct given *given, uid_t user, gid_t group)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = { 0 };
        struct config_sources sources = sources_of(given);
        if (!owner_drop_to(&sources, &failure))
            _exit(failure.kind == FAILURE_NONE ? 2 : 1);
        _exit(getuid() == user && geteuid() == user && getgid() == group && getegid() == group ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void root_becomes_the_owner_or_nothing(void **state)
{
    static const struct {
        const char *title;
        struct given given;
        uid_t user;
        gid_t group;
        int want;
    } rows[] = {
        { "one that is not in the user database: the place's group", { NULL, "other", NULL, NULL }, OTHER, OTHER, 0 },
        { "one that is: the group that it says", { NULL, NULL, "daemon", NULL }, 1, 1, 0 },
        { "root is nobody to become", { NULL, "root", NULL, NULL }, 0, 0, 1 },
        { "nothing is there", { NULL, "missing", "missing", "missing" }, 0, 0, 1 },
        { "it cannot be seen", { NULL, "unseen", "other", "other" }, 0, 0, 1 },
    };
    (void)state;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int got = drop(&rows[i].given, rows[i].user, rows[i].group);
        if (got != rows[i].want)
            fail_msg("%s: got %d, want %d", rows[i].title, got, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_place_that_is_there_says_whose_work_it_is, make_places,
                                        remove_places),
        cmocka_unit_test_setup_teardown(root_becomes_the_owner_or_nothing, make_places, remove_places),
    };
    return cmocka_run_group_tests_name("owner", tests, NULL, NULL);
}
