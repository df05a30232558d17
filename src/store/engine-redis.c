/* engine-redis.c - tables in Redis, one hash for each user
 *
 *   PREFIX{USER}                a hash; all of a user's state, and so in one slot of a cluster
 *       w80                     the meta row; it makes a store of the hash
 *       w0 ... w7f              rows of weights       |  row numbers in hexadecimal; the bytes of each are those of
 *       w81 ... w84             the scales            |  record.h, with the zeros at their end left out
 *       p0 ... pffff            rows of pairs         |
 *       l0 ... l7ff             rows of the ledger    |
 *       h0 ... h3ff             buckets of the history|
 *       h400                    its header            |
 *       c0 ... cfff             a file (companion.h)  |
 *       n                       how many fields the hash has, this one among them, in decimal
 *   PREFIX{USER}:new:RANDOM     a hash that is to replace it, while it is written; gone after ten minutes
 *
 * A row in which nothing is has no field.  A field that was lost shows in `n`; a row that was cut, altered, or taken
 * from another place or user in its checksum, which is seeded with the user's key, table and number (record.h); a hash
 * of another version in the meta row.  Numbers are in the byte order of the machine: hosts that share a Redis are of
 * one kind.
 *
 * Reading a message's evidence is three journeys: open() reads how many fields there are, and meta row, scales,
 * weights and the header of the history at once; then, when the message has been read, one HMGET for what the history
 * has of its relay and hosts; then, since the rules that hit are among the features, one for the rows of pairs.  (All
 * of the history with the first would be a journey less and three times the work for the server: 0.10 ms without it,
 * 0.29 to 0.37 with its 1,024 buckets, of which nearly all are asked for in vain; a journey for 13 of them is 0.01.)
 *
 * How a lesson is written redis-writing.c says.
 */
#include "config.h"

#include "store/redis-tables.h"

#include <stdlib.h>

#include "store/module.h"
#include "store/redis-words.h"

static void redis_close(struct tables *tables)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    redis_link_close(&redis->link);
    row_cache_free(redis->cache);
    free(redis->key);
    free(redis->new_key);
    free(redis);
}

static struct tables *redis_open(const struct store_options *options, enum tables_access access,
                                 struct failure *failure)
{
    const struct store_remote *remote = &options->remote;
    if (!remote->name || !*remote->name) {
        failure_set(failure, FAILURE_CONFIGURATION, "without the user's name there is no key in Redis");
        return NULL;
    }
    struct redis_tables *redis = calloc(1, sizeof *redis);
    if (!redis) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the tables");
        return NULL;
    }
    redis->tables.engine = &tamis_store_module.engine;
    redis->remote = remote;
    redis->access = access;
    redis->key = redis_key_of(remote, "");
    int patience = access == TABLES_READ ? 1 : STORE_REMOTE_WRITER_PATIENCE;
    redis->link = redis_link_open(remote, remote->timeout_milliseconds * patience, failure);
    if (!redis->link || !redis->key || !redis_refresh(&redis->tables, failure) ||
        (access == TABLES_MAKE && !redis_begin_replacement(redis, failure))) {
        redis_close(&redis->tables);
        return NULL;
    }
    return &redis->tables;
}

static int redis_descriptor(const struct tables *tables)
{
    return redis_link_descriptor(((const struct redis_tables *)tables)->link);
}

__attribute__((visibility("default"))) const struct store_module tamis_store_module = {
    .form = STORE_MODULE_FORM,
    .version = PACKAGE_VERSION,
    .row_bytes = { sizeof(struct weight_row), sizeof(struct pair_row), sizeof(struct ledger_row),
                   sizeof(struct history_row), sizeof(struct companion_row) },
    .engine = {
        .name = "redis",
        .sealed = true,
        .sparse = true,
        .open = redis_open,
        .read = redis_read,
        .write = redis_write,
        .close = redis_close,
        .fetch = redis_fetch,
        .refresh = redis_refresh,
        .commit = redis_commit,
        .descriptor = redis_descriptor,
    },
};
