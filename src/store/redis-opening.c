/* redis-opening.c - the beginning of a store in Redis: what open() reads at once, and begins anew with */
#include "config.h"

#include "store/redis-tables.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "store/redis-words.h"

/* Of reading a store while others learn. */
#define ATTEMPTS_MOST 10

/* The number of fields, the fields, and that the end was put off.  The number first: of somebody who has not given a
 * password, Redis takes short questions only, and cuts the connection at others. */
#define OPENING_ANSWERS_MOST 3

/* A writer also puts off the end of a store that is not used any more. */
static bool puts_off_end(const struct redis_tables *redis)
{
    return (redis->access == TABLES_WRITE || redis->access == TABLES_MAKE) && redis->remote->days > 0;
}

static size_t opening_answers(const struct redis_tables *redis)
{
    return OPENING_ANSWERS_MOST - !puts_off_end(redis);
}

void redis_write_seconds(const struct redis_tables *redis, char *seconds, size_t size)
{
    snprintf(seconds, size, "%lld", (long long)redis->remote->days * 86400);
}

struct place {
    enum table table;
    uint32_t number;
};

#define BEGINNING_MOST (WEIGHT_TABLE_ROWS + 2)

/* The rows that open() reads; who comes to touch a few others does without the weights. */
static size_t list_beginning(const struct redis_tables *redis, struct place places[BEGINNING_MOST])
{
    size_t count = 0;
    bool touching = redis->access == TABLES_TOUCH;
    for (uint32_t number = touching ? META_ROW : 0; number < (touching ? META_ROW + 1 : WEIGHT_TABLE_ROWS); number++)
        places[count++] = (struct place){ TABLE_WEIGHTS, number };
    places[count++] = (struct place){ TABLE_HISTORY, HISTORY_HEADER_ROW };
    places[count++] = (struct place){ TABLE_COMPANION, 0 };
    return count;
}

static bool ask_for_beginning(struct redis_tables *redis, redisReply **answers, struct failure *failure)
{
    char seconds[24];
    const char *const length[] = { "HLEN", redis->key }, *const expire[] = { "EXPIRE", redis->key, seconds };
    struct place places[BEGINNING_MOST];
    size_t count = list_beginning(redis, places);
    struct words words;
    redis_write_seconds(redis, seconds, sizeof seconds);
    if (!words_ask_plainly(redis->link, 2, length, failure) || !words_new(&words, count, 3, failure))
        return false;
    words_add_text(&words, "HMGET");
    words_add_text(&words, redis->key);
    words_add_text(&words, "n");
    for (size_t i = 0; i < count; i++)
        words_add_field(&words, places[i].table, places[i].number);
    return words_ask_later(&words, redis->link, failure) &&
           (!puts_off_end(redis) || words_ask_plainly(redis->link, 3, expire, failure)) &&
           redis_link_ask(redis->link, answers, opening_answers(redis), failure);
}

/* Is `n` the number of fields that there are? */
static bool count_is_right(const redisReply *said, long long fields)
{
    char right[24];
    int length = snprintf(right, sizeof right, "%lld", fields);
    return fields == 0 ? said->type == REDIS_REPLY_NIL
                       : said->type == REDIS_REPLY_STRING && said->len == (size_t)length &&
                             memcmp(said->str, right, said->len) == 0;
}

/* There is nothing to make it again from: that is the administrator's choice. */
bool redis_fail_incomplete(const struct redis_tables *redis, struct failure *failure)
{
    return failure_set(failure, FAILURE_DAMAGED,
                       "%s: fields are missing, or it is not ours: restore it from a backup of Redis, or delete it",
                       redis->key);
}

void redis_note_meta(struct redis_tables *redis)
{
    const struct cached_row *meta = row_cache_find(redis->cache, TABLE_WEIGHTS, META_ROW);
    memcpy(redis->seen, meta->bytes, sizeof redis->seen);
    memcpy(redis->user_key, (const char *)meta->bytes + offsetof(struct meta_row, key), sizeof redis->user_key);
    redis->seen_bytes = sizeof redis->seen;
}

/* *again: the fields and their number do not agree, and the meta row, or how many there are, is not what it was the
 * last time. */
static bool take_beginning(struct redis_tables *redis, redisReply *const *answers, bool *again, struct failure *failure)
{
    const redisReply *fields = answers[0], *values = answers[1];
    struct place places[BEGINNING_MOST];
    size_t count = list_beginning(redis, places);
    char before[CHECKSUM_BYTES];
    bool had = redis->seen_bytes > 0 && redis->fields == fields->integer;
    memcpy(before, redis->seen, sizeof before);
    if (fields->type != REDIS_REPLY_INTEGER)
        return redis_link_fail(redis->link, fields, failure);
    if (values->type != REDIS_REPLY_ARRAY || values->elements != count + 1)
        return redis_link_fail(redis->link, values, failure);
    redis->seen_bytes = 0;
    redis->fields = fields->integer;
    redis->tables.is_new = fields->integer == 0 && values->element[0]->type == REDIS_REPLY_NIL;
    if (redis->tables.is_new)
        return true;
    for (size_t i = 0; i < count; i++)
        if (!redis_take_row(redis, places[i].table, places[i].number, values->element[i + 1], failure))
            return false;
    redis_note_meta(redis);
    if (count_is_right(values->element[0], fields->integer))
        return true;
    *again = !had || memcmp(before, redis->seen, sizeof before) != 0;
    return redis_fail_incomplete(redis, failure);
}

static bool begin(struct redis_tables *redis, bool *again, struct failure *failure)
{
    redisReply *answers[OPENING_ANSWERS_MOST] = { NULL };
    size_t count = opening_answers(redis);
    row_cache_free(redis->cache);
    redis->cache = row_cache_new();
    redis->tables.is_new = false;
    if (!redis->cache)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for rows");
    bool done = ask_for_beginning(redis, answers, failure);
    for (size_t i = 0; done && i < count; i++)
        if (answers[i]->type == REDIS_REPLY_ERROR)
            done = redis_link_fail(redis->link, answers[i], failure);
    done = done && take_beginning(redis, answers, again, failure);
    for (size_t i = 0; i < count; i++)
        freeReplyObject(answers[i]);
    return done;
}

/* Somebody's lesson may come between the number of fields and the fields, and make the two disagree: they are then
 * asked for again, and it is damage only when the meta row is the same as before.  (Not MULTI: a server that is out of
 * memory takes none, and can still be read.) */
bool redis_refresh(struct tables *tables, struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    bool done = false, again = true;
    redis->seen_bytes = 0;
    for (int attempt = 0; again && attempt < ATTEMPTS_MOST; attempt++) {
        again = false;
        done = begin(redis, &again, failure);
    }
    return done;
}
