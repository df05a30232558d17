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
 *  A lesson that comes
 * between the number and the fields makes the two disagree: they are then asked for again, and it is damage only when
 * the meta row is the same as before.  (Not MULTI: a server that is out of memory takes none, and can still be read.)
 *
 * What a lesson writes is held here until commit() and done by one script: it looks whether the meta row is still the
 * one this process read, and `n` right, and only then writes all rows.  A script, and not WATCH with MULTI: that would
 * have to begin before the rows are read, so cost a journey more, and a connection that a cluster redirects forgets
 * what it watched.  Sent as EVAL, not by its hash: beside some 100 KB of rows its 1 KB is nothing, and a server that
 * was restarted needs no second question.  Redis checks its memory limit before the first write of a script and never
 * within: a lesson is learned whole or not at all.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "store/engine.h"
#include "store/module.h"
#include "store/record.h"
#include "store/redis-link.h"
#include "store/row-cache.h"

/* Fields asked for in one HMGET, and bytes of rows sent in one HSET while a whole store is replaced: a server works on
 * one question at a time, and others wait some milliseconds for one of this size. */
#define FIELDS_AT_ONCE 4096u
#define BYTES_AT_ONCE ((size_t)1024 * 1024)

/* A store that was half written when its writer died is gone after so many seconds. */
#define NEW_KEY_SECONDS "600"

/* Of reading a store while others learn. */
#define ATTEMPTS_MOST 10

#define CHECKSUM_BYTES sizeof(uint64_t)
#define FIELD_BYTES 12

static const char table_letters[TABLE_COUNT] = { [TABLE_WEIGHTS] = 'w', [TABLE_PAIRS] = 'p', [TABLE_LEDGER] = 'l',
                                                [TABLE_HISTORY] = 'h', [TABLE_COMPANION] = 'c' };

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
 * many bytes, ARGV[2]; and then whether each row is still what it was.  ARGV[4] on: field, checksum,
 * and the new value, empty to delete it. */
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

/* --- words of a question ------------------------------------------------------------------------------------------ */

struct words {
    const char **texts;
    size_t *lengths;
    char (*fields)[FIELD_BYTES];
    size_t count, field_count;
};

static bool words_new(struct words *words, size_t fields, size_t others, struct failure *failure)
{
    size_t most = 2 * fields + others;
    *words = (struct words){ .texts = calloc(most, sizeof *words->texts),
                             .lengths = calloc(most, sizeof *words->lengths),
                             .fields = calloc(fields + 1, sizeof *words->fields) };
    return (words->texts && words->lengths && words->fields) ||
           failure_set(failure, FAILURE_TEMPORARY, "no memory for a question to Redis");
}

static void words_free(struct words *words)
{
    free(words->texts);
    free(words->lengths);
    free(words->fields);
}

static void words_add(struct words *words, const char *text, size_t length)
{
    words->texts[words->count] = text;
    words->lengths[words->count++] = length;
}

static void words_add_text(struct words *words, const char *text)
{
    words_add(words, text, strlen(text));
}

static void words_add_field(struct words *words, enum table table, uint32_t number)
{
    char *field = words->fields[words->field_count++];
    int length = snprintf(field, FIELD_BYTES, "%c%x", table_letters[table], number);
    words_add(words, field, (size_t)length);
}

static bool words_ask_later(struct words *words, struct redis_link *link, struct failure *failure)
{
    bool added = redis_link_add(link, words->count, words->texts, words->lengths, failure);
    words->count = words->field_count = 0;
    return added;
}

static bool add_plain(struct redis_link *link, size_t count, const char *const *texts, struct failure *failure)
{
    size_t lengths[4];
    for (size_t i = 0; i < count; i++)
        lengths[i] = strlen(texts[i]);
    return redis_link_add(link, count, texts, lengths, failure);
}

/* --- rows that come ----------------------------------------------------------------------------------------------- */

/* A row as it arrived, into the cache. */
static bool take_row(struct redis_tables *redis, enum table table, uint32_t number, const redisReply *value,
                     struct failure *failure)
{
    if (value->type != REDIS_REPLY_NIL && value->type != REDIS_REPLY_STRING)
        return redis_link_fail(redis->link, value, failure);
    bool present = value->type == REDIS_REPLY_STRING;
    size_t length = present ? value->len : 0;
    if (length > table_row_bytes[table] || (present && length == 0))
        return failure_set(failure, FAILURE_DAMAGED, "%s: the field %c%x has not the length of a row", redis->key,
                           table_letters[table], number);
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
        if (!take_row(redis, table, numbers[i], answer->element[i + 1], failure))
            return false;
    return true;
}

static bool fetch_some(struct redis_tables *redis, enum table table, const uint32_t *numbers, size_t count,
                       struct failure *failure)
{
    struct words words;
    redisReply *answer = NULL;
    bool ready = words_new(&words, count + 1, 2, failure);
    if (ready) {
        words_add_text(&words, "HMGET");
        words_add_text(&words, redis->key);
        words_add_field(&words, TABLE_WEIGHTS, META_ROW);
        for (size_t i = 0; i < count; i++)
            words_add_field(&words, table, numbers[i]);
    }
    bool done = ready && words_ask_later(&words, redis->link, failure) &&
                redis_link_ask(redis->link, &answer, 1, failure) &&
                take_rows(redis, table, numbers, count, answer, failure);
    words_free(&words);
    freeReplyObject(answer);
    return done;
}

/* A store that is not there, or is being replaced, has nothing to read: all its rows are zeros. */
static bool has_nothing_to_read(const struct redis_tables *redis)
{
    return redis->tables.is_new || redis->new_key;
}

/* Reads what is not held yet. */
static bool redis_fetch(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
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

/* --- opening ------------------------------------------------------------------------------------------------------ */

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

static void write_seconds(const struct redis_tables *redis, char *seconds, size_t size)
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
    bool ready = words_new(&words, count, 3, failure);
    write_seconds(redis, seconds, sizeof seconds);
    if (ready) {
        words_add_text(&words, "HMGET");
        words_add_text(&words, redis->key);
        words_add_text(&words, "n");
        for (size_t i = 0; i < count; i++)
            words_add_field(&words, places[i].table, places[i].number);
    }
    bool done = ready && add_plain(redis->link, 2, length, failure) &&
                words_ask_later(&words, redis->link, failure) &&
                (!puts_off_end(redis) || add_plain(redis->link, 3, expire, failure)) &&
                redis_link_ask(redis->link, answers, opening_answers(redis), failure);
    words_free(&words);
    return done;
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
static bool fail_incomplete(const struct redis_tables *redis, struct failure *failure)
{
    return failure_set(failure, FAILURE_DAMAGED,
                       "%s: fields are missing, or it is not ours: restore it from a backup of Redis, or delete it",
                       redis->key);
}

static void note_meta(struct redis_tables *redis)
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
        if (!take_row(redis, places[i].table, places[i].number, values->element[i + 1], failure))
            return false;
    note_meta(redis);
    if (count_is_right(values->element[0], fields->integer))
        return true;
    *again = !had || memcmp(before, redis->seen, sizeof before) != 0;
    return fail_incomplete(redis, failure);
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

static bool redis_refresh(struct tables *tables, struct failure *failure)
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

static char *key_of(const struct store_remote *remote, const char *tail)
{
    char *key = NULL;
    int length = asprintf(&key, "%s{%s}%s", remote->prefix ? remote->prefix : "", remote->name ? remote->name : "",
                          tail);
    return length < 0 ? NULL : key;
}

static void redis_close(struct tables *tables)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    redis_link_close(&redis->link);
    row_cache_free(redis->cache);
    free(redis->key);
    free(redis->new_key);
    free(redis);
}

static bool redis_replace(struct tables *tables, struct failure *failure);

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
    redis->key = key_of(remote, "");
    int patience = access == TABLES_READ ? 1 : STORE_REMOTE_WRITER_PATIENCE;
    redis->link = redis_link_open(remote, remote->timeout_milliseconds * patience, failure);
    if (!redis->link || !redis->key || !redis_refresh(&redis->tables, failure) ||
        (access == TABLES_MAKE && !redis_replace(&redis->tables, failure))) {
        redis_close(&redis->tables);
        return NULL;
    }
    return &redis->tables;
}

/* --- reading and writing ------------------------------------------------------------------------------------------ */

static bool check_numbers(const struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                          struct failure *failure)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] >= tables->rows[table])
            return failure_set(failure, FAILURE_DEFECT, "row %u of table %d asked for, which has %u", numbers[i],
                               (int)table, tables->rows[table]);
    return true;
}

static bool redis_read(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                       struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    size_t size = table_row_bytes[table];
    if (!check_numbers(tables, table, numbers, count, failure) ||
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

static bool send_new_rows(struct redis_tables *redis, struct failure *failure);

static bool redis_write(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                        const void *rows, struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    size_t size = table_row_bytes[table];
    if (!check_numbers(tables, table, numbers, count, failure))
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

/* --- committing --------------------------------------------------------------------------------------------------- */

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

/* The last two arguments of both scripts' checks, behind their keys. */
static void add_checks(struct words *words, const struct redis_tables *redis, char *seconds, size_t size)
{
    words_add_field(words, TABLE_WEIGHTS, META_ROW);
    words_add(words, redis->seen, redis->seen_bytes);
    write_seconds(redis, seconds, size);
    words_add_text(words, seconds);
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

static bool ask_for_commit(struct redis_tables *redis, const struct cached_row *rows, size_t count,
                           redisReply **answer, struct failure *failure)
{
    struct words words;
    char seconds[24], sets[24];
    bool ready = words_new(&words, count + 1, 8, failure);
    if (ready) {
        words_add_text(&words, "EVAL");
        words_add_text(&words, script_commit);
        words_add_text(&words, "1");
        words_add_text(&words, redis->key);
        add_checks(&words, redis, seconds, sizeof seconds);
        size_t place = words.count;
        words_add_text(&words, "");
        snprintf(sets, sizeof sets, "%zu", add_rows_to_set(&words, rows, count));
        words.texts[place] = sets;
        words.lengths[place] = strlen(sets);
        for (size_t i = 0; i < count; i++)
            if (rows[i].written && !is_to_set(&rows[i]))
                words_add_field(&words, (enum table)rows[i].table, rows[i].number);
    }
    bool asked = ready && words_ask_later(&words, redis->link, failure) &&
                 redis_link_ask(redis->link, answer, 1, failure);
    words_free(&words);
    return asked;
}

static bool ask_for_replacement(struct redis_tables *redis, redisReply **answer, struct failure *failure)
{
    struct words words;
    char seconds[24];
    bool ready = words_new(&words, 1, 7, failure);
    if (ready) {
        words_add_text(&words, "EVAL");
        words_add_text(&words, script_replace);
        words_add_text(&words, "2");
        words_add_text(&words, redis->key);
        words_add_text(&words, redis->new_key);
        add_checks(&words, redis, seconds, sizeof seconds);
    }
    bool asked = ready && words_ask_later(&words, redis->link, failure) &&
                 redis_link_ask(redis->link, answer, 1, failure);
    words_free(&words);
    return asked;
}

static bool ask_for_touch(struct redis_tables *redis, const struct cached_row *rows, size_t count,
                          redisReply **answer, struct failure *failure)
{
    struct words words;
    char key_at[8];
    bool ready = words_new(&words, 2 * count + 1, 6, failure);
    snprintf(key_at, sizeof key_at, "%zu", offsetof(struct meta_row, key));
    if (ready) {
        words_add_text(&words, "EVAL");
        words_add_text(&words, script_touch);
        words_add_text(&words, "1");
        words_add_text(&words, redis->key);
        words_add_field(&words, TABLE_WEIGHTS, META_ROW);
        words_add_text(&words, key_at);
        words_add(&words, redis->user_key, sizeof redis->user_key);
        for (size_t i = 0; i < count; i++)
            if (rows[i].written) {
                words_add_field(&words, (enum table)rows[i].table, rows[i].number);
                words_add(&words, rows[i].seen, rows[i].seen_bytes);
                words_add(&words, rows[i].bytes, kept_bytes(&rows[i]));
            }
    }
    bool asked = ready && words_ask_later(&words, redis->link, failure) &&
                 redis_link_ask(redis->link, answer, 1, failure);
    words_free(&words);
    return asked;
}

static void forget_writes(struct redis_tables *redis)
{
    size_t count;
    struct cached_row *rows = row_cache_rows(redis->cache, &count);
    for (size_t i = 0; i < count; i++)
        rows[i].written = false;
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
    bool done = words_new(&words, count + 1, 2, failure);
    if (done) {
        words_add_text(&words, "HSET");
        words_add_text(&words, redis->new_key);
        size_t sets = add_rows_to_set(&words, rows, count);
        done = sets == 0 || (words_ask_later(&words, redis->link, failure) &&
                             redis_link_ask(redis->link, &answers[0], 1, failure) &&
                             (answers[0]->type == REDIS_REPLY_INTEGER ||
                              redis_link_fail(redis->link, answers[0], failure)) &&
                             add_plain(redis->link, 3, expire, failure) &&
                             redis_link_ask(redis->link, &answers[1], 1, failure));
    }
    words_free(&words);
    freeReplyObject(answers[0]);
    freeReplyObject(answers[1]);
    if (done)
        forget_writes(redis);
    return done;
}

static bool redis_replace(struct tables *tables, struct failure *failure)
{
    struct redis_tables *redis = (struct redis_tables *)tables;
    uint64_t number = 0;
    char tail[32];
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        return failure_set(failure, FAILURE_TEMPORARY, "no random number to be had");
    snprintf(tail, sizeof tail, ":new:%016llx", (unsigned long long)number);
    row_cache_free(redis->cache);
    redis->cache = row_cache_new();
    redis->new_key = key_of(redis->remote, tail);
    return (redis->cache && redis->new_key) || failure_set(failure, FAILURE_TEMPORARY, "no memory for rows");
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
        fail_incomplete(redis, failure);
        return COMMIT_FAILED;
    }
    note_meta(redis);
    forget_writes(redis);
    free(redis->new_key);
    redis->new_key = NULL;
    redis->tables.is_new = false;
    return COMMIT_DONE;
}

static enum commit_result redis_commit(struct tables *tables, struct failure *failure)
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
