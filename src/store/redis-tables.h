/* redis-tables.h - a user's tables in Redis while they are open, and what the files of that engine do with them
 *
 * engine-redis.c draws what is kept there.  redis-opening.c reads the beginning, redis-reading.c other rows;
 * redis-writing.c has the scripts by which the server takes what was written.
 */
#ifndef TAMIS_STORE_REDIS_TABLES_H
#define TAMIS_STORE_REDIS_TABLES_H

#include "store/engine.h"
#include "store/record.h"
#include "store/redis-link.h"
#include "store/row-cache.h"

#define CHECKSUM_BYTES sizeof(uint64_t)

struct redis_tables {
    struct tables tables;
    struct redis_link *link;
    struct row_cache *cache;
    const struct store_remote *remote;
    enum tables_access access;
    char *key, *new_key;          /* new_key: NULL unless the store is being replaced */
    size_t unsent_bytes;          /* of written rows, while it is being replaced */
    char seen[CHECKSUM_BYTES];    /* of the meta row as it was read */
    size_t seen_bytes;            /* 0: there was none */
    long long fields;             /* how many there were when that was read */
    char user_key[sizeof(uint64_t)]; /* in that row */
};

/* Fields of the hash that are missing or too many; false. */
bool redis_fail_incomplete(const struct redis_tables *redis, struct failure *failure);

/* What the meta row in the cache says, for the next question about it. */
void redis_note_meta(struct redis_tables *redis);

/* For how long the store is kept when nothing is learned into it; "0": for ever. */
void redis_write_seconds(const struct redis_tables *redis, char *seconds, size_t size);

/* Are all numbers those of rows that the table has? */
bool redis_check_numbers(const struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                         struct failure *failure);

/* A row as it arrived, into the cache. */
bool redis_take_row(struct redis_tables *redis, enum table table, uint32_t number, const redisReply *value,
                    struct failure *failure);

/* After open(): what is written goes into a hash of its own, which commit() puts in the place of the store. */
bool redis_begin_replacement(struct redis_tables *redis, struct failure *failure);

/* --- as engine.h has them ----------------------------------------------------------------------------------------- */

bool redis_refresh(struct tables *tables, struct failure *failure);
bool redis_fetch(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                 struct failure *failure);
bool redis_read(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                struct failure *failure);
bool redis_write(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, const void *rows,
                 struct failure *failure);
enum commit_result redis_commit(struct tables *tables, struct failure *failure);

#endif
