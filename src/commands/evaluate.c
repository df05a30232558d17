/* evaluate.c - `tamis evaluate`: replay labelled mail in order and measure
 *
 * The way of the TREC spam tracks: judge each message, record the score, then learn it with its true label.  The state learned is a
 * scratch one in memory (same rules as the real one); the user's own is neither read nor written.  Everything runs in this
 * process: a crash here costs a measurement, never mail.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/judge.h"
#include "commands/progress.h"
#include "learn/measure.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"

enum { OPTION_TRAIN, OPTION_SKIP, OPTION_LEARNED, OPTION_SCORES, OPTION_JSON };

static const struct command_option options[] = {
    [OPTION_TRAIN] = { "train", 't', "WHEN", "learn \"always\" (default), on \"errors\" and doubt, or \"never\"" },
    [OPTION_SKIP] = { "skip", 0, "N", "leave the first N messages out of the figures (they are learned)" },
    [OPTION_LEARNED] = { "learned", 'l', NULL, "judge by the learned evidence alone, without rules" },
    [OPTION_SCORES] = { "scores", 0, "FILE", "write one line a message to FILE: label, score, verdict, path" },
    [OPTION_JSON] = { "json", 'j', NULL, "one JSON object" },
    { NULL, 0, NULL, NULL },
};

enum train_when { TRAIN_ALWAYS, TRAIN_ON_ERRORS, TRAIN_NEVER };

#define CURVE_POINTS 10
#define BOOTSTRAP_SAMPLES 200
#define BAR_WIDTH 24
#define BAR_FULL_PERCENT 10.0
#define LONGEST_LINE (PATH_MAX + 16)

struct labelled {
    enum label label;
    char *path; /* below the directory */
};

struct evaluation {
    const struct invocation *invocation;
    const char *directory;
    enum train_when train;
    bool learned_only;
    FILE *scores;
    struct labelled *messages;
    size_t count, skip;
    struct measure_case *cases;
    size_t case_count;
    struct store *store;
};

/* --- the index ------------------------------------------------------------------------------------------------------ */

static bool read_index_line(char *line, struct labelled *labelled)
{
    char *path = strchr(line, ' ');
    if (!path)
        return false;
    *path++ = '\0';
    path[strcspn(path, "\r\n")] = '\0';
    if (strcmp(line, "ham") != 0 && strcmp(line, "spam") != 0)
        return false;
    labelled->label = line[0] == 's' ? LABEL_SPAM : LABEL_HAM;
    labelled->path = *path ? strdup(path) : NULL;
    return labelled->path != NULL;
}

static bool append(struct evaluation *evaluation, struct labelled labelled, size_t *capacity)
{
    if (evaluation->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 1024;
        struct labelled *more = realloc(evaluation->messages, *capacity * sizeof *more);
        if (!more)
            return false;
        evaluation->messages = more;
    }
    evaluation->messages[evaluation->count++] = labelled;
    return true;
}

static bool read_index(struct evaluation *evaluation, struct failure *failure)
{
    char path[PATH_MAX], line[LONGEST_LINE];
    if (!file_join(path, sizeof path, evaluation->directory, "index"))
        return failure_set(failure, FAILURE_INPUT, "%s: the name is too long", evaluation->directory);
    FILE *index = fopen(path, "re");
    if (!index)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open %s", path);
    size_t capacity = 0, number = 0;
    bool good = true;
    while (good && fgets(line, sizeof line, index)) {
        struct labelled labelled;
        number++;
        if (!read_index_line(line, &labelled))
            good = failure_set(failure, FAILURE_INPUT, "%s:%zu: a line holds \"ham PATH\" or \"spam PATH\"", path, number);
        else if (!append(evaluation, labelled, &capacity))
            good = failure_set(failure, FAILURE_TEMPORARY, "%s: no memory for its list", path);
    }
    fclose(index);
    return good && (evaluation->count || failure_set(failure, FAILURE_INPUT, "%s names no message", path));
}

/* --- one message ---------------------------------------------------------------------------------------------------- */

static bool is_error(const struct judged *judged, enum label truth)
{
    enum verdict right = truth == LABEL_SPAM ? VERDICT_SPAM : VERDICT_HAM;
    return judged->judgement.verdict != right;
}

static void record(struct evaluation *evaluation, const struct labelled *labelled, const struct judged *judged)
{
    const struct judgement *judgement = &judged->judgement;
    struct measure_case *one = &evaluation->cases[evaluation->case_count++];
    *one = (struct measure_case){
        .score = evaluation->learned_only ? judged->opinion.log_odds : judgement->score / 100.0,
        .judged_spam = judgement->verdict == VERDICT_SPAM,
        .judged_unsure = judgement->verdict == VERDICT_UNSURE,
        .truth = labelled->label,
    };
    if (evaluation->scores)
        fprintf(evaluation->scores, "%s %.4f %s %s\n", labelled->label == LABEL_SPAM ? "spam" : "ham", one->score,
                verdict_name(judgement->verdict), labelled->path);
}

/* Mail is judged on the day it came, not on the day of the measurement. */
static int64_t day_of_arrival(const struct message *message)
{
    return message->relay_count && message->relays[0].date != RELAY_NO_DATE ? message->relays[0].date : 0;
}

static bool evaluate_bytes(struct evaluation *evaluation, const struct labelled *labelled, struct span bytes,
                           struct failure *failure)
{
    const struct settings *settings = evaluation->invocation->settings;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judged judged = { .message = message_parse(bytes, arena) };
    struct rule_context context = settings->rule_context;
    context.now = day_of_arrival(judged.message);
    rules_evaluate(judged.message, &context, &settings->rules, arena, &judged.hits);
    struct features_extra extra = judge_extra_tokens(&judged.hits, arena);
    features_extract(judged.message, store_key(evaluation->store), &extra, arena, &judged.features);
    learn_opinion(evaluation->store, STORE_READY, &judged.features, &judged.opinion, failure);
    if (evaluation->learned_only)
        judged.hits.count = 0;
    verdict_reach(&judged.hits, &judged.opinion, &judged.features, &settings->verdict, arena, &judged.judgement);
    record(evaluation, labelled, &judged);
    bool learn = evaluation->train == TRAIN_ALWAYS || (evaluation->train == TRAIN_ON_ERRORS && is_error(&judged, labelled->label));
    bool good = !learn || learn_message(evaluation->store, &judged.features, labelled->label, SOURCE_USER,
                                        context.now, failure) != LEARN_FAILED;
    arena_free(arena);
    return good;
}

static bool evaluate_message(struct evaluation *evaluation, const struct labelled *labelled, struct failure *failure)
{
    char path[PATH_MAX];
    struct file_bytes bytes;
    if (!file_join(path, sizeof path, evaluation->directory, labelled->path))
        return failure_set(failure, FAILURE_INPUT, "%s: the name is too long", labelled->path);
    if (!file_read(path, 0, &bytes, failure))
        return false;
    bool good = evaluate_bytes(evaluation, labelled, span_make(bytes.data, bytes.length), failure);
    file_bytes_free(&bytes);
    return good;
}

static bool replay(struct evaluation *evaluation, struct failure *failure)
{
    struct progress progress;
    progress_start(&progress, "evaluating", evaluation->count);
    bool good = true;
    for (size_t i = 0; good && i < evaluation->count; i++) {
        good = evaluate_message(evaluation, &evaluation->messages[i], failure);
        progress_step(&progress);
    }
    progress_end(&progress);
    return good;
}

/* --- the figures ---------------------------------------------------------------------------------------------------- */

static void print_bar(double percent)
{
    int filled = (int)(percent / BAR_FULL_PERCENT * BAR_WIDTH + 0.5);
    for (int i = 0; i < filled && i < BAR_WIDTH; i++)
        fputs("#", stdout);
    fputs(filled > BAR_WIDTH ? "+\n" : "\n", stdout);
}

static void print_text(const struct measure *all, const struct measure *curve, size_t first)
{
    printf("messages               %zu ham, %zu spam\n", all->ham, all->spam);
    printf("ham lost               %.2f %% (%zu)\n", all->ham_lost_percent, all->ham_lost);
    printf("spam missed            %.2f %% (%zu)\n", all->spam_missed_percent, all->spam_missed);
    printf("unsure                 %zu ham, %zu spam\n", all->ham_unsure, all->spam_unsure);
    printf("(1-ROCA)%%              %.4f [%.4f, %.4f]\n", all->area_above_roc.value, all->area_above_roc.low,
           all->area_above_roc.high);
    printf("missed at 0.1 %% lost   %.2f %%\n", all->missed_at_per_mille);
    printf("logistic average       %.2f %%\n", all->logistic_average_percent);
    printf("\nlearning curve; bars: spam missed, full at %.0f %%\n", BAR_FULL_PERCENT);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        const struct measure *point = &curve[i];
        first += point->ham + point->spam;
        printf("  to %6zu  ham lost %5.2f %%  spam missed %6.2f %%  ", first, point->ham_lost_percent, point->spam_missed_percent);
        print_bar(point->spam_missed_percent);
    }
}

static void print_json(const struct measure *all, const struct measure *curve)
{
    printf("{\"ham\":%zu,\"spam\":%zu,\"ham_lost\":%zu,\"ham_lost_percent\":%.4f,\"spam_missed\":%zu,\"spam_missed_percent\":%.4f,"
           "\"ham_unsure\":%zu,\"spam_unsure\":%zu,\"area_above_roc_percent\":%.5f,\"area_above_roc_low\":%.5f,"
           "\"area_above_roc_high\":%.5f,\"missed_at_per_mille_percent\":%.4f,\"logistic_average_percent\":%.4f,\"curve\":[",
           all->ham, all->spam, all->ham_lost, all->ham_lost_percent, all->spam_missed, all->spam_missed_percent, all->ham_unsure,
           all->spam_unsure, all->area_above_roc.value, all->area_above_roc.low, all->area_above_roc.high,
           all->missed_at_per_mille, all->logistic_average_percent);
    for (size_t i = 0; i < CURVE_POINTS; i++)
        printf("%s{\"ham_lost_percent\":%.4f,\"spam_missed_percent\":%.4f}", i ? "," : "", curve[i].ham_lost_percent,
               curve[i].spam_missed_percent);
    printf("]}\n");
}

static bool print_figures(const struct evaluation *evaluation, struct failure *failure)
{
    struct measure all, curve[CURVE_POINTS];
    size_t skip = evaluation->skip < evaluation->case_count ? evaluation->skip : 0;
    const struct measure_case *cases = evaluation->cases + skip;
    size_t count = evaluation->case_count - skip;
    if (!measure_stream(cases, count, BOOTSTRAP_SAMPLES, &all) || !measure_curve(cases, count, curve, CURVE_POINTS))
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the figures");
    if (evaluation->invocation->option_values[OPTION_JSON])
        print_json(&all, curve);
    else
        print_text(&all, curve, skip);
    return true;
}

/* --- the command ---------------------------------------------------------------------------------------------------- */

static bool read_options(const struct invocation *invocation, struct evaluation *evaluation)
{
    static const char *const names[] = { [TRAIN_ALWAYS] = "always", [TRAIN_ON_ERRORS] = "errors", [TRAIN_NEVER] = "never" };
    const char *train = invocation->option_values[OPTION_TRAIN], *skip = invocation->option_values[OPTION_SKIP];
    bool known = !train;
    for (size_t i = 0; train && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(train, names[i]) == 0) {
            evaluation->train = (enum train_when)i;
            known = true;
        }
    char *end = NULL;
    evaluation->skip = skip ? strtoul(skip, &end, 10) : 0;
    evaluation->learned_only = invocation->option_values[OPTION_LEARNED] != NULL;
    if (!known || (skip && (*skip < '0' || *skip > '9' || *end)) || invocation->operand_count != 1) {
        fprintf(stderr, "tamis: `tamis evaluate --help` lists what is accepted\n");
        return false;
    }
    evaluation->directory = invocation->operands[0];
    return true;
}

static bool evaluate(struct evaluation *evaluation, struct failure *failure)
{
    if (!read_index(evaluation, failure))
        return false;
    evaluation->cases = calloc(evaluation->count, sizeof *evaluation->cases);
    const char *scores = evaluation->invocation->option_values[OPTION_SCORES];
    if (scores && !(evaluation->scores = fopen(scores, "we")))
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write %s", scores);
    struct store_options store_options = { .directory = "", .engine = "memory", .not_durable = true };
    enum store_state state;
    evaluation->store = evaluation->cases ? store_open(&store_options, STORE_WRITE, &state, failure) : NULL;
    return evaluation->store && replay(evaluation, failure) && print_figures(evaluation, failure);
}

static int run_evaluate(const struct invocation *invocation)
{
    struct evaluation evaluation = { .invocation = invocation };
    struct failure failure = { 0 };
    if (!read_options(invocation, &evaluation))
        return EX_USAGE;
    bool good = evaluate(&evaluation, &failure);
    if (evaluation.scores && fclose(evaluation.scores) != 0 && good)
        good = failure_set_errno(&failure, FAILURE_TEMPORARY, errno, "cannot write the scores");
    if (!good)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    store_close(&evaluation.store);
    for (size_t i = 0; i < evaluation.count; i++)
        free(evaluation.messages[i].path);
    free(evaluation.messages);
    free(evaluation.cases);
    return good ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = "Replay labelled mail in order and measure how good the filter is on it",
    .operands = "DIR",
    .details = "DIR holds a file \"index\" of lines \"ham PATH\" or \"spam PATH\" in order of arrival, paths relative to DIR.\n"
               "Your own learned state is neither read nor written.\n\n"
               "Exit status: 0 done; 64 usage; 66 the index or a message could not be read; 75 no memory.\n",
    .options = options,
    .run = run_evaluate,
};
