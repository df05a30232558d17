/* evaluate.c - `tamis evaluate`: replay labelled mail in order and measure
 *
 * The way of the TREC spam tracks: judge each message, record the score, then learn it with its true label; or learn
 * what a user would say who corrects some errors later and leaves the rest alone (feedback.h).  The state learned is a
 * scratch one in memory (same rules as the real one); the user's own is neither read nor written.  Everything runs in
 * this process: a crash here costs a measurement, never mail.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/judge.h"
#include "commands/labelled-mail.h"
#include "commands/progress.h"
#include "learn/calibration.h"
#include "learn/confirm.h"
#include "learn/feedback.h"
#include "learn/measure.h"
#include "learn/starter.h"
#include "rules/trace.h"
#include "store/history.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

enum {
    OPTION_TRAIN,
    OPTION_FEEDBACK,
    OPTION_CORRECTED,
    OPTION_DELAY,
    OPTION_SEED,
    OPTION_NOISE,
    OPTION_TRAINED_ON,
    OPTION_SKIP,
    OPTION_LEARNED,
    OPTION_STARTER,
    OPTION_SCORES,
    OPTION_JSON
};

static const struct command_option options[] = {
    [OPTION_TRAIN] = { "train", 't', "WHEN", N_("learn \"always\" (default), on \"errors\" and doubt, or \"never\"") },
    [OPTION_FEEDBACK] = { "feedback", 0, "WAY",
                          N_("\"always\" (default) the user tells what is right, he only \"moves\" what is "
                             "wrong, or \"implicit\": and leaves alone what is right") },
    [OPTION_CORRECTED] = { "corrected", 0, "SHARE", N_("moves, implicit: the share of errors he moves; default 0.9") },
    [OPTION_DELAY] = { "delay", 0, "N", N_("moves, implicit: he moves N messages later; default 20") },
    [OPTION_SEED] = { "seed", 0, "N", N_("which errors he moves, which labels are wrong; default 0") },
    [OPTION_NOISE] = { "noise", 0, "PERCENT", N_("learn that share of the messages with the wrong label") },
    [OPTION_TRAINED_ON] = { "trained-on", 0, "DIR", N_("learn all mail of DIR first; it is not in the figures") },
    [OPTION_SKIP] = { "skip", 0, "N", N_("leave the first N messages out of the figures (they are learned)") },
    [OPTION_LEARNED] = { "learned", 'l', NULL, N_("judge by the learned evidence alone, without rules") },
    [OPTION_STARTER] = { "starter", 0, "FILE", N_("begin with that starter knowledge; default \"none\"") },
    [OPTION_SCORES] = { "scores", 0, "FILE", N_("write one line a message to FILE: label, score, verdict, path") },
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object") },
    { NULL, 0, NULL, NULL },
};

enum train_when { TRAIN_ALWAYS, TRAIN_ON_ERRORS, TRAIN_NEVER };

#define CORRECTED_SHARE 0.9
#define CORRECTED_DELAY 20
#define CURVE_POINTS 10
#define BOOTSTRAP_SAMPLES 200
#define BAR_WIDTH 24
#define BAR_FULL_PERCENT 10.0

struct evaluation {
    const struct invocation *invocation;
    const char *directory, *trained_on; /* trained_on: or NULL */
    enum train_when train;
    struct feedback feedback;
    bool learned_only;
    FILE *scores;
    struct labelled_list list;
    size_t skip;
    size_t trained; /* of the messages, those of trained_on, which come first */
    struct measure_case *cases;
    size_t case_count;
    struct store *store;
    struct starter *starter; /* NULL: none */
};

static bool read_indexes(struct evaluation *evaluation, struct failure *failure)
{
    if (evaluation->trained_on && !labelled_read_index(&evaluation->list, evaluation->trained_on, failure))
        return false;
    evaluation->trained = evaluation->list.count;
    return labelled_read_index(&evaluation->list, evaluation->directory, failure);
}

/* --- one message -------------------------------------------------------------------------------------------------- */

static bool is_error(const struct judged *judged, enum label truth)
{
    enum verdict right = truth == LABEL_SPAM ? VERDICT_SPAM : VERDICT_HAM;
    return judged->judgement.verdict != right;
}

static void record(struct evaluation *evaluation, const struct labelled *labelled, const struct judged *judged)
{
    const struct judgement *judgement = &judged->judgement;
    bool measured = evaluation->case_count >= evaluation->trained;
    struct measure_case *one = &evaluation->cases[evaluation->case_count++];
    *one = (struct measure_case){
        .score = evaluation->learned_only ? judged->opinion.log_odds : judgement->score / 100.0,
        .judged_spam = judgement->verdict == VERDICT_SPAM,
        .judged_unsure = judgement->verdict == VERDICT_UNSURE,
        .truth = labelled->label,
    };
    if (evaluation->scores && measured)
        fprintf(evaluation->scores, "%s %.4f %s %s\n", labelled->label == LABEL_SPAM ? "spam" : "ham", one->score,
                verdict_name(judgement->verdict), labelled->path);
}

/* A message of the list, read. */
struct read_message {
    size_t number;
    struct judged judged;
    int64_t now; /* when it came */
    struct arena *arena;
};

typedef bool use_message(struct evaluation *evaluation, struct read_message *read, struct failure *failure);

/* Does the user say at once what the message is? */
static bool is_told(const struct evaluation *evaluation, size_t number, const struct judged *judged)
{
    if (number < evaluation->trained)
        return true;
    if (evaluation->feedback.way != FEEDBACK_ALWAYS || evaluation->train == TRAIN_NEVER)
        return false;
    return evaluation->train == TRAIN_ALWAYS || is_error(judged, evaluation->list.items[number].label);
}

static bool judge_and_learn(struct evaluation *evaluation, struct read_message *read, struct failure *failure)
{
    struct judged *judged = &read->judged;
    const struct labelled *labelled = &evaluation->list.items[read->number];
    learn_opinion(evaluation->store, STORE_READY, &judged->features, &judged->opinion, failure);
    judge_ask_starter(evaluation->starter, judged, read->arena);
    if (evaluation->learned_only)
        judged->hits.count = 0;
    verdict_reach(&judged->hits, &judged->opinion, &judged->features, &evaluation->invocation->settings->verdict,
                  read->arena, &judged->judgement);
    record(evaluation, labelled, judged);
    struct history *history = store_history(evaluation->store, failure);
    if (history)
        history_note_arrival(history, judged->features.trace.relay, judged->features.trace.arrived, failure);
    enum label told = feedback_label(&evaluation->feedback, labelled->label, labelled->path);
    return !is_told(evaluation, read->number, judged)
           || learn_message(evaluation->store, &judged->features, told, SOURCE_USER, read->now, failure) !=
                  LEARN_FAILED;
}

static bool learn_correction(struct evaluation *evaluation, struct read_message *read, struct failure *failure)
{
    enum label label = evaluation->list.items[read->number].label;
    return learn_message(evaluation->store, &read->judged.features, label, SOURCE_USER, read->now, failure) !=
           LEARN_FAILED;
}

static bool learn_left_alone(struct evaluation *evaluation, struct read_message *read, struct failure *failure)
{
    struct judged *judged = &read->judged;
    const struct verdict_settings *verdict = &evaluation->invocation->settings->verdict;
    enum label label = evaluation->cases[read->number].judged_spam ? LABEL_SPAM : LABEL_HAM;
    learn_opinion(evaluation->store, STORE_READY, &judged->features, &judged->opinion, failure);
    if (!confirm_is_balanced(label, judged->opinion.lessons)
        || !confirm_agrees(label, judged->opinion.log_odds, verdict->required))
        return true;
    return learn_message(evaluation->store, &judged->features, label, SOURCE_IMPLICIT, read->now, failure) !=
           LEARN_FAILED;
}

static bool use_bytes(struct evaluation *evaluation, size_t number, struct span bytes, use_message *use,
                      struct failure *failure)
{
    const struct settings *settings = evaluation->invocation->settings;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct read_message read = { .number = number, .judged.message = message_parse(bytes, arena), .arena = arena };
    struct judged *judged = &read.judged;
    struct rule_context context = settings->rule_context;
    context.history = store_history(evaluation->store, failure);
    context.now = read.now = labelled_arrival(judged->message);
    rules_evaluate(judged->message, &context, &settings->rules, arena, &judged->hits);
    struct features_extra extra = judge_extra_tokens(&judged->hits, arena);
    features_extract(judged->message, store_key(evaluation->store), &extra, arena, &judged->features);
    trace_of_message(judged->message, &context, arena, &judged->features.trace);
    bool good = use(evaluation, &read, failure);
    arena_free(arena);
    return good;
}

/* A message is read anew for what the user says about it later: the list may be long, and files are cheap. */
static bool read_and_use(struct evaluation *evaluation, size_t number, use_message *use, struct failure *failure)
{
    struct file_bytes bytes;
    if (!labelled_read(&evaluation->list.items[number], &bytes, failure))
        return false;
    bool good = use_bytes(evaluation, number, span_make(bytes.data, bytes.length), use, failure);
    file_bytes_free(&bytes);
    return good;
}

/* The message that came so many before `number`, when it is one that the user may still speak of. */
static bool find_earlier(const struct evaluation *evaluation, size_t number, size_t messages, size_t *then)
{
    *then = number - messages;
    return number >= evaluation->trained + messages;
}

/* What the user says, now that `number` has been judged, about messages that came before it. */
static bool hear_user(struct evaluation *evaluation, size_t number, struct failure *failure)
{
    const struct feedback *feedback = &evaluation->feedback;
    size_t then;
    if (feedback->way == FEEDBACK_ALWAYS)
        return true;
    if (find_earlier(evaluation, number, feedback->delay, &then)
        && feedback_corrects(feedback, &evaluation->cases[then], evaluation->list.items[then].path)
        && !read_and_use(evaluation, then, learn_correction, failure))
        return false;
    if (feedback->way != FEEDBACK_IMPLICIT || !find_earlier(evaluation, number, FEEDBACK_GRACE, &then)
        || feedback_corrects(feedback, &evaluation->cases[then], evaluation->list.items[then].path))
        return true;
    enum confirmation confirmation = feedback_left_alone(&evaluation->cases[then], FEEDBACK_GRACE);
    return (confirmation != CONFIRM_HAM && confirmation != CONFIRM_SPAM)
           || read_and_use(evaluation, then, learn_left_alone, failure);
}

static bool replay(struct evaluation *evaluation, struct failure *failure)
{
    struct progress progress;
    progress_start(&progress, _("evaluating"), evaluation->list.count);
    bool good = true;
    for (size_t i = 0; good && i < evaluation->list.count; i++) {
        good = read_and_use(evaluation, i, judge_and_learn, failure) && hear_user(evaluation, i, failure);
        progress_step(&progress);
    }
    progress_end(&progress);
    return good;
}

/* --- the figures -------------------------------------------------------------------------------------------------- */

static void print_bar(double percent)
{
    int filled = (int)(percent / BAR_FULL_PERCENT * BAR_WIDTH + 0.5);
    for (int i = 0; i < filled && i < BAR_WIDTH; i++)
        fputs("#", stdout);
    fputs(filled > BAR_WIDTH ? "+\n" : "\n", stdout);
}

struct figures {
    struct measure all, curve[CURVE_POINTS];
    struct calibration calibration; /* of the second half: the first is where the filter has yet to learn */
};

static void print_calibration(const struct calibration *calibration)
{
    printf(_("\ndoes the probability mean what it says? second half: expected calibration error %.2f %%, "
             "log-loss %.4f\n"),
           calibration->error_percent, calibration->log_loss);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &calibration->bins[i];
        if (bin->count)
            printf(_("  %6zu messages said to be spam with %9.4f %%: %9.4f %% were\n"), bin->count, 100 * bin->claimed,
                   100 * bin->observed);
    }
}

static void print_text(const struct figures *figures, size_t first)
{
    const struct measure *all = &figures->all;
    printf(_("messages               %zu ham, %zu spam\n"), all->ham, all->spam);
    printf(_("ham lost               %.2f %% (%zu)\n"), all->ham_lost_percent, all->ham_lost);
    printf(_("spam missed            %.2f %% (%zu)\n"), all->spam_missed_percent, all->spam_missed);
    printf(_("unsure                 %zu ham, %zu spam\n"), all->ham_unsure, all->spam_unsure);
    printf(_("(1-ROCA)%%              %.4f [%.4f, %.4f]\n"), all->area_above_roc.value, all->area_above_roc.low,
           all->area_above_roc.high);
    printf(_("missed at 0.1 %% lost   %.2f %%\n"), all->missed_at_per_mille);
    printf(_("logistic average       %.2f %%\n"), all->logistic_average_percent);
    printf(_("\nlearning curve; bars: spam missed, full at %.0f %%\n"), BAR_FULL_PERCENT);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        const struct measure *point = &figures->curve[i];
        first += point->ham + point->spam;
        printf(_("  to %6zu  ham lost %5.2f %%  spam missed %6.2f %%  "), first, point->ham_lost_percent,
               point->spam_missed_percent);
        print_bar(point->spam_missed_percent);
    }
    print_calibration(&figures->calibration);
}

static void print_calibration_json(const struct calibration *calibration)
{
    printf("\"calibration\":{\"error_percent\":%.4f,\"log_loss\":%.5f,\"bins\":[", calibration->error_percent,
           calibration->log_loss);
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        printf("%s{\"count\":%zu,\"claimed\":%.6f,\"observed\":%.6f}", i ? "," : "", calibration->bins[i].count,
               calibration->bins[i].claimed, calibration->bins[i].observed);
    printf("]}");
}

static void print_json(const struct figures *figures)
{
    const struct measure *all = &figures->all, *curve = figures->curve;
    printf("{\"ham\":%zu,\"spam\":%zu,\"ham_lost\":%zu,\"ham_lost_percent\":%.4f,\"spam_missed\":%zu,"
           "\"spam_missed_percent\":%.4f,\"ham_unsure\":%zu,\"spam_unsure\":%zu,",
           all->ham, all->spam, all->ham_lost, all->ham_lost_percent, all->spam_missed, all->spam_missed_percent,
           all->ham_unsure, all->spam_unsure);
    printf("\"area_above_roc_percent\":%.5f,\"area_above_roc_low\":%.5f,\"area_above_roc_high\":%.5f,"
           "\"missed_at_per_mille_percent\":%.4f,\"logistic_average_percent\":%.4f,\"curve\":[",
           all->area_above_roc.value, all->area_above_roc.low, all->area_above_roc.high, all->missed_at_per_mille,
           all->logistic_average_percent);
    for (size_t i = 0; i < CURVE_POINTS; i++)
        printf("%s{\"ham_lost_percent\":%.4f,\"spam_missed_percent\":%.4f}", i ? "," : "", curve[i].ham_lost_percent,
               curve[i].spam_missed_percent);
    printf("],");
    print_calibration_json(&figures->calibration);
    printf("}\n");
}

static bool print_figures(const struct evaluation *evaluation, struct failure *failure)
{
    struct figures figures;
    const struct measure_case *cases = evaluation->cases + evaluation->trained;
    size_t count = evaluation->case_count - evaluation->trained;
    size_t skip = evaluation->skip < count ? evaluation->skip : 0;
    cases += skip;
    count -= skip;
    if (!measure_stream(cases, count, BOOTSTRAP_SAMPLES, &figures.all)
        || !measure_curve(cases, count, figures.curve, CURVE_POINTS)
        || !calibration_measure(cases + count / 2, count - count / 2, &figures.calibration))
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the figures");
    if (evaluation->invocation->option_values[OPTION_JSON])
        print_json(&figures);
    else
        print_text(&figures, skip);
    return true;
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static bool read_word(const char *text, const char *const *words, size_t count, int *value_r)
{
    for (size_t i = 0; text && i < count; i++)
        if (strcmp(text, words[i]) == 0) {
            *value_r = (int)i;
            return true;
        }
    return !text;
}

static bool read_number(const char *text, uint64_t *value_r)
{
    char *end = NULL;
    if (text)
        *value_r = strtoul(text, &end, 10);
    return !text || (*text >= '0' && *text <= '9' && !*end);
}

/* A number from 0 to `whole`, as a share of it. */
static bool read_share(const char *text, double whole, double *share_r)
{
    char *end = NULL;
    if (text)
        *share_r = strtod(text, &end) / whole;
    return !text || (end != text && !*end && *share_r >= 0 && *share_r <= 1);
}

/* Do the options go together?  A user who only moves mail cannot be told what to learn, nor err in the same way. */
static bool options_fit(const char *const *given, enum feedback_way way, enum train_when when)
{
    if (way == FEEDBACK_ALWAYS)
        return !given[OPTION_CORRECTED] && !given[OPTION_DELAY] && (!given[OPTION_SEED] || given[OPTION_NOISE]);
    return when == TRAIN_ALWAYS && !given[OPTION_NOISE];
}

static bool read_options(const struct invocation *invocation, struct evaluation *evaluation)
{
    static const char *const whens[] = { [TRAIN_ALWAYS] = "always", [TRAIN_ON_ERRORS] = "errors",
                                         [TRAIN_NEVER] = "never" };
    static const char *const ways[] = { [FEEDBACK_ALWAYS] = "always", [FEEDBACK_MOVES] = "moves",
                                        [FEEDBACK_IMPLICIT] = "implicit" };
    const char *const *given = invocation->option_values;
    int when = TRAIN_ALWAYS, way = FEEDBACK_ALWAYS;
    uint64_t skip = 0, delay = CORRECTED_DELAY, seed = 0;
    double corrected = CORRECTED_SHARE, noise = 0;
    bool good = read_word(given[OPTION_TRAIN], whens, sizeof whens / sizeof *whens, &when)
                && read_word(given[OPTION_FEEDBACK], ways, sizeof ways / sizeof *ways, &way)
                && read_number(given[OPTION_SKIP], &skip) && read_number(given[OPTION_DELAY], &delay)
                && read_number(given[OPTION_SEED], &seed) && read_share(given[OPTION_CORRECTED], 1, &corrected)
                && read_share(given[OPTION_NOISE], 100, &noise) && invocation->operand_count == 1;
    if (!good || !options_fit(given, (enum feedback_way)way, (enum train_when)when)) {
        fprintf(stderr, _("tamis: `tamis evaluate --help` lists what is accepted\n"));
        return false;
    }
    evaluation->train = (enum train_when)when;
    evaluation->feedback = (struct feedback){ (enum feedback_way)way, corrected, delay, seed, noise };
    evaluation->skip = skip;
    evaluation->learned_only = given[OPTION_LEARNED] != NULL;
    evaluation->directory = invocation->operands[0];
    evaluation->trained_on = given[OPTION_TRAINED_ON];
    return true;
}

/* None by default: the shipped one was made from public mail, which may be the very mail that is measured. */
static bool open_starter(struct evaluation *evaluation, struct failure *failure)
{
    const char *file = evaluation->invocation->option_values[OPTION_STARTER];
    if (!file || strcmp(file, "none") == 0)
        return true;
    evaluation->starter = starter_open(file, failure);
    if (!evaluation->starter && failure->kind == FAILURE_NONE)
        return failure_set(failure, FAILURE_INPUT, "%s: there is no such file", file);
    return evaluation->starter
           && (starter_is_sound(evaluation->starter) || failure_set(failure, FAILURE_INPUT, "%s: damaged", file));
}

static bool evaluate(struct evaluation *evaluation, struct failure *failure)
{
    if (!read_indexes(evaluation, failure) || !open_starter(evaluation, failure))
        return false;
    evaluation->cases = calloc(evaluation->list.count, sizeof *evaluation->cases);
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
    labelled_free(&evaluation.list);
    starter_close(&evaluation.starter);
    free(evaluation.cases);
    return good ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = N_("Replay labelled mail in order and measure how good the filter is on it"),
    .operands = "DIR",
    .details = N_("DIR holds a file \"index\" of lines \"ham PATH\" or \"spam PATH\" in order of arrival, "
                  "paths relative to DIR.\n"
                  "Your own learned state is neither read nor written.\n\n"
                  "Exit status: 0 done; 64 usage; 66 the index or a message could not be read; 75 no memory.\n"),
    .options = options,
    .run = run_evaluate,
};
