/* other-store.c - directories that hold mail, and are no Maildir */
#include "mailbox/other-store.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#define MDBOX "mdbox (Dovecot)"
#define SDBOX "sdbox (Dovecot)"
#define MH "MH"
#define MBOX "mbox"

/* What stands in no Maildir. */
static const struct {
    const char *path, *format;
} files[] = {
    { "storage/dovecot.map.index", MDBOX },
    { "storage/dovecot.map.index.log", MDBOX },
    { "storage/m.1", MDBOX }, /* its index may be elsewhere */
    { "dovecot.map.index", MDBOX },
    { "dovecot.map.index.log", MDBOX },
    { "mailboxes/INBOX/dbox-Mails", SDBOX }, /* mdbox has it, too: last */
    { "dbox-Mails", SDBOX },
};

/* What may be a folder of a Maildir, or a file that was left in one, as well. */
static const struct {
    const char *path, *beside, *unless, *format; /* NULL: nothing */
} names[] = {
    { "mailboxes/.", "storage/.", "mailboxes/cur", MDBOX },
    { "mailboxes/.", NULL, "mailboxes/cur", SDBOX },
    { ".mh_sequences", NULL, NULL, MH },
    { "inbox/.mh_sequences", NULL, "inbox/cur", MH },
    { ".imap/.", NULL, ".imap/cur", MBOX },
};

/* Is it there?  What is not ours to look into is not there for us; other errors are noted. */
static bool stands(int directory_fd, const char *path, int *error)
{
    if (faccessat(directory_fd, path, F_OK, 0) == 0)
        return true;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ELOOP)
        *error = errno;
    return false;
}

static const char *format_of(int directory_fd, int *error)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (stands(directory_fd, files[i].path, error))
            return files[i].format;
    if (stands(directory_fd, "cur", error))
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (stands(directory_fd, names[i].path, error) &&
            (!names[i].beside || stands(directory_fd, names[i].beside, error)) &&
            !(names[i].unless && stands(directory_fd, names[i].unless, error)))
            return names[i].format;
    return NULL;
}

bool other_store_none(int directory_fd, const char *path, struct failure *failure)
{
    int error = 0;
    const char *format = format_of(directory_fd, &error);
    if (error)
        return failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot look into %s", path);
    return !format ||
           failure_set(failure, FAILURE_INPUT, "%s is no Maildir but holds mail in the format %s", path, format);
}
