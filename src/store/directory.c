/* directory.c - the directory of a store: whose it is, who may work in it now, and which version wrote it */
#include "config.h"

#include "store/directory.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/record.h"
#include "util/file.h"
#include "util/file-lock.h"

static const char version_mark[] = "tamis-store ";

/* --- ownership ---------------------------------------------------------------------------------------------------- */

static bool check_owner(const struct stat *status, const char *name, const char *mode, struct failure *failure)
{
    if (status->st_uid != geteuid())
        return failure_set(failure, FAILURE_PERMISSION, "%s belongs to user %u, not to user %u who runs this", name,
                           (unsigned)status->st_uid, (unsigned)geteuid());
    if (status->st_mode & 077)
        return failure_set(failure, FAILURE_PERMISSION, "others can look into %s (mode %03o): chmod %s it", name,
                           (unsigned)status->st_mode & 0777, mode);
    return true;
}

bool directory_check_file(int fd, const char *name, struct failure *failure)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_DAMAGED, errno, "cannot look at %s", name);
    if (!S_ISREG(status.st_mode))
        return failure_set(failure, FAILURE_PERMISSION, "%s is not a regular file", name);
    return check_owner(&status, name, "600", failure);
}

int directory_open_file(const struct directory *directory, const char *name, int flags, struct failure *failure)
{
    int fd = openat(directory->fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd < 0) {
        int error = errno;
        bool refused = error == ELOOP || error == EACCES || error == EPERM || error == EROFS || error == ENXIO;
        failure_set_errno(failure, refused ? FAILURE_PERMISSION : FAILURE_DAMAGED, error, "cannot open %s/%s",
                          directory->path, name);
        errno = error;
        return -1;
    }
    if (directory_check_file(fd, name, failure))
        return fd;
    close(fd);
    errno = 0;
    return -1;
}

int64_t directory_file_size(const struct directory *directory, const char *name)
{
    struct stat status;
    return fstatat(directory->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? (int64_t)status.st_size : -1;
}

bool directory_lacks(const struct directory *directory, const char *name)
{
    return directory_file_size(directory, name) < 0 && errno == ENOENT;
}

bool directory_join(const struct directory *directory, const char *name, char *out, size_t size,
                    struct failure *failure)
{
    return file_join(out, size, directory->path, name) ||
           failure_set(failure, FAILURE_CONFIGURATION, "the name of the directory %s is too long", directory->path);
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static bool open_directory(struct directory *directory, bool make, enum store_state *state, struct failure *failure)
{
    *state = STORE_UNUSABLE;
    if (make && !file_make_directories(directory->path, 0700, failure))
        return false;
    directory->fd = open(directory->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory->fd < 0) {
        *state = errno == ENOENT ? STORE_EMPTY : errno == EACCES ? STORE_FORBIDDEN : STORE_UNUSABLE;
        return failure_set_errno(failure, *state == STORE_FORBIDDEN ? FAILURE_PERMISSION : FAILURE_INPUT, errno,
                                 "cannot open the directory %s", directory->path);
    }
    struct stat status;
    if (fstat(directory->fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at %s", directory->path);
    *state = STORE_FORBIDDEN;
    return check_owner(&status, directory->path, "700", failure);
}

/* Synced: after a power failure there would be a file of this length with nothing in it. */
static bool write_version(struct directory *directory, enum store_state *state, struct failure *failure)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%s%u\n", version_mark, RECORD_VERSION);
    *state = STORE_UNUSABLE;
    return (pwrite(directory->lock_fd, text, (size_t)length, 0) == length && fdatasync(directory->lock_fd) == 0) ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write %s/lock", directory->path);
}

static bool says_version(const char *text)
{
    return strncmp(text, version_mark, strlen(version_mark)) == 0;
}

/* A power failure before the first sync leaves the length of what was written, and zeros. */
static bool is_blank(const char *text, ssize_t length)
{
    for (ssize_t i = 0; i < length; i++)
        if (text[i])
            return false;
    return length >= 0;
}

/* Writes our version into a lock file that was just made, or reads what is there. */
static bool check_version(struct directory *directory, bool make, enum store_state *state, struct failure *failure)
{
    char text[32] = "";
    ssize_t length = pread(directory->lock_fd, text, sizeof text - 1, 0);
    bool blank = is_blank(text, length);
    if (blank && !make && directory_lacks(directory, STORE_FILE_SNAPSHOT)) {
        *state = STORE_EMPTY;
        return failure_set(failure, FAILURE_INPUT, "nothing has been learned yet in %s", directory->path);
    }
    if (blank)
        return write_version(directory, state, failure);
    *state = STORE_DAMAGED;
    if (length < 0 || !says_version(text))
        return failure_set(failure, FAILURE_DAMAGED,
                           "%s/lock does not say \"%s%u\": not a store of this program, or `tamis db rebuild` mends it",
                           directory->path, version_mark, RECORD_VERSION);
    unsigned long version = strtoul(text + strlen(version_mark), NULL, 10);
    if (version == RECORD_VERSION)
        return true;
    return record_refuse_version(directory->path, (uint32_t)version, state, failure);
}

static bool open_lock(struct directory *directory, bool make, enum store_state *state, struct failure *failure)
{
    directory->lock_fd = directory_open_file(directory, STORE_FILE_LOCK, O_RDWR | (make ? O_CREAT : 0), failure);
    /* A state that may only be read (a snapshot of the disk, a file system that went read-only) can be read. */
    if (directory->lock_fd < 0 && !make && (errno == EROFS || errno == EACCES))
        directory->lock_fd = directory_open_file(directory, STORE_FILE_LOCK, O_RDONLY, failure);
    if (directory->lock_fd >= 0)
        return check_version(directory, make, state, failure);
    bool absent = errno == ENOENT;
    if (absent && !directory_lacks(directory, STORE_FILE_SNAPSHOT))
        return open_lock(directory, true, state, failure);
    *state = absent ? STORE_EMPTY : failure->kind == FAILURE_PERMISSION ? STORE_FORBIDDEN : STORE_UNUSABLE;
    return false;
}

bool directory_open(struct directory *directory, const char *path, bool make, enum store_state *state,
                    struct failure *failure)
{
    *directory = DIRECTORY_CLOSED;
    directory->path = path;
    if (open_directory(directory, make, state, failure) && open_lock(directory, make, state, failure))
        return true;
    directory_close(directory);
    return false;
}

bool directory_empty_lock(const char *path)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct failure unread;
    char text[32] = "";
    directory.path = path;
    bool is_store = open_directory(&directory, false, &state, &unread) &&
                    directory_file_size(&directory, STORE_FILE_SNAPSHOT) >= 0;
    directory.lock_fd = is_store ? directory_open_file(&directory, STORE_FILE_LOCK, O_RDWR, &unread) : -1;
    bool emptied = directory.lock_fd >= 0 && pread(directory.lock_fd, text, sizeof text - 1, 0) > 0 &&
                   !says_version(text) && ftruncate(directory.lock_fd, 0) == 0;
    directory_close(&directory);
    return emptied;
}

void directory_close(struct directory *directory)
{
    if (directory->lock_fd >= 0) {
        flock(directory->lock_fd, LOCK_UN); /* a forked child may still have the descriptor */
        close(directory->lock_fd);
    }
    if (directory->fd >= 0)
        close(directory->fd);
    directory->fd = directory->lock_fd = -1;
}

/* --- lock --------------------------------------------------------------------------------------------------------- */

bool directory_lock(struct directory *directory, bool exclusive, int milliseconds, enum store_state *state,
                    struct failure *failure)
{
    if (file_lock(directory->lock_fd, exclusive, milliseconds, FILE_LOCK_SHORT_PAUSE))
        return true;
    *state = errno == EWOULDBLOCK ? STORE_BUSY : STORE_UNUSABLE;
    if (*state == STORE_BUSY)
        return failure_set(failure, FAILURE_TEMPORARY, "the store in %s was locked for %d ms", directory->path,
                           milliseconds);
    return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot lock %s", directory->path);
}

/* --- boot --------------------------------------------------------------------------------------------------------- */

static bool read_boot(uint8_t boot[16])
{
    char text[64] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    int error = length < 0 ? errno : ENODATA;
    if (fd >= 0)
        close(fd);
    errno = error;
    if (length <= 0)
        return false;
    size_t digits = 0;
    for (const char *at = text; *at && digits < 32; at++) {
        if (!isxdigit((unsigned char)*at))
            continue;
        int digit = isdigit((unsigned char)*at) ? *at - '0' : tolower((unsigned char)*at) - 'a' + 10;
        boot[digits / 2] = (uint8_t)(boot[digits / 2] << 4 | digit);
        digits++;
    }
    return digits == 32;
}

bool directory_boot(uint8_t boot[16])
{
    static uint8_t found[16];
    static bool is_found;
    is_found = is_found || read_boot(found);
    memset(boot, 0, 16);
    if (is_found)
        memcpy(boot, found, 16);
    return is_found;
}
