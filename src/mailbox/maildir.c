/* maildir.c - delivery into a Maildir as if the power failed at every line */
#include "config.h"

#include "mailbox/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/maildir-folder.h"
#include "mailbox/maildir-quota.h"
#include "mailbox/other-store.h"
#include "util/file.h"
#include "util/log.h"
#include "util/trusted-path.h"

/* Names are unique by construction; whoever meets this many others has another problem. */
#define NAMES_TRIED 100
/* Of the host name: with time, process, device, inode, counter and two sizes the name stays under NAME_MAX (255). */
#define HOST_SIZE 72
/* A name with "new/" before it. */
#define NAME_SIZE 256

/* One delivery under way. */
struct delivery {
    const struct tagged_message *message;
    const char *directory; /* path of the folder, for paths and complaints */
    int folder_fd;
    bool sync_directory;
    int fd;                    /* the file being written */
    char temporary[NAME_SIZE]; /* its name below the folder, "tmp/..."; empty while it has none */
    char name[NAME_SIZE];      /* its final name below the folder, "new/..." */
    struct failure *failure;
};

enum stored { STORED, NOT_STORED, UNSUPPORTED };

static enum stored not_stored(struct delivery *delivery, int error, const char *what)
{
    failure_set_errno(delivery->failure, FAILURE_TEMPORARY, error, "cannot %s in Maildir folder %s", what,
                      delivery->directory);
    return NOT_STORED;
}

/* --- names ------------------------------------------------------------------------------------------------------ */

/* The host name with '/' and ':' as octal escapes, as the Maildir page has it, and likewise ',' and what is not
 * printable, which would break the fields behind it. */
static void escaped_host(char *out, size_t size)
{
    char host[65] = "";
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
        strcpy(host, "localhost");
    size_t used = 0;
    for (const unsigned char *at = (const unsigned char *)host; *at && used + 5 < size; at++)
        if (*at <= ' ' || *at >= 0x7F || strchr("/:,\\", *at))
            used += (size_t)snprintf(out + used, size - used, "\\%03o", *at);
        else
            out[used++] = (char)*at;
    out[used] = '\0';
}

/* Time, process and host make a name unique as long as clocks go forward and containers do not share all three; device
 * and inode of the file, which is open meanwhile, make it unique in this file system in any case. */
static bool make_name(struct delivery *delivery, unsigned attempt)
{
    struct stat status;
    struct timespec now;
    char host[HOST_SIZE];
    if (fstat(delivery->fd, &status) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    escaped_host(host, sizeof host);
    int length = snprintf(delivery->name, sizeof delivery->name, "new/%lld.M%06ldP%ldV%lxI%lxQ%u.%s,S=%zu,W=%zu",
                          (long long)now.tv_sec, now.tv_nsec / 1000, (long)getpid(), (unsigned long)status.st_dev,
                          (unsigned long)status.st_ino, attempt, host, delivery->message->size,
                          tagged_message_crlf_size(delivery->message));
    return length > 0 && (size_t)length < sizeof delivery->name;
}

/* --- the file before it is mail --------------------------------------------------------------------------------- */

static bool open_named(struct delivery *delivery)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    for (unsigned attempt = 0; attempt < NAMES_TRIED; attempt++) {
        char host[HOST_SIZE];
        escaped_host(host, sizeof host);
        snprintf(delivery->temporary, sizeof delivery->temporary, "tmp/%lld.M%06ldP%ldQ%u.%s", (long long)now.tv_sec,
                 now.tv_nsec / 1000, (long)getpid(), attempt, host);
        delivery->fd = openat(delivery->folder_fd, delivery->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (delivery->fd >= 0)
            return true;
        /* tmp/ is empty most of the time, and somebody may have tidied it away. */
        if (errno == ENOENT && mkdirat(delivery->folder_fd, "tmp", 0700) == 0)
            continue;
        if (errno != EEXIST)
            break;
    }
    delivery->temporary[0] = '\0';
    return false;
}

/* Opens the file to write: without a name (then UNSUPPORTED where the system cannot) or in tmp/. */
static enum stored open_file(struct delivery *delivery, bool named)
{
    delivery->temporary[0] = '\0';
    if (!named) {
        delivery->fd = openat(delivery->folder_fd, "tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        return delivery->fd < 0 ? UNSUPPORTED : STORED;
    }
    return open_named(delivery) ? STORED : not_stored(delivery, errno, "make a file");
}

static enum stored write_file(struct delivery *delivery)
{
    if (fchmod(delivery->fd, 0600) == 0 && tagged_message_write(delivery->message, delivery->fd, NULL)
        && fsync(delivery->fd) == 0)
        return STORED;
    return not_stored(delivery, errno, "write the message");
}

/* --- from file to mail ------------------------------------------------------------------------------------------ */

/* Moves the file where links do not exist (FAT, some network file systems); never onto another one. */
static int move_named(const struct delivery *delivery)
{
    if (renameat2(delivery->folder_fd, delivery->temporary, delivery->folder_fd, delivery->name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (faccessat(delivery->folder_fd, delivery->name, F_OK, 0) == 0)
        return EEXIST;
    return renameat(delivery->folder_fd, delivery->temporary, delivery->folder_fd, delivery->name) == 0 ? 0 : errno;
}

/* Gives the file its name in new/; 0 or the error. */
static int publish(const struct delivery *delivery)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", delivery->fd);
    bool named = delivery->temporary[0];
    int done = named ? linkat(delivery->folder_fd, delivery->temporary, delivery->folder_fd, delivery->name, 0)
                     : linkat(AT_FDCWD, self, delivery->folder_fd, delivery->name, AT_SYMLINK_FOLLOW);
    if (done == 0)
        return 0;
    bool no_links = errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK;
    return named && no_links ? move_named(delivery) : errno;
}

static enum stored publish_under_new_name(struct delivery *delivery)
{
    int error = EEXIST;
    for (unsigned attempt = 0; attempt < NAMES_TRIED && error == EEXIST; attempt++) {
        if (!make_name(delivery, attempt))
            return not_stored(delivery, ENAMETOOLONG, "name the message");
        error = publish(delivery);
    }
    if (error == 0)
        return STORED;
    /* A file without a name is linked by way of /proc, which need not be there. */
    bool unnamed = delivery->temporary[0] == '\0';
    if (unnamed && error != ENOSPC && error != EDQUOT && error != EIO && error != EEXIST)
        return UNSUPPORTED;
    return not_stored(delivery, error, "put the message into new/");
}

/* Makes the name last.  What cannot be made to last is taken back, unless a reader has it already. */
static enum stored make_durable(struct delivery *delivery)
{
    if (!delivery->sync_directory)
        return STORED;
    int fd = openat(delivery->folder_fd, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL) ? 0 : errno;
    if (fd >= 0)
        close(fd);
    if (error == 0 || (unlinkat(delivery->folder_fd, delivery->name, 0) != 0 && errno == ENOENT))
        return STORED;
    return not_stored(delivery, error, "sync new/");
}

static enum stored store(struct delivery *delivery, bool named)
{
    enum stored result = open_file(delivery, named);
    if (result != STORED)
        return result;
    result = write_file(delivery);
    if (result == STORED)
        result = publish_under_new_name(delivery);
    if (result == STORED)
        result = make_durable(delivery);
    if (delivery->temporary[0])
        unlinkat(delivery->folder_fd, delivery->temporary, 0);
    close(delivery->fd);
    return result;
}

/* --- the Maildir ------------------------------------------------------------------------------------------------ */

/* Opens the Maildir and looks whether mail may go into it; -1 when not. */
static int open_root(const struct maildir_settings *settings, struct failure *failure)
{
    const char *path = settings->path;
    struct failure refused;
    if (!trusted_path_check(path, PATH_OF_MAIL, &refused)) {
        failure_set(failure, FAILURE_TEMPORARY, "Maildir %s: %s", path, refused.reason);
        return -1;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && settings->create && file_make_directories(path, 0700, failure))
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open Maildir %s", path);
    } else if (status.st_uid != geteuid()) {
        failure_set(failure, FAILURE_TEMPORARY, "Maildir %s belongs to user %lu, but we deliver as user %lu", path,
                    (unsigned long)status.st_uid, (unsigned long)geteuid());
    } else if (!other_store_none(fd, path, &refused)) {
        failure_set(failure, FAILURE_TEMPORARY,
                    refused.kind == FAILURE_INPUT
                        ? "%s; mail goes into a Maildir, an empty directory, or one that is still to be made"
                        : "%s",
                    refused.reason);
    } else {
        if ((status.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
            log_line(LOG_SEVERITY_WARNING, "Maildir %s can be written by everybody: chmod o-w it", path);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Where mail for `folder` goes, as a path; false when it or the path of a message in it would be too long. */
static bool path_of_folder(const struct maildir_settings *settings, const char *folder, char path[PATH_MAX])
{
    int length = folder ? snprintf(path, PATH_MAX, "%s/.%s", settings->path, folder)
                        : snprintf(path, PATH_MAX, "%s", settings->path);
    return length > 0 && (size_t)length + NAME_SIZE < PATH_MAX;
}

static enum maildir_result deliver_into(int root_fd, const struct maildir_settings *settings, const char *folder,
                                        struct delivery *delivery)
{
    bool counted = !folder || strcmp(folder, "Trash") != 0;
    enum maildir_quota quota = counted ? maildir_quota_check(root_fd, delivery->message->size) : MAILDIR_QUOTA_NONE;
    if (quota == MAILDIR_QUOTA_EXCEEDED) {
        failure_set(delivery->failure, FAILURE_TEMPORARY, "Maildir %s is over its quota", settings->path);
        return MAILDIR_OVER_QUOTA;
    }
    delivery->folder_fd = maildir_folder_open(root_fd, folder, settings->create, delivery->failure);
    if (delivery->folder_fd < 0)
        return MAILDIR_FAILED;
    enum stored stored = store(delivery, false);
    if (stored == UNSUPPORTED)
        stored = store(delivery, true);
    close(delivery->folder_fd);
    if (stored != STORED)
        return MAILDIR_FAILED;
    if (quota == MAILDIR_QUOTA_ALLOWS)
        maildir_quota_add(root_fd, (int64_t)delivery->message->size, 1);
    return MAILDIR_DELIVERED;
}

enum maildir_result maildir_deliver(const struct maildir_settings *settings, const char *folder,
                                    const struct tagged_message *message, char path_r[PATH_MAX],
                                    struct failure *failure)
{
    char directory[PATH_MAX];
    path_r[0] = '\0';
    if (folder && !maildir_folder_name_is_valid(folder)) {
        failure_set(failure, FAILURE_CONFIGURATION, "\"%s\" cannot be the name of a Maildir folder", folder);
        return MAILDIR_FAILED;
    }
    if (settings->path[0] != '/' || !path_of_folder(settings, folder, directory)) {
        failure_set(failure, FAILURE_CONFIGURATION, "\"%s\" cannot be the path of a Maildir", settings->path);
        return MAILDIR_FAILED;
    }
    int root_fd = open_root(settings, failure);
    if (root_fd < 0)
        return MAILDIR_FAILED;
    struct delivery delivery = {
        .message = message,
        .directory = directory,
        .sync_directory = !settings->skip_directory_sync,
        .failure = failure,
    };
    enum maildir_result result = deliver_into(root_fd, settings, folder, &delivery);
    close(root_fd);
    if (result == MAILDIR_DELIVERED)
        file_join(path_r, PATH_MAX, directory, delivery.name);
    return result;
}
