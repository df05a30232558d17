/* maildir-quota.c - the quota that a Maildir++ carries in its file `maildirsize` */
#include "config.h"

#include "mailbox/maildir-quota.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/maildir-name.h"
#include "util/file.h"
#include "util/log.h"

#define GROWN_BYTES 5120
#define TRUSTED_SECONDS (15 * 60)

struct sums {
    int64_t bytes, messages;
};

struct maildirsize {
    struct sums limit; /* 0: none */
    struct sums used;
    size_t lines;    /* of changes */
    char quota[128]; /* the first line as it stands, for writing it again */
};

/* --- reading maildirsize ---------------------------------------------------------------------------------------- */

/* "10000000S,1000C"; kinds of quota that we do not know are passed over, as the specification asks.  False when it is
 * none. */
static bool parse_quota(const char *text, struct sums *limit)
{
    bool any = false;
    for (;;) {
        char *end;
        int64_t value = strtoll(text, &end, 10);
        if (end == text || *end == '\0')
            return any && *end == '\0' && end == text;
        if (*end == 'S')
            limit->bytes = value > 0 ? value : 0;
        else if (*end == 'C')
            limit->messages = value > 0 ? value : 0;
        any = true;
        text = end + 1;
        text += strspn(text, ", ");
    }
}

/* Adds up the lines behind the first one.  A line that is no pair of numbers counts nothing. */
static void parse_changes(const char *text, struct maildirsize *size)
{
    while (text && *text) {
        char *end;
        int64_t bytes = strtoll(text, &end, 10), messages = 0;
        if (end != text) {
            text = end;
            messages = strtoll(text, &end, 10);
            if (end != text && !__builtin_add_overflow(size->used.bytes, bytes, &size->used.bytes)
                && !__builtin_add_overflow(size->used.messages, messages, &size->used.messages))
                size->lines++;
        }
        text = strchr(text, '\n');
        if (text)
            text++;
    }
}

static bool parse_maildirsize(const char *text, struct maildirsize *size)
{
    size_t length = strcspn(text, "\r\n");
    if (length >= sizeof size->quota)
        return false;
    *size = (struct maildirsize){ .lines = 0 };
    memcpy(size->quota, text, length);
    const char *changes = strchr(text, '\n');
    parse_changes(changes ? changes + 1 : NULL, size);
    return parse_quota(size->quota, &size->limit);
}

/* Reads what is looked at: a file that has grown longer is counted again anyway. */
static bool read_maildirsize(int fd, struct maildirsize *size)
{
    char text[GROWN_BYTES + 1];
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    if (length < 0)
        return false;
    text[length] = '\0';
    return parse_maildirsize(text, size);
}

/* --- counting again --------------------------------------------------------------------------------------------- */

/* "...,S=2345,W=2400:2,S" */
int64_t maildir_quota_size(int directory_fd, const char *name)
{
    const char *size = strstr(name, ",S=");
    if (size) {
        char *end;
        int64_t value = strtoll(size + 3, &end, 10);
        if (end != size + 3 && value >= 0)
            return value;
    }
    struct stat status;
    return fstatat(directory_fd, name, &status, 0) == 0 ? status.st_size : 0;
}

static DIR *open_directory(int parent_fd, const char *name)
{
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (fd >= 0 && !directory)
        close(fd);
    return directory;
}

/* A folder that is not there has nothing in it; of one that cannot be read nobody knows. */
static bool count_messages(int folder_fd, const char *name, struct sums *sums)
{
    DIR *directory = open_directory(folder_fd, name);
    if (!directory)
        return errno == ENOENT || errno == ENOTDIR;
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory)); errno = 0) {
        if (entry->d_name[0] == '.' || maildir_name_has_any(entry->d_name, "T"))
            continue;
        /* Names say what they like; so many bytes are over any quota. */
        if (__builtin_add_overflow(sums->bytes, maildir_quota_size(dirfd(directory), entry->d_name), &sums->bytes))
            sums->bytes = INT64_MAX;
        sums->messages++;
    }
    bool all = errno == 0;
    closedir(directory);
    return all;
}

static bool count_folder(int root_fd, const char *name, struct sums *sums)
{
    int folder_fd = openat(root_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0)
        return errno == ENOENT || errno == ENOTDIR;
    bool all = count_messages(folder_fd, "new", sums) && count_messages(folder_fd, "cur", sums);
    close(folder_fd);
    return all;
}

static bool is_counted_folder(const char *name)
{
    return name[0] == '.' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, ".Trash") != 0;
}

/* False when not all could be looked at: the sums are too small then. */
static bool count_maildir(int root_fd, struct sums *sums)
{
    *sums = (struct sums){ 0, 0 };
    DIR *root = open_directory(root_fd, ".");
    if (!root)
        return false;
    bool all = count_messages(root_fd, "new", sums) && count_messages(root_fd, "cur", sums);
    errno = 0;
    for (struct dirent *entry; all && (entry = readdir(root)); errno = 0)
        all = !is_counted_folder(entry->d_name) || count_folder(root_fd, entry->d_name, sums);
    all = all && errno == 0;
    closedir(root);
    return all;
}

/* Puts a new maildirsize with one line of changes in the place of the old one. */
static void rewrite_maildirsize(int root_fd, const struct maildirsize *size)
{
    char name[64], text[256];
    snprintf(name, sizeof name, "tmp/maildirsize.%ld.%ld", (long)time(NULL), (long)getpid());
    int length = snprintf(text, sizeof text, "%s\n%12lld %12lld\n", size->quota, (long long)size->used.bytes,
                          (long long)size->used.messages);
    int fd = openat(root_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool written = fchmod(fd, 0600) == 0 && file_write_all(fd, span_make(text, (size_t)length), NULL);
    close(fd);
    if (!written || renameat(root_fd, name, root_fd, "maildirsize") != 0) {
        unlinkat(root_fd, name, 0);
        log_line(LOG_SEVERITY_WARNING, "could not write maildirsize again: %s", strerror(errno));
    }
}

/* --- the answer ------------------------------------------------------------------------------------------------- */

static bool is_over(const struct maildirsize *size, size_t message_bytes)
{
    return (size->limit.bytes && size->used.bytes > size->limit.bytes - (int64_t)message_bytes)
           || (size->limit.messages && size->used.messages >= size->limit.messages);
}

static bool must_be_counted_again(const struct maildirsize *size, const struct stat *status, bool over)
{
    return status->st_size >= GROWN_BYTES
           || (over && (size->lines > 1 || time(NULL) - status->st_mtime > TRUSTED_SECONDS));
}

enum maildir_quota maildir_quota_check(int root_fd, size_t message_bytes)
{
    int fd = openat(root_fd, "maildirsize", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0)
        return MAILDIR_QUOTA_NONE;
    struct stat status;
    struct maildirsize size;
    bool usable = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && read_maildirsize(fd, &size);
    close(fd);
    if (!usable) {
        log_line(LOG_SEVERITY_WARNING,
                 "maildirsize cannot be read or has no quota in its first line; no quota is kept");
        return MAILDIR_QUOTA_NONE;
    }
    bool over = is_over(&size, message_bytes);
    struct sums counted;
    if (must_be_counted_again(&size, &status, over)) {
        if (count_maildir(root_fd, &counted)) {
            size.used = counted;
            rewrite_maildirsize(root_fd, &size);
            over = is_over(&size, message_bytes);
        } else {
            log_line(LOG_SEVERITY_WARNING, "not all of the Maildir can be read: its quota is by what maildirsize says");
        }
    }
    return over ? MAILDIR_QUOTA_EXCEEDED : MAILDIR_QUOTA_ALLOWS;
}

void maildir_quota_add(int root_fd, int64_t bytes, int64_t messages)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%12lld %12lld\n", (long long)bytes, (long long)messages);
    int fd = openat(root_fd, "maildirsize", O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0 || !file_write_all(fd, span_make(line, (size_t)length), NULL))
        log_line(LOG_SEVERITY_WARNING, "could not add to maildirsize: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
}

void maildir_quota_take(int root_fd, int64_t bytes, int64_t messages)
{
    if (faccessat(root_fd, "maildirsize", F_OK, 0) == 0)
        maildir_quota_add(root_fd, -bytes, -messages);
}
