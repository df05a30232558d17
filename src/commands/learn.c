/* learn.c - `tamis learn`: train on messages the user has named, or take training back
 *
 * Idempotent: what is already learned with this label is left alone, which is success; the other label is undone
 * exactly first.  Ham and spam named together are mixed in proportion and learned as a stream, because the learners
 * learn best from mail as it comes; each folder in an order of its own, because the oldest ham and the oldest spam are
 * rarely of an age, and what sets them apart would then be the year.  Measured in doc/ABLATION.md.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/learn-maildir.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "commands/sharing.h"
#include "learn/learn.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

/* The first two are indexes of enum label as well. */
enum { OPTION_HAM, OPTION_SPAM, OPTION_FORGET, OPTION_MOST, OPTION_DRY_RUN, OPTION_QUIET };

static const struct command_option options[] = {
    [OPTION_HAM] = { "ham", 'H', NULL, N_("the paths behind this are ham"), .of_operands = true },
    [OPTION_SPAM] = { "spam", 'S', NULL, N_("the paths behind this are spam"), .of_operands = true },
    [OPTION_FORGET] = { "forget", 'F', NULL, N_("take back whatever was learned from the messages"),
                        .of_operands = true },
    [OPTION_MOST] = { "most", 'm', "NUMBER", N_("with --maildir alone: at most so many of each kind (3000)") },
    [OPTION_DRY_RUN] = { "dry-run", 'n', NULL,
                         N_("with --maildir alone: say what would be learned, and learn nothing") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("no summary line") },
    { NULL, 0, NULL, NULL },
};

/* Where the messages of one label come from: operands, one after the other. */
struct feed {
    enum label label;
    const char **paths;
    size_t path_count, next_path;
    struct source *source; /* of the path before next_path, or NULL */
    size_t read, total;
};

struct training {
    const struct invocation *invocation;
    struct store *store;
    struct reading *reading;
    struct sharing *sharing; /* NULL: nothing is shared */
    bool forget;
    enum label_source source; /* who says so */
    bool mixed; /* both labels are named, and how many there are of each is known */
    struct feed feeds[2]; /* [label] */
    size_t learned;
    struct progress progress;
    size_t counts[2][LEARN_FAILED + 1]; /* [label][result] */
    size_t unreadable;
    struct failure failure; /* set when training had to stop */
};

/* --- learning ----------------------------------------------------------------------------------------------------- */

static enum learn_result learn(struct training *training, const struct features *features, enum label label)
{
    int64_t now = (int64_t)time(NULL);
    if (training->forget)
        return learn_forget(training->store, features, now, &training->failure);
    if (++training->learned >= LEARN_BULK_FROM && !training->mixed)
        return learn_message_in_bulk(training->store, features, label, training->source, now, &training->failure);
    return learn_message(training->store, features, label, training->source, now, &training->failure);
}

static bool train_on(void *context, const struct batched_message *message, const struct features *features)
{
    struct training *training = context;
    enum label label = (enum label)message->note;
    progress_step(&training->progress);
    if (!features) {
        training->unreadable++;
        return true;
    }
    enum learn_result result = learn(training, features, label);
    training->counts[label][result]++;
    sharing_add(training->sharing, features, label, training->source, result);
    if (result == LEARN_FAILED)
        log_line(LOG_SEVERITY_ERROR, "%s: not learned: %s", message->name, training->failure.reason);
    return result != LEARN_FAILED;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The next message of a feed; false at its end.  What cannot be read is named and passed over. */
static bool feed_next(struct training *training, struct feed *feed, struct source_message *message)
{
    for (;;) {
        struct failure failure = { 0 };
        if (!feed->source) {
            if (feed->next_path == feed->path_count)
                return false;
            feed->source = source_open(feed->paths[feed->next_path++], SOURCE_GUESS, &failure);
            if (feed->source && training->mixed)
                source_shuffle(feed->source);
        }
        int got = feed->source ? source_next(feed->source, message, &failure) : -1;
        if (got > 0) {
            feed->read++;
            return true;
        }
        if (got < 0) {
            log_line(LOG_SEVERITY_WARNING, "%s", failure.reason);
            training->unreadable++;
        }
        if (got == 0)
            source_close(&feed->source);
    }
}

/* Counts what a feed will bring, for mixing and for the progress bar; what cannot be opened is reported when it is
 * read. */
static size_t feed_total(const struct feed *feed)
{
    size_t total = 0;
    for (size_t i = 0; i < feed->path_count; i++) {
        struct source *source = source_open(feed->paths[i], SOURCE_GUESS, NULL);
        total += source ? source_total(source) : 0;
        source_close(&source);
    }
    return total;
}

/* Which feed's turn it is: the one that lags behind its share. */
static struct feed *lagging(struct feed feeds[2])
{
    struct feed *ham = &feeds[LABEL_HAM], *spam = &feeds[LABEL_SPAM];
    return ham->read * (spam->total + 1) <= spam->read * (ham->total + 1) ? ham : spam;
}

static bool read_all(struct training *training)
{
    bool open[2] = { training->feeds[0].path_count > 0, training->feeds[1].path_count > 0 };
    while (open[0] || open[1]) {
        struct feed *feed = open[0] && open[1] ? lagging(training->feeds) : &training->feeds[open[0] ? 0 : 1];
        struct source_message message;
        if (!feed_next(training, feed, &message)) {
            open[feed->label] = false;
            continue;
        }
        if (!reading_add(training->reading, &message, feed->label))
            return false;
    }
    return reading_finish(training->reading);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static void print_summary(const struct training *training)
{
    const char *before = "";
    for (int label = 0; label < 2; label++) {
        const size_t *counts = training->counts[label];
        if (training->forget ? label != LABEL_HAM : training->feeds[label].path_count == 0)
            continue;
        if (training->forget)
            printf(_("%zu forgotten, %zu were not known"), counts[LEARN_FORGOTTEN], counts[LEARN_UNKNOWN]);
        else
            printf(_("%s%zu learned as %s, %zu changed to it, %zu already known"), before, counts[LEARN_DONE],
                   label == LABEL_SPAM ? "spam" : "ham", counts[LEARN_CHANGED],
                   counts[LEARN_ALREADY] + counts[LEARN_KEPT]);
        before = "; ";
    }
    if (training->unreadable)
        printf(_(", %zu could not be read"), training->unreadable);
    putchar('\n');
}

static bool train(struct training *training)
{
    training->sharing = sharing_start(training->invocation->settings, store_key(training->store));
    training->reading = reading_new(training->invocation->settings, training->store, train_on, training);
    reading_take_prints(training->reading, sharing_key(training->sharing));
    for (int label = 0; label < 2; label++)
        training->feeds[label].total = feed_total(&training->feeds[label]);
    training->mixed = training->feeds[LABEL_HAM].total > 0 && training->feeds[LABEL_SPAM].total > 0;
    progress_start(&training->progress, training->forget ? _("forgetting") : _("learning"),
                   training->feeds[0].total + training->feeds[1].total);
    bool whole = read_all(training);
    /* Lessons count from here on: one flush to the disk for all of them. */
    if (!store_sync(training->store, &training->failure)) {
        log_line(LOG_SEVERITY_ERROR, "what was learned may be lost: %s", training->failure.reason);
        whole = false;
    }
    progress_end(&training->progress);
    reading_free(&training->reading);
    for (int label = 0; label < 2; label++)
        source_close(&training->feeds[label].source);
    return whole;
}

static bool reads_standard_input(const struct training *training)
{
    for (int label = 0; label < 2; label++)
        for (size_t i = 0; i < training->feeds[label].path_count; i++)
            if (strcmp(training->feeds[label].paths[i], "-") == 0)
                return true;
    return false;
}

/* Takes all of standard input before the database is locked: whoever writes it may take any time, and deliveries would
 * wait for the lock and judge without evidence.  On the disk, not in memory: it may be years of mail in an mbox. */
static bool take_standard_input(struct failure *failure)
{
    struct stat status;
    if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode))
        return true; /* which keeps nobody waiting */
    char bytes[64 * 1024];
    ssize_t count = 0;
    int file = file_open_nameless();
    bool written = file >= 0;
    while (written && ((count = read(STDIN_FILENO, bytes, sizeof bytes)) > 0 || (count < 0 && errno == EINTR)))
        written = count < 0 || file_write_all(file, span_make(bytes, (size_t)count), NULL);
    bool taken = written && count == 0 && lseek(file, 0, SEEK_SET) == 0 &&
                 dup2(file, STDIN_FILENO) == STDIN_FILENO;
    int error = errno;
    if (file >= 0)
        close(file);
    return taken || failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot take in standard input");
}

static int open_and_train(struct training *training)
{
    enum store_state state;
    if (reads_standard_input(training) && !take_standard_input(&training->failure)) {
        log_line(LOG_SEVERITY_ERROR, "cannot learn: %s", training->failure.reason);
        return failure_exit_status(training->failure.kind);
    }
    training->store = reading_open_store(training->invocation->settings, &state, &training->failure);
    if (!training->store) {
        log_line(LOG_SEVERITY_ERROR, "cannot learn: %s", training->failure.reason);
        return failure_exit_status(training->failure.kind);
    }
    bool whole = train(training);
    store_close(&training->store);
    sharing_finish(&training->sharing);
    if (!whole)
        return EX_TEMPFAIL;
    if (!training->invocation->option_values[OPTION_QUIET])
        print_summary(training);
    return training->unreadable ? EX_NOINPUT : EX_OK;
}

/* Do all operands stand before the only option? */
static bool stand_before(const struct invocation *invocation)
{
    for (int i = 0; i < invocation->operand_count; i++)
        if (invocation->operand_options[i] >= 0)
            return false;
    return true;
}

/* Sorts the operands into feeds by the option that stands before each; false when one has none: with `GOOD --spam BAD`
 * the user has forgotten --ham, and may not teach that good mail is spam.  Where all stand before the only option, or
 * none is there (standard input), the label is that of this option. */
static bool make_feeds(struct training *training, const char **paths)
{
    const struct invocation *invocation = training->invocation;
    const char *const *given = invocation->option_values;
    static const char *standard_input[] = { "-" };
    enum label only = given[OPTION_SPAM] && !training->forget ? LABEL_SPAM : LABEL_HAM;
    bool single = training->forget || (!(given[OPTION_HAM] && given[OPTION_SPAM]) && stand_before(invocation));
    size_t used = 0;
    for (int label = 0; label < 2; label++) {
        struct feed *feed = &training->feeds[label];
        *feed = (struct feed){ .label = (enum label)label, .paths = paths + used };
        for (int i = 0; i < invocation->operand_count; i++) {
            int option = invocation->operand_options[i];
            if (single ? label == (int)only : option == label)
                paths[used + feed->path_count++] = invocation->operands[i];
            else if (!single && option < 0)
                return false;
        }
        used += feed->path_count;
    }
    if (invocation->operand_count == 0) {
        training->feeds[only].paths = standard_input;
        training->feeds[only].path_count = 1;
    }
    return invocation->operand_count > 0 || !(given[OPTION_HAM] && given[OPTION_SPAM]);
}

/* --- a whole mailbox ---------------------------------------------------------------------------------------------- */

/* The number, from 1 to a million; 0 when it is none. */
static size_t read_most(const char *text)
{
    char *end;
    if (!text)
        return CHOICE_MOST;
    long most = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;
    return most >= 1 && most <= 1000000 && *end == '\0' ? (size_t)most : 0;
}

static int learn_choice(const struct invocation *invocation, const struct choice *choice)
{
    /* Folders hold what the user has put there, or left there: what the user says of a message stands above that. */
    struct training training = { .invocation = invocation, .source = SOURCE_IMPORT };
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        training.feeds[label] = (struct feed){ .label = (enum label)label, .paths = choice->paths[label],
                                               .path_count = choice->count[label] };
    if (!invocation->option_values[OPTION_QUIET])
        choice_print(choice);
    return invocation->option_values[OPTION_DRY_RUN] ? EX_OK : open_and_train(&training);
}

static int learn_maildir(const struct invocation *invocation)
{
    struct choice choice;
    struct failure failure = { 0 };
    size_t most = read_most(invocation->option_values[OPTION_MOST]);
    if (most == 0) {
        fprintf(stderr, _("tamis: --most takes a number from 1 to 1000000\n"));
        return EX_USAGE;
    }
    bool chosen = choice_make(invocation->settings, most, &choice, &failure);
    int status = chosen ? learn_choice(invocation, &choice) : failure_exit_status(failure.kind);
    if (!chosen)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    choice_free(&choice);
    return status;
}

static int run_learn(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    struct training training = { .invocation = invocation, .forget = given[OPTION_FORGET] != NULL,
                                 .source = SOURCE_USER };
    bool whole_mailbox = invocation->sources->maildir && !given[OPTION_HAM] && !given[OPTION_SPAM] &&
                         !given[OPTION_FORGET] && invocation->operand_count == 0;
    if (whole_mailbox)
        return learn_maildir(invocation);
    bool labelled = given[OPTION_HAM] || given[OPTION_SPAM];
    const char **paths = calloc((size_t)invocation->operand_count + 1, sizeof *paths);
    int status = EX_TEMPFAIL;
    if (!paths) {
        log_line(LOG_SEVERITY_ERROR, "cannot learn: no memory");
    } else if (labelled == training.forget || given[OPTION_MOST] || given[OPTION_DRY_RUN] ||
               !make_feeds(&training, paths)) {
        fprintf(stderr, _("tamis: learn takes --ham PATH... --spam PATH..., or --forget PATH..., "
                          "or --maildir DIR alone\n"));
        status = EX_USAGE;
    } else {
        status = open_and_train(&training);
    }
    free(paths);
    return status;
}

const struct command command_learn = {
    .name = "learn",
    .summary = N_("Train on messages (files, mbox, Maildir, MH, stdin), or take training back"),
    .operands = "--ham [PATH...] --spam [PATH...] | --forget [PATH...] | --maildir DIR",
    .details = N_("Learning is idempotent: a message already learned with this label is left alone, one learned with "
                  "the other\n"
                  "label is undone exactly and learned anew.  Name ham and spam in one command where you can: they are "
                  "then\n"
                  "learned mixed, which teaches better than one folder after the other.\n\n"
                  "With --maildir alone: what lies in Junk is spam, what has been read elsewhere is ham; Trash, "
                  "Drafts, Sent and\n"
                  "the quarantine are left out.  Look through Junk first.\n\n"
                  "Exit status: 0 done; 64 usage; 66 some messages could not be read, the rest is learned; "
                  "75 try again\n"
                  "(database locked, disk full); 77 the learned state belongs to somebody else.\n"),
    .options = options,
    .run = run_learn,
};
