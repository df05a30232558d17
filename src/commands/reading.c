/* reading.c - many messages read in processes of their own, a batch each, into features */
#include "commands/reading.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/judge.h"
#include "mailbox/fingerprint.h"
#include "mail/decode.h"
#include "outside/shared-place.h"
#include "rules/trace.h"
#include "store/daybook.h"
#include "store/history.h"
#include "util/child.h"
#include "util/limits.h"
#include "util/log.h"

/* A message's features take some 20 KB and at most 40, so that those of a batch fit the answer of one child. */
#define BATCH_MESSAGES (READING_WAITING / 2)
#define BATCH_BYTES ((size_t)8 * 1024 * 1024)
/* So much of them the child can leave in the pipe while this process still learns: what Linux allows a user. */
#define ANSWERS_AHEAD ((size_t)1024 * 1024)

struct batched {
    const char *bytes;
    char *owned; /* the same, or NULL where the bytes are the caller's */
    size_t length;
    char *name;
};

struct batch {
    struct batched messages[BATCH_MESSAGES];
    size_t count, bytes;
};

struct reading {
    const struct settings *settings;
    uint64_t key;
    uint64_t print_key; /* what prints of texts are taken under; 0: nobody is told of them */
    reading_visit *visit;
    void *context;
    struct batch batches[2];
    struct batch *collected;    /* one of them; the other is being read, or empty */
    struct running_child child; /* reads the other, unless it is empty */
    bool stopped;               /* by `visit`, or because no process could be started */
};

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        _exit(EX_TEMPFAIL);
    return memory;
}

struct reading *reading_new(const struct settings *settings, uint64_t key, reading_visit *visit, void *context)
{
    struct reading *reading = allocate(sizeof *reading);
    *reading = (struct reading){ .settings = settings, .key = key, .visit = visit, .context = context };
    reading->collected = &reading->batches[0];
    struct failure failure; /* told by who reports */
    if (*settings->outside.shared_directory &&
        !shared_place_key(settings->outside.shared_directory, &reading->print_key, &failure))
        reading->print_key = 0;
    return reading;
}

/* The batch that is being read. */
static struct batch *other(struct reading *reading)
{
    return reading->collected == &reading->batches[0] ? &reading->batches[1] : &reading->batches[0];
}

static void empty(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        free(batch->messages[i].owned);
        free(batch->messages[i].name);
    }
    batch->count = 0;
    batch->bytes = 0;
}

/* --- in the child ------------------------------------------------------------------------------------------------ */

struct batch_work {
    const struct reading *reading;
    const struct batch *batch;
    size_t first;
    struct history *history; /* as it was at the start, whatever is learned meanwhile: the features depend on it */
    struct converters converters;
};

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct batch_work *work = context;
    (void)child;
    (void)sandbox;
    for (size_t i = work->first; i < work->batch->count; i++)
        converters_open(&work->converters, span_make(work->batch->messages[i].bytes, work->batch->messages[i].length));
}

/* What tamis said of the message at delivery, and which rules hit, for whom the user's word corrects. */
static void find_found(struct span bytes, const struct hits *hits, struct arena *arena, struct features *features)
{
    static const enum daybook_verdict verdicts[] = { [SAID_HAM] = DAYBOOK_HAM, [SAID_UNSURE] = DAYBOOK_UNSURE,
                                                     [SAID_SPAM] = DAYBOOK_SPAM };
    enum said said = fingerprint_of(span_head(bytes, FINGERPRINT_READS)).said;
    struct buffer names = buffer_new(arena, FEATURES_RULES_MOST);
    features->judged = said != SAID_NOTHING;
    features->verdict = verdicts[said];
    for (size_t i = 0; features->judged && i < hits->count; i++) {
        if (names.length + strlen(hits->items[i].name) + 1 > FEATURES_RULES_MOST)
            break;
        buffer_append_string(&names, names.length ? " " : "");
        buffer_append_string(&names, hits->items[i].name);
    }
    features->rules = buffer_span(&names);
}

/* Rules take part without the clock, so that a message gives the same features whenever it is read; what the history
 * says is among their points alone, which are measured and never taken back. */
static bool answer_features(const struct reading *reading, const struct batched *batched,
                            const struct history *history, struct child *child)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct rule_context rule_context = reading->settings->rule_context;
    rule_context.now = 0;
    rule_context.history = history;
    const struct message *message = message_parse(span_make(batched->bytes, batched->length), arena);
    struct hits hits = { 0 };
    rules_evaluate(message, &rule_context, &reading->settings->rules, arena, &hits);
    struct features_extra extra = judge_extra_tokens(&hits, arena);
    struct features features;
    features_extract(message, reading->key, &extra, arena, &features);
    trace_of_message(message, &rule_context, arena, &features.trace);
    if (reading->print_key)
        features.print_count = text_prints(message->visible_text, reading->print_key, arena, features.prints);
    find_found(span_make(batched->bytes, batched->length), &hits, arena, &features);
    struct buffer out = buffer_new(arena, LIMIT_CHILD_ANSWER);
    features_encode(&features, &out);
    bool written = child_write(child, out.data, out.length);
    arena_free(arena);
    return written;
}

static int read_batch(struct child *child, void *context)
{
    const struct batch_work *work = context;
    bool good = true;
    for (size_t i = work->first; i < work->batch->count && good; i++)
        good = answer_features(work->reading, &work->batch->messages[i], work->history, child);
    return good ? 0 : 1;
}

/* --- in the parent ----------------------------------------------------------------------------------------------- */

/* Hands the features of an answer out; gives how many messages it held. */
static size_t visit_answer(struct reading *reading, const struct batch *batch, size_t first,
                           const struct child_answer *answer, bool *go_on)
{
    struct arena *arena = arena_new(LIMIT_CHILD_ANSWER * 2);
    struct span bytes = span_make(answer->bytes, answer->length);
    struct features features;
    size_t count = 0;
    while (*go_on && first + count < batch->count && bytes.length && features_decode(&bytes, arena, &features)) {
        *go_on = reading->visit(reading->context, batch->messages[first + count].name, &features);
        count++;
    }
    arena_free(arena);
    return count;
}

/* What the end of the child says about the message it had come to.  A message is to blame when the child died of it or
 * had no time left; when no process could be had, the message knows nothing of it. */
static bool is_to_blame(const struct child_answer *answer)
{
    return answer->end != CHILD_NOT_STARTED;
}

static struct running_child start_on(const struct reading *reading, const struct batch *batch, size_t first)
{
    int left = (int)(batch->count - first);
    const struct child_limits limits = { .wall_milliseconds = LIMIT_CHILD_WALL_MILLISECONDS + 500 * left,
                                         .cpu_seconds = LIMIT_CHILD_CPU_SECONDS + left,
                                         .ahead_bytes = ANSWERS_AHEAD };
    struct batch_work work = { .reading = reading, .batch = batch, .first = first };
    work.history = history_open_as_it_is(reading->settings->state_directory, NULL);
    struct running_child child = child_start(prepare, read_batch, &work, &limits);
    history_close(&work.history);
    return child;
}

/* Hands out what the child says of the batch from message `*first` on, which is moved behind it and behind the message
 * that the child ended at.  False: stop. */
static bool hand_out(struct reading *reading, const struct batch *batch, size_t *first, const struct child_answer *answer)
{
    bool go_on = true;
    *first += visit_answer(reading, batch, *first, answer, &go_on);
    if (!go_on || *first == batch->count)
        return go_on;
    const char *name = batch->messages[*first].name;
    if (!is_to_blame(answer)) {
        log_line(LOG_SEVERITY_ERROR, "%s is not read now: %s", name, answer->why.reason);
        return false;
    }
    log_line(LOG_SEVERITY_WARNING, "%s could not be read and is left out: %s", name,
             answer->end == CHILD_ANSWERED ? "the answer is not well-formed" : answer->why.reason);
    ++*first;
    return reading->visit(reading->context, name, NULL);
}

/* Begins to read what was collected, and hands out the batch before it meanwhile; then there is room for another. */
static bool read_collected(struct reading *reading)
{
    struct batch *now = reading->collected;
    struct batch *before = other(reading);
    struct child_answer answer = { 0 };
    if (before->count)
        answer = child_wait(&reading->child);
    if (now->count && !reading->stopped)
        reading->child = start_on(reading, now, 0);
    for (size_t first = 0; first < before->count && !reading->stopped;) {
        reading->stopped = !hand_out(reading, before, &first, &answer);
        child_answer_free(&answer);
        if (first < before->count && !reading->stopped) {
            struct running_child rest = start_on(reading, before, first);
            answer = child_wait(&rest);
        }
    }
    child_answer_free(&answer);
    empty(before);
    reading->collected = before;
    return !reading->stopped;
}

bool reading_make_room(struct reading *reading, size_t length)
{
    const struct batch *batch = reading->collected;
    bool full = batch->count == BATCH_MESSAGES || (batch->count && batch->bytes + length > BATCH_BYTES);
    return !full || read_collected(reading);
}

void reading_add(struct reading *reading, const struct source_message *message)
{
    bool large = message->bytes.length > BATCH_BYTES;
    struct batch *batch = reading->collected;
    struct batched *batched = &batch->messages[batch->count++];
    *batched = (struct batched){ .length = message->bytes.length, .name = strdup(message->name) };
    if (!batched->name)
        _exit(EX_TEMPFAIL);
    batched->owned = large ? NULL : allocate(message->bytes.length + 1);
    if (batched->owned && message->bytes.length)
        memcpy(batched->owned, message->bytes.data, message->bytes.length);
    batched->bytes = large ? message->bytes.data : batched->owned;
    batch->bytes += message->bytes.length;
    /* There is memory for one such message only: it is read while it is still the caller's. */
    if (large)
        reading_finish(reading);
}

bool reading_finish(struct reading *reading)
{
    read_collected(reading);
    return read_collected(reading);
}

void reading_free(struct reading **reading)
{
    if (!*reading)
        return;
    if (other(*reading)->count)
        child_stop(&(*reading)->child);
    empty(&(*reading)->batches[0]);
    empty(&(*reading)->batches[1]);
    free(*reading);
    *reading = NULL;
}
