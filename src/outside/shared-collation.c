/* shared-collation.c - each night: the reports of all users become the table that deliveries look things up in */
#include "outside/shared-collation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outside/shared-count.h"
#include "outside/shared-place.h"
#include "outside/subordinates.h"
#include "util/hash.h"
#include "util/log.h"

#define DAY_SECONDS 86400

/* A file of the folder: whose, and its name. */
struct spool_file {
    uint64_t user;
    char name[SHARED_SPOOL_NAME];
};

struct spool {
    const struct shared_collating *collating;
    struct subordinates subordinates;
    int fd;
    dev_t device;
    struct spool_file *files;
    size_t count, room;
    size_t unread; /* files of which it is not known what they are, or what all is in them */
    bool full, lacked_memory;
};

/* --- which files there are -------------------------------------------------------------------------------------- */

static int by_user(const void *left, const void *right)
{
    const struct spool_file *a = left, *b = right;
    return a->user != b->user ? (a->user < b->user ? -1 : 1) : strcmp(a->name, b->name);
}

/* Sorts by user, and keeps of each no more files than are read. */
static void sort_files(struct spool *spool)
{
    size_t kept = 0, of_user = 0;
    if (spool->count)
        qsort(spool->files, spool->count, sizeof *spool->files, by_user);
    for (size_t i = 0; i < spool->count; i++) {
        bool same_user = kept && spool->files[kept - 1].user == spool->files[i].user;
        of_user = same_user ? of_user + 1 : 1;
        if (of_user <= SHARED_USER_FILES)
            spool->files[kept++] = spool->files[i];
    }
    spool->count = kept;
}

/* Where there cannot be more room, a sixteenth of it has to come free: it is not to be sorted again for each file. */
static bool make_room(struct spool *spool)
{
    size_t most = spool->collating->files_most ? spool->collating->files_most : SHARED_FILES_MOST;
    if (spool->full || spool->count < spool->room)
        return !spool->full;
    sort_files(spool);
    if (spool->count < spool->room / 2)
        return true;
    size_t room = spool->room ? spool->room * 2 : 256;
    struct spool_file *files = room <= most ? realloc(spool->files, room * sizeof *files) : NULL;
    if (files) {
        spool->files = files;
        spool->room = room;
    }
    spool->full = spool->room - spool->count <= spool->room / 16;
    spool->lacked_memory |= spool->full && !files && room <= most;
    return !spool->full;
}

static uint64_t user_of(const struct spool *spool, uid_t owner, const char *name)
{
    const struct shared_collating *collating = spool->collating;
    if (collating->has_virtual_owner && owner == collating->virtual_owner)
        return hash_bytes(name, strlen(name), 1) | UINT64_C(1) << 63;
    return owner;
}

static bool is_spool_name(const char *name)
{
    return strlen(name) == SHARED_SPOOL_NAME - 1 && strspn(name, "0123456789abcdef") == SHARED_SPOOL_NAME - 1;
}

/* Not what is mounted there, whose owners are whatever who mounted it says, nor another's file under a second name. */
static bool is_file_of(const struct spool *spool, const struct stat *status)
{
    return S_ISREG(status->st_mode) && status->st_dev == spool->device && status->st_nlink == 1 &&
           !subordinates_have(&spool->subordinates, status->st_uid);
}

/* Notes a file, or removes it when it is old: the folder belongs to who collates, and its sticky bit lets him. */
static void look_at(struct spool *spool, const char *name)
{
    struct stat status;
    const struct shared_collating *collating = spool->collating;
    if (!is_spool_name(name))
        return;
    if (fstatat(spool->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        spool->unread += errno != ENOENT;
        return;
    }
    if (!S_ISREG(status.st_mode))
        return;
    if (status.st_mtime < collating->now - (int64_t)collating->days * 2 * DAY_SECONDS) {
        unlinkat(spool->fd, name, 0);
        return;
    }
    if (!is_file_of(spool, &status))
        return;
    if (!make_room(spool))
        return;
    struct spool_file *file = &spool->files[spool->count++];
    file->user = user_of(spool, status.st_uid, name);
    memcpy(file->name, name, sizeof file->name);
}

static bool list_files(struct spool *spool, struct failure *failure)
{
    int copy = openat(spool->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
    if (!folder) {
        failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot list the reports in %s",
                          spool->collating->directory);
        if (copy >= 0)
            close(copy);
        return false;
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(folder)); errno = 0)
        look_at(spool, entry->d_name);
    int error = errno;
    closedir(folder);
    sort_files(spool);
    if (spool->lacked_memory)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for counting reports");
    return error == 0 || failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot list the reports in %s",
                                           spool->collating->directory);
}

/* --- reading them ----------------------------------------------------------------------------------------------- */

/* A file that has another owner by now than when it was listed is read the next time, and what is not a file any more
 * holds nothing.  False when the system does not say what is in it. */
static bool read_file(const struct spool *spool, const struct spool_file *file, uint64_t key,
                      struct shared_count *count)
{
    struct stat status;
    struct failure why;
    int fd = shared_place_open_file(spool->fd, file->name, O_RDONLY, &why);
    if (fd < 0) {
        /* Gone since, a link, a FIFO without anybody at its other end, or no file with one name. */
        bool holds_nothing = errno == ENOENT || errno == ELOOP || errno == ENXIO || errno == 0;
        log_line(LOG_SEVERITY_DEBUG, "%s", why.reason);
        return holds_nothing;
    }
    bool known = fstat(fd, &status) == 0, read = true;
    if (known && is_file_of(spool, &status) && user_of(spool, status.st_uid, file->name) == file->user &&
        status.st_size <= SHARED_SPOOL_BYTES)
        read = shared_spool_read(fd, key, shared_count_report, count);
    close(fd);
    return known && read;
}

static bool count_files(const struct spool *spool, uint64_t key, struct shared_facts *facts, struct failure *failure)
{
    const struct shared_collating *collating = spool->collating;
    struct shared_count *count = shared_count_new(collating->now, collating->days, SHARED_NAMES_MOST);
    if (!count)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for counting reports");
    size_t unread = spool->unread;
    for (size_t i = 0; i < spool->count; i++) {
        if (i && spool->files[i - 1].user != spool->files[i].user)
            shared_count_end_user(count);
        unread += !read_file(spool, &spool->files[i], key, count);
    }
    if (unread)
        log_line(LOG_SEVERITY_WARNING, "%zu files of reports in %s could not be read to their end: what they hold is "
                 "missing until the next night", unread, collating->directory);
    const struct shared_entry *table;
    size_t entries;
    bool full;
    if (!shared_count_finish(count, &table, &entries, facts, &full)) {
        shared_count_free(&count);
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for counting reports");
    }
    if (full || spool->full)
        log_line(LOG_SEVERITY_WARNING, "more reports in %s than can be counted: some are left out",
                 collating->directory);
    bool good = shared_table_write(collating->directory, key, facts, table, entries, failure);
    shared_count_free(&count);
    return good;
}

static bool open_spool(struct spool *spool, struct failure *failure)
{
    struct stat status;
    spool->fd = shared_place_open(spool->collating->directory, true, failure);
    if (spool->fd < 0 || !subordinates_read(spool->collating->subordinates, &spool->subordinates, failure))
        return false;
    if (fstat(spool->fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot tell what the folder of reports is");
    spool->device = status.st_dev;
    return true;
}

bool shared_collate(const struct shared_collating *collating, struct shared_facts *facts, struct failure *failure)
{
    struct spool spool = { .collating = collating, .fd = -1 };
    uint64_t key;
    *facts = (struct shared_facts){ 0 };
    bool good = shared_place_key(collating->directory, &key, failure) && open_spool(&spool, failure) &&
                list_files(&spool, failure) && count_files(&spool, key, facts, failure);
    if (spool.fd >= 0)
        close(spool.fd);
    subordinates_free(&spool.subordinates);
    free(spool.files);
    return good;
}
