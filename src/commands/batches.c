/* batches.c - many messages read in processes of their own, a batch each, into records
 *
 * A child's answer is records in the order of their messages: u32 length in the machine's byte order, so many bytes.
 */
#include "commands/batches.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "mail/decode.h"
#include "util/child.h"
#include "util/limits.h"
#include "util/log.h"

#define BATCH_MESSAGES 64
#define BATCH_BYTES ((size_t)8 * 1024 * 1024)
/* Children that read at the same time: reading takes longer than what is done with the records. */
#define READERS 2
#define BATCHES (READERS + 1) /* and one is being collected, or handed out */
/* So much of its answer the child can leave in the pipe while this process is still busy: what Linux allows a user. */
#define ANSWERS_AHEAD ((size_t)1024 * 1024)
/* For each message of a batch, on top of what one message has. */
#define WALL_MILLISECONDS_EACH 500
#define CPU_SECONDS_EACH 1

struct held_message {
    struct batched_message message;
    char *owned; /* its bytes, or NULL where they are the caller's */
    char *name;
};

struct batch {
    struct held_message items[BATCH_MESSAGES];
    size_t count, bytes;
};

struct batches {
    const struct batch_reader *reader;
    void *context;
    struct batch batches[BATCHES]; /* a ring: those that are being read, then the one that is being collected */
    struct running_child children[BATCHES]; /* by number of their batch */
    size_t oldest, running; /* the first of those that are being read, and how many they are */
    bool stopped;           /* by the visitor, or because no process could be had: nothing is read any more */
};

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        _exit(EX_TEMPFAIL);
    return memory;
}

struct batches *batches_new(const struct batch_reader *reader, void *context)
{
    struct batches *batches = allocate(sizeof *batches);
    *batches = (struct batches){ .reader = reader, .context = context };
    return batches;
}

static size_t collected(const struct batches *batches)
{
    return (batches->oldest + batches->running) % BATCHES;
}

static void empty(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        free(batch->items[i].owned);
        free(batch->items[i].name);
    }
    batch->count = 0;
    batch->bytes = 0;
}

/* --- in the child ------------------------------------------------------------------------------------------------ */

struct batch_work {
    const struct batches *batches;
    const struct batch *batch;
    size_t first;
    struct converters converters;
};

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct batch_work *work = context;
    (void)child, (void)sandbox;
    for (size_t i = work->first; i < work->batch->count; i++)
        converters_open(&work->converters, work->batch->items[i].message.bytes);
}

static bool answer_record(const struct batches *batches, struct span message, struct child *child)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA), *own = arena_new(4 * BATCH_RECORD_MOST);
    uint32_t length = 0;
    struct buffer record = buffer_new(own, sizeof length + BATCH_RECORD_MOST);
    buffer_append(&record, span_make((const char *)&length, sizeof length));
    batches->reader->read(batches->context, message, arena, &record);
    length = (uint32_t)(record.length - sizeof length);
    memcpy(record.data, &length, sizeof length);
    bool written = child_write(child, record.data, record.length);
    arena_free(own);
    arena_free(arena);
    return written;
}

static int read_batch(struct child *child, void *context)
{
    const struct batch_work *work = context;
    bool good = true;
    for (size_t i = work->first; i < work->batch->count && good; i++)
        good = answer_record(work->batches, work->batch->items[i].message.bytes, child);
    return good ? 0 : 1;
}

static struct running_child start_on(const struct batches *batches, const struct batch *batch, size_t first)
{
    int left = (int)(batch->count - first);
    const struct child_limits limits = {
        .wall_milliseconds = LIMIT_CHILD_WALL_MILLISECONDS + WALL_MILLISECONDS_EACH * left,
        .cpu_seconds = LIMIT_CHILD_CPU_SECONDS + CPU_SECONDS_EACH * left,
        .ahead_bytes = ANSWERS_AHEAD,
    };
    struct batch_work work = { .batches = batches, .batch = batch, .first = first };
    if (batches->reader->begin)
        batches->reader->begin(batches->context);
    return child_start(prepare, read_batch, &work, &limits);
}

/* --- in the parent ----------------------------------------------------------------------------------------------- */

static bool take_record(struct span *bytes, struct span *record)
{
    uint32_t length;
    if (bytes->length < sizeof length)
        return false;
    memcpy(&length, bytes->data, sizeof length);
    *bytes = span_from(*bytes, sizeof length);
    if (length > bytes->length || length > BATCH_RECORD_MOST)
        return false;
    *record = span_head(*bytes, length);
    *bytes = span_from(*bytes, length);
    return true;
}

static enum batch_step visit(const struct batches *batches, const struct batch *batch, size_t number,
                             const struct span *record)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    enum batch_step step = batches->reader->visit(batches->context, &batch->items[number].message, record, arena);
    arena_free(arena);
    return step;
}

/* Hands the records of an answer out, from message `first` on; gives how many were good. */
static size_t visit_answer(const struct batches *batches, const struct batch *batch, size_t first,
                           const struct child_answer *answer, bool *go_on)
{
    struct span bytes = span_make(answer->bytes, answer->length), record;
    size_t count = 0;
    while (*go_on && first + count < batch->count && take_record(&bytes, &record)) {
        enum batch_step step = visit(batches, batch, first + count, &record);
        if (step == BATCH_MALFORMED)
            break;
        *go_on = step == BATCH_GO_ON;
        count++;
    }
    return count;
}

/* Hands out what the child says of the batch from message `*first` on, which is moved behind it and behind the message
 * that the child ended at.  False: stop.  A message is to blame when the child died of it or had no time left; not when
 * no process or no memory for its answer could be had, nor when it was one of several that together were too much for
 * one answer. */
static bool hand_out(const struct batches *batches, const struct batch *batch, size_t *first,
                     const struct child_answer *answer)
{
    bool go_on = true;
    size_t visited = visit_answer(batches, batch, *first, answer, &go_on);
    *first += visited;
    if (!go_on || *first == batch->count || (visited && answer->end == CHILD_TOO_MUCH))
        return go_on;
    const char *name = batch->items[*first].name;
    if (answer->end == CHILD_NOT_STARTED || answer->end == CHILD_NOT_HEARD) {
        log_line(LOG_SEVERITY_ERROR, "%s is not read now: %s", name, answer->why.reason);
        return false;
    }
    log_line(LOG_SEVERITY_WARNING, "%s could not be read and is left out: %s", name,
             answer->end == CHILD_ANSWERED ? "the answer is not well-formed" : answer->why.reason);
    return visit(batches, batch, (*first)++, NULL) == BATCH_GO_ON;
}

/* Hands out a batch of which the answer is there, and reads what is left of it where the child did not come to its
 * end. */
static void hand_out_all(struct batches *batches, struct batch *batch, struct child_answer *answer)
{
    for (size_t first = 0; first < batch->count && !batches->stopped;) {
        batches->stopped = !hand_out(batches, batch, &first, answer);
        child_answer_free(answer);
        if (first < batch->count && !batches->stopped) {
            struct running_child rest = start_on(batches, batch, first);
            *answer = child_wait(&rest);
        }
    }
    child_answer_free(answer);
    empty(batch);
}

/* Begins to read what was collected, if anything.  When as many are being read as may be, or `to_the_end`, the oldest
 * is waited for and handed out meanwhile, so that there is room for another. */
static bool read_collected(struct batches *batches, bool to_the_end)
{
    size_t now = collected(batches), oldest = batches->oldest;
    bool ready = batches->running == READERS || (to_the_end && batches->running);
    struct child_answer answer = { 0 };
    if (ready) {
        answer = child_wait(&batches->children[oldest]);
        batches->oldest = (oldest + 1) % BATCHES;
        batches->running--;
    }
    if (batches->batches[now].count) {
        batches->children[now] = start_on(batches, &batches->batches[now], 0);
        batches->running++;
    }
    if (ready)
        hand_out_all(batches, &batches->batches[oldest], &answer);
    return !batches->stopped;
}

/* Copies the message; but for a large one, of which there is memory for one only. */
static void hold(struct batch *batch, const struct source_message *message, uint64_t note)
{
    struct span bytes = message->bytes;
    bool large = bytes.length > BATCH_BYTES;
    struct held_message *held = &batch->items[batch->count++];
    *held = (struct held_message){ .name = strdup(message->name), .owned = large ? NULL : allocate(bytes.length + 1) };
    if (!held->name)
        _exit(EX_TEMPFAIL);
    if (held->owned && bytes.length)
        memcpy(held->owned, bytes.data, bytes.length);
    held->message = (struct batched_message){
        .bytes = span_make(large ? bytes.data : held->owned, bytes.length),
        .name = held->name,
        .note = note,
    };
    batch->bytes += bytes.length;
}

bool batches_add(struct batches *batches, const struct source_message *message, uint64_t note)
{
    size_t length = message->bytes.length;
    const struct batch *batch = &batches->batches[collected(batches)];
    bool full = batch->count == BATCH_MESSAGES || (batch->count && batch->bytes + length > BATCH_BYTES);
    if (batches->stopped || (full && !read_collected(batches, false)))
        return false;
    hold(&batches->batches[collected(batches)], message, note);
    return length <= BATCH_BYTES || batches_finish(batches); /* a large one while it is still the caller's */
}

bool batches_finish(struct batches *batches)
{
    bool go_on = !batches->stopped;
    while (go_on && (batches->running || batches->batches[collected(batches)].count))
        go_on = read_collected(batches, true);
    return go_on;
}

void batches_free(struct batches **batches)
{
    if (!*batches)
        return;
    for (size_t i = 0; i < (*batches)->running; i++)
        child_stop(&(*batches)->children[((*batches)->oldest + i) % BATCHES]);
    for (size_t i = 0; i < BATCHES; i++)
        empty(&(*batches)->batches[i]);
    free(*batches);
    *batches = NULL;
}
