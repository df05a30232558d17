/* sort.c - `tamis sort`: judge the new messages of a folder, and move the spam among them into Junk
 *
 * For mail that came past the filter: fetched by mbsync or fetchmail, or delivered first and judged later.  First
 * everything that waits is judged, then what is spam is moved, under the lock of `tamis relearn`, whose memory is told
 * that the program and not the user put these messages into Junk: nothing is learned from a verdict alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/follow-up.h"
#include "commands/held-moves.h"
#include "commands/judge.h"
#include "mailbox/maildir-folder.h"
#include "mailbox/packing.h"
#include "mailbox/sorting.h"
#include "mailbox/source.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_DRY_RUN, OPTION_FOLDER, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_DRY_RUN] = { "dry-run", 'n', NULL, N_("list what would be moved, and change nothing") },
    [OPTION_FOLDER] = { "folder", 0, "FOLDER", N_("the folder to sort, as Maildir++ name; by default the inbox") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

/* What the record says of a message that tamis judged at delivery, and of one it could not judge. */
#define NOTE_DELIVERED 'd'
#define NOTE_UNCHECKED '?'

/* A message that is to leave the folder: spam, or infected. */
struct spam {
    const struct waiting_message *message;
    const char *goes_to;
    struct fingerprint fingerprint;
    bool is_infected; /* goes to the quarantine, else to Junk */
    bool may_move;
};

struct sorting {
    const struct settings *settings;
    struct opened_folder folder, junk, quarantine;
    struct name_record record;
    struct waiting_list list;
    struct spam *spam;
    size_t spam_count;
    size_t judged, moved, left, unreadable;
    bool dry_run;
    struct failure failure;
};

/* --- judging ------------------------------------------------------------------------------------------------------ */

#define NOTE_LEAVES 's'

static char note_of(const struct judge_result *result, const char *goes_to)
{
    if (goes_to)
        return NOTE_LEAVES;
    return result->checked ? verdict_name(result->judgement.verdict)[0] : NOTE_UNCHECKED;
}

/* Judges one message; gives the note for the record. */
static char judge_one(struct sorting *sorting, const struct waiting_message *message, struct span bytes)
{
    struct fingerprint fingerprint = fingerprint_of(span_head(bytes, FINGERPRINT_READS));
    if (fingerprint.said != SAID_NOTHING)
        return NOTE_DELIVERED;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judge_result result;
    judge_message(bytes, sorting->settings, arena, &result);
    const struct settings *settings = sorting->settings;
    const char *goes_to = judge_folder(&result, settings->maildir.junk, settings->folders.quarantine);
    char note = note_of(&result, goes_to);
    judge_log(&result, goes_to ? goes_to : "where it is");
    if (goes_to)
        sorting->spam[sorting->spam_count++] =
            (struct spam){ .message = message, .goes_to = goes_to, .fingerprint = fingerprint,
                           .is_infected = judge_is_infected(&result) };
    /* The message is safe where it lies.  Whoever dies in between does this once more, which does no harm. */
    if (!sorting->dry_run)
        follow_up(bytes, &result, settings);
    arena_free(arena);
    sorting->judged++;
    return note;
}

enum read { READ_WHOLE, READ_GONE, READ_FAILED };

/* Somebody may have moved or removed the message meanwhile; that is no failure. */
static enum read read_message(const struct opened_folder *folder, const struct waiting_message *message,
                              struct file_bytes *bytes, struct failure *failure)
{
    char path[PATH_MAX];
    if (!opened_folder_path(folder, message->is_new, message->name, path)) {
        failure_set_errno(failure, FAILURE_INPUT, ENAMETOOLONG, "cannot open %s", message->name);
        return READ_FAILED;
    }
    if (!file_read(path, SOURCE_MESSAGE_AT_MOST, bytes, failure))
        return errno == ENOENT ? READ_GONE : READ_FAILED;
    if (packing_none(span_make(bytes->data, bytes->length), path, failure))
        return READ_WHOLE;
    file_bytes_free(bytes);
    return READ_FAILED;
}

static void judge_all(struct sorting *sorting, int64_t now)
{
    for (size_t i = 0; i < sorting->list.count; i++) {
        const struct waiting_message *message = &sorting->list.messages[i];
        struct file_bytes bytes;
        struct failure failure = { 0 };
        enum read got = read_message(&sorting->folder, message, &bytes, &failure);
        if (got == READ_FAILED) {
            log_line(LOG_SEVERITY_WARNING, "left where it is: %s", failure.reason);
            sorting->unreadable++;
        }
        if (got != READ_WHOLE)
            continue;
        char note = judge_one(sorting, message, span_make(bytes.data, bytes.length));
        file_bytes_free(&bytes);
        /* Spam gets into the record when it could not be moved only: see move_one(). */
        if (note != NOTE_LEAVES)
            name_record_add(&sorting->record, name_record_key(message->name), now, note);
    }
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

/* Opens a folder that messages go to, made when it is missing. */
static bool open_destination(struct sorting *sorting, const char *name, struct opened_folder *folder)
{
    const struct maildir_settings *maildir = &sorting->settings->maildir;
    enum folder_opened opened = opened_folder_open(maildir->path, name, folder, &sorting->failure);
    if (opened == FOLDER_MISSING) {
        int fd = maildir_folder_open(sorting->folder.root_fd, name, true, &sorting->failure);
        if (fd < 0)
            return false;
        close(fd);
        opened = opened_folder_open(maildir->path, name, folder, &sorting->failure);
    }
    return opened == FOLDER_OPENED;
}

/* Opens the folders that something goes to. */
static bool open_destinations(struct sorting *sorting)
{
    for (size_t i = 0; i < sorting->spam_count; i++) {
        const struct spam *spam = &sorting->spam[i];
        struct opened_folder *folder = spam->is_infected ? &sorting->quarantine : &sorting->junk;
        if (folder->root_fd < 0 && !open_destination(sorting, spam->goes_to, folder))
            return false;
    }
    return true;
}

static bool move_one(struct sorting *sorting, const struct spam *spam, struct moves *moves, int64_t now)
{
    struct span key = name_record_key(spam->message->name);
    if (!spam->may_move && !spam->is_infected) {
        sorting->left++;
        name_record_add(&sorting->record, key, now, NOTE_LEAVES);
        return true;
    }
    const struct opened_folder *destination = spam->is_infected ? &sorting->quarantine : &sorting->junk;
    enum sorting_moved moved = sorting_move(&sorting->folder, spam->message, destination, &sorting->failure);
    if (moved == SORTING_MOVED && !spam->is_infected)
        moves_filed_into_junk(moves, &spam->fingerprint);
    sorting->moved += moved == SORTING_MOVED;
    return moved != SORTING_FAILED;
}

static void sync_folders(const struct sorting *sorting)
{
    const int fds[] = { sorting->junk.new_fd,       sorting->junk.cur_fd,   sorting->quarantine.new_fd,
                        sorting->quarantine.cur_fd, sorting->folder.new_fd, sorting->folder.cur_fd };
    for (size_t i = 0; !sorting->settings->maildir.skip_directory_sync && i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            fsync(fds[i]);
}

static bool move_held(struct sorting *sorting, struct moves *moves, int64_t now)
{
    /* Asked for all before the first is moved: of a message that came twice one copy would find the other in Junk. */
    for (size_t i = 0; i < sorting->spam_count; i++)
        sorting->spam[i].may_move = moves_may_file(moves, &sorting->spam[i].fingerprint);
    bool sound = true;
    for (size_t i = 0; i < sorting->spam_count; i++)
        sound = move_one(sorting, &sorting->spam[i], moves, now) && sound;
    struct failure failure = { 0 };
    return moves_save(moves, sound ? &sorting->failure : &failure) && sound;
}

static bool move_all(struct sorting *sorting, int64_t now)
{
    struct held_moves held;
    if (sorting->spam_count == 0)
        return true;
    if (!open_destinations(sorting))
        return false;
    enum hold hold = held_moves_take(sorting->settings->state_directory, LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS, &held,
                                     &sorting->failure);
    if (hold == HOLD_BUSY)
        failure_set(&sorting->failure, FAILURE_TEMPORARY,
                    "tamis relearn is at work for long; spam is moved by the next run");
    if (hold != HOLD_TAKEN)
        return false;
    bool moved = move_held(sorting, held.moves, now);
    held_moves_release(&held);
    sync_folders(sorting);
    return moved;
}

static void print_spam(const struct sorting *sorting)
{
    for (size_t i = 0; i < sorting->spam_count; i++) {
        char path[PATH_MAX];
        const struct waiting_message *message = sorting->spam[i].message;
        if (opened_folder_path(&sorting->folder, message->is_new, message->name, path))
            printf(_("%s, would be moved to %s: %s\n"),
                   sorting->spam[i].is_infected ? _("infected") : "spam", sorting->spam[i].goes_to, path);
    }
    printf(_("%zu of %zu messages would be moved\n"), sorting->spam_count, sorting->list.count);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* "sorted" for the inbox, "sorted.NAME" for another folder. */
static bool record_path(const struct settings *settings, const char *folder, char path[PATH_MAX],
                        struct failure *failure)
{
    int length = snprintf(path, PATH_MAX, "%s/sorted%s%s", settings->state_directory, folder ? "." : "",
                          folder ? folder : "");
    return (length > 0 && length < PATH_MAX) ||
           failure_set(failure, FAILURE_CONFIGURATION, "the path of the state directory is too long");
}

static bool sort_folder(struct sorting *sorting, const char *folder, struct arena *arena)
{
    char path[PATH_MAX];
    int64_t now = (int64_t)time(NULL);
    if (!record_path(sorting->settings, folder, path, &sorting->failure)
        || !name_record_load(path, arena, &sorting->record, &sorting->failure)
        || !sorting_list(&sorting->folder, &sorting->record, arena, &sorting->list, &sorting->failure))
        return false;
    sorting->spam = arena_new_array(arena, struct spam, sorting->list.count);
    judge_all(sorting, now);
    if (sorting->dry_run) {
        print_spam(sorting);
        return true;
    }
    bool moved = move_all(sorting, now);
    struct failure failure = { 0 };
    bool saved = name_record_save(&sorting->record, path, now, moved ? &sorting->failure : &failure);
    log_line(LOG_SEVERITY_INFO, "sorted %s: %zu judged, %zu moved to %s, %zu left by the user's word",
             sorting->folder.path, sorting->judged, sorting->moved,
             sorting->quarantine.root_fd < 0 ? sorting->settings->maildir.junk : "Junk and quarantine", sorting->left);
    return moved && saved;
}

static bool is_destination(const struct settings *settings, const char *folder)
{
    return strcmp(folder, settings->maildir.junk) == 0 || strcmp(folder, settings->folders.quarantine) == 0;
}

static int run_sort(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    const char *const *given = invocation->option_values;
    if (given[OPTION_ALL_USERS])
        return each_user_run(invocation, given[OPTION_ALL_USERS]);
    const char *folder = given[OPTION_FOLDER];
    if (folder && strcasecmp(folder, "INBOX") == 0)
        folder = NULL;
    if (invocation->operand_count || (folder && is_destination(settings, folder))) {
        fprintf(stderr, _("tamis: sort takes no operands, and does not sort Junk or the quarantine itself\n"));
        return EX_USAGE;
    }
    if (!settings->enabled)
        return EX_OK;
    struct sorting sorting = { .settings = settings, .dry_run = given[OPTION_DRY_RUN] != NULL,
                               .junk = { .root_fd = -1, .new_fd = -1, .cur_fd = -1 },
                               .quarantine = { .root_fd = -1, .new_fd = -1, .cur_fd = -1 } };
    enum folder_opened opened = opened_folder_open(settings->maildir.path, folder, &sorting.folder, &sorting.failure);
    if (opened == FOLDER_MISSING)
        failure_set(&sorting.failure, FAILURE_INPUT, "%s has no folder %s", settings->maildir.path,
                    folder ? folder : "new/");
    struct arena *arena = arena_new(NAME_RECORD_ARENA);
    bool sorted = opened == FOLDER_OPENED && sort_folder(&sorting, folder, arena);
    arena_free(arena);
    opened_folder_close(&sorting.folder);
    opened_folder_close(&sorting.junk);
    opened_folder_close(&sorting.quarantine);
    if (sorted)
        return sorting.unreadable ? EX_NOINPUT : EX_OK;
    log_line(LOG_SEVERITY_ERROR, "cannot sort: %s", sorting.failure.reason);
    return failure_exit_status(sorting.failure.kind);
}

const struct command command_sort = {
    .name = "sort",
    .summary = N_("Judge the new messages of a folder, and move the spam among them into Junk"),
    .operands = "",
    .details = N_("For mail that came past the filter (mbsync, fetchmail), and for judging after delivery.  A message\n"
                  "is judged once; one that the user has seen, flagged or moved is left alone, and no byte of any is\n"
                  "changed.\n\n"
                  "Exit status: 0 done; 66 the folder or some message cannot be read; 75 try again; 77 not allowed.\n"),
    .options = options,
    .needs_state = true,
    .run = run_sort,
};
