/* maildir-folder.c - the directories of a Maildir++ and who is told about a new one */
#include "config.h"

#include "mailbox/maildir-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/other-store.h"
#include "util/file.h"
#include "util/log.h"

/* A subscription list of 10,000 folders has 300 KB. */
#define SUBSCRIPTIONS_AT_MOST ((size_t)1024 * 1024)
/* How Dovecot's list begins since 2.2.17; one name a line follows, with a tab between its levels. */
#define DOVECOT_VERSION_2 "V\t2\n"

bool maildir_folder_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX - 1 || name[0] == '.' || name[length - 1] == '.' || strstr(name, ".."))
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] == '/' || (unsigned char)name[i] < ' ' || name[i] == 0x7F)
            return false;
    return true;
}

/* --- subscriptions ---------------------------------------------------------------------------------------------- */

/* Is `line` one of the lines of `text`? */
static bool has_line(struct span text, struct span line)
{
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        if (span_equal(span_head(text, length), line))
            return true;
        text = span_from(text, length + 1);
    }
    return false;
}

/* Writes list and line into the lock file, which then takes the place of the list. */
static bool write_list(int root_fd, int lock_fd, const char *list_name, const char *lock_name, struct span list,
                       const char *line)
{
    bool open_end = list.length && list.data[list.length - 1] != '\n';
    const struct span pieces[] = { list, span_of(open_end ? "\n" : ""), span_of(line), span_of("\n") };
    return file_write_spans(lock_fd, pieces, sizeof pieces / sizeof pieces[0], NULL) && fsync(lock_fd) == 0
           && renameat(root_fd, lock_name, root_fd, list_name) == 0;
}

/* Adds `line` to the list that `list_fd` was opened on.  The new list is written into "NAME.lock", made O_EXCL: that is
 * also how Dovecot locks the list (dotlock), and it takes over locks that are two minutes old. */
static bool append_line(int root_fd, const char *list_name, int list_fd, struct span list, const char *line)
{
    char lock_name[64];
    snprintf(lock_name, sizeof lock_name, "%s.lock", list_name);
    int lock_fd = openat(root_fd, lock_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock_fd < 0)
        return false;
    struct stat status;
    bool written = fstat(list_fd, &status) == 0 && fchmod(lock_fd, status.st_mode & 0777) == 0
                   && write_list(root_fd, lock_fd, list_name, lock_name, list, line);
    close(lock_fd);
    if (!written)
        unlinkat(root_fd, lock_name, 0);
    return written;
}

/* What Dovecot writes for a folder: levels apart by tabs in version 2, by dots before. */
static void dovecot_line(struct span list, const char *name, char line[NAME_MAX + 1])
{
    snprintf(line, NAME_MAX + 1, "%s", name);
    if (!span_starts_nocase(list, DOVECOT_VERSION_2))
        return;
    for (char *at = line; *at; at++)
        if (*at == '.')
            *at = '\t';
}

static void courier_line(struct span list, const char *name, char line[NAME_MAX + 1])
{
    (void)list;
    snprintf(line, NAME_MAX + 1, "INBOX.%.*s", NAME_MAX - 6, name);
}

/* Subscribes to the folder in one list, where it exists.  A list that cannot be changed now is no reason to hold mail
 * back. */
static void subscribe_in(int root_fd, const char *list_name, const char *name,
                         void (*make_line)(struct span list, const char *name, char line[NAME_MAX + 1]))
{
    int fd = openat(root_fd, list_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0)
        return;
    struct file_bytes bytes;
    if (file_read_descriptor(fd, SUBSCRIPTIONS_AT_MOST, &bytes, NULL)) {
        char line[NAME_MAX + 1];
        struct span list = span_make(bytes.data, bytes.length);
        make_line(list, name, line);
        if (!has_line(list, span_of(line)) && !append_line(root_fd, list_name, fd, list, line))
            log_line(LOG_SEVERITY_WARNING, "could not subscribe to the new folder %s in %s", name, list_name);
        file_bytes_free(&bytes);
    }
    close(fd);
}

/* --- directories ------------------------------------------------------------------------------------------------ */

static bool make_directory_at(int parent_fd, const char *name, struct failure *failure)
{
    if (mkdirat(parent_fd, name, 0700) == 0)
        return fchmodat(parent_fd, name, 0700, 0) == 0
               || failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot set the mode of Maildir directory %s",
                                    name);
    return errno == EEXIST
           || failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make Maildir directory %s", name);
}

static int open_directory_at(int parent_fd, const char *name)
{
    return openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Makes what is missing.  new/ comes last: where it stands, everything stands. */
static bool complete(int folder_fd, struct failure *failure)
{
    return make_directory_at(folder_fd, "cur", failure) && make_directory_at(folder_fd, "tmp", failure)
           && make_directory_at(folder_fd, "new", failure)
           && (fsync(folder_fd) == 0 || errno == EINVAL
               || failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot sync a new Maildir folder"));
}

static bool complete_folder(int root_fd, int folder_fd, const char *name, struct failure *failure)
{
    int mark = openat(folder_fd, "maildirfolder", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (mark < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make maildirfolder in folder %s", name);
    fchmod(mark, 0600); /* whatever the umask */
    close(mark);
    subscribe_in(root_fd, "subscriptions", name, dovecot_line);
    subscribe_in(root_fd, "courierimapsubscribed", name, courier_line);
    return complete(folder_fd, failure)
           && (fsync(root_fd) == 0 || errno == EINVAL
               || failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot sync the Maildir"));
}

static bool is_complete(int folder_fd)
{
    return faccessat(folder_fd, "new", F_OK, 0) == 0 || errno != ENOENT;
}

static int open_inbox(int root_fd, bool create, struct failure *failure)
{
    if (!is_complete(root_fd)) {
        if (!create) {
            failure_set(failure, FAILURE_TEMPORARY, "the Maildir has no new/ in it");
            return -1;
        }
        if (!complete(root_fd, failure))
            return -1;
    }
    int fd = open_directory_at(root_fd, ".");
    if (fd < 0)
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open the Maildir");
    return fd;
}

int maildir_folder_open(int root_fd, const char *name, bool create, struct failure *failure)
{
    if (!name)
        return open_inbox(root_fd, create, failure);
    char directory[NAME_MAX + 2];
    snprintf(directory, sizeof directory, ".%s", name);
    int fd = open_directory_at(root_fd, directory);
    if (fd < 0 && errno == ENOENT) {
        if (!make_directory_at(root_fd, directory, failure))
            return -1;
        fd = open_directory_at(root_fd, directory);
    }
    if (fd < 0) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open folder %s", name);
        return -1;
    }
    if (other_store_none(fd, directory, failure)
        && (is_complete(fd) || complete_folder(root_fd, fd, name, failure)))
        return fd;
    close(fd);
    return -1;
}
