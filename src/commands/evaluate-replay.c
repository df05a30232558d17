/* evaluate-replay.c - labelled mail judged in its order, each message by what those before it have taught */
#include "commands/evaluate-replay.h"

#include <stdlib.h>
#include <string.h>

#include "commands/batches.h"
#include "commands/judge.h"
#include "commands/progress.h"
#include "commands/replayed.h"
#include "learn/confirm.h"
#include "learn/learn.h"
#include "store/history.h"
#include "util/limits.h"
#include "util/translate.h"

/* The record of a message of which the user will speak later. */
struct kept {
    char *bytes; /* NULL: none */
    size_t length;
};

struct replay {
    const struct replay_plan *plan;
    struct measure_case *cases;
    struct kept *kept; /* of each message */
    struct store *store;
    struct batches *batches;
    struct progress progress;
    struct failure *failure;
};

/* --- one message -------------------------------------------------------------------------------------------------- */

/* A message of the list, read. */
struct read_message {
    size_t number;
    struct replayed replayed;
    struct opinion opinion;
    struct judgement judgement;
    struct arena *arena;
};

typedef bool use_message(struct replay *replay, struct read_message *read);

static bool is_error(const struct read_message *read, enum label truth)
{
    enum verdict right = truth == LABEL_SPAM ? VERDICT_SPAM : VERDICT_HAM;
    return read->judgement.verdict != right;
}

static void write_score(const struct replay *replay, size_t number, const char *verdict)
{
    const struct measure_case *one = &replay->cases[number];
    if (replay->plan->scores && number >= replay->plan->trained)
        fprintf(replay->plan->scores, "%s %.4f %s %s\n", one->truth == LABEL_SPAM ? "spam" : "ham", one->score, verdict,
                replay->plan->list.items[number].path);
}

static void record(struct replay *replay, const struct read_message *read)
{
    const struct judgement *judgement = &read->judgement;
    replay->cases[read->number] = (struct measure_case){
        .score = replay->plan->learned_only ? read->opinion.log_odds : judgement->score / 100.0,
        .judged_spam = judgement->verdict == VERDICT_SPAM,
        .judged_unsure = judgement->verdict == VERDICT_UNSURE,
        .truth = replay->plan->list.items[read->number].label,
    };
    write_score(replay, read->number, verdict_name(judgement->verdict));
}

static void record_unread(struct replay *replay, size_t number)
{
    replay->cases[number] = (struct measure_case){ .truth = replay->plan->list.items[number].label };
    write_score(replay, number, "unchecked");
}

/* Does the user say at once what the message is? */
static bool is_told(const struct replay *replay, const struct read_message *read)
{
    if (read->number < replay->plan->trained)
        return true;
    if (replay->plan->feedback.way != FEEDBACK_ALWAYS || replay->plan->train == TRAIN_NEVER)
        return false;
    return replay->plan->train == TRAIN_ALWAYS || is_error(read, replay->plan->list.items[read->number].label);
}

static bool learn(struct replay *replay, const struct read_message *read, enum label label,
                  enum label_source source)
{
    return learn_message(replay->store, &read->replayed.features, label, source, read->replayed.came,
                         replay->failure) != LEARN_FAILED;
}

static void judge(struct replay *replay, struct read_message *read)
{
    struct replayed *replayed = &read->replayed;
    learn_opinion(replay->store, STORE_READY, &replayed->features, &read->opinion, replay->failure);
    if (replay->plan->starter) {
        read->opinion.starter_share = judge_starter_share(&read->opinion);
        read->opinion.starter = replayed->starter;
    }
    if (replay->plan->learned_only)
        replayed->hits.count = 0;
    verdict_reach(&replayed->hits, &read->opinion, &replayed->features, &replay->plan->settings->verdict,
                  read->arena, &read->judgement);
}

static bool judge_and_learn(struct replay *replay, struct read_message *read)
{
    const struct labelled *labelled = &replay->plan->list.items[read->number];
    const struct trace *trace = &read->replayed.features.trace;
    judge(replay, read);
    record(replay, read);
    struct history *history = store_history(replay->store, replay->failure);
    if (history)
        history_note_arrival(history, trace->relay, trace->arrived, replay->failure);
    enum label told = feedback_label(&replay->plan->feedback, labelled->label, labelled->path);
    return !is_told(replay, read) || learn(replay, read, told, SOURCE_USER);
}

static bool learn_correction(struct replay *replay, struct read_message *read)
{
    return learn(replay, read, replay->plan->list.items[read->number].label, SOURCE_USER);
}

static bool learn_left_alone(struct replay *replay, struct read_message *read)
{
    const struct verdict_settings *verdict = &replay->plan->settings->verdict;
    enum label label = replay->cases[read->number].judged_spam ? LABEL_SPAM : LABEL_HAM;
    learn_opinion(replay->store, STORE_READY, &read->replayed.features, &read->opinion, replay->failure);
    return !confirm_is_balanced(label, read->opinion.lessons) ||
           !confirm_agrees(label, read->opinion.log_odds, verdict->required) ||
           learn(replay, read, label, SOURCE_IMPLICIT);
}

/* What the history says is asked each time anew, as at that time. */
static enum batch_step use_record(struct replay *replay, size_t number, struct span record, use_message *use,
                                  struct arena *arena)
{
    struct read_message read = { .number = number, .arena = arena };
    if (!replayed_read(record, arena, &read.replayed))
        return BATCH_MALFORMED;
    const struct history *history = store_history(replay->store, replay->failure);
    replayed_ask_history(&read.replayed, replay->plan->settings, history, arena);
    return use(replay, &read) ? BATCH_GO_ON : BATCH_STOP;
}

/* --- what the user says later ------------------------------------------------------------------------------------- */

static bool is_corrected(const struct replay *replay, size_t number)
{
    return replay->plan->feedback.way != FEEDBACK_ALWAYS && number >= replay->plan->trained &&
           feedback_corrects(&replay->plan->feedback, &replay->cases[number], replay->plan->list.items[number].path);
}

static bool is_left_alone(const struct replay *replay, size_t number)
{
    if (replay->plan->feedback.way != FEEDBACK_IMPLICIT || number < replay->plan->trained ||
        is_corrected(replay, number))
        return false;
    enum confirmation confirmation = feedback_left_alone(&replay->cases[number], FEEDBACK_GRACE);
    return confirmation == CONFIRM_HAM || confirmation == CONFIRM_SPAM;
}

static bool keep(struct replay *replay, size_t number, struct span record)
{
    struct kept *kept = &replay->kept[number];
    *kept = (struct kept){ malloc(record.length + 1), record.length };
    if (!kept->bytes)
        return failure_set(replay->failure, FAILURE_TEMPORARY, "no memory for the messages that wait");
    memcpy(kept->bytes, record.data, record.length);
    return true;
}

/* Of what could not be read nothing was kept. */
static bool use_kept(struct replay *replay, size_t number, use_message *use)
{
    struct kept *kept = &replay->kept[number];
    if (!kept->bytes)
        return true;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    bool good = use_record(replay, number, span_make(kept->bytes, kept->length), use, arena) == BATCH_GO_ON;
    arena_free(arena);
    free(kept->bytes);
    kept->bytes = NULL;
    return good;
}

/* What the user says, now that `number` has been judged, about messages that came before it. */
static bool hear_user(struct replay *replay, size_t number)
{
    size_t delay = replay->plan->feedback.delay;
    if (number >= delay && is_corrected(replay, number - delay) &&
        !use_kept(replay, number - delay, learn_correction))
        return false;
    return number < FEEDBACK_GRACE || !is_left_alone(replay, number - FEEDBACK_GRACE) ||
           use_kept(replay, number - FEEDBACK_GRACE, learn_left_alone);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* In the child. */
static void read_message(void *context, struct span message, struct arena *arena, struct buffer *record)
{
    const struct replay *replay = context;
    replayed_write(message, replay->plan->settings, store_key(replay->store), replay->plan->starter, arena,
                   record);
}

static enum batch_step visit_message(void *context, const struct batched_message *message, const struct span *record,
                                     struct arena *arena)
{
    struct replay *replay = context;
    size_t number = (size_t)message->note;
    enum batch_step step = BATCH_GO_ON;
    if (record)
        step = use_record(replay, number, *record, judge_and_learn, arena);
    else
        record_unread(replay, number);
    if (step != BATCH_GO_ON)
        return step;
    progress_step(&replay->progress);
    bool waits = record && (is_corrected(replay, number) || is_left_alone(replay, number));
    bool good = (!waits || keep(replay, number, *record)) && hear_user(replay, number);
    return good ? BATCH_GO_ON : BATCH_STOP;
}

static bool read_all(struct replay *replay)
{
    static const struct batch_reader reader = { .read = read_message, .visit = visit_message };
    bool good = true;
    replay->batches = batches_new(&reader, replay);
    progress_start(&replay->progress, _("evaluating"), replay->plan->list.count);
    for (size_t i = 0; good && i < replay->plan->list.count; i++)
        good = labelled_add(&replay->plan->list, i, replay->batches, replay->failure);
    good = good && batches_finish(replay->batches);
    progress_end(&replay->progress);
    batches_free(&replay->batches);
    if (!good && replay->failure->kind == FAILURE_NONE)
        failure_set(replay->failure, FAILURE_TEMPORARY, "the mail could not be read just now");
    return good;
}

static void free_kept(struct replay *replay)
{
    for (size_t i = 0; replay->kept && i < replay->plan->list.count; i++)
        free(replay->kept[i].bytes);
    free(replay->kept);
}

bool evaluate_replay(const struct replay_plan *plan, struct measure_case *cases, struct failure *failure)
{
    const struct store_options options = { .directory = "", .engine = "memory", .not_durable = true };
    enum store_state state;
    struct replay replay = { .plan = plan, .cases = cases, .failure = failure };
    replay.kept = calloc(plan->list.count, sizeof *replay.kept);
    replay.store = replay.kept ? store_open(&options, STORE_WRITE, &state, failure) : NULL;
    if (!replay.kept)
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the messages that wait");
    bool good = replay.store && read_all(&replay);
    store_close(&replay.store);
    free_kept(&replay);
    return good;
}
