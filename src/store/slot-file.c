/* slot-file.c - a small file of slots: opened, locked, believed, and begun anew */
#include "config.h"

#include "store/slot-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/directory.h"
#include "util/file.h"
#include "util/file-lock.h"
#include "util/hash.h"
#include "util/log.h"

#define NEWER_VERSIONS 1000 /* beyond this it is no version, but damage */

/* --- opening ---------------------------------------------------------------------------------------------------- */

static int open_directory(const char *path, bool make, struct failure *failure)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    if (!*path)
        return -1;
    int fd = open(path, flags);
    if (fd < 0 && errno == ENOENT && make) {
        if (!file_make_directories(path, 0700, failure))
            return -1;
        fd = open(path, flags);
    }
    if (fd < 0 && errno != ENOENT)
        failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot open %s", path);
    return fd;
}

int slot_file_open(const struct slot_file_kind *kind, const char *path, int flags, struct failure *failure)
{
    struct directory directory = { .path = path, .lock_fd = -1 };
    struct failure why = { 0 };
    directory.fd = open_directory(path, flags & O_CREAT, failure);
    if (directory.fd < 0)
        return -1;
    int fd = directory_open_file(&directory, kind->name, flags, &why);
    if (fd < 0 && errno != ENOENT && failure)
        *failure = why;
    close(directory.fd);
    return fd;
}

bool slot_file_lock(const struct slot_file_kind *kind, int fd, bool exclusive, int milliseconds,
                    struct failure *failure)
{
    return file_lock(fd, exclusive, milliseconds, FILE_LOCK_SHORT_PAUSE) ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot lock the file %s", kind->name);
}

void slot_file_unlock(int fd)
{
    flock(fd, LOCK_UN);
}

/* --- bytes ------------------------------------------------------------------------------------------------------ */

bool slot_file_read(const struct slot_file_kind *kind, int fd, void *into, size_t length, size_t at,
                    struct failure *failure)
{
    ssize_t count = pread(fd, into, length, (off_t)at);
    if (count < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot read the file %s", kind->name);
    return count == (ssize_t)length || failure_set(failure, FAILURE_DAMAGED, "the file %s is damaged", kind->name);
}

bool slot_file_write(const struct slot_file_kind *kind, int fd, const void *from, size_t length, size_t at,
                     struct failure *failure)
{
    errno = 0;
    return pwrite(fd, from, length, (off_t)at) == (ssize_t)length ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the file %s", kind->name);
}

/* --- header ----------------------------------------------------------------------------------------------------- */

static uint32_t version_of(const struct slot_file_kind *kind, const void *header)
{
    uint32_t version;
    memcpy(&version, (const char *)header + sizeof kind->mark, sizeof version);
    return version;
}

static bool has_mark(const struct slot_file_kind *kind, const void *header)
{
    return memcmp(header, kind->mark, sizeof kind->mark) == 0;
}

static uint64_t sum_of(const struct slot_file_kind *kind, const void *header)
{
    return hash_bytes(header, kind->header_bytes - sizeof(uint64_t), kind->version);
}

void slot_file_seal(const struct slot_file_kind *kind, void *header)
{
    memcpy(header, kind->mark, sizeof kind->mark);
    memcpy((char *)header + sizeof kind->mark, &kind->version, sizeof kind->version);
    uint64_t sum = sum_of(kind, header);
    memcpy((char *)header + kind->header_bytes - sizeof sum, &sum, sizeof sum);
}

bool slot_file_header_is_sound(const struct slot_file_kind *kind, const void *header)
{
    uint64_t sum;
    memcpy(&sum, (const char *)header + kind->header_bytes - sizeof sum, sizeof sum);
    return has_mark(kind, header) && version_of(kind, header) == kind->version && sum == sum_of(kind, header);
}

bool slot_file_header_is_newer(const struct slot_file_kind *kind, const void *header)
{
    uint32_t version = version_of(kind, header);
    return has_mark(kind, header) && version > kind->version && version < kind->version + NEWER_VERSIONS;
}

bool slot_file_load_header(const struct slot_file_kind *kind, int fd, void *header, struct failure *failure)
{
    struct stat status;
    if (!slot_file_read(kind, fd, memset(header, 0, kind->header_bytes), kind->header_bytes, 0, failure))
        return false;
    if (slot_file_header_is_newer(kind, header))
        return failure_set(failure, FAILURE_DAMAGED, "%s was written by a newer version of tamis", kind->name);
    if (fstat(fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at the file %s", kind->name);
    return (status.st_size == (off_t)kind->bytes && slot_file_header_is_sound(kind, header)) ||
           failure_set(failure, FAILURE_DAMAGED, "the file %s is damaged", kind->name);
}

bool slot_file_save_header(const struct slot_file_kind *kind, int fd, void *header, struct failure *failure)
{
    slot_file_seal(kind, header);
    return slot_file_write(kind, fd, header, kind->header_bytes, 0, failure);
}

/* The header is last, so that what is half made is seen to be. */
static bool begin_anew(const struct slot_file_kind *kind, int fd, void *header, void (*fill)(void *header),
                       struct failure *failure)
{
    fill(memset(header, 0, kind->header_bytes));
    if (ftruncate(fd, 0) != 0 || ftruncate(fd, (off_t)kind->bytes) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make the file %s", kind->name);
    return slot_file_save_header(kind, fd, header, failure);
}

/* Not a file that was just made, or whose maker was killed before its header. */
static bool says_something(int fd)
{
    char begin[8] = "";
    static const char nothing[sizeof begin];
    return pread(fd, begin, sizeof begin, 0) > 0 && memcmp(begin, nothing, sizeof begin) != 0;
}

bool slot_file_load_or_begin(const struct slot_file_kind *kind, int fd, void *header, void (*fill)(void *header),
                             struct failure *failure)
{
    struct failure why = { 0 };
    if (slot_file_load_header(kind, fd, header, &why))
        return true;
    if (why.kind != FAILURE_DAMAGED || slot_file_header_is_newer(kind, header)) {
        if (failure)
            *failure = why;
        return false;
    }
    bool loses = !kind->is_cache && says_something(fd);
    if (!begin_anew(kind, fd, header, fill, failure))
        return false;
    if (loses)
        log_line(LOG_SEVERITY_WARNING, "the file %s was damaged or of an older version, and is begun anew", kind->name);
    return true;
}
