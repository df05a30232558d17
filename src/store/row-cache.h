/* row-cache.h - rows that are held in memory: read already, or written and on their way
 *
 * For engines whose every answer is a journey: rows are fetched many at a time, looked at one at a time, and written
 * back together.  Grows with the rows that are touched; a whole store is 8 MB at most.
 */
#ifndef TAMIS_STORE_ROW_CACHE_H
#define TAMIS_STORE_ROW_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/engine.h"

struct cached_row {
    uint32_t number;
    uint8_t table;
    bool written; /* not yet where it belongs */
    char seen[sizeof(uint64_t)]; /* its checksum as it was read */
    uint8_t seen_bytes;          /* 0: there was no such row */
    void *bytes;  /* as many as a row of its table has; valid as long as the cache */
};

struct row_cache;

/* NULL when there is no memory. */
struct row_cache *row_cache_new(void);

/* NULL is allowed. */
void row_cache_free(struct row_cache *cache);

/* The row, or NULL when it is not held. */
struct cached_row *row_cache_find(const struct row_cache *cache, enum table table, uint32_t number);

/* The row, added as zeros when it is not held; NULL when there is no memory.  Other rows may move: pointers to struct
 * cached_row from before are not to be used. */
struct cached_row *row_cache_add(struct row_cache *cache, enum table table, uint32_t number);

/* All rows, in the order in which they were added. */
struct cached_row *row_cache_rows(struct row_cache *cache, size_t *count);

#endif
