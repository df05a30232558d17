/* judge.c - one message, judged in a process of its own */
#include "commands/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/ask-outside.h"
#include "mail/message.h"
#include "rules/trace.h"
#include "util/child.h"
#include "util/complaints.h"
#include "util/limits.h"
#include "util/log.h"
#include "verdict/figures.h"

/* What is judged where nothing can be asked of the kernel, not even for more memory. */
#define SMALL_MESSAGE ((size_t)256 * 1024)

struct judge_work {
    struct span message;
    struct user_state user;
};

/* Delivery takes away what this check looks at, so that it hits in what is judged and never in what is learned from. */
static bool ends_with_delivery(const struct hit *hit)
{
    return strcmp(hit->name, "FORGED_VERDICT") == 0;
}

/* What the history says has points, which the fusion weighs; but a name that comes and goes is no token, or no lesson
 * could be taken back exactly. */
struct features_extra judge_extra_tokens(const struct hits *hits, struct arena *arena)
{
    const char **names = arena_new_array(arena, const char *, hits->count + 1);
    size_t count = 0;
    int points = 0;
    for (size_t i = 0; i < hits->count; i++) {
        if (ends_with_delivery(&hits->items[i]))
            continue;
        if (!hits->items[i].of_history)
            names[count++] = hits->items[i].name;
        points += hits->items[i].danger ? 0 : hits->items[i].points;
    }
    return (struct features_extra){ .names = names, .count = count, .points = points };
}

void judge_features(const struct message *message, const struct rule_context *context, const struct hits *hits,
                    uint64_t key, struct arena *arena, struct features *features)
{
    struct features_extra extra = judge_extra_tokens(hits, arena);
    features_extract(message, key, &extra, arena, features);
    trace_of_message(message, context, arena, &features->trace);
}

/* Where the lessons cannot be counted, their share cannot be known either. */
double judge_starter_share(const struct opinion *opinion)
{
    bool counted = opinion->state == STORE_READY || opinion->state == STORE_EMPTY;
    return counted ? starter_share(opinion->lessons) : 0;
}

static void ask_starter(const struct starter *starter, struct judged *judged, struct arena *arena)
{
    struct opinion *opinion = &judged->opinion;
    if (!starter)
        return;
    opinion->starter_share = judge_starter_share(opinion);
    if (opinion->starter_share > 0)
        opinion->starter = starter_log_odds(starter, judged->message, arena);
}

static void form_opinion(struct user_state *user, struct judged *judged, struct arena *arena)
{
    struct features_extra extra = judge_extra_tokens(&judged->hits, arena);
    struct failure failure = { 0 };
    features_extract(judged->message, user->store ? store_key(user->store) : 0, &extra, arena, &judged->features);
    child_stage(user->child, STAGE_LEARNED);
    learn_opinion(user->store, user->store_state, &judged->features, &judged->opinion, &failure);
    ask_starter(user->starter, judged, arena);
    bool damaged = user->store && judged->opinion.state == STORE_DAMAGED;
    child_stage(user->child, damaged ? STAGE_DAMAGED : STAGE_MESSAGE);
    if (judged->opinion.state != STORE_READY && judged->opinion.state != STORE_EMPTY && failure.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "judged without learned evidence: %s", failure.reason);
}

/* --- what the user has sent, for the rules ------------------------------------------------------------------------ */

struct sent_mail {
    struct correspondents_book *book;
    struct arena *arena;
};

static unsigned written_to(void *context, struct span local, struct span domain)
{
    struct sent_mail *sent_mail = context;
    return correspondents_written_to(sent_mail->book, local, domain, sent_mail->arena);
}

static bool wrote(void *context, struct span message_id)
{
    struct sent_mail *sent_mail = context;
    return correspondents_wrote(sent_mail->book, message_id);
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

static void find_ruling(struct user_state *user, struct judged *judged, struct arena *arena)
{
    struct ruling ruling;
    struct senders_settings senders = user->settings->senders;
    senders.sent_mail = &user->sent_mail;
    senders.lists = &user->lists;
    senders.now = user->now;
    ruling_find(judged->message, &senders, arena, &ruling);
    verdict_apply_ruling(&ruling, arena, &judged->judgement);
}

void judge_here(struct span bytes, struct user_state *user, struct arena *arena, struct judged *judged)
{
    const struct settings *settings = user->settings;
    struct rule_context rule_context = settings->rule_context;
    struct sent_mail sent_mail = { .book = &user->sent_mail, .arena = arena };
    const struct rule_sent_mail questions = { &sent_mail, written_to, wrote };
    rule_context.now = user->now;
    rule_context.sent_mail = &questions;
    rule_context.history = user->history;
    judged->message = message_parse(bytes, arena);
    rules_evaluate(judged->message, &rule_context, &settings->rules, arena, &judged->hits);
    struct trace arrival;
    trace_of_arrival(judged->message, &rule_context, arena, &arrival);
    form_opinion(user, judged, arena);
    verdict_reach(&judged->hits, &judged->opinion, &judged->features, &settings->verdict, arena, &judged->judgement);
    find_ruling(user, judged, arena);
    judged->judgement.follow_up |= user->old_sent_mail ? FOLLOW_UP_FETCH : 0;
    judged->judgement.from = arrival.address;
    judged->judgement.relay = user->history ? arrival.relay : 0;
    judged->judgement.arrived = arrival.arrived;
}

/* Is the child to have all it needs beforehand, and to ask the kernel for nothing?  A small message in files can be
 * judged so, unless there are expressions, which look at the clock. */
static bool computes_only(const struct judge_work *work)
{
    const struct settings *settings = work->user.settings;
    return !work->user.again && work->message.length <= SMALL_MESSAGE && !store_is_remote(&settings->store) &&
           !rules_have_expressions(&settings->rules);
}

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct judge_work *work = context;
    user_state_open(&work->user, work->message, child, sandbox);
    if (message_may_have_structure(work->message))
        message_library_start();
    sandbox->computes_only = computes_only(work);
}

_Static_assert(QUESTIONS_BYTES <= VERDICT_QUESTIONS_MOST, "what is cut short is not well-formed");

static int judge_in_child(struct child *child, void *context)
{
    struct judge_work *work = context;
    const struct settings *settings = work->user.settings;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judged judged = { 0 };
    judge_here(work->message, &work->user, arena, &judged);
    if (outside_is_configured(&settings->outside))
        judged.judgement.questions = questions_write(judged.message, &settings->rule_context,
                                                     *settings->outside.shared_directory != '\0', arena);
    struct buffer answer = buffer_new(arena, LIMIT_CHILD_ANSWER);
    judgement_encode(&judged.judgement, &answer);
    return child_write_last(child, answer.data, answer.length) ? 0 : 1;
}

static const char *end_name(enum child_end end)
{
    switch (end) {
    case CHILD_LATE:
        return "late";
    case CHILD_NOT_STARTED:
        return "not-started";
    case CHILD_NOT_HEARD:
        return "not-heard";
    case CHILD_TOO_MUCH:
    case CHILD_MUDDLED:
        return "bad-answer";
    default:
        return "crashed";
    }
}

/* A process that may ask nothing of the kernel ends where one that may ask something lives on: that the first ended
 * says little. */
static struct child_answer ask(struct judge_work *work)
{
    struct child_answer answer = child_run(prepare, judge_in_child, work, NULL);
    if (answer.end != CHILD_DIED || !computes_only(work))
        return answer;
    log_line(LOG_SEVERITY_DEBUG, "a message is judged again, where something may be asked of the kernel: %s",
             answer.why.reason);
    child_answer_free(&answer);
    work->user.again = true;
    return child_run(prepare, judge_in_child, work, NULL);
}

/* Asks once more where the first answer says that it is worth it. */
static struct child_answer ask_again(struct judge_work *work, struct child_answer first)
{
    const char *directory = work->user.settings->state_directory;
    work->user.without_store = first.end == CHILD_DIED && first.stage == STAGE_LEARNED;
    work->user.mend = first.end == CHILD_ANSWERED && first.stage == STAGE_DAMAGED;
    if (work->user.without_store)
        complain_daily(directory, LOG_SEVERITY_WARNING,
                       "the learned state in %s cannot be read (%s); judging without it: try `tamis db check`",
                       directory, first.why.reason);
    if (!work->user.without_store && !work->user.mend)
        return first;
    struct child_answer second = child_run(prepare, judge_in_child, work, NULL);
    if (work->user.mend && second.end != CHILD_ANSWERED) {
        child_answer_free(&second);
        return first;
    }
    child_answer_free(&first);
    return second;
}

static uint64_t microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t judge_took(const struct judge_result *result)
{
    return result->started ? microseconds_now() - result->started : 0;
}

void judge_message(struct span message, const struct settings *settings, struct arena *arena,
                   struct judge_result *result)
{
    struct judge_work work = { .message = message, .user.settings = settings };
    uint64_t started = microseconds_now();
    struct child_answer answer = ask_again(&work, ask(&work));
    *result = (struct judge_result){ .why = end_name(answer.end), .started = started };
    if (answer.end == CHILD_ANSWERED) {
        result->checked = judgement_decode(span_make(answer.bytes, answer.length), arena, &result->judgement);
        result->why = result->checked ? NULL : "bad-answer";
    }
    if (!result->checked)
        log_line(LOG_SEVERITY_ERROR, "a message could not be judged (%s) and goes on unchecked: %s", result->why,
                 answer.end == CHILD_ANSWERED ? "the answer is not well-formed" : answer.why.reason);
    child_answer_free(&answer);
    ask_outside(message, settings, arena, result);
}

/* What the scanner called it. */
static struct span infection(const struct outside_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (strcmp(answer->items[i].name, "INFECTED") == 0)
            return answer->items[i].detail;
    return span_of("unknown");
}

bool judge_is_infected(const struct judge_result *result)
{
    return result->outside && result->outside->infected;
}

struct span judge_header_fields(const struct judge_result *result, const struct settings *settings,
                                struct arena *arena)
{
    struct buffer fields = buffer_new(arena, 64 * 1024);
    if (result->checked)
        header_fields_write(&result->judgement, settings->header_style, &fields);
    else
        header_fields_write_unchecked(result->why, settings->header_style, &fields);
    if (judge_is_infected(result))
        header_fields_write_infected(infection(result->outside), &fields);
    return buffer_span(&fields);
}

const char *judge_folder(const struct judge_result *result, const char *junk, const char *quarantine)
{
    if (judge_is_infected(result))
        return quarantine;
    return result->checked && result->judgement.verdict == VERDICT_SPAM ? junk : NULL;
}

#define LOGGED_REASONS 3
#define REASONS_TEXT 900 /* with the rest of the line within the 1,024 bytes of log_line() */

/* "NAME=1.20,OTHER=-0.50", of the reasons from `first` on, at most `most` of them and as many as there is room for. */
static const char *reasons_text(const struct judgement *judgement, size_t first, size_t most, char text[REASONS_TEXT])
{
    size_t used = 0;
    strcpy(text, "none");
    for (size_t i = first; i < judgement->reason_count && i - first < most; i++) {
        char figure[FIGURE_SIZE], one[128];
        int length = snprintf(one, sizeof one, "%s%s=%s", i > first ? "," : "", judgement->reasons[i].name,
                              figure_points(judgement->reasons[i].points, figure));
        if (length >= (int)sizeof one || used + (size_t)length >= REASONS_TEXT)
            break;
        memcpy(text + used, one, (size_t)length + 1);
        used += (size_t)length;
    }
    return text;
}

void judge_log(const struct judge_result *result, const char *went_to)
{
    double milliseconds = (double)judge_took(result) / 1000;
    if (!result->checked) {
        log_line(LOG_SEVERITY_INFO, "unchecked (%s) ms=%.1f to %s", result->why, milliseconds, went_to);
        return;
    }
    const struct judgement *judgement = &result->judgement;
    char identity[33], score[FIGURE_SIZE], required[FIGURE_SIZE], reasons[REASONS_TEXT];
    for (size_t i = 0; i < 16; i++)
        snprintf(identity + 2 * i, 3, "%02x", judgement->identity[i]);
    log_line(LOG_SEVERITY_INFO, "id=%s verdict=%s score=%s required=%s learned=%s reasons=%s ms=%.1f to %s", identity,
             verdict_name(judgement->verdict), figure_points(judgement->score, score),
             figure_points(judgement->required, required), store_state_name(judgement->learned),
             reasons_text(judgement, 0, LOGGED_REASONS, reasons), milliseconds, went_to);
    if (judgement->reason_count > LOGGED_REASONS)
        log_line(LOG_SEVERITY_DEBUG, "id=%s also=%s", identity,
                 reasons_text(judgement, LOGGED_REASONS, VERDICT_REASONS_MOST, reasons));
}
