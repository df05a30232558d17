/* senders.c - `tamis senders`: the user's lists of allowed and denied senders, shown and changed; whom the user knows
 *
 * The lists are the user's own plain files; this command edits them as a careful hand would: one line more or less, all
 * others untouched, in one step.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/follow-up.h"
#include "commands/last-run.h"
#include "commands/sent-mail.h"
#include "mailbox/source.h"
#include "senders/correspondents.h"
#include "senders/entry.h"
#include "senders/list-file.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_MESSAGE, OPTION_QUIET, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_MESSAGE] = { "message", 'm', NULL, N_("the operands are messages: their senders are meant, and with allow "
                                                  "the networks they came from are trusted") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("with import: no summary line") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

enum verb { VERB_LIST, VERB_ALLOW, VERB_DENY, VERB_REMOVE, VERB_IMPORT, VERB_UNKNOWN };

/* What one run works with. */
struct work {
    const struct invocation *invocation;
    enum verb verb;
    const char *directory; /* of the user's lists */
    struct arena *arena;
    int status;
};

static enum verb verb_of(const char *word)
{
    static const char *const words[] = { "list", "allow", "deny", "remove", "import" };
    enum verb verb = VERB_LIST;
    while (verb < VERB_UNKNOWN && strcmp(word, words[verb]) != 0)
        verb++;
    return verb;
}

/* A person waits for the answer: it goes to stderr, whatever becomes of the log.  The first failure decides the exit
 * status. */
static void fail(struct work *work, const struct failure *failure)
{
    fprintf(stderr, "tamis: %s\n", failure->reason);
    if (work->status == EX_OK)
        work->status = failure_exit_status(failure->kind);
}

/* --- list ------------------------------------------------------------------------------------------------------- */

static void print_entry(const char *list, const struct entry *entry, const char *path, unsigned line)
{
    char shown[ENTRY_LONGEST * 4 + 1];
    log_escape(entry->text.data, entry->text.length, shown, sizeof shown);
    printf("%-14s %-40s %s:%u\n", list, shown, path, line);
}

static void list_text(struct work *work, const char *list, const char *path, struct span text)
{
    struct entry_reader reader = entry_reader_new(text, work->arena);
    struct entry entry;
    while (entry_next(&reader, &entry)) {
        if (entry.kind != ENTRY_MISTAKEN) {
            print_entry(list, &entry, path, reader.line);
            continue;
        }
        char shown[ENTRY_LONGEST * 4 + 1];
        struct span head = span_head(entry.text, ENTRY_LONGEST);
        log_escape(head.data, head.length, shown, sizeof shown);
        struct failure failure;
        failure_set(&failure, FAILURE_CONFIGURATION, "%s:%u: \"%.80s\" is ignored: %s is accepted", path, reader.line,
                    shown, entry.mistake);
        fail(work, &failure);
    }
}

static void list_file(struct work *work, const char *directory, const char *name)
{
    char path[PATH_MAX];
    struct file_bytes bytes = { 0 };
    struct failure failure;
    if (!*directory || !file_join(path, sizeof path, directory, name))
        return;
    if (list_file_read(path, &bytes, &failure))
        list_text(work, name, path, span_make(bytes.data, bytes.length));
    else
        fail(work, &failure);
    file_bytes_free(&bytes);
}

/* --- whom the user knows ---------------------------------------------------------------------------------------- */

struct shown_list {
    struct correspondent_shown *items;
    size_t count;
};

static void count_shown(void *context, const struct correspondent_shown *shown)
{
    (void)shown;
    ((struct shown_list *)context)->count++;
}

static void take_shown(void *context, const struct correspondent_shown *shown)
{
    struct shown_list *list = context;
    list->items[list->count++] = *shown;
}

/* The user's own addresses first, then those written to most. */
static int by_count(const void *left, const void *right)
{
    const struct correspondent_shown *a = left, *b = right;
    if (a->is_own != b->is_own)
        return a->is_own ? -1 : 1;
    if (a->sent_to != b->sent_to)
        return a->sent_to > b->sent_to ? -1 : 1;
    size_t length = a->mailbox.length < b->mailbox.length ? a->mailbox.length : b->mailbox.length;
    int order = length ? memcmp(a->mailbox.data, b->mailbox.data, length) : 0;
    return order ? order : (a->mailbox.length > b->mailbox.length) - (a->mailbox.length < b->mailbox.length);
}

static void print_shown(const struct correspondent_shown *shown)
{
    char mailbox[ENTRY_LONGEST * 4 + 1], day[20] = "";
    struct span head = span_head(shown->mailbox, ENTRY_LONGEST);
    time_t last = (time_t)(shown->last * 86400);
    struct tm date;
    log_escape(head.data, head.length, mailbox, sizeof mailbox);
    if (gmtime_r(&last, &date))
        strftime(day, sizeof day, "%Y-%m-%d", &date);
    if (shown->is_own)
        printf("%-14s %s\n", "yourself", mailbox);
    else
        printf(_("%-14s %-40s %u, last on %s\n"), "correspondent", mailbox, shown->sent_to, day);
}

static void list_correspondents(struct work *work)
{
    struct correspondents_book book = { .directory = work->invocation->settings->state_directory };
    struct shown_list list = { 0 };
    correspondents_visit(&book, count_shown, &list);
    if (book.unusable) {
        struct failure failure;
        failure_set(&failure, FAILURE_DAMAGED, "%s/%s cannot be read, or is damaged; `tamis senders import` makes it "
                    "anew", book.directory, CORRESPONDENTS_FILE);
        fail(work, &failure);
    }
    if (list.count) {
        list.items = arena_new_array(work->arena, struct correspondent_shown, list.count);
        list.count = 0;
        correspondents_visit(&book, take_shown, &list);
        qsort(list.items, list.count, sizeof *list.items, by_count);
    }
    for (size_t i = 0; i < list.count; i++)
        print_shown(&list.items[i]);
    correspondents_close(&book);
}

static void list_all(struct work *work)
{
    static const char *const names[] = { LIST_ALLOW, LIST_DENY, LIST_TRAP, LIST_INTERNAL_ONLY };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        list_file(work, work->directory, names[i]);
        list_file(work, work->invocation->settings->senders.system_directory, names[i]);
    }
    list_correspondents(work);
}

static void import(struct work *work)
{
    const struct invocation *invocation = work->invocation;
    struct sent_mail_result result;
    struct failure failure = { 0 };
    size_t paths = (size_t)invocation->operand_count - 1;
    if (!sent_mail_import(invocation->settings, invocation->operands + 1, paths, &result, &failure)) {
        fail(work, &failure);
        return;
    }
    if (result.busy) {
        log_line(LOG_SEVERITY_INFO, "another run is at work");
        return;
    }
    if (result.unreadable || result.partly) {
        failure_set(&failure, FAILURE_INPUT, "some sent messages could not be read; those that could are known");
        fail(work, &failure);
    }
    if (result.folders == 0)
        log_line(LOG_SEVERITY_INFO, "%s has no folder for sent mail; sent_folder can name it",
                 invocation->settings->maildir.path);
    if (paths == 0)
        last_run_note(invocation->settings->state_directory, "senders");
    if (invocation->option_values[OPTION_QUIET])
        return;
    printf(_("%zu sent messages read, %zu known before, %zu not written by the user"), result.added, result.known,
           result.foreign);
    if (result.learned)
        printf(_(", %zu learned as ham"), result.learned);
    if (result.unreadable)
        printf(_(", %zu could not be read"), result.unreadable);
    putchar('\n');
}

/* --- allow, deny, remove ---------------------------------------------------------------------------------------- */

static bool edit(struct work *work, const char *name, struct span entry, bool add, bool *changed)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    if (!file_join(path, sizeof path, work->directory, name))
        failure_set(&failure, FAILURE_CONFIGURATION, "the path of the list %s is too long", name);
    else if ((add ? list_file_add : list_file_remove)(path, entry, changed, &failure))
        return true;
    fail(work, &failure);
    return false;
}

static void say_changes(enum verb verb, struct span entry, bool changed, bool removed)
{
    const char *target = verb == VERB_DENY ? LIST_DENY : LIST_ALLOW;
    const char *other = verb == VERB_DENY ? LIST_ALLOW : LIST_DENY;
    bool add = verb != VERB_REMOVE;
    if (add)
        printf("%.*s %s %s\n", (int)entry.length, entry.data, changed ? _("added to") : _("is already in"), target);
    else if (changed)
        printf(_("%.*s removed from %s\n"), (int)entry.length, entry.data, target);
    if (removed)
        printf(_("%.*s removed from %s\n"), (int)entry.length, entry.data, other);
    if (!add && !changed && !removed)
        printf(_("%.*s is in no list of yours\n"), (int)entry.length, entry.data);
}

/* A sender is on one of the two lists at most: the last word counts.  Added first, removed then, so that a sender never
 * falls off both. */
static void change_lists(struct work *work, struct span entry)
{
    const char *target = work->verb == VERB_DENY ? LIST_DENY : LIST_ALLOW;
    const char *other = work->verb == VERB_DENY ? LIST_ALLOW : LIST_DENY;
    bool changed = false, removed = false;
    struct failure failure = { 0 };
    int lock = list_directory_lock(work->directory, &failure);
    if (lock < 0) {
        fail(work, &failure);
        return;
    }
    if (edit(work, target, entry, work->verb != VERB_REMOVE, &changed) && edit(work, other, entry, false, &removed))
        say_changes(work->verb, entry, changed, removed);
    list_directory_unlock(lock);
}

static void change_entry(struct work *work, struct span text)
{
    struct entry entry = entry_read(text, work->arena);
    if (entry.kind > ENTRY_MISTAKEN) {
        change_lists(work, entry.text);
        return;
    }
    char shown[ENTRY_LONGEST * 4 + 1];
    struct span head = span_head(text, ENTRY_LONGEST);
    log_escape(head.data, head.length, shown, sizeof shown);
    struct failure failure;
    failure_set(&failure, FAILURE_USAGE, "\"%.80s\": %s is accepted", shown,
                entry.mistake ? entry.mistake : "an address, a domain or a mailing list");
    fail(work, &failure);
}

/* --- with --message --------------------------------------------------------------------------------------------- */

static void change_by_message(struct work *work, const struct source_message *message)
{
    const struct settings *settings = work->invocation->settings;
    struct vouched vouched = { 0 };
    struct failure failure = { 0 };
    if (!follow_up_read_sender(message->bytes, settings, work->arena, &vouched) || vouched.sender.length == 0) {
        failure_set(&failure, FAILURE_INPUT, "%s: no sender can be told: From must name one address", message->name);
        fail(work, &failure);
        return;
    }
    change_entry(work, vouched.sender);
    if (work->verb != VERB_ALLOW)
        return;
    if (vouched.relay_key.length == 0)
        fprintf(stderr, _("tamis: %s does not say which host outside it came from, so none is trusted\n"),
                message->name);
    else if (!follow_up_remember(vouched.relay_key, settings, &failure))
        fail(work, &failure);
    else
        printf(_("trusted from now on: %.*s\n"), (int)vouched.relay_key.length, vouched.relay_key.data);
}

static void change_by_source(struct work *work, const char *path)
{
    struct failure failure = { 0 };
    struct source *source = source_open(path, SOURCE_GUESS, &failure);
    if (!source) {
        fail(work, &failure);
        return;
    }
    struct source_message message;
    for (int got; (got = source_next(source, &message, &failure)) != 0;) {
        if (got > 0)
            change_by_message(work, &message);
        else
            fail(work, &failure);
    }
    source_close(&source);
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static void change(struct work *work)
{
    const struct invocation *invocation = work->invocation;
    bool by_message = invocation->option_values[OPTION_MESSAGE] != NULL;
    for (int i = 1; i < invocation->operand_count; i++)
        if (by_message)
            change_by_source(work, invocation->operands[i]);
        else
            change_entry(work, span_of(invocation->operands[i]));
}

static int usage(const char *mistake)
{
    fprintf(stderr, _("tamis: senders takes %s; `tamis senders --help` explains it\n"), mistake);
    return EX_USAGE;
}

static int run_senders(const struct invocation *invocation)
{
    int count = invocation->operand_count;
    const char *all_users = invocation->option_values[OPTION_ALL_USERS];
    enum verb verb = verb_of(count ? invocation->operands[0] : "list");
    if (verb == VERB_UNKNOWN)
        return usage(_("one of list, allow, deny, remove and import"));
    if (all_users && (verb != VERB_IMPORT || count > 1))
        return usage(_("--all-users with import alone, and no paths then"));
    if (all_users)
        return each_user_run(invocation, all_users);
    if (verb == VERB_IMPORT ? count < 1 : verb == VERB_LIST ? count > 1 : count < 2)
        return usage(verb == VERB_LIST ? _("nothing behind list") : _("at least one address behind that word"));
    struct work work = { .invocation = invocation,
                         .verb = verb,
                         .directory = invocation->settings->senders.directory,
                         .arena = arena_new(LIST_FILE_BYTES * 16) };
    if (verb == VERB_LIST)
        list_all(&work);
    else if (verb == VERB_IMPORT)
        import(&work);
    else if (*work.directory)
        change(&work);
    else
        fail(&work, &(struct failure){ .kind = FAILURE_CONFIGURATION,
                                       .reason = "there is no home directory: lists_dir in tamis.conf can "
                                                 "say where the lists are" });
    arena_free(work.arena);
    return work.status;
}

const struct command command_senders = {
    .name = "senders",
    .summary = N_("Show and change the lists of allowed and denied senders; learn whom the user knows"),
    .operands = "[list|allow ADDRESS...|deny ADDRESS...|remove ADDRESS...|import [PATH...]]",
    .details = N_("  list      every entry of every list, with file and line; whom the user has written to, how often\n"
                  "  allow     mail of these senders is never spam, if it is shown to be theirs\n"
                  "  deny      mail of these senders is always spam\n"
                  "  remove    take them off both lists\n"
                  "  import    note whom the user knows, from what is new in the Sent folders, or sent mail at PATH\n\n"
                  "ADDRESS is anna@example.org, @example.org, @.example.org (with all below it) or\n"
                  "list-id:news.example.org.\n\n"
                  "Exit status: 0 done; 64 usage; 66 a message could not be read; 75 try again; 78 a line in a\n"
                  "list is wrong.\n"),
    .options = options,
    .run = run_senders,
};
