/* reading.c - many messages read in processes of their own into features */
#include "commands/reading.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/judge.h"
#include "mail/text-prints.h"
#include "mailbox/fingerprint.h"
#include "store/daybook.h"
#include "store/history.h"
#include "util/limits.h"

struct reading {
    const struct settings *settings;
    struct store *store;
    uint64_t print_key; /* what prints of texts are taken under; 0: none are taken */
    reading_visit *visit;
    void *context;
    struct history *history; /* as it was when the last child was started, whatever is learned meanwhile */
    struct batches *batches;
};

/* --- in the child ------------------------------------------------------------------------------------------------ */

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
static void read_features(void *context, struct span bytes, struct arena *arena, struct buffer *record)
{
    const struct reading *reading = context;
    struct rule_context rule_context = reading->settings->rule_context;
    rule_context.now = 0;
    rule_context.history = reading->history;
    const struct message *message = message_parse(bytes, arena);
    struct hits hits = { 0 };
    rules_evaluate(message, &rule_context, &reading->settings->rules, arena, &hits);
    struct features features;
    judge_features(message, &rule_context, &hits, store_key(reading->store), arena, &features);
    if (reading->print_key)
        features.print_count = text_prints(message->visible_text, reading->print_key, arena, features.prints);
    find_found(bytes, &hits, arena, &features);
    features_encode(&features, record);
}

/* --- in the parent ----------------------------------------------------------------------------------------------- */

/* Of a store on a server too all of it, also for one message: which relay and hosts it has is known to the child alone,
 * which must not use this process's connection, and one of its own costs what the few rows spare (doc/SCALING.md). */
static void begin(void *context)
{
    struct reading *reading = context;
    history_close(&reading->history);
    reading->history = store_history_as_it_is(reading->store);
}

static enum batch_step visit(void *context, const struct batched_message *message, const struct span *record,
                             struct arena *arena)
{
    const struct reading *reading = context;
    struct span rest = record ? *record : SPAN_EMPTY;
    struct features features;
    if (record && (!features_decode(&rest, arena, &features) || rest.length > 0))
        return BATCH_MALFORMED;
    return reading->visit(reading->context, message, record ? &features : NULL) ? BATCH_GO_ON : BATCH_STOP;
}

struct store *reading_open_store(const struct settings *settings, enum store_state *state, struct failure *failure)
{
    struct store_options options = settings->store;
    options.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    options.not_durable = true;
    return store_open(&options, STORE_WRITE, state, failure);
}

struct reading *reading_new(const struct settings *settings, struct store *store, reading_visit *visit_message,
                            void *context)
{
    static const struct batch_reader reader = { .begin = begin, .read = read_features, .visit = visit };
    struct reading *reading = malloc(sizeof *reading);
    if (!reading)
        _exit(EX_TEMPFAIL);
    *reading = (struct reading){ .settings = settings, .store = store, .visit = visit_message, .context = context };
    reading->batches = batches_new(&reader, reading);
    return reading;
}

void reading_take_prints(struct reading *reading, uint64_t key)
{
    reading->print_key = key;
}

bool reading_add(struct reading *reading, const struct source_message *message, uint64_t note)
{
    return batches_add(reading->batches, message, note);
}

bool reading_finish(struct reading *reading)
{
    return batches_finish(reading->batches);
}

void reading_free(struct reading **reading)
{
    if (!*reading)
        return;
    batches_free(&(*reading)->batches);
    history_close(&(*reading)->history);
    free(*reading);
    *reading = NULL;
}
