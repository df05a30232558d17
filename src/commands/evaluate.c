/* evaluate.c - `tamis evaluate`: replay labelled mail in order and measure
 *
 * The way of the TREC spam tracks: judge each message, record the score, then learn it with its true label; or learn
 * what a user would say who corrects some errors later and leaves the rest alone (feedback.h).  The state learned is a
 * scratch one in memory (same rules as the real one); the user's own is neither read nor written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/evaluate-figures.h"
#include "commands/evaluate-replay.h"
#include "learn/measure.h"
#include "learn/starter.h"
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

#define CORRECTED_SHARE 0.9
#define CORRECTED_DELAY 20

struct evaluation {
    const struct invocation *invocation;
    const char *directory, *trained_on; /* trained_on: or NULL */
    struct replay_plan plan;
    size_t skip;
    struct measure_case *cases;
};

static bool read_indexes(struct evaluation *evaluation, struct failure *failure)
{
    if (evaluation->trained_on && !labelled_read_index(&evaluation->plan.list, evaluation->trained_on, failure))
        return false;
    evaluation->plan.trained = evaluation->plan.list.count;
    return labelled_read_index(&evaluation->plan.list, evaluation->directory, failure);
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
                && read_share(given[OPTION_NOISE], 100, &noise);
    if (invocation->operand_count != 1) {
        fprintf(stderr, _("tamis: evaluate takes one DIR, which holds a file \"index\" of lines \"ham|spam PATH\"\n"));
        return false;
    }
    if (!good || !options_fit(given, (enum feedback_way)way, (enum train_when)when)) {
        fprintf(stderr, _("tamis: `tamis evaluate --help` lists what is accepted\n"));
        return false;
    }
    evaluation->plan.train = (enum train_when)when;
    evaluation->plan.feedback = (struct feedback){ (enum feedback_way)way, corrected, delay, seed, noise };
    evaluation->skip = skip;
    evaluation->plan.learned_only = given[OPTION_LEARNED] != NULL;
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
    evaluation->plan.starter = starter_open(file, failure);
    if (!evaluation->plan.starter && failure->kind == FAILURE_NONE)
        return failure_set(failure, FAILURE_INPUT, "%s: there is no such file", file);
    return evaluation->plan.starter
           && (starter_is_sound(evaluation->plan.starter) || failure_set(failure, FAILURE_INPUT, "%s: damaged", file));
}

static bool evaluate(struct evaluation *evaluation, struct failure *failure)
{
    struct replay_plan *plan = &evaluation->plan;
    const char *const *given = evaluation->invocation->option_values;
    if (!read_indexes(evaluation, failure))
        return false;
    size_t measured = plan->list.count - plan->trained;
    if (evaluation->skip > 0 && evaluation->skip >= measured)
        return failure_set(failure, FAILURE_USAGE, "--skip %zu leaves no figures: there are %zu messages",
                           evaluation->skip, measured);
    if (!open_starter(evaluation, failure))
        return false;
    evaluation->cases = calloc(plan->list.count, sizeof *evaluation->cases);
    if (!evaluation->cases)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the figures");
    if (given[OPTION_SCORES] && !(plan->scores = fopen(given[OPTION_SCORES], "we")))
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write %s", given[OPTION_SCORES]);
    return evaluate_replay(plan, evaluation->cases, failure) &&
           evaluate_figures_print(evaluation->cases + plan->trained, measured, evaluation->skip, given[OPTION_JSON],
                                  failure);
}

static int run_evaluate(const struct invocation *invocation)
{
    struct failure failure = { 0 };
    struct evaluation evaluation = { .invocation = invocation, .plan.settings = invocation->settings };
    if (!read_options(invocation, &evaluation))
        return EX_USAGE;
    bool good = evaluate(&evaluation, &failure);
    if (evaluation.plan.scores && fclose(evaluation.plan.scores) != 0 && good)
        good = failure_set_errno(&failure, FAILURE_TEMPORARY, errno, "cannot write the scores");
    if (!good)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    labelled_free(&evaluation.plan.list);
    starter_close(&evaluation.plan.starter);
    free(evaluation.cases);
    return good ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = N_("Replay labelled mail in order and measure how good the filter is on it"),
    .operands = "DIR",
    .details = N_("DIR holds a file \"index\" of lines \"ham PATH\" or \"spam PATH\" in order of arrival, "
                  "paths absolute or relative to DIR.\n"
                  "Your own learned state is neither read nor written.\n\n"
                  "Exit status: 0 done; 64 usage; 66 the index or a message could not be read; 75 no memory.\n"),
    .options = options,
    .without_places = true,
    .without_state = true,
    .run = run_evaluate,
};
