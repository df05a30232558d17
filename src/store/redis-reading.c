/* redis-reading.c - rows of a store in Redis: asked for, taken, and given out of the cache */
#include "config.h"

#include "store/redis-tables.h"

#include <string.h>

#include "store/redis-words.h"

/* Fields asked for in one HMGET: a server works on one question at a time, and others wait some milliseconds for one of
 * this size. */
#define FIELDS_AT_ONCE 4096u

bool redis_take_row(struct redis_tables *redis, enum table table, uint32_t number, const redisReply *value,
                    struct failure *failure)
{
    if (value->type != REDIS_REPLY_NIL && value->type != REDIS_REPLY_STRING)
        return redis_link_fail(redis->link, value, failure);
    bool present = value->type == REDIS_REPLY_STRING;
    size_t length = present ? value->len : 0;
    if (length > table_row_bytes[table] || (present && length == 0))
        return failure_set(failure, FAILURE_DAMAGED, "%s: the field %c%x has not the length of a row", redis->key,
                           redis_table_letters[table], number);
    struct cached_row *row = row_cache_add(redis->cache, table, number);
    if (!row)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for rows");
    if (row->written || length == 0)
        return true;
    memcpy(row->bytes, value->str, length);
    row->seen_bytes = length < sizeof row->seen ? (uint8_t)length : sizeof row->seen;
    memcpy(row->seen, value->str, row->seen_bytes);
    return true;
}

/* The meta row says which store this is; one that vanished, or another's, must not pass for rows without content. */
static bool is_still_ours(const struct redis_tables *redis, const redisReply *meta, struct failure *failure)
{
    size_t at = offsetof(struct meta_row, key);
    return (meta->type == REDIS_REPLY_STRING && meta->len >= at + sizeof redis->user_key &&
            memcmp(meta->str + at, redis->user_key, sizeof redis->user_key) == 0) ||
           failure_set(failure, FAILURE_TEMPORARY, "%s was removed or replaced while it was read", redis->key);
}

static bool take_rows(struct redis_tables *redis, enum table table, const uint32_t *numbers, size_t count,
                      const redisReply *answer, struct failure *failure)
{
    if (answer->type != REDIS_REPLY_ARRAY || answer->elements != count + 1)
        return redis_link_fail(redis->link, answer, failure);
    if (!is_still_ours(redis, answer->element[0], failure))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!redis_take_row(redis, table, numbers[i], answer->element[i + 1], failure))
            return false;
    return true;
}

static bool fetch_some(struct redis_tables *redis, enum table table, const uint32_t *numbers, size_t count,
                       struct failure *failure)
{
    struct words words;
    redisReply *answer = NULL;
    if (!words_new(&words, count + 1, 2, failure))
        return false;
    words_add_text(&words, "HMGET");
    words_add_text(&words, redis->key);
    words_add_field(&words, TABLE_WEIGHTS, META_ROW);
    for (size_t i = 0; i < count; i++)
        words_add_field(&words, table, numbers[i]);
    bool done = words_ask(&words, redis->link, &answer, failure) &&
                take_rows(redis, table, numbers, count, answer, failure);
    freeReplyObject(answer);
    return done;
}

/* A store that is not there, or is being replaced, has nothing to read: all its rows are zeros. */
static bool has_nothing_to_read(const struct redis_tables *redis)
{
    return redis->tables.is_new || redis->new_key;
}

/* Reads what is not held yet. */
bool redis_fetch(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                 struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    uint32_t missing[FIELDS_AT_ONCE];
    size_t missing_count = 0;
    if (has_nothing_to_read(redis))
        return true;
    if (redis->seen_bytes == 0)
        return failure_set(failure, FAILURE_TEMPORARY, "%s could not be read before", redis->key);
    for (size_t i = 0; i < count; i++) {
        if (!row_cache_find(redis->cache, table, numbers[i]))
            missing[missing_count++] = numbers[i];
        bool last = i + 1 == count;
        if (missing_count > 0 && (last || missing_count == FIELDS_AT_ONCE)) {
            if (!fetch_some(redis, table, missing, missing_count, failure))
                return false;
            missing_count = 0;
        }
    }
    return true;
}

bool redis_check_numbers(const struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                         struct failure *failure)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] >= tables->rows[table])
            return failure_set(failure, FAILURE_DEFECT, "row %u of table %d asked for, which has %u", numbers[i],
                               (int)table, tables->rows[table]);
    return true;
}

bool redis_read(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    size_t size = table_row_bytes[table];
    if (!redis_check_numbers(tables, table, numbers, count, failure) ||
        !redis_fetch(tables, table, numbers, count, failure))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct cached_row *row = row_cache_find(redis->cache, table, numbers[i]);
        if (!row && !has_nothing_to_read(redis))
            return failure_set(failure, FAILURE_DEFECT, "a row of %s was not fetched", redis->key);
        if (row)
            memcpy((char *)rows + i * size, row->bytes, size);
        else
            memset((char *)rows + i * size, 0, size);
    }
    return true;
}
