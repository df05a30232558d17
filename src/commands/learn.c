/* learn.c - `tamis learn`: train on messages the user has named, or take training back
 *
 * Idempotent: what is already learned with this label is left alone, which is success; the other label is undone exactly first.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "learn/learn.h"
#include "util/limits.h"
#include "util/log.h"

enum { OPTION_SPAM, OPTION_HAM, OPTION_FORGET, OPTION_QUIET };

static const struct command_option options[] = {
    [OPTION_SPAM] = { "spam", 'S', NULL, "these messages are spam" },
    [OPTION_HAM] = { "ham", 'H', NULL, "these messages are ham" },
    [OPTION_FORGET] = { "forget", 'F', NULL, "take back whatever was learned from them" },
    [OPTION_QUIET] = { "quiet", 'q', NULL, "no summary line" },
    { NULL, 0, NULL, NULL },
};

struct training {
    struct store *store;
    bool forget;
    enum label label;
    struct progress progress;
    size_t counts[LEARN_FAILED + 1];
    size_t unreadable;
    struct failure failure; /* set when training had to stop */
};

static bool train_on(void *context, const char *name, const struct features *features)
{
    struct training *training = context;
    progress_step(&training->progress);
    if (!features) {
        training->unreadable++;
        return true;
    }
    int64_t now = (int64_t)time(NULL);
    enum learn_result result =
        training->forget ? learn_forget(training->store, features, now, &training->failure)
                         : learn_message(training->store, features, training->label, SOURCE_USER, now, &training->failure);
    training->counts[result]++;
    if (result == LEARN_FAILED)
        log_line(LOG_SEVERITY_ERROR, "%s: not learned: %s", name, training->failure.reason);
    return result != LEARN_FAILED;
}

/* Reads one operand to its end; false when training has to stop. */
static bool read_source(const char *path, struct training *training, struct reading *reading)
{
    struct failure failure = { 0 };
    struct source *source = source_open(path, SOURCE_GUESS, &failure);
    if (!source) {
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        training->unreadable++;
        return true;
    }
    training->progress.total += source_total(source);
    struct source_message message;
    bool go_on = true;
    for (int got; go_on && (got = source_next(source, &message, &failure)) != 0;) {
        if (got > 0) {
            go_on = reading_add(reading, &message);
        } else {
            log_line(LOG_SEVERITY_WARNING, "%s", failure.reason);
            training->unreadable++;
        }
    }
    source_close(&source);
    return go_on;
}

static void print_summary(const struct training *training)
{
    if (training->forget)
        printf("%zu forgotten, %zu were not known", training->counts[LEARN_FORGOTTEN], training->counts[LEARN_UNKNOWN]);
    else
        printf("%zu learned as %s, %zu changed to it, %zu already known", training->counts[LEARN_DONE],
               training->label == LABEL_SPAM ? "spam" : "ham", training->counts[LEARN_CHANGED],
               training->counts[LEARN_ALREADY] + training->counts[LEARN_KEPT]);
    if (training->unreadable)
        printf(", %zu could not be read", training->unreadable);
    putchar('\n');
}

static int train(const struct invocation *invocation, struct training *training)
{
    struct store_options store_options = { .directory = invocation->settings->state_directory,
                                           .lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS,
                                           .not_durable = true };
    enum store_state state;
    training->store = store_open(&store_options, STORE_WRITE, &state, &training->failure);
    if (!training->store) {
        log_line(LOG_SEVERITY_ERROR, "cannot learn: %s", training->failure.reason);
        return failure_exit_status(training->failure.kind);
    }
    struct reading *reading = reading_new(invocation->settings, store_key(training->store), train_on, training);
    progress_start(&training->progress, training->forget ? "forgetting" : "learning", 0);
    char *standard_input[] = { (char[]){ "-" }, NULL };
    char **paths = invocation->operand_count ? invocation->operands : standard_input;
    bool whole = true;
    for (size_t i = 0; whole && paths[i]; i++)
        whole = read_source(paths[i], training, reading);
    whole = whole && reading_finish(reading);
    /* Lessons count from here on: one flush to the disk for all of them. */
    if (!store_sync(training->store, &training->failure)) {
        log_line(LOG_SEVERITY_ERROR, "what was learned may be lost: %s", training->failure.reason);
        whole = false;
    }
    progress_end(&training->progress);
    reading_free(&reading);
    store_close(&training->store);
    return whole ? EX_OK : EX_TEMPFAIL;
}

static int run_learn(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    if (!!given[OPTION_SPAM] + !!given[OPTION_HAM] + !!given[OPTION_FORGET] != 1) {
        fprintf(stderr, "tamis: learn takes one of --spam, --ham and --forget\n");
        return EX_USAGE;
    }
    struct training training = { .forget = given[OPTION_FORGET] != NULL,
                                 .label = given[OPTION_SPAM] ? LABEL_SPAM : LABEL_HAM };
    int status = train(invocation, &training);
    if (status == EX_OK && !given[OPTION_QUIET])
        print_summary(&training);
    if (status == EX_OK && training.unreadable)
        status = EX_NOINPUT;
    return status;
}

const struct command command_learn = {
    .name = "learn",
    .summary = "Train on messages (files, mbox, Maildir, MH, stdin), or take training back",
    .operands = "--spam|--ham|--forget [PATH...]",
    .details = "Learning is idempotent: a message already learned with this label is left alone, one learned with the other\n"
               "label is undone exactly and learned anew.\n\n"
               "Exit status: 0 done; 66 some messages could not be read, the rest is learned; 75 try again (database locked,\n"
               "disk full).\n",
    .options = options,
    .run = run_learn,
};
