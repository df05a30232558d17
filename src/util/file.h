/* file.h - files as if the power failed at every line
 *
 * All descriptors are opened O_CLOEXEC.  EINTR and short transfers are handled here and nowhere else.
 */
#ifndef TAMIS_UTIL_FILE_H
#define TAMIS_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/failure.h"
#include "util/span.h"

/* Bytes on the heap; release with file_bytes_free(). */
struct file_bytes {
    char *data;
    size_t length;
};

/* Reads `fd` to its end.  At most `limit` bytes (0: no limit): one more is a failure. */
bool file_read_descriptor(int fd, size_t limit, struct file_bytes *bytes, struct failure *failure);

/* Reads a whole regular file; refuses FIFOs, devices and directories. */
bool file_read(const char *path, size_t limit, struct file_bytes *bytes, struct failure *failure);

void file_bytes_free(struct file_bytes *bytes);

/* Writes everything or says why not. */
bool file_write_all(int fd, struct span bytes, struct failure *failure);

/* Replaces `path` with `bytes` in one step: temporary file beside it (O_EXCL), write, fsync, rename, fsync of the directory. */
bool file_replace(const char *path, struct span bytes, mode_t mode, struct failure *failure);

/* fsync of the directory that holds `path`. */
bool file_sync_directory_of(const char *path, struct failure *failure);

/* mkdir -p with mode `mode` for what is made. */
bool file_make_directories(const char *path, mode_t mode, struct failure *failure);

/* "a/b": joined with one slash into `out`; false when it does not fit. */
bool file_join(char *out, size_t size, const char *directory, const char *name);

#endif
