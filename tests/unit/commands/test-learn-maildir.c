/* test-learn-maildir.c - which messages of a mailbox are learned, and that half a listing is none (local.mk: --wrap) */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "commands/learn-maildir.h"
#include "util/file.h"

static char maildir[64];

/* The listing that comes to its entry with this number breaks off there, with EIO; 0: none does. */
static struct {
    int end, listed;
} listing;

struct dirent *__real_readdir(DIR *directory);
struct dirent *__wrap_readdir(DIR *directory);

struct dirent *__wrap_readdir(DIR *directory)
{
    if (++listing.listed != listing.end)
        return __real_readdir(directory);
    errno = EIO;
    return NULL;
}

static const char *in_maildir(const char *name)
{
    static char path[PATH_MAX];
    assert_true(file_join(path, sizeof path, maildir, name));
    return path;
}

static void put(const char *name)
{
    char folder[PATH_MAX];
    struct failure failure = { 0 };
    snprintf(folder, sizeof folder, "%s", in_maildir(name));
    *strrchr(folder, '/') = '\0';
    if (!file_make_directories(folder, 0700, &failure) ||
        !file_replace(in_maildir(name), span_of("Subject: x\n\nbody\n"), 0600, &failure))
        fail_msg("%s", failure.reason);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(maildir, "/tmp/test-learn-maildir.XXXXXX");
    return mkdtemp(maildir) == NULL;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", maildir);
    return system(command);
}

/* In both layouts of folders (mailbox/folders.h): what is ham, spam, and neither. */
static const char *const messages[] = {
    "cur/1.a.host:2,S",        "cur/2.a.host:2,",         "cur/3.a.host:2,ST",       "new/4.a.host",
    ".Lists/cur/5.a.host:2,S", ".Junk/cur/6.a.host:2,S",  ".Junk/new/7.a.host",      ".Sent/cur/8.a.host:2,S",
    "Work/cur/9.a.host:2,S",   "Work/In/cur/10.a.host:2,S", "Spam/cur/11.a.host:2,S",
};
enum { HAM = 4, SPAM = 3 };

static bool choose(size_t found[2], struct failure *failure)
{
    struct settings settings = { .maildir.path = maildir };
    struct choice choice;
    bool good = choice_make(&settings, CHOICE_MOST, &choice, failure);
    for (int label = 0; label < 2; label++)
        found[label] = choice.count[label];
    choice_free(&choice);
    return good;
}

static void what_was_read_is_ham_and_what_lies_in_junk_is_spam(void **state)
{
    size_t found[2];
    struct failure failure = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        put(messages[i]);
    if (!choose(found, &failure))
        fail_msg("%s", failure.reason);
    assert_int_equal(found[LABEL_HAM], HAM);
    assert_int_equal(found[LABEL_SPAM], SPAM);
}

/* The newest are chosen, and a name that says no time is older than all that do: mail that was brought along from
 * elsewhere ("20261123091500.x", "9f3c0a") is not what the user reads now. */
static void names_without_a_time_come_last(void **state)
{
    static const char *const names[] = {
        "cur/20261123091500.x:2,S", "cur/-1.x:2,S", "cur/9f3c0a:2,S", "cur/1763700000.a.host:2,S",
        "cur/1763800000.a.host:2,S", ".Junk/cur/1763800000.b.host:2,S",
    };
    struct settings settings = { .maildir.path = maildir };
    struct failure failure = { 0 };
    struct choice choice;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        put(names[i]);
    if (!choice_make(&settings, 2, &choice, &failure))
        fail_msg("%s", failure.reason);
    assert_int_equal(choice.count[LABEL_HAM], 2);
    for (size_t i = 0; i < 2; i++)
        if (!strstr(choice.paths[LABEL_HAM][i], "/17637") && !strstr(choice.paths[LABEL_HAM][i], "/17638"))
            fail_msg("chosen: %s", choice.paths[LABEL_HAM][i]);
    choice_free(&choice);
}

/* A part was learned as if it were all, and nobody was told. */
static void half_a_listing_is_none(void **state)
{
    size_t found[2];
    struct failure failure = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        put(messages[i]);
    listing.end = listing.listed = 0;
    assert_true(choose(found, &failure));
    int all = listing.listed;
    assert_true(all > 40);
    for (listing.end = 1; listing.end <= all; listing.end++) {
        listing.listed = 0;
        failure = (struct failure){ 0 };
        if (choose(found, &failure))
            fail_msg("entry %d of %d: %zu ham and %zu spam are taken for all", listing.end, all, found[LABEL_HAM],
                     found[LABEL_SPAM]);
        assert_int_equal(found[LABEL_HAM] + found[LABEL_SPAM], 0);
        if (failure.kind == FAILURE_NONE || !strstr(failure.reason, maildir))
            fail_msg("entry %d of %d: it says \"%s\"", listing.end, all, failure.reason);
    }
    listing.end = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_read_is_ham_and_what_lies_in_junk_is_spam, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_without_a_time_come_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(half_a_listing_is_none, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("learn-maildir", tests, NULL, NULL);
}
