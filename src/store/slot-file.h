/* slot-file.h - a small file of slots: opened, locked, believed, and begun anew
 *
 * The history, the relay book, the daybook and the cache of DNS answers are such files: a header, and slots that have a
 * place each and are written there.  What is in the slots, how they are found and which makes room is each file's own
 * affair, as are their sums, by which what is half written or damaged is an empty slot.  Here is what they share:
 *
 *  - The header begins with a mark of 8 bytes and a version of 4, and ends with a sum of 8 over all before it, seeded
 *    with the version.  All numbers are in the machine's byte order: elsewhere the sum is another.
 *  - The file is always of one length, sparse until slots are written.  Of another length, or with another header, it
 *    is damaged, and begun anew by the next writer; of a newer version it is left alone.
 *  - It belongs to us, mode 0600, and is opened as all files of a store are (directory.h).
 *  - Writers hold a lock on the file itself.
 *
 * Failures: TEMPORARY it cannot be read or written just now; DAMAGED, or of a newer version; PERMISSION not ours to
 * open.
 */
#ifndef TAMIS_STORE_SLOT_FILE_H
#define TAMIS_STORE_SLOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"

struct slot_file_kind {
    const char *name; /* of the file in its directory, and for people */
    char mark[8];
    uint32_t version;
    size_t header_bytes, bytes; /* the header, and all of it */
    bool is_cache;    /* what is lost with it is asked again: it is begun anew without a word */
};

/* The open file; -1 when it cannot be opened, or is not there, which is no failure (failure->kind stays FAILURE_NONE).
 * With O_CREAT in `flags` the directory is made too. */
int slot_file_open(const struct slot_file_kind *kind, const char *directory, int flags, struct failure *failure);

/* Waits for the lock that long; it ends with the file's descriptor, or slot_file_unlock(). */
bool slot_file_lock(const struct slot_file_kind *kind, int fd, bool exclusive, int milliseconds,
                    struct failure *failure);
void slot_file_unlock(int fd);

bool slot_file_read(const struct slot_file_kind *kind, int fd, void *into, size_t length, size_t at,
                    struct failure *failure);
bool slot_file_write(const struct slot_file_kind *kind, int fd, const void *from, size_t length, size_t at,
                     struct failure *failure);

/* Gives a header its mark, version and sum. */
void slot_file_seal(const struct slot_file_kind *kind, void *header);

bool slot_file_header_is_sound(const struct slot_file_kind *kind, const void *header);

/* Was it written by a version of this program that comes after this one? */
bool slot_file_header_is_newer(const struct slot_file_kind *kind, const void *header);

bool slot_file_load_header(const struct slot_file_kind *kind, int fd, void *header, struct failure *failure);

/* Seals the header and writes it. */
bool slot_file_save_header(const struct slot_file_kind *kind, int fd, void *header, struct failure *failure);

/* Under the lock: the header of the file there is, or a file begun anew with the header that `fill` makes of zeros.
 * That something was there and is lost is logged, once: then the file is sound. */
bool slot_file_load_or_begin(const struct slot_file_kind *kind, int fd, void *header, void (*fill)(void *header),
                             struct failure *failure);

/* Adds to a count of a slot, which stays at its ends. */
static inline void slot_file_step(uint16_t *count, int by)
{
    int sum = *count + by;
    *count = (uint16_t)(sum < 0 ? 0 : sum > UINT16_MAX ? UINT16_MAX : sum);
}

#endif
