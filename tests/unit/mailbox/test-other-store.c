/* test-other-store.c - what is told from a Maildir, and what is left to become one */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mailbox/other-store.h"

/* Made by the shell in an empty directory; "": it is none of another format. */
static const struct {
    const char *made, *want;
} cases[] = {
    { "true", "" },
    { "mkdir cur new tmp", "" },
    { "mkdir tmp && touch dovecot-uidlist dovecot.index.log dovecot.list.index subscriptions maildirfolder", "" },
    { "mkdir tmp sieve && touch maildirsize .procmailrc .dovecot.sieve", "" },
    { "mkdir -p .Junk/cur .imap/cur", "" },
    { "mkdir -p storage/cur mailboxes/cur mailboxes/storage", "" }, /* folders of a nested layout */
    { "mkdir -p cur storage mailboxes", "" },
    { "mkdir -p cur && touch .mh_sequences", "" },
    { "mkdir storage", "" }, /* of anything */
    { "touch mailboxes storage .imap", "" },
    { "mkdir -p storage mailboxes", "mdbox" },
    { "mkdir -p mailboxes/INBOX/dbox-Mails storage && touch storage/dovecot.map.index.log", "mdbox" },
    { "mkdir -p storage && touch storage/dovecot.map.index", "mdbox" },
    { "mkdir -p storage mailboxes/INBOX/dbox-Mails && touch storage/m.1", "mdbox" },
    { "touch dovecot.map.index", "mdbox" },
    { "touch dovecot.map.index.log", "mdbox" },
    { "mkdir -p cur new tmp storage && touch storage/dovecot.map.index", "mdbox" }, /* by whom took it for a Maildir */
    { "mkdir mailboxes", "sdbox" },
    { "mkdir -p mailboxes/INBOX/dbox-Mails", "sdbox" },
    { "mkdir -p cur new tmp mailboxes/INBOX/dbox-Mails", "sdbox" },
    { "mkdir dbox-Mails", "sdbox" },
    { "touch .mh_sequences", "MH" },
    { "mkdir inbox && touch inbox/.mh_sequences", "MH" },
    { "mkdir -p inbox/cur && touch inbox/.mh_sequences", "" },
    { "mkdir -p .imap/INBOX && touch Drafts", "mbox" },
};

static void formats_are_told(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char root[] = "/tmp/test-other-store.XXXXXX", command[300];
        struct failure failure = { 0 };
        assert_non_null(mkdtemp(root));
        snprintf(command, sizeof command, "cd '%s' && %s", root, cases[i].made);
        assert_int_equal(system(command), 0); /* our own, from the table above */
        int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        bool none = other_store_none(fd, root, &failure);
        close(fd);
        snprintf(command, sizeof command, "rm -rf '%s'", root);
        assert_int_equal(system(command), 0);
        const char *want = cases[i].want;
        if (none != !*want || (*want && (failure.kind != FAILURE_INPUT || !strstr(failure.reason, want) ||
                                         !strstr(failure.reason, root))))
            fail_msg("%s: got \"%s\", want \"%s\"", cases[i].made, none ? "" : failure.reason, want);
    }
}

static void what_cannot_be_told_is_not_none(void **state)
{
    struct failure failure = { 0 };
    assert_false(other_store_none(-1, "/somewhere", &failure));
    assert_int_equal(failure.error, EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told),
        cmocka_unit_test(what_cannot_be_told_is_not_none),
    };
    return cmocka_run_group_tests_name("other-store", tests, NULL, NULL);
}
