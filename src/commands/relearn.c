/* relearn.c - `tamis relearn`: learn from what the user did with messages, as hooks and folders show it
 *
 * One run at a time for one user; another one has nothing to do and says so by success.  Every step may be the last one
 * (kill -9): see mailbox/moves.h.
 */
#include <limits.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/held-moves.h"
#include "commands/last-run.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "commands/sent-mail.h"
#include "commands/sharing.h"
#include "learn/confirm.h"
#include "learn/learn.h"
#include "mailbox/folders.h"
#include "mailbox/moves-queue.h"
#include "mailbox/packing.h"
#include "util/complaints.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_DRY_RUN, OPTION_FOLDERS, OPTION_QUEUE, OPTION_QUIET, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_DRY_RUN] = { "dry-run", 'n', NULL, N_("list what would be learned, and learn nothing") },
    [OPTION_FOLDERS] = { "folders", 0, NULL, N_("list the folders and what each is taken for, and do nothing") },
    [OPTION_QUEUE] = { "queue", 0, NULL, N_("only what hooks have reported; do not look through the folders") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("no summary line") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

/* While events come in, a run goes on; this often at most. */
#define PASSES_AT_MOST 20

/* One run learns at most so many messages of a class that were left alone; the others wait. */
#define LEFT_ALONE_AT_MOST 250

struct relearning {
    const struct settings *settings;
    struct arena *arena; /* folder names and paths */
    struct moves *moves;
    struct store *store;
    struct reading *reading;
    struct sharing *sharing; /* NULL: nothing is shared */
    struct progress progress;
    bool scanned; /* the folders have been looked through: what is in none of them is gone */
    struct failure no_folders; /* why they could not be */
    bool synced;  /* what was learned is on the disk */
    size_t left_alone[2]; /* chosen, by label */
    size_t learned[2], changed, known, confirmed, lost, unreadable;
    struct failure failure;
};

/* --- learning --------------------------------------------------------------------------------------------------- */

static void count_result(struct relearning *relearning, enum learn_result result, enum label label)
{
    bool is_new = result == LEARN_DONE || result == LEARN_CHANGED;
    relearning->learned[label] += is_new;
    relearning->changed += result == LEARN_CHANGED;
    relearning->known += !is_new;
}

/* The user's word is learned as it stands.  That he left a message alone must agree with the opinion of today, and not
 * make one class outweigh the other. */
static bool is_to_be_learned(struct relearning *relearning, size_t number, const struct features *features,
                             enum label label)
{
    if (!moves_lesson_is_implicit(relearning->moves, number))
        return true;
    struct opinion opinion;
    const struct verdict_settings *verdict = &relearning->settings->verdict;
    learn_opinion(relearning->store, STORE_READY, features, &opinion, &relearning->failure);
    if (confirm_is_balanced(label, opinion.lessons))
        return confirm_agrees(label, opinion.log_odds, verdict->required);
    moves_lesson_put_off(relearning->moves, number);
    return false;
}

/* False when learning failed. */
static bool learn_as(struct relearning *relearning, size_t number, const char *name, const struct features *features,
                     enum label label)
{
    if (!is_to_be_learned(relearning, number, features, label))
        return true;
    bool implicit = moves_lesson_is_implicit(relearning->moves, number);
    enum learn_result result =
        learn_message(relearning->store, features, label, implicit ? SOURCE_IMPLICIT : SOURCE_USER, (int64_t)time(NULL),
                      &relearning->failure);
    if (result == LEARN_FAILED) {
        log_line(LOG_SEVERITY_ERROR, "%s: not learned: %s", name, relearning->failure.reason);
        return false;
    }
    sharing_add(relearning->sharing, features, label, implicit ? SOURCE_IMPLICIT : SOURCE_USER, result);
    if (implicit)
        relearning->confirmed += result == LEARN_DONE;
    else
        count_result(relearning, result, label);
    return true;
}

/* A message that cannot be read is given up: it would be as hostile the next time. */
static bool learn_lesson(void *context, const struct batched_message *message, const struct features *features)
{
    struct relearning *relearning = context;
    size_t number = (size_t)message->note;
    enum belief wanted = moves_lesson_wanted(relearning->moves, number);
    progress_step(&relearning->progress);
    if (!features)
        relearning->unreadable++;
    if (features && wanted != BELIEF_NONE
        && !learn_as(relearning, number, message->name, features, wanted == BELIEF_SPAM ? LABEL_SPAM : LABEL_HAM))
        return false;
    moves_lesson_done(relearning->moves, number);
    return true;
}

/* The message's bytes: from its folder, or else from the queue; as queue_read_text(). */
static int read_message(const struct relearning *relearning, const struct moves_lesson *lesson,
                        struct file_bytes *bytes, char path[PATH_MAX])
{
    if (lesson->path && file_read(lesson->path, SOURCE_MESSAGE_AT_MOST, bytes, NULL)) {
        snprintf(path, PATH_MAX, "%s", lesson->path);
        return 1;
    }
    return queue_read_text(relearning->settings->state_directory, lesson->fingerprint, bytes, path);
}

static bool hand_over_lesson(void *context, const struct moves_lesson *lesson)
{
    struct relearning *relearning = context;
    char path[PATH_MAX];
    struct file_bytes bytes;
    int got = read_message(relearning, lesson, &bytes, path);
    if (got <= 0) {
        if (got == 0 && relearning->scanned && !lesson->path) {
            relearning->lost++;
            moves_lesson_done(relearning->moves, lesson->number);
        }
        return true; /* otherwise the next scan finds it */
    }
    struct source_message message = { .bytes = span_make(bytes.data, bytes.length), .name = path };
    struct failure why = { 0 };
    bool go_on = true;
    if (packing_none(message.bytes, path, &why)) {
        go_on = reading_add(relearning->reading, &message, lesson->number);
    } else { /* and so will it be the next time */
        log_line(LOG_SEVERITY_WARNING, "%s", why.reason);
        relearning->unreadable++;
        moves_lesson_done(relearning->moves, lesson->number);
    }
    file_bytes_free(&bytes);
    return go_on;
}

static bool learn_all(struct relearning *relearning)
{
    enum store_state state;
    relearning->store = reading_open_store(relearning->settings, &state, &relearning->failure);
    if (!relearning->store)
        return false;
    relearning->sharing = sharing_start(relearning->settings, store_key(relearning->store));
    relearning->reading = reading_new(relearning->settings, relearning->store, learn_lesson, relearning);
    reading_take_prints(relearning->reading, sharing_key(relearning->sharing));
    progress_start(&relearning->progress, _("relearning"), moves_lesson_count(relearning->moves));
    moves_visit_lessons(relearning->moves, hand_over_lesson, relearning);
    bool whole = reading_finish(relearning->reading);
    progress_end(&relearning->progress);
    reading_free(&relearning->reading);
    relearning->synced = store_sync(relearning->store, &relearning->failure);
    store_close(&relearning->store);
    sharing_finish(&relearning->sharing);
    if (!whole && relearning->failure.kind == FAILURE_NONE)
        failure_set(&relearning->failure, FAILURE_TEMPORARY, "messages could not be read just now");
    return whole && relearning->synced;
}

/* --- what is to be learned -------------------------------------------------------------------------------------- */

static void take_move(void *context, const struct queued_move *queued)
{
    struct relearning *relearning = context;
    struct arena *arena = arena_new(1024 * 1024);
    struct move move = { .message = queued->message, .from_known = queued->from != NULL };
    move.to = folders_use_of_name(span_of(queued->to), &relearning->settings->folders, arena);
    if (queued->from)
        move.from = folders_use_of_name(span_of(queued->from), &relearning->settings->folders, arena);
    arena_free(arena);
    moves_reported(relearning->moves, &move);
}

static enum belief weigh_left_alone(void *context, const struct moves_left_alone *left_alone)
{
    static const enum confirm_verdict verdicts[] = { [SAID_NOTHING] = CONFIRM_UNJUDGED,
                                                     [SAID_HAM] = CONFIRM_JUDGED_HAM,
                                                     [SAID_UNSURE] = CONFIRM_JUDGED_UNSURE,
                                                     [SAID_SPAM] = CONFIRM_JUDGED_SPAM };
    struct relearning *relearning = context;
    struct confirm_facts facts = { .verdict = verdicts[left_alone->said], .seen = left_alone->seen,
                                   .used = left_alone->used, .junk_opened = left_alone->junk_opened,
                                   .days = left_alone->days };
    facts.place = left_alone->place == PLACE_JUNK       ? CONFIRM_IN_JUNK
                  : left_alone->place == PLACE_ORDINARY ? CONFIRM_IN_ORDINARY
                                                        : CONFIRM_ELSEWHERE;
    enum confirmation confirmation = confirm_message(&relearning->settings->implicit, &facts);
    if (confirmation != CONFIRM_HAM && confirmation != CONFIRM_SPAM)
        return BELIEF_NONE;
    size_t *chosen = &relearning->left_alone[confirmation == CONFIRM_SPAM ? LABEL_SPAM : LABEL_HAM];
    if (*chosen == LEFT_ALONE_AT_MOST)
        return BELIEF_NONE;
    ++*chosen;
    return confirmation == CONFIRM_SPAM ? BELIEF_SPAM : BELIEF_HAM;
}

/* Where there are no folders to look through, what the mail server has reported is learned all the same; the run fails
 * in the end. */
static bool scan_folders(struct relearning *relearning)
{
    struct folders folders;
    struct moves_scan_result result;
    if (!folders_find(relearning->settings->maildir.path, &relearning->settings->folders, relearning->arena, &folders,
                      &relearning->no_folders))
        return true;
    if (!moves_scan(relearning->moves, &folders, (int64_t)time(NULL), &result, &relearning->failure))
        return false;
    relearning->scanned = true;
    if (relearning->settings->implicit.enabled)
        moves_visit_left_alone(relearning->moves, (int64_t)time(NULL), weigh_left_alone, relearning);
    if (result.unread_keywords.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "marks of junk that are new count when they can be read: %s",
                 result.unread_keywords.reason);
    if (result.unreadable)
        log_line(LOG_SEVERITY_WARNING, "%zu files or folders of %s could not be read", result.unreadable,
                 relearning->settings->maildir.path);
    log_line(LOG_SEVERITY_DEBUG, "%zu folders, %zu of them changed; %zu messages, %zu of them new", result.folders,
             result.looked_into, result.files, result.opened);
    return true;
}

static bool print_lesson(void *context, const struct moves_lesson *lesson)
{
    (void)context;
    printf("%s %s%s\n", lesson->spam ? "spam" : "ham ", lesson->path ? lesson->path : _("(reported, in no folder now)"),
           lesson->implicit ? _(" (left alone)") : "");
    return true;
}

/* Lessons are saved before they are learned, and forgotten after. */
static bool save_and_learn(struct relearning *relearning)
{
    const char *directory = relearning->settings->state_directory;
    if (!moves_save(relearning->moves, &relearning->failure))
        return false;
    queue_taken(directory);
    relearning->synced = false;
    bool learned = moves_lesson_count(relearning->moves) == 0 || learn_all(relearning);
    struct failure failure = { 0 }; /* of less interest than why learning failed */
    bool saved = !relearning->synced || moves_save(relearning->moves, learned ? &relearning->failure : &failure);
    return learned && saved;
}

static bool pass(struct relearning *relearning, bool scan, bool dry_run)
{
    size_t bad = 0;
    bool good = (dry_run ? queue_look : queue_take)(relearning->settings->state_directory, take_move, relearning, &bad,
                                                    &relearning->failure);
    if (bad)
        log_line(LOG_SEVERITY_WARNING, "%zu reported moves were not understood", bad);
    good = good && (!scan || scan_folders(relearning));
    if (good && dry_run)
        moves_visit_lessons(relearning->moves, print_lesson, NULL);
    else if (good)
        good = save_and_learn(relearning);
    if (good && !dry_run && moves_lesson_count(relearning->moves) == 0)
        queue_remove_texts(relearning->settings->state_directory);
    return good;
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static void print_summary(const struct relearning *relearning)
{
    printf(_("%zu learned as spam, %zu as ham (%zu of them changed), %zu already known"),
           relearning->learned[LABEL_SPAM], relearning->learned[LABEL_HAM], relearning->changed, relearning->known);
    if (relearning->confirmed)
        printf(_(", %zu confirmed by being left alone"), relearning->confirmed);
    if (relearning->lost)
        printf(_(", %zu gone before they could be learned"), relearning->lost);
    if (relearning->unreadable)
        printf(_(", %zu could not be read"), relearning->unreadable);
    putchar('\n');
}

/* With relearning->moves held. */
static bool relearn(struct relearning *relearning, bool queue_only, bool dry_run)
{
    const char *directory = relearning->settings->state_directory;
    bool good = pass(relearning, !queue_only, dry_run);
    for (int i = 1; good && !dry_run && i < PASSES_AT_MOST && !queue_is_empty(directory); i++)
        good = pass(relearning, false, false);
    if (!dry_run)
        queue_remove_old_texts(directory, (int64_t)time(NULL));
    if (good && relearning->no_folders.kind != FAILURE_NONE) {
        relearning->failure = relearning->no_folders;
        return false;
    }
    if (good && !queue_only && !dry_run)
        last_run_note(directory, "relearn");
    return good;
}

static int list_folders(struct relearning *relearning)
{
    struct folders folders;
    if (!folders_find(relearning->settings->maildir.path, &relearning->settings->folders, relearning->arena, &folders,
                      &relearning->failure)) {
        log_line(LOG_SEVERITY_ERROR, "%s", relearning->failure.reason);
        return failure_exit_status(relearning->failure.kind);
    }
    for (size_t i = 0; i < folders.count; i++) {
        struct span name = folders_decode_name(span_of(folders.list[i].name), relearning->arena);
        printf("%-9s %.*s\n", folders_use_name(folders.list[i].use), (int)name.length, name.data);
    }
    return EX_OK;
}

static int run_locked(struct relearning *relearning, bool queue_only, bool dry_run)
{
    struct held_moves held;
    enum hold hold = held_moves_take(relearning->settings->state_directory, 0, &held, &relearning->failure);
    if (hold == HOLD_BUSY) {
        log_line(LOG_SEVERITY_INFO, "another run is at work");
        return EX_OK;
    }
    bool good = false;
    if (hold == HOLD_TAKEN) {
        relearning->moves = held.moves;
        good = relearn(relearning, queue_only, dry_run);
        held_moves_release(&held);
    }
    if (good)
        return EX_OK;
    log_line(LOG_SEVERITY_ERROR, "cannot relearn: %s", relearning->failure.reason);
    return failure_exit_status(relearning->failure.kind);
}

/* Whom the user has written to since; what cannot be gathered now is gathered next time, and the lessons stand. */
static void gather_correspondents(const struct settings *settings)
{
    struct sent_mail_result result;
    struct failure failure = { 0 };
    if (!sent_mail_import(settings, NULL, 0, &result, &failure))
        log_line(LOG_SEVERITY_WARNING, "the correspondents are as of before: %s", failure.reason);
}

/* What was learned must be whole on the disk as well, before a restart has it made again from there. */
static void look_after_store(const struct settings *settings)
{
    struct failure damage, failure = { 0 };
    if (!store_look_after(&settings->store, &damage, &failure))
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "cannot look after what was learned: %s",
                       failure.reason);
    if (damage.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "%s: %s: written anew from the tables, nothing is lost",
                 settings->state_directory, damage.reason);
}

/* Whoever reported a move just before the lock was free again relied on this run. */
static int run_and_look_again(struct relearning *relearning, const char *const *given)
{
    bool dry_run = given[OPTION_DRY_RUN] != NULL;
    bool queue_only = given[OPTION_QUEUE] != NULL;
    if (!queue_only && !dry_run)
        look_after_store(relearning->settings);
    int status = run_locked(relearning, queue_only, dry_run);
    if (status == EX_OK && !queue_only && !dry_run)
        gather_correspondents(relearning->settings);
    if (status == EX_OK && !dry_run && !queue_is_empty(relearning->settings->state_directory))
        status = run_locked(relearning, true, false);
    if (status == EX_OK && !dry_run && !given[OPTION_QUIET])
        print_summary(relearning);
    return status;
}

static int run_relearn(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    if (given[OPTION_ALL_USERS])
        return each_user_run(invocation, given[OPTION_ALL_USERS]);
    if (invocation->operand_count) {
        fprintf(stderr, _("tamis: relearn takes no operands; --maildir names the Maildir\n"));
        return EX_USAGE;
    }
    struct relearning relearning = { .settings = invocation->settings, .arena = arena_new(FOLDERS_ARENA) };
    int status = given[OPTION_FOLDERS] ? list_folders(&relearning) : run_and_look_again(&relearning, given);
    arena_free(relearning.arena);
    return status;
}

const struct command command_relearn = {
    .name = "relearn",
    .summary = N_("Learn from what was moved into and out of Junk: reported moves, and the folders as they are"),
    .operands = "",
    .details = N_("Into Junk is spam, out of Junk is ham, Junk to Trash is nothing; the last word counts.  What the\n"
                  "filter put into Junk is not learned.  Run it from a timer; a second run beside it has nothing "
                  "to do\n"
                  "and succeeds.\n\n"
                  "Exit status: 0 done; 66 the Maildir cannot be read; 75 try again (database locked, disk full).\n"),
    .options = options,
    .run = run_relearn,
};
