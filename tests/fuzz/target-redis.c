/* target-redis.c - a Redis server says anything: nobody believes a count of its making
 *
 * A small server in this process keeps a store with two lessons and answers what the engine asks; there is no socket:
 * the functions of redis-channel.h are here.  The input changes its answers.
 *
 *   first byte    bit 0: the rest are the answers as they stand, whatever is asked; bits 1-3: how many bytes come at a
 *                 time, as a power of 8
 *   else          changes of 8 bytes: of which answer, what is done to it, where (two bytes), and four bytes for that
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "store/companion.h"
#include "store/history.h"
#include "store/module.h"
#include "store/redis-channel.h"
#include "util/buffer.h"

#define FIELDS_MOST 1024
#define REPLY_BYTES ((size_t)4 * 1024 * 1024)
#define CHANGE_BYTES 8
#define WEIGHT_STEP 5

/* --- what the server keeps ---------------------------------------------------------------------------------------- */

struct field {
    char name[16];
    char *value;
    size_t length;
};

/* Filled by the first input, and the same for all. */
static struct kept {
    struct field fields[FIELDS_MOST];
    size_t count;
    bool whole;
} kept;

static struct field *field_named(const char *name, size_t length)
{
    for (size_t i = 0; i < kept.count; i++)
        if (strlen(kept.fields[i].name) == length && memcmp(kept.fields[i].name, name, length) == 0)
            return &kept.fields[i];
    return NULL;
}

static void keep(const redisReply *name, const redisReply *value)
{
    struct field *field = field_named(name->str, name->len);
    if (!field) {
        fuzz_require(kept.count < FIELDS_MOST && name->len < sizeof field->name);
        field = &kept.fields[kept.count++];
        memcpy(field->name, name->str, name->len);
    }
    free(field->value);
    field->value = malloc(value->len + 1);
    fuzz_require(field->value);
    memcpy(field->value, value->str, value->len + 1);
    field->length = value->len;
}

/* What EVAL of a commit does: behind script, number of keys, key, field, sum, seconds and number come the rows. */
static void keep_rows(const redisReply *command, size_t first)
{
    char number[16];
    for (size_t i = first; i + 1 < command->elements; i += 2)
        keep(command->element[i], command->element[i + 1]);
    redisReply name = { .str = (char[]){ "n" }, .len = 1 }, value = { .str = number };
    keep(&name, &name); /* so that it counts itself */
    value.len = (size_t)snprintf(number, sizeof number, "%zu", kept.count);
    keep(&name, &value);
}

/* --- answering ---------------------------------------------------------------------------------------------------- */

static struct server {
    redisReader *reader;
    struct buffer reply;
    size_t sent, chunk;
    struct span changes, raw;
    bool is_raw;
    unsigned answers;
} server;

static void put_bulk(const struct field *field)
{
    if (!field) {
        buffer_append_string(&server.reply, "$-1\r\n");
        return;
    }
    buffer_append_format(&server.reply, "$%zu\r\n", field->length);
    buffer_append(&server.reply, span_make(field->value, field->length));
    buffer_append_string(&server.reply, "\r\n");
}

static void answer(const redisReply *command)
{
    const char *word = command->element[0]->str;
    if (strcmp(word, "HLEN") == 0) {
        buffer_append_format(&server.reply, ":%zu\r\n", kept.count);
    } else if (strcmp(word, "HMGET") == 0) {
        buffer_append_format(&server.reply, "*%zu\r\n", command->elements - 2);
        for (size_t i = 2; i < command->elements; i++)
            put_bulk(field_named(command->element[i]->str, command->element[i]->len));
    } else {
        if (!kept.whole && strcmp(word, "HSET") == 0)
            keep_rows(command, 2);
        else if (!kept.whole && strcmp(word, "EVAL") == 0 && strcmp(command->element[2]->str, "1") == 0)
            keep_rows(command, 8);
        buffer_append_string(&server.reply, strcmp(word, "AUTH") == 0 || strcmp(word, "ASKING") == 0 ? "+OK\r\n"
                                                                                                     : ":1\r\n");
    }
}

static const char *const instead[] = {
    "$-1\r\n", "*-1\r\n", "*0\r\n", ":0\r\n", ":-1\r\n", ":9223372036854775807\r\n", "+OK\r\n", "-ERR no\r\n",
    "-MOVED 1 192.0.2.1:6379\r\n", "-MOVED 1 :6379\r\n", "-ASK 1 192.0.2.2:6379\r\n",
    "-NOAUTH Authentication required.\r\n", "-WRONGTYPE of another kind\r\n", "$0\r\n\r\n",
    "*1\r\n*1\r\n*1\r\n:1\r\n", "*2147483647\r\n", "$2147483647\r\n", "",
};

/* Changes the answer that begins at `start`. */
static void change(size_t start, const unsigned char *how)
{
    size_t length = server.reply.length - start, at = length ? ((size_t)how[2] << 8 | how[3]) % length : 0;
    char *bytes = server.reply.data + start;
    switch (how[1] % 6) {
    case 0: /* overwritten */
        memcpy(bytes + at, how + 4, length - at < 4 ? length - at : 4);
        break;
    case 1: /* cut */
        server.reply.length = start + at;
        break;
    case 2: { /* some bytes are missing */
        size_t gone = length - at < how[4] ? length - at : how[4];
        memmove(bytes + at, bytes + at + gone, length - at - gone);
        server.reply.length -= gone;
        break;
    }
    case 3: /* some are too many */
        buffer_append(&server.reply, span_make((const char *)how + 4, 4));
        break;
    case 4: /* another answer */
        server.reply.length = start;
        buffer_append_string(&server.reply, instead[how[4] % (sizeof instead / sizeof *instead)]);
        break;
    case 5: /* a second one behind it */
        buffer_append_string(&server.reply, instead[how[4] % (sizeof instead / sizeof *instead)]);
    }
}

static void take_command(const redisReply *command)
{
    fuzz_require(command->type == REDIS_REPLY_ARRAY && command->elements > 0);
    size_t start = server.reply.length;
    answer(command);
    for (struct span rest = server.changes; rest.length >= CHANGE_BYTES; rest = span_from(rest, CHANGE_BYTES))
        if ((unsigned char)rest.data[0] == server.answers)
            change(start, (const unsigned char *)rest.data);
    server.answers++;
}

/* --- in the place of redis-channel.c ------------------------------------------------------------------------------ */

int channel_connect(const struct redis_address *address, int64_t deadline, struct failure *failure)
{
    (void)address, (void)deadline, (void)failure;
    redisReaderFree(server.reader);
    server.reader = redisReaderCreate();
    fuzz_require(server.reader);
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    fuzz_require(fd >= 0);
    return fd;
}

bool channel_send(int fd, const void *bytes, size_t length, int64_t deadline, struct failure *failure)
{
    void *command = NULL;
    (void)deadline, (void)failure;
    fuzz_require(fd >= 0 && redisReaderFeed(server.reader, bytes, length) == REDIS_OK);
    while (redisReaderGetReply(server.reader, &command) == REDIS_OK && command) {
        if (!server.is_raw)
            take_command(command);
        freeReplyObject(command);
    }
    return true;
}

size_t channel_receive(int fd, void *bytes, size_t room, int64_t deadline, struct failure *failure)
{
    (void)deadline;
    fuzz_require(fd >= 0);
    struct span all = server.is_raw ? server.raw : buffer_span(&server.reply);
    struct span rest = span_from(all, server.sent);
    size_t count = rest.length < server.chunk ? rest.length : server.chunk;
    count = count < room ? count : room;
    if (count == 0) {
        failure_set(failure, FAILURE_TEMPORARY, "the server closed the connection");
        return 0;
    }
    memcpy(bytes, rest.data, count);
    server.sent += count;
    return count;
}

/* The module is linked in here: what loads it otherwise is not. */
const struct store_engine *store_module_load(const char *name, struct failure *failure)
{
    (void)name, (void)failure;
    return &tamis_store_module.engine;
}

/* --- what is asked ------------------------------------------------------------------------------------------------ */

static const struct store_options options = {
    .engine = "redis", .lock_wait_milliseconds = 20,
    .remote = { .server = "192.0.2.9:6379", .prefix = "t:", .name = "anna", .timeout_milliseconds = 10000, .days = 30 },
};

enum { GRAMS = 6, PAIRS = 6 };
static const uint32_t grams[GRAMS] = { 0, 7, 1023, 5000, 70000, STORE_WEIGHT_SLOTS - 1 };
static const uint32_t pairs[PAIRS] = { 0, 77, 65536, 0x12345678, 0xF0000000, 0xFFFFFFFF };

static struct lesson lesson_of(unsigned number, enum label label)
{
    bool spam = label == LABEL_SPAM;
    struct lesson lesson = { .entry = { .label = label, .weight_step = spam ? WEIGHT_STEP : -WEIGHT_STEP,
                                        .pair_step = 1, .canon_version = 1, .feature_check = number,
                                        .when = 1795348800 },
                             .grams = grams, .gram_count = spam ? GRAMS : GRAMS / 2,
                             .pairs = pairs, .pair_count = spam ? PAIRS : PAIRS / 2 };
    memset(lesson.identity, (int)number + 1, sizeof lesson.identity);
    return lesson;
}

static bool learn(unsigned number, enum label label)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(&options, STORE_WRITE, &state, &failure);
    fuzz_require(store || failure.kind != FAILURE_NONE);
    if (!store)
        return false;
    struct lesson lesson = lesson_of(number, label);
    bool learned = store_apply(store, &lesson, 1, &failure);
    fuzz_require(learned || failure.kind != FAILURE_NONE);
    store_close(&store);
    return learned;
}

/* What is read is what was learned, or nothing, or a failure. */
static bool read_all(struct store *store)
{
    struct failure failure = { 0 };
    struct totals totals;
    static struct scales scales;
    int16_t weights[GRAMS];
    struct pair_counts counts[PAIRS];
    struct ledger_entry entry;
    bool good = store_read_totals(store, &totals, &failure) && store_read_scales(store, &scales, &failure);
    if (good)
        fuzz_require(totals.lessons[LABEL_HAM] <= 2 && totals.lessons[LABEL_SPAM] <= 2);
    if (good && store_read_weights(store, grams, GRAMS, weights, &failure)) {
        for (size_t i = 0; i < GRAMS; i++)
            fuzz_require(weights[i] == 0 || weights[i] == WEIGHT_STEP || weights[i] == -WEIGHT_STEP);
    } else {
        good = false;
    }
    if (good && store_read_pairs(store, pairs, PAIRS, counts, &failure)) {
        for (size_t i = 0; i < PAIRS; i++)
            fuzz_require(counts[i].spam <= 1 && counts[i].ham <= 1);
    } else {
        good = false;
    }
    struct lesson lesson = lesson_of(0, LABEL_SPAM);
    int found = store_read_ledger(store, lesson.identity, &entry, &failure);
    fuzz_require(found != 1 || (entry.label == LABEL_SPAM && entry.weight_step == WEIGHT_STEP));
    fuzz_require((good && found >= 0) || failure.kind != FAILURE_NONE);
    return good && found == 1;
}

static bool read_store(void)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(&options, STORE_READ, &state, &failure);
    fuzz_require(store || state != STORE_READY);
    if (!store)
        return false;
    bool good = store_make_ready(store, &failure) && read_all(store);
    struct history_entry entry;
    const struct history *history = store_history(store, &failure);
    if (history && history_find(history, history_name('R', span_of("relay")), 1795348800, &entry))
        fuzz_require(entry.ham <= UINT16_MAX && entry.spam <= UINT16_MAX);
    companion_mark_in(store);
    store_close(&store);
    return good;
}

static void read_companion(void)
{
    struct companion_mark mark = { { 0 } };
    struct failure failure = { 0 };
    char *file = NULL;
    size_t length = 0;
    if (companion_read(&options, &mark, &file, &length, &failure))
        fuzz_require(length <= COMPANION_BYTES_MOST && (file || length == 0));
    free(file);
}

/* The server as it is when nothing was asked yet. */
static void begin(unsigned kind, struct span input, struct arena *arena)
{
    redisReaderFree(server.reader);
    server = (struct server){ .reply = buffer_new(arena, REPLY_BYTES), .is_raw = kind & 1,
                              .chunk = (size_t)1 << (3 * (kind >> 1 & 7)), .raw = input,
                              .changes = kind & 1 ? SPAN_EMPTY : input };
}

static void make_store(struct arena *arena)
{
    const unsigned undisturbed = 14;
    begin(undisturbed, SPAN_EMPTY, arena);
    fuzz_require(learn(0, LABEL_SPAM));
    begin(undisturbed, SPAN_EMPTY, arena);
    fuzz_require(learn(1, LABEL_HAM));
    kept.whole = true;
    begin(undisturbed, SPAN_EMPTY, arena);
    fuzz_require(read_store());
}

FUZZ_TARGET(redis, "what a Redis server answers")
{
    if (!kept.whole)
        make_store(arena);
    unsigned kind = fuzz_take_byte(&input);
    struct failure failure = { 0 };
    begin(kind, input, arena);
    bool good = read_store();
    fuzz_require(good || input.length > 0 || (kind & 1));
    begin(kind, input, arena);
    learn(2, LABEL_SPAM);
    begin(kind, input, arena);
    store_note_arrival(&options, history_name('R', span_of("relay")), 1795348800, &failure);
    begin(kind, input, arena);
    read_companion();
    redisReaderFree(server.reader);
    server.reader = NULL;
}
