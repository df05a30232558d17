/* list-file.h - the list files of one folder, read and replaced safely
 *
 * A list that is not there is an empty one.  Whoever changes a list holds the lock on its folder from reading to
 * replacing; whoever reads needs no lock, because a file is replaced in one step.
 */
#ifndef TAMIS_SENDERS_LIST_FILE_H
#define TAMIS_SENDERS_LIST_FILE_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/span.h"

/* Ten thousand addresses take 250 KB.  A larger list is not read. */
#define LIST_FILE_BYTES ((size_t)1024 * 1024)

/* Reads the whole list; file_bytes_free() releases it.  A missing file gives no bytes, and costs one system call. */
bool list_file_read(const char *path, struct file_bytes *bytes, struct failure *failure);

/* Replaces the list in one step.  A file that is there keeps its mode; where `path` is a symbolic link (as people have
 * who keep their settings in a repository) the file it leads to is replaced. */
bool list_file_replace(const char *path, struct span bytes, struct failure *failure);

/* Takes the folder's lock, made (0700) when it is missing; waits for it up to half a second.  A descriptor for
 * list_directory_unlock(), or -1. */
int list_directory_lock(const char *directory, struct failure *failure);
void list_directory_unlock(int lock);

/* Adds a line with `text`, which is an entry, at the end, unless the list has it.  `*changed_r` says whether it had
 * not. The lock is the caller's. */
bool list_file_add(const char *path, struct span text, bool *changed_r, struct failure *failure);

/* Takes every line away whose entry means the same as `text`; all other lines stay as they are, byte for byte. */
bool list_file_remove(const char *path, struct span text, bool *changed_r, struct failure *failure);

#endif
