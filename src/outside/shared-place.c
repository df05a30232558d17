/* shared-place.c - the folder in which users of a host tell each other what they call spam */
#include "config.h"

#include "outside/shared-place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/child.h"
#include "util/file.h"
#include "util/hash.h"

static const char key_mark[8] = { 't', 'a', 'm', 'i', 's', '-', 's', 'k' };

struct key_file {
    char mark[8];
    uint64_t key, sum;
};
_Static_assert(sizeof(struct key_file) == 24, "as said in shared-place.h");

static uint64_t key_sum(const struct key_file *file)
{
    return hash_bytes(file, offsetof(struct key_file, sum), 1);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

int shared_place_open(const char *directory, bool reports, struct failure *failure)
{
    char path[PATH_MAX];
    errno = ENAMETOOLONG;
    int fd = file_join(path, sizeof path, directory, reports ? SHARED_REPORTS : ".")
                 ? open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
    if (fd < 0)
        failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot open the shared folder %s", directory);
    return fd;
}

int shared_place_open_file(int directory_fd, const char *name, int flags, struct failure *failure)
{
    struct stat status;
    int fd = openat(directory_fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) {
        failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot open the shared file %s", name);
        return -1;
    }
    int error = fstat(fd, &status) == 0 ? 0 : errno;
    if (error == 0 && S_ISREG(status.st_mode) && status.st_nlink <= 1)
        return fd;
    close(fd);
    errno = error;
    failure_set(failure, FAILURE_PERMISSION, "the shared file %s is no regular file with one name", name);
    return -1;
}

/* --- key -------------------------------------------------------------------------------------------------------- */

bool shared_place_read_key(int directory_fd, uint64_t *key, struct failure *failure)
{
    struct key_file file;
    int fd = shared_place_open_file(directory_fd, SHARED_KEY, O_RDONLY, failure);
    if (fd < 0)
        return false;
    ssize_t got = pread(fd, &file, sizeof file, 0);
    int error = errno;
    close(fd);
    if (got < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot read the key of the shared folder");
    bool sound = got == (ssize_t)sizeof file && memcmp(file.mark, key_mark, sizeof key_mark) == 0 &&
                 file.sum == key_sum(&file) && file.key;
    if (!sound)
        return failure_set(failure, FAILURE_DAMAGED, "the key of the shared folder is damaged");
    *key = file.key;
    return true;
}

bool shared_place_key(const char *directory, uint64_t *key, struct failure *failure)
{
    int fd = shared_place_open(directory, false, failure);
    bool good = fd >= 0 && shared_place_read_key(fd, key, failure);
    if (fd >= 0)
        close(fd);
    return good;
}

static bool make_key(const char *directory, struct failure *failure)
{
    char path[PATH_MAX];
    struct key_file file;
    memcpy(file.mark, key_mark, sizeof key_mark);
    do {
        if (getrandom(&file.key, sizeof file.key, 0) != (ssize_t)sizeof file.key)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "no random number for a key");
    } while (file.key == 0);
    file.sum = key_sum(&file);
    return file_join(path, sizeof path, directory, SHARED_KEY) &&
           file_replace(path, span_make((const char *)&file, sizeof file), 0644, failure);
}

/* A damaged key is not made anew here: all that was reported under it would be lost unsaid. */
static bool make_key_if_missing(const char *directory, int directory_fd, struct failure *failure)
{
    uint64_t key;
    bool missing = faccessat(directory_fd, SHARED_KEY, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
    return missing ? make_key(directory, failure) : shared_place_read_key(directory_fd, &key, failure);
}

/* --- a server that is gone -------------------------------------------------------------------------------------- */

static int look(struct child *child, void *context)
{
    const char *const *directory = context;
    uint64_t key;
    (void)child;
    shared_place_key(*directory, &key, NULL);
    return 0;
}

bool shared_place_answers(const char *directory, struct failure *failure)
{
    const struct child_limits limits = { .wall_milliseconds = SHARED_ANSWER_MILLISECONDS, .reaches_out = true };
    struct child_answer answer = child_run(NULL, look, &directory, &limits);
    bool is_late = answer.end == CHILD_LATE;
    child_answer_free(&answer);
    return !is_late || failure_set(failure, FAILURE_TEMPORARY, "the shared folder %s does not answer", directory);
}

/* --- the folder ------------------------------------------------------------------------------------------------- */

/* Whoever else owns the folder, or may write to it, could put his own key and table there. */
static bool is_own(int fd, const char *path, struct failure *failure)
{
    struct stat status;
    return (fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) ||
           failure_set(failure, FAILURE_PERMISSION, "%s belongs to somebody else, or others may write to it", path);
}

/* In one step, so that who is killed leaves no folder that looks made and that nobody can report to. */
static bool make_reports(int directory_fd, const char *directory, struct failure *failure)
{
    mode_t mask = umask(0);
    bool made = mkdirat(directory_fd, SHARED_REPORTS, SHARED_REPORTS_MODE) == 0;
    int error = errno;
    umask(mask);
    return made || error == EEXIST ||
           failure_set_errno(failure, FAILURE_PERMISSION, error, "cannot make %s/%s", directory, SHARED_REPORTS);
}

bool shared_place_make(const char *directory, struct failure *failure)
{
    int fd = file_make_directories(directory, 0755, failure) ? shared_place_open(directory, false, failure) : -1;
    if (fd < 0)
        return false;
    bool good = is_own(fd, directory, failure) && make_key_if_missing(directory, fd, failure) &&
                make_reports(fd, directory, failure);
    close(fd);
    return good;
}

uint64_t shared_place_name(uint64_t key, char kind, uint64_t name)
{
    uint64_t hash = hash_mix(hash_mix(name ^ key) + (unsigned char)kind);
    return hash ? hash : 1;
}
