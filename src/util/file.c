/* file.c - files as if the power failed at every line */
#include "config.h"

#include "util/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* What a pipe holds on Linux, so that one read takes all that is waiting. */
#define FIRST_READ ((size_t)64 * 1024)
/* Pieces handed to one writev(); a tagged message has a handful.  Far under IOV_MAX (1024). */
#define PIECES_AT_ONCE 64

/* Between a file's name and what mkostemp() puts behind it: a name that nobody else would give a file. */
#define TEMPORARY_MARK ".tamis-"
/* Replacing takes milliseconds; what is older than this nobody is writing any more. */
#define ABANDONED_SECONDS 3600

/* A failure of the system; leaves errno as it was when `error` happened. */
static bool fail(struct failure *failure, enum failure_kind kind, int error, const char *what, const char *path)
{
    if (error == EACCES || error == EPERM)
        kind = FAILURE_PERMISSION;
    failure_set_errno(failure, kind, error, "%s %s", what, path);
    errno = error;
    return false;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

void file_bytes_free(struct file_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct file_bytes){ 0 };
}

/* Waits until a non-blocking descriptor, which a caller may have handed us, is ready. */
static void wait_until_ready(int fd, short events)
{
    struct pollfd poll_fd = { .fd = fd, .events = events };
    poll(&poll_fd, 1, -1);
}

static ssize_t read_some(int fd, char *data, size_t size)
{
    for (;;) {
        ssize_t count = read(fd, data, size < SSIZE_MAX ? size : SSIZE_MAX);
        if (count >= 0)
            return count;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            wait_until_ready(fd, POLLIN);
        else if (errno != EINTR)
            return -1;
    }
}

/* Room for one byte more than the file says it has: its end is then seen without growing. */
static size_t first_capacity(int fd)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0
        && (uintmax_t)status.st_size < SIZE_MAX / 4)
        return (size_t)status.st_size + 1;
    return FIRST_READ;
}

static bool grow(struct file_bytes *bytes, size_t *capacity, size_t wanted)
{
    char *data = wanted < SIZE_MAX / 2 ? realloc(bytes->data, wanted + 1) : NULL;
    if (!data)
        return false;
    bytes->data = data;
    *capacity = wanted;
    return true;
}

static bool read_to_end(int fd, size_t limit, struct file_bytes *bytes, const char *name, struct failure *failure)
{
    size_t capacity = 0, wanted = first_capacity(fd);
    for (;;) {
        if (bytes->length == capacity && !grow(bytes, &capacity, wanted))
            return fail(failure, FAILURE_TEMPORARY, ENOMEM, "cannot read", name);
        ssize_t count = read_some(fd, bytes->data + bytes->length, capacity - bytes->length);
        if (count < 0)
            return fail(failure, FAILURE_INPUT, errno, "cannot read", name);
        if (count == 0)
            break;
        bytes->length += (size_t)count;
        if (limit && bytes->length > limit) {
            errno = 0;
            return failure_set(failure, FAILURE_INPUT, "cannot read %s: it is larger than %zu bytes", name, limit);
        }
        wanted = capacity * 2;
    }
    bytes->data[bytes->length] = '\0';
    return true;
}

static bool read_descriptor(int fd, size_t limit, struct file_bytes *bytes, const char *name, struct failure *failure)
{
    *bytes = (struct file_bytes){ 0 };
    if (read_to_end(fd, limit, bytes, name, failure))
        return true;
    int error = errno;
    file_bytes_free(bytes);
    errno = error;
    return false;
}

bool file_read_descriptor(int fd, size_t limit, struct file_bytes *bytes, struct failure *failure)
{
    return read_descriptor(fd, limit, bytes, fd == STDIN_FILENO ? "standard input" : "an open file", failure);
}

static bool read_file(const char *path, bool own, size_t limit, struct file_bytes *bytes, struct failure *failure)
{
    *bytes = (struct file_bytes){ 0 };
    /* O_NONBLOCK: a FIFO without a writer would otherwise hold us here for ever. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (own ? O_NOFOLLOW : 0));
    if (fd < 0)
        return fail(failure, FAILURE_INPUT, errno, "cannot open", path);
    struct stat status;
    bool done = false;
    if (fstat(fd, &status) != 0) {
        fail(failure, FAILURE_INPUT, errno, "cannot look at", path);
    } else if (!S_ISREG(status.st_mode)) {
        failure_set(failure, FAILURE_INPUT, "cannot read %s: it is not a regular file", path);
        errno = 0;
    } else if (own && status.st_uid != geteuid()) {
        failure_set(failure, FAILURE_PERMISSION, "cannot read %s: it belongs to user %lu", path,
                    (unsigned long)status.st_uid);
        errno = 0;
    } else {
        done = read_descriptor(fd, limit, bytes, path, failure);
    }
    int error = errno;
    close(fd);
    errno = error;
    return done;
}

bool file_read(const char *path, size_t limit, struct file_bytes *bytes, struct failure *failure)
{
    return read_file(path, false, limit, bytes, failure);
}

bool file_read_own(const char *path, size_t limit, struct file_bytes *bytes, struct failure *failure)
{
    return read_file(path, true, limit, bytes, failure);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

bool file_write_all(int fd, struct span bytes, struct failure *failure)
{
    return file_write_spans(fd, &bytes, 1, failure);
}

/* Fills `vector` with the pieces from number `*first` on, without the `skip` bytes of it that are written. */
static int gather(const struct span *pieces, size_t count, size_t first, size_t skip,
                  struct iovec vector[PIECES_AT_ONCE])
{
    int used = 0;
    for (size_t i = first; i < count && used < PIECES_AT_ONCE; i++) {
        struct span piece = span_from(pieces[i], i == first ? skip : 0);
        if (piece.length)
            vector[used++] = (struct iovec){ .iov_base = (char *)(uintptr_t)piece.data, .iov_len = piece.length };
    }
    return used;
}

bool file_write_spans(int fd, const struct span *pieces, size_t count, struct failure *failure)
{
    struct iovec vector[PIECES_AT_ONCE];
    size_t first = 0, skip = 0;
    for (;;) {
        while (first < count && skip >= pieces[first].length) {
            skip -= pieces[first].length;
            first++;
        }
        if (first == count)
            return true;
        ssize_t written = writev(fd, vector, gather(pieces, count, first, skip, vector));
        if (written >= 0)
            skip += (size_t)written;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            wait_until_ready(fd, POLLOUT);
        else if (errno != EINTR)
            return fail(failure, FAILURE_TEMPORARY, errno, "cannot write",
                        fd == STDOUT_FILENO ? "standard output" : "a file");
    }
}

/* --- replacing and directories ---------------------------------------------------------------------------------- */

/* The directory part of `path` as dirname(1) has it. */
static bool directory_of(const char *path, char directory[PATH_MAX])
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (length == 0) {
        memcpy(directory, ".", 2);
        return true;
    }
    memcpy(directory, path, length);
    directory[length] = '\0';
    return true;
}

bool file_sync_directory_of(const char *path, struct failure *failure)
{
    char directory[PATH_MAX];
    if (!directory_of(path, directory))
        return fail(failure, FAILURE_INPUT, errno, "cannot sync the directory of", path);
    int fd = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0)
        return fail(failure, FAILURE_TEMPORARY, errno, "cannot open", directory);
    /* EINVAL: this file system has no such thing as a directory that can be synced (some network and FUSE ones). */
    int error = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
    close(fd);
    return error == 0 || fail(failure, FAILURE_TEMPORARY, error, "cannot sync", directory);
}

static bool write_and_close(int fd, const char *path, struct span bytes, mode_t mode, struct failure *failure)
{
    bool written = false;
    if (fchmod(fd, mode) != 0)
        fail(failure, FAILURE_TEMPORARY, errno, "cannot set the mode of", path);
    else if (!file_write_all(fd, bytes, NULL) || fsync(fd) != 0)
        fail(failure, FAILURE_TEMPORARY, errno, "cannot write", path);
    else
        written = true;
    int error = errno;
    if (close(fd) != 0 && written) /* network file systems report a full disk only here */
        return fail(failure, FAILURE_TEMPORARY, errno, "cannot write", path);
    errno = error;
    return written;
}

/* Removes what a file_replace() of this path that was killed has left behind: our own, and too old to be under way. */
static void remove_abandoned(const char *path)
{
    char directory_path[PATH_MAX];
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t length = strlen(base);
    DIR *directory = directory_of(path, directory_path) ? opendir(directory_path) : NULL;
    if (!directory)
        return;
    time_t old = time(NULL) - ABANDONED_SECONDS;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        const char *name = entry->d_name;
        if (strncmp(name, base, length) == 0 && strncmp(name + length, TEMPORARY_MARK, strlen(TEMPORARY_MARK)) == 0 &&
            fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
            status.st_uid == geteuid() && status.st_mtime < old)
            unlinkat(dirfd(directory), name, 0);
    }
    closedir(directory);
}

bool file_replace(const char *path, struct span bytes, mode_t mode, struct failure *failure)
{
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s" TEMPORARY_MARK "XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return fail(failure, FAILURE_INPUT, ENAMETOOLONG, "cannot write", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return fail(failure, FAILURE_TEMPORARY, errno, "cannot make a temporary file beside", path);
    bool done = write_and_close(fd, path, bytes, mode, failure);
    if (done && rename(temporary, path) != 0)
        done = fail(failure, FAILURE_TEMPORARY, errno, "cannot replace", path);
    if (!done) {
        int error = errno;
        unlink(temporary);
        errno = error;
        return false;
    }
    remove_abandoned(path);
    return file_sync_directory_of(path, failure);
}

/* Makes one directory; gives false when there is none afterwards. */
static bool make_directory(const char *path, mode_t mode, struct failure *failure)
{
    if (mkdir(path, mode) == 0) {
        if (chmod(path, mode) != 0)
            return fail(failure, FAILURE_TEMPORARY, errno, "cannot set the mode of", path);
        return file_sync_directory_of(path, failure);
    }
    int error = errno;
    struct stat status;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return true;
        error = ENOTDIR;
    }
    return fail(failure, FAILURE_TEMPORARY, error, "cannot make directory", path);
}

bool file_make_directories(const char *path, mode_t mode, struct failure *failure)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return fail(failure, FAILURE_INPUT, length ? ENAMETOOLONG : ENOENT, "cannot make directory", path);
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true; /* nearly always */
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (!make_directory(part, mode, failure))
            return false;
    }
    return true;
}

int file_open_nameless(void)
{
    const char *given = getenv("TMPDIR"), *directory = given && *given == '/' ? given : "/tmp";
    char path[PATH_MAX];
    int fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) /* open(2): file systems, and kernels, without it */
        return fd;
    if (!file_join(path, sizeof path, directory, "tamis.XXXXXX")) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

bool file_join(char *out, size_t size, const char *directory, const char *name)
{
    size_t length = strlen(directory);
    const char *slash = length == 0 || directory[length - 1] == '/' ? "" : "/";
    int joined = snprintf(out, size, "%s%s%s", directory, slash, name);
    return joined >= 0 && (size_t)joined < size;
}
