/* redis-writing.c - rows written to a store in Redis: held until commit(), and done there by one script
 *
 * The script looks whether the meta row is still the one this process read, and `n` right, and only then writes all
 * rows.  A script, and not WATCH with MULTI: that would have to begin before the rows are read, so cost a journey more,
 * and a connection that a cluster redirects forgets what it watched.  Sent as EVAL, not by its hash: beside some 100 KB
 * of rows its 1 KB is nothing, and a server that was restarted needs no second question.  Redis checks its memory limit
 * before the first write of a script and never within: a lesson is learned whole or not at all.
 */
#include "config.h"

#include "store/redis-tables.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "store/redis-words.h"

/* Bytes of rows sent in one HSET while a whole store is replaced: a server works on one question at a time, and others
 * wait some milliseconds for one of this size. */
#define BYTES_AT_ONCE ((size_t)1024 * 1024)

/* A store that was half written when its writer died is gone after so many seconds. */
#define NEW_KEY_SECONDS "600"

/* --- scripts ------------------------------------------------------------------------------------------------------ */

/* What a script checks first: KEYS[1] is the store, ARGV[1] the meta row's field, ARGV[2] the checksum this process
 * read in it ("" for a store that was not there), ARGV[3] the seconds to keep the store, 0 for ever. */
#define SCRIPT_CHECKS \
    "local key, meta = KEYS[1], redis.call('HGET', KEYS[1], ARGV[1])\n" \
    "if (meta and string.sub(meta, 1, 8) or '') ~= ARGV[2] then return 0 end\n" \
    "local count = redis.call('HLEN', key)\n" \
    "if (redis.call('HGET', key, 'n') or '0') ~= tostring(count) then return -1 end\n"

#define SCRIPT_EXPIRY \
    "if ARGV[3] ~= '0' then redis.call('EXPIRE', key, ARGV[3]) else redis.call('PERSIST', key) end\n" \
    "return 1\n"

/* ARGV[4] rows to set, then a field and a value for each, then fields to delete. */
static const char script_commit[] =
    SCRIPT_CHECKS
    "local sets, last = 4 + 2 * tonumber(ARGV[4]), #ARGV\n"
    "redis.call('HSET', key, 'n', 0)\n"
    "for i = 5, sets, 4000 do redis.call('HSET', key, unpack(ARGV, i, math.min(i + 3999, sets))) end\n"
    "for i = sets + 1, last, 4000 do redis.call('HDEL', key, unpack(ARGV, i, math.min(i + 3999, last))) end\n"
    "redis.call('HSET', key, 'n', redis.call('HLEN', key))\n"
    SCRIPT_EXPIRY;

/* Without these checks: whether the store is still that of the user's key, ARGV[3], which is in the meta row behind so
 * many bytes, ARGV[2]; and then whether each row is still what it was.  ARGV[4] on: field, checksum, and the new
 * value, empty to delete it. */
static const char script_touch[] =
    "local key, meta = KEYS[1], redis.call('HGET', KEYS[1], ARGV[1])\n"
    "if string.sub(meta or '', ARGV[2] + 1, ARGV[2] + #ARGV[3]) ~= ARGV[3] then return 0 end\n"
    "for i = 4, #ARGV, 3 do\n"
    "local row = redis.call('HGET', key, ARGV[i])\n"
    "if string.sub(row or '', 1, 8) ~= ARGV[i + 1] then return 0 end\n"
    "end\n"
    "local new = 0\n"
    "for i = 4, #ARGV, 3 do\n"
    "if ARGV[i + 2] ~= '' then new = new + redis.call('HSET', key, ARGV[i], ARGV[i + 2])\n"
    "else new = new - redis.call('HDEL', key, ARGV[i]) end\n"
    "end\n"
    "if new ~= 0 then redis.call('HINCRBY', key, 'n', new) end\n"
    "return 1\n";

/* KEYS[2] is the hash that takes the store's place. */
static const char script_replace[] =
    SCRIPT_CHECKS
    "redis.call('HSET', KEYS[2], 'n', 0)\n"
    "redis.call('HSET', KEYS[2], 'n', redis.call('HLEN', KEYS[2]))\n"
    "redis.call('UNLINK', key)\n"
    "redis.call('RENAME', KEYS[2], key)\n"
    SCRIPT_EXPIRY;

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* How much of a row is kept. */
static size_t kept_bytes(const struct cached_row *row)
{
    const char *bytes = row->bytes;
    size_t length = table_row_bytes[row->table];
    while (length > 0 && bytes[length - 1] == 0)
        length--;
    return length;
}

static bool is_to_set(const struct cached_row *row)
{
    return row->written && kept_bytes(row) > 0;
}

static size_t add_rows_to_set(struct words *words, const struct cached_row *rows, size_t count)
{
    size_t sets = 0;
    for (size_t i = 0; i < count; i++)
        if (is_to_set(&rows[i])) {
            words_add_field(words, (enum table)rows[i].table, rows[i].number);
            words_add(words, rows[i].bytes, kept_bytes(&rows[i]));
            sets++;
        }
    return sets;
}

/* What was written is there now, as if it had been read. */
static void note_written(struct redis_tables *redis)
{
    size_t count;
    struct cached_row *rows = row_cache_rows(redis->cache, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].written) {
            size_t kept = kept_bytes(&rows[i]);
            rows[i].written = false;
            rows[i].seen_bytes = kept < sizeof rows[i].seen ? (uint8_t)kept : sizeof rows[i].seen;
            memcpy(rows[i].seen, rows[i].bytes, rows[i].seen_bytes);
        }
    redis->unsent_bytes = 0;
}

/* Rows of a store that is to replace another, into a hash of its own. */
static bool send_new_rows(struct redis_tables *redis, struct failure *failure)
{
    const char *const expire[] = { "EXPIRE", redis->new_key, NEW_KEY_SECONDS };
    redisReply *answers[2] = { NULL, NULL };
    size_t count;
    struct cached_row *rows = row_cache_rows(redis->cache, &count);
    struct words words;
    if (!words_new(&words, count, 2, failure))
        return false;
    words_add_text(&words, "HSET");
    words_add_text(&words, redis->new_key);
    bool nothing = add_rows_to_set(&words, rows, count) == 0;
    if (nothing)
        words_free(&words);
    bool done = nothing ||
                (words_ask(&words, redis->link, &answers[0], failure) &&
                 (answers[0]->type == REDIS_REPLY_INTEGER || redis_link_fail(redis->link, answers[0], failure)) &&
                 words_ask_plainly(redis->link, 3, expire, failure) &&
                 redis_link_ask(redis->link, &answers[1], 1, failure));
    freeReplyObject(answers[0]);
    freeReplyObject(answers[1]);
    if (done)
        note_written(redis);
    return done;
}

bool redis_write(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, const void *rows,
                 struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    size_t size = table_row_bytes[table];
    if (!redis_check_numbers(tables, table, numbers, count, failure))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct cached_row *row = row_cache_add(redis->cache, table, numbers[i]);
        if (!row)
            return failure_set(failure, FAILURE_TEMPORARY, "no memory for rows");
        memcpy(row->bytes, (const char *)rows + i * size, size);
        row->written = true;
        redis->unsent_bytes += size;
    }
    return !redis->new_key || redis->unsent_bytes < BYTES_AT_ONCE || send_new_rows(redis, failure);
}

/* --- replacing ---------------------------------------------------------------------------------------------------- */

bool redis_begin_replacement(struct redis_tables *redis, struct failure *failure)
{
    uint64_t number = 0;
    char tail[32];
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        return failure_set(failure, FAILURE_TEMPORARY, "no random number to be had");
    snprintf(tail, sizeof tail, ":new:%016llx", (unsigned long long)number);
    row_cache_free(redis->cache);
    redis->cache = row_cache_new();
    redis->new_key = redis_key_of(redis->remote, tail);
    return (redis->cache && redis->new_key) || failure_set(failure, FAILURE_TEMPORARY, "no memory for rows");
}

/* --- committing --------------------------------------------------------------------------------------------------- */

/* The script and its keys, and the first of its arguments. */
static void begin_script(struct words *words, const struct redis_tables *redis, const char *script)
{
    words_add_text(words, "EVAL");
    words_add_text(words, script);
    words_add_text(words, redis->new_key ? "2" : "1");
    words_add_text(words, redis->key);
    if (redis->new_key)
        words_add_text(words, redis->new_key);
    words_add_field(words, TABLE_WEIGHTS, META_ROW);
}

/* The other arguments of SCRIPT_CHECKS. */
static void add_checks(struct words *words, const struct redis_tables *redis, char *seconds, size_t size)
{
    words_add(words, redis->seen, redis->seen_bytes);
    redis_write_seconds(redis, seconds, size);
    words_add_text(words, seconds);
}

static bool ask_for_commit(struct redis_tables *redis, const struct cached_row *rows, size_t count,
                           redisReply **answer, struct failure *failure)
{
    struct words words;
    char seconds[24], sets[24];
    if (!words_new(&words, count + 1, 8, failure))
        return false;
    begin_script(&words, redis, script_commit);
    add_checks(&words, redis, seconds, sizeof seconds);
    size_t place = words.count;
    words_add_text(&words, "");
    snprintf(sets, sizeof sets, "%zu", add_rows_to_set(&words, rows, count));
    words.texts[place] = sets;
    words.lengths[place] = strlen(sets);
    for (size_t i = 0; i < count; i++)
        if (rows[i].written && !is_to_set(&rows[i]))
            words_add_field(&words, (enum table)rows[i].table, rows[i].number);
    return words_ask(&words, redis->link, answer, failure);
}

static bool ask_for_replacement(struct redis_tables *redis, redisReply **answer, struct failure *failure)
{
    struct words words;
    char seconds[24];
    if (!words_new(&words, 1, 7, failure))
        return false;
    begin_script(&words, redis, script_replace);
    add_checks(&words, redis, seconds, sizeof seconds);
    return words_ask(&words, redis->link, answer, failure);
}

static bool ask_for_touch(struct redis_tables *redis, const struct cached_row *rows, size_t count,
                          redisReply **answer, struct failure *failure)
{
    struct words words;
    char key_at[8];
    if (!words_new(&words, 2 * count + 1, 6, failure))
        return false;
    begin_script(&words, redis, script_touch);
    snprintf(key_at, sizeof key_at, "%zu", offsetof(struct meta_row, key));
    words_add_text(&words, key_at);
    words_add(&words, redis->user_key, sizeof redis->user_key);
    for (size_t i = 0; i < count; i++)
        if (rows[i].written) {
            words_add_field(&words, (enum table)rows[i].table, rows[i].number);
            words_add(&words, rows[i].seen, rows[i].seen_bytes);
            words_add(&words, rows[i].bytes, kept_bytes(&rows[i]));
        }
    return words_ask(&words, redis->link, answer, failure);
}

static enum commit_result finish_commit(struct redis_tables *redis, const redisReply *answer, struct failure *failure)
{
    if (answer->type != REDIS_REPLY_INTEGER) {
        redis_link_fail(redis->link, answer, failure);
        return COMMIT_FAILED;
    }
    if (answer->integer == 0)
        return COMMIT_CONFLICT;
    if (answer->integer != 1) {
        redis_fail_incomplete(redis, failure);
        return COMMIT_FAILED;
    }
    redis_note_meta(redis);
    note_written(redis);
    free(redis->new_key);
    redis->new_key = NULL;
    redis->tables.is_new = false;
    return COMMIT_DONE;
}

enum commit_result redis_commit(struct tables *tables, struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    redisReply *answer = NULL;
    size_t count;
    struct cached_row *rows = row_cache_rows(redis->cache, &count);
    if (!row_cache_find(redis->cache, TABLE_WEIGHTS, META_ROW)) {
        failure_set(failure, FAILURE_DEFECT, "a store without its meta row");
        return COMMIT_FAILED;
    }
    bool asked = redis->new_key                   ? send_new_rows(redis, failure) &&
                                                        ask_for_replacement(redis, &answer, failure)
                 : redis->access == TABLES_TOUCH ? ask_for_touch(redis, rows, count, &answer, failure)
                                                 : ask_for_commit(redis, rows, count, &answer, failure);
    enum commit_result result = asked ? finish_commit(redis, answer, failure) : COMMIT_FAILED;
    freeReplyObject(answer);
    return result;
}
