/* expire.c - `tamis expire`: delete what has been in Junk too long, after learning from it
 *
 * Order: list, learn, make the lessons durable, delete.  Who is killed in between learns the same messages again the
 * next time, which the ledger makes harmless, and deletes them then.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/last-run.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "learn/confirm.h"
#include "learn/learn.h"
#include "mailbox/expiry.h"
#include "mailbox/name-record.h"
#include "mailbox/packing.h"
#include "mailbox/source.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_DRY_RUN, OPTION_FORCE, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_DRY_RUN] = { "dry-run", 'n', NULL, N_("list what would be deleted, and change nothing") },
    [OPTION_FORCE] = { "force", 'f', NULL, N_("delete everything that is due, however much it is") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

/* A folder that is emptied by the same rules. */
struct place {
    const char *folder, *record;
    bool learns; /* nobody confirms that a message in quarantine is spam: it is there for what it carries */
};

struct expiring {
    const struct settings *settings;
    const struct place *place;
    struct opened_folder folder;
    struct expiry_plan plan;
    struct expiry_done done;
    struct store *store;
    struct progress progress;
    size_t learned;
    int status;
};

/* What goes wrong beside the deletion is told, and is the exit status in the end. */
static void fault(struct expiring *expiring, const struct failure *failure, const char *what)
{
    log_line(LOG_SEVERITY_ERROR, "%s: %s", what, failure->reason);
    expiring->status = failure_exit_status(failure->kind);
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

/* Nothing is learned from a verdict alone.  That the user saw the folder and left the message there confirms it,
 * weakly: only when the message is judged spam still, and while ham is not outweighed. */
static bool is_confirmed(const struct expiring *expiring, const struct opinion *opinion)
{
    if (opinion->state != STORE_READY && opinion->state != STORE_EMPTY)
        return false;
    const struct verdict_settings *verdict = &expiring->settings->verdict;
    return confirm_agrees(LABEL_SPAM, opinion->log_odds, verdict->required) &&
           confirm_is_balanced(LABEL_SPAM, opinion->lessons);
}

static bool learn_one(void *context, const struct batched_message *message, const struct features *features)
{
    struct expiring *expiring = context;
    struct opinion opinion;
    struct failure failure = { 0 };
    progress_step(&expiring->progress);
    if (!features)
        return true;
    learn_opinion(expiring->store, STORE_READY, features, &opinion, &failure);
    if (!is_confirmed(expiring, &opinion))
        return true;
    enum learn_result result =
        learn_message(expiring->store, features, LABEL_SPAM, SOURCE_IMPLICIT, (int64_t)time(NULL), &failure);
    if (result == LEARN_FAILED)
        fault(expiring, &failure, message->name);
    expiring->learned += result == LEARN_DONE;
    return result != LEARN_FAILED;
}

/* Messages in new/ have not been seen by anybody, so that they lie there confirms nothing.  Nor does what cannot be
 * read. */
static void read_all(struct expiring *expiring, struct reading *reading)
{
    bool go_on = true;
    for (size_t i = 0; go_on && i < expiring->plan.count; i++) {
        char path[PATH_MAX];
        struct file_bytes bytes;
        const struct junk_message *due = expiring->plan.due[i];
        if (due->is_new || !opened_folder_path(&expiring->folder, false, due->name, path) ||
            !file_read(path, SOURCE_MESSAGE_AT_MOST, &bytes, NULL))
            continue;
        struct source_message message = { .bytes = span_make(bytes.data, bytes.length), .name = path };
        go_on = !packing_none(message.bytes, path, NULL) || reading_add(reading, &message, 0);
        file_bytes_free(&bytes);
    }
    bool whole = go_on && reading_finish(reading);
    if (!whole && expiring->status == EX_OK)
        expiring->status = EX_TEMPFAIL; /* no process could be started, which the log says */
}

/* False when the database is locked or does not answer: then the messages wait, too.  One that cannot be used (broken,
 * or the disk is full, which deletion mends) does not keep Junk from being emptied; it is told and is the exit
 * status. */
static bool learn_from_due(struct expiring *expiring)
{
    enum store_state state;
    struct failure failure = { 0 };
    expiring->store = reading_open_store(expiring->settings, &state, &failure);
    if (!expiring->store) {
        fault(expiring, &failure, "cannot learn from what expires");
        return state != STORE_BUSY && state != STORE_UNREACHABLE;
    }
    struct reading *reading = reading_new(expiring->settings, expiring->store, learn_one, expiring);
    progress_start(&expiring->progress, _("learning"), expiring->plan.count);
    read_all(expiring, reading);
    progress_end(&expiring->progress);
    if (!store_sync(expiring->store, &failure))
        fault(expiring, &failure, "cannot learn from what expires");
    reading_free(&reading);
    store_close(&expiring->store);
    return true;
}

/* --- the run ------------------------------------------------------------------------------------------------------ */

static void print_plan(const struct expiring *expiring, int64_t now)
{
    for (size_t i = 0; i < expiring->plan.count; i++) {
        char path[PATH_MAX];
        const struct junk_message *message = expiring->plan.due[i];
        if (opened_folder_path(&expiring->folder, message->is_new, message->name, path))
            printf(_("%lld days in %s, would be deleted: %s\n"), (long long)((now - message->arrived) / 86400),
                   expiring->place->folder, path);
    }
    printf(_("%zu messages would be deleted\n"), expiring->plan.count);
}

static void log_result(const struct expiring *expiring)
{
    const struct expiry_plan *plan = &expiring->plan;
    log_line(LOG_SEVERITY_INFO, "expired %zu messages from %s (%lld bytes), %zu learned, %zu kept by the user's marks",
             expiring->done.deleted, expiring->folder.path, (long long)expiring->done.bytes, expiring->learned,
             plan->kept);
    if (plan->waiting)
        log_line(LOG_SEVERITY_WARNING,
                 "%zu more messages in %s are due; expire_most = %d lets the next run have them, --force does it now",
                 plan->waiting, expiring->folder.path, expiring->settings->expiry.most);
}

static void log_clock(const struct expiring *expiring, enum junk_clock clock)
{
    static const char *const reasons[] = {
        [JUNK_CLOCK_AGREES] = "",
        [JUNK_CLOCK_FIRST] = "",
        [JUNK_CLOCK_BEHIND] = "the clock stands before the last run, or before this program was made",
        [JUNK_CLOCK_LEAPT] = "it is long since the last run, or the clock is wrong",
    };
    if (clock == JUNK_CLOCK_FIRST)
        log_line(LOG_SEVERITY_INFO,
                 "nothing is deleted from %s in this run: no earlier run has noted what is there; its days begin now",
                 expiring->folder.path);
    else
        log_line(LOG_SEVERITY_WARNING,
                 "nothing is deleted from %s in this run: %s; the next night's run will do when its clock agrees",
                 expiring->folder.path, reasons[clock]);
}

/* False when it waits for the next run. */
static bool carry_out(struct expiring *expiring)
{
    struct failure failure = { 0 };
    if (expiring->settings->expire_learns && expiring->place->learns && expiring->plan.count &&
        !learn_from_due(expiring))
        return false;
    if (!expiry_delete(&expiring->folder, &expiring->plan, &expiring->done, &failure))
        fault(expiring, &failure, "cannot expire");
    return true;
}

static void expire(struct expiring *expiring, const struct invocation *invocation, struct arena *arena)
{
    const struct settings *settings = expiring->settings;
    struct failure failure = { 0 };
    struct junk_list list;
    char record[PATH_MAX];
    int64_t now = (int64_t)time(NULL);
    bool dry_run = invocation->option_values[OPTION_DRY_RUN], unsaved;
    bool fits = file_join(record, sizeof record, settings->state_directory, expiring->place->record);
    if (!fits)
        failure_set(&failure, FAILURE_CONFIGURATION, "the path of the state directory is too long");
    if (!fits
        || !junk_age_list(&expiring->folder, record, now, settings->expiry.days, dry_run, arena, &list, &unsaved,
                          &failure)) {
        fault(expiring, &failure, "cannot tell how long messages have been in Junk");
        return;
    }
    if (unsaved)
        fault(expiring, &failure, "cannot note how long messages have been in Junk");
    if (list.unread.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "what has keywords stays in %s in this run, it may be marked as no junk: %s",
                 expiring->folder.path, list.unread.reason);
    expiry_plan(&list, &settings->expiry, now, invocation->option_values[OPTION_FORCE], arena, &expiring->plan);
    if (list.clock != JUNK_CLOCK_AGREES)
        log_clock(expiring, list.clock);
    if (dry_run)
        print_plan(expiring, now);
    else if (carry_out(expiring) && list.clock == JUNK_CLOCK_AGREES)
        log_result(expiring);
}

static int expire_place(const struct invocation *invocation, const struct place *place)
{
    const struct settings *settings = invocation->settings;
    struct expiring expiring = { .settings = settings, .place = place, .status = EX_OK };
    struct failure failure = { 0 };
    enum folder_opened opened = opened_folder_open(settings->maildir.path, place->folder, &expiring.folder, &failure);
    if (opened == FOLDER_FAILED)
        fault(&expiring, &failure, "cannot expire");
    if (opened != FOLDER_OPENED)
        return expiring.status;
    struct arena *arena = arena_new(NAME_RECORD_ARENA);
    expire(&expiring, invocation, arena);
    arena_free(arena);
    opened_folder_close(&expiring.folder);
    if (place->learns && !invocation->option_values[OPTION_DRY_RUN] && !store_keep(&settings->store, &failure))
        fault(&expiring, &failure, "cannot put off the end of what was learned");
    if (place->learns && expiring.status == EX_OK && !invocation->option_values[OPTION_DRY_RUN])
        last_run_note(settings->state_directory, "expire");
    return expiring.status;
}

static int run_expire(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    const struct place junk = { settings->maildir.junk, JUNK_RECORD, true };
    const struct place quarantine = { settings->folders.quarantine, QUARANTINE_RECORD, false };
    if (invocation->option_values[OPTION_ALL_USERS])
        return each_user_run(invocation, invocation->option_values[OPTION_ALL_USERS]);
    if (invocation->operand_count) {
        fprintf(stderr, _("tamis: expire takes no operands; the setting junk_folder names the folder\n"));
        return EX_USAGE;
    }
    int status = expire_place(invocation, &junk);
    if (strcmp(junk.folder, quarantine.folder) == 0)
        return status;
    int of_quarantine = expire_place(invocation, &quarantine);
    return status == EX_OK ? of_quarantine : status;
}

const struct command command_expire = {
    .name = "expire",
    .summary = N_("Delete what has been in Junk longer than junk_days, after learning from it"),
    .operands = "",
    .details = N_("Days count from the arrival in Junk.  The quarantine of infected mail is emptied by the same "
                  "rules, and\n"
                  "nothing is learned from it.  Flagged messages, and those marked as no junk, stay.  One\n"
                  "run deletes at most expire_most messages, the oldest; --force lifts that.  Run it every night, as\n"
                  "the user or, with --all-users, as root.\n\n"
                  "Exit status: 0 done, also when there is no Junk folder; 66 the Maildir cannot be read; "
                  "75 try again\n"
                  "(database locked, disk full); 77 not allowed.\n"),
    .options = options,
    .needs_state = true,
    .run = run_expire,
};
