/* journal.h - the lessons since the last snapshot, each on the disk before it counts
 *
 * The bytes are drawn in record.h.  Only the holder of the store's exclusive lock writes here.
 */
#ifndef TAMIS_STORE_JOURNAL_H
#define TAMIS_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/directory.h"
#include "store/store.h"
#include "util/failure.h"

/* Lessons in one record, as store_apply() takes them. */
#define JOURNAL_LESSONS_MOST 4

/* Of a journal without records. */
#define JOURNAL_EMPTY_BYTES 40

/* Replaces the journal by an empty one that goes on after lesson `sequence`.  `bytes_r`: its length. */
bool journal_begin(const struct directory *directory, uint64_t key, uint64_t sequence, uint64_t *bytes_r,
                   struct failure *failure);

/* Opens it for journal_append(); -1 and `failure`. */
int journal_open(const struct directory *directory, struct failure *failure);

/* Appends one record to a journal of `*bytes` bytes, which are counted on; `durable`: returns when it is on the disk.
 * On failure the journal is as long as before. */
bool journal_append(int fd, uint64_t *bytes, uint64_t key, uint64_t sequence, const struct lesson *lessons,
                    size_t count, bool durable, struct failure *failure);

struct journal_found {
    uint64_t records; /* sound, with a sequence above `after` */
    uint64_t lost;    /* damaged, or missing from the sequence, or refused by `apply`; not: cut short at the end */
    uint64_t bytes;   /* of the file */
    bool cut_short;   /* what is at its end is no whole record */
};

/* Calls `apply` for each sound record with a sequence above `after`, in order; what is damaged is skipped and counted.
 * False when there is no journal or it is not this store's, or when `apply` failed for any other reason than
 * FAILURE_DEFECT (counted as lost). */
typedef bool journal_apply(void *context, uint64_t sequence, const struct lesson *lessons, size_t count,
                           struct failure *failure);
bool journal_replay(const struct directory *directory, uint64_t key, uint64_t after, journal_apply *apply,
                    void *context, struct journal_found *found, struct failure *failure);

#endif
