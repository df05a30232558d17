/* file.h - files as if the power failed at every line
 *
 * All descriptors are opened O_CLOEXEC.  EINTR, EAGAIN and short transfers are handled here and nowhere else.
 * Where a function fails, errno is left as the system set it (0 when the refusal is our own), so that a caller can tell
 * a file that is not there (ENOENT) from one that cannot be read.  Writing to a pipe nobody reads raises SIGPIPE unless
 * the program ignores it.
 */
#ifndef TAMIS_UTIL_FILE_H
#define TAMIS_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/failure.h"
#include "util/span.h"

/* Bytes on the heap, followed by a NUL byte that length does not count; release with file_bytes_free(). */
struct file_bytes {
    char *data;
    size_t length;
};

/* Reads `fd` to its end.  At most `limit` bytes (0: no limit): one more is a failure. */
bool file_read_descriptor(int fd, size_t limit, struct file_bytes *bytes, struct failure *failure);

/* Reads a whole regular file; refuses FIFOs, devices and directories. */
bool file_read(const char *path, size_t limit, struct file_bytes *bytes, struct failure *failure);

/* The same for a file that is this user's own or is refused; a symbolic link in its place is refused, too. */
bool file_read_own(const char *path, size_t limit, struct file_bytes *bytes, struct failure *failure);

void file_bytes_free(struct file_bytes *bytes);

/* Writes everything or says why not. */
bool file_write_all(int fd, struct span bytes, struct failure *failure);

/* The same for `count` pieces in a row, in as few system calls as the system allows and without copying them. */
bool file_write_spans(int fd, const struct span *pieces, size_t count, struct failure *failure);

/* Replaces `path` with `bytes` in one step: temporary file beside it (O_EXCL), write, fsync, rename, fsync of the
 * directory. `mode` holds whatever the umask is.  A symbolic link at `path` is replaced, not followed.  Who is killed
 * meanwhile leaves PATH.tamis-XXXXXX behind, which the next one removes when it is an hour old. */
bool file_replace(const char *path, struct span bytes, mode_t mode, struct failure *failure);

/* Opens a file for this process alone, to write and to read: it has no name, or none any more, and ends with the last
 * descriptor that it is open by.  In $TMPDIR where that is an absolute path, else in /tmp.  -1 and errno when none can
 * be had. */
int file_open_nameless(void);

/* fsync of the directory that holds `path`. */
bool file_sync_directory_of(const char *path, struct failure *failure);

/* mkdir -p with mode `mode`, whatever the umask is, for what is made; what is there stays as it is. */
bool file_make_directories(const char *path, mode_t mode, struct failure *failure);

/* "a/b": joined with one slash into `out`; an empty directory gives the name alone; false when it does not fit. */
bool file_join(char *out, size_t size, const char *directory, const char *name);

#endif
