/* list-file.c - the list files of one folder, read and replaced safely */
#include "senders/list-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "senders/entry.h"
#include "util/buffer.h"
#include "util/file-lock.h"

#define MODE_NEW 0600
#define LOCK_WAIT_MILLISECONDS 500
#define LOCK_PAUSE_MILLISECONDS 10

bool list_file_read(const char *path, struct file_bytes *bytes, struct failure *failure)
{
    *bytes = (struct file_bytes){ 0 };
    /* Most people have no lists: asking costs less than finding words for a failure that is none. */
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    return file_read(path, LIST_FILE_BYTES, bytes, failure);
}

bool list_file_replace(const char *path, struct span bytes, struct failure *failure)
{
    char real[PATH_MAX];
    struct stat status;
    const char *target = realpath(path, real) ? real : path;
    mode_t mode = stat(target, &status) == 0 ? status.st_mode & 0777 : MODE_NEW;
    return file_replace(target, bytes, mode, failure);
}

/* --- the lock --------------------------------------------------------------------------------------------------- */

int list_directory_lock(const char *directory, struct failure *failure)
{
    if (!file_make_directories(directory, 0700, failure))
        return -1;
    int fd = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open %s", directory);
        return -1;
    }
    if (file_lock(fd, true, LOCK_WAIT_MILLISECONDS, LOCK_PAUSE_MILLISECONDS))
        return fd;
    if (errno == EWOULDBLOCK)
        failure_set(failure, FAILURE_TEMPORARY, "another process is changing the lists in %s", directory);
    else
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot lock %s", directory);
    close(fd);
    return -1;
}

void list_directory_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* --- changing by hand ------------------------------------------------------------------------------------------- */

/* Copies the lines of `text` to `out`, but those that mean the same as `wanted`; gives how many these were. */
static size_t copy_others(struct span text, const struct entry *wanted, struct arena *arena, struct buffer *out)
{
    size_t found = 0;
    struct span first = entry_reader_new(text, arena).rest; /* behind the mark that some editors begin a file with */
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        struct span line = span_head(text, length + 1);
        const char *start = text.data < first.data ? first.data : text.data;
        struct entry entry = entry_read(span_make(start, (size_t)(text.data + length - start)), arena);
        text = span_from(text, length + 1);
        if (entry_same(&entry, wanted))
            found++;
        else
            buffer_append(out, line);
    }
    return found;
}

struct change {
    struct span entry;
    bool add;
};

static bool change_text(const char *path, struct span text, const struct change *change, bool *changed_r,
                        struct failure *failure)
{
    struct arena *arena = arena_new(LIST_FILE_BYTES * 16);
    struct entry wanted = entry_read(change->entry, arena);
    struct buffer out = buffer_new(arena, LIST_FILE_BYTES);
    size_t found = copy_others(text, &wanted, arena, &out);
    bool done = true;
    *changed_r = change->add ? found == 0 : found > 0;
    if (*changed_r && change->add) {
        if (out.length && out.data[out.length - 1] != '\n')
            buffer_append_byte(&out, '\n');
        buffer_append(&out, change->entry);
        buffer_append_byte(&out, '\n');
    }
    if (out.truncated)
        done = failure_set(failure, FAILURE_INPUT, "%s is full: a list has at most %zu bytes", path, LIST_FILE_BYTES);
    else if (*changed_r)
        done = list_file_replace(path, buffer_span(&out), failure);
    arena_free(arena);
    return done;
}

static bool change_file(const char *path, const struct change *change, bool *changed_r, struct failure *failure)
{
    struct file_bytes bytes;
    if (!list_file_read(path, &bytes, failure))
        return false;
    bool done = change_text(path, span_make(bytes.data, bytes.length), change, changed_r, failure);
    file_bytes_free(&bytes);
    return done;
}

bool list_file_add(const char *path, struct span text, bool *changed_r, struct failure *failure)
{
    return change_file(path, &(struct change){ text, true }, changed_r, failure);
}

bool list_file_remove(const char *path, struct span text, bool *changed_r, struct failure *failure)
{
    return change_file(path, &(struct change){ text, false }, changed_r, failure);
}
