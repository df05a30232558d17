/* digest.c - `tamis digest`: what has arrived in Junk since the last digest, as a message into the user's own inbox
 *
 * Each message is read and judged anew, in a process of its own: so those that were moved into Junk by hand have their
 * reasons too, and the order is by what has been learned by now.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/digest-text.h"
#include "commands/each-user.h"
#include "commands/judge.h"
#include "mailbox/junk-age.h"
#include "mailbox/name-record.h"
#include "mailbox/source.h"
#include "util/child.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"
#include "util/utf8.h"

enum { OPTION_NOW, OPTION_PRINT, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_NOW] = { "now", 0, NULL, N_("whatever the setting digest says, and however short ago the last one was") },
    [OPTION_PRINT] = { "print", 0, NULL, N_("write the message to stdout; deliver and remember nothing") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

#define DIGEST_RECORD "digest"
#define DAY_SECONDS ((int64_t)24 * 60 * 60)
/* A timer with a random delay comes up to some hours early. */
#define EARLY_SECONDS ((int64_t)4 * 60 * 60)
/* A clock is set right by this much without anybody's doubt; a last digest further ahead was sent by a wrong one. */
#define SET_BACK_AT_MOST ((int64_t)60 * 60)
/* The newest that are judged; at 2 ms each this takes 4 s. */
#define JUDGED_MOST 2000
#define ANSWER_FIELD 600

/* --- one message, in a child -------------------------------------------------------------------------------------- */

struct line_work {
    struct user_state user;
    struct span bytes;
};

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct line_work *work = context;
    user_state_open(&work->user, work->bytes, child, sandbox);
}

/* A field of the answer: one line, whatever the message says. */
static void answer_field(struct span text, struct buffer *out)
{
    struct buffer field = buffer_new(out->arena, ANSWER_FIELD);
    utf8_append_repaired(&field, span_head(text, ANSWER_FIELD / 2));
    for (size_t i = 0; i < field.length; i++)
        buffer_append_byte(out, field.data[i] == '\n' ? ' ' : field.data[i]);
    buffer_append_byte(out, '\n');
}

/* The heaviest reason for spam in general words: particulars would quote the message at length. */
static struct span reason_of(const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->reason_count; i++)
        if (judgement->reasons[i].points > 0)
            return span_of(judgement->reasons[i].description);
    return span_of("nothing speaks for spam by now");
}

static int answer_line(struct child *child, void *context)
{
    struct line_work *work = context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judged judged = { 0 };
    judge_here(work->bytes, &work->user, arena, &judged);
    struct buffer out = buffer_new(arena, 8 * 1024);
    buffer_append_format(&out, "%d\n", judged.judgement.score);
    answer_field(header_value(&judged.message->header, "From"), &out);
    answer_field(judged.message->subject, &out);
    answer_field(reason_of(&judged.judgement), &out);
    return child_write(child, out.data, out.length) ? 0 : 1;
}

/* The answer is made of untrusted bytes; digest_write() takes them as such. */
static void read_answer(struct span answer, struct digest_line *line, struct arena *arena)
{
    struct span *const fields[] = { &line->from, &line->subject, &line->reason };
    char points[16];
    size_t length = span_find_byte(answer, '\n');
    snprintf(points, sizeof points, "%.*s", (int)(length < 15 ? length : 15), answer.data);
    line->points = (int)strtol(points, NULL, 10);
    line->is_judged = length > 0 && length < answer.length;
    for (size_t i = 0; i < 3; i++) {
        answer = span_from(answer, length + 1);
        length = span_find_byte(answer, '\n');
        *fields[i] = arena_copy(arena, span_head(answer, length));
    }
}

/* False when the message has gone. */
static bool make_line(const struct settings *settings, const char *path, struct digest_line *line, struct arena *arena)
{
    struct file_bytes bytes;
    if (!file_read(path, SOURCE_MESSAGE_AT_MOST, &bytes, NULL))
        return errno != ENOENT;
    struct line_work work = { .user.settings = settings, .bytes = span_make(bytes.data, bytes.length) };
    struct child_answer answer = child_run(prepare, answer_line, &work, NULL);
    if (answer.end == CHILD_ANSWERED)
        read_answer(span_make(answer.bytes, answer.length), line, arena);
    else
        line->reason = span_of("it could not be read");
    child_answer_free(&answer);
    file_bytes_free(&bytes);
    return true;
}

/* --- the message -------------------------------------------------------------------------------------------------- */

/* An address we may write into a header: what is none becomes that of nobody. */
static const char *plain_address(const struct settings *settings, const char *host, struct arena *arena)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&*+-/=?^_{}~";
    const char *user = settings->rule_context.user ? settings->rule_context.user : getenv("USER");
    size_t local = user ? strspn(user, allowed) : 0;
    bool sound = local > 0 && (user[local] == '\0' || (user[local] == '@' && user[local + 1]
                                                       && !user[local + 1 + strspn(user + local + 1, allowed)]));
    struct buffer address = buffer_new(arena, 512);
    buffer_append_format(&address, "%s%s%s", sound ? user : "postmaster", sound && user[local] ? "" : "@",
                         sound && user[local] ? "" : host);
    return arena_copy(arena, buffer_span(&address)).data;
}

static const char *plain_host(char out[80])
{
    if (gethostname(out, 79) != 0)
        out[0] = '\0';
    out[79] = '\0';
    size_t sound = strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    if (sound == 0 || out[sound])
        strcpy(out, "localhost");
    return out;
}

static bool arrived_between(const struct junk_message *message, int64_t since, int64_t now)
{
    return message->arrived > since && message->arrived <= now;
}

static int by_arrival(const void *a, const void *b)
{
    const struct junk_message *left = a, *right = b;
    return (left->arrived < right->arrived) - (left->arrived > right->arrived);
}

/* Lines for what arrived after `since`; gives how many arrived in all. */
static size_t gather(const struct settings *settings, const struct opened_folder *folder, struct junk_list *list,
                     int64_t since, int64_t now, struct arena *arena, struct digest_line **lines_r, size_t *count_r)
{
    struct digest_line *lines = arena_new_array(arena, struct digest_line, JUDGED_MOST);
    size_t count = 0, all = 0;
    if (list->count)
        qsort(list->messages, list->count, sizeof *list->messages, by_arrival);
    for (size_t i = 0; i < list->count; i++) {
        const struct junk_message *message = &list->messages[i];
        char path[PATH_MAX];
        if (!arrived_between(message, since, now) || message->is_trashed)
            continue;
        all++;
        if (count == JUDGED_MOST || !opened_folder_path(folder, message->is_new, message->name, path))
            continue;
        lines[count] = (struct digest_line){ .arrived = message->arrived };
        if (make_line(settings, path, &lines[count], arena))
            count++;
        else
            all--;
    }
    digest_sort(lines, count);
    *lines_r = lines;
    *count_r = count < DIGEST_LINES ? count : DIGEST_LINES;
    return all;
}

static bool deliver(const struct settings *settings, struct span bytes, struct failure *failure)
{
    struct tagged_message tagged;
    char path[PATH_MAX];
    if (!tagged_message_make(bytes, SPAN_EMPTY, NULL, &tagged, failure))
        return false;
    enum maildir_result result = maildir_deliver(&settings->maildir, NULL, &tagged, path, failure);
    tagged_message_free(&tagged);
    return result == MAILDIR_DELIVERED;
}

/* --- when --------------------------------------------------------------------------------------------------------- */

static int64_t interval_of(const struct settings *settings)
{
    return settings->digest == DIGEST_WEEKLY ? 7 * DAY_SECONDS : DAY_SECONDS;
}

static bool is_due(const struct settings *settings, int64_t last, int64_t now)
{
    bool is_long_ago = now - last >= interval_of(settings) - EARLY_SECONDS;
    return settings->digest != DIGEST_NEVER && (is_long_ago || last - now > SET_BACK_AT_MOST);
}

struct digesting {
    const struct settings *settings;
    struct opened_folder folder;
    struct name_record record; /* of the last digest: its time alone */
    char record_path[PATH_MAX], junk_record_path[PATH_MAX];
    bool print;
    struct arena *arena;
    struct failure failure;
};

static bool send_digest(struct digesting *digesting, int64_t since, int64_t now)
{
    const struct settings *settings = digesting->settings;
    struct junk_list list;
    bool unsaved;
    if (!junk_age_list(&digesting->folder, digesting->junk_record_path, now, settings->expiry.days,
                       digesting->print, digesting->arena, &list, &unsaved, &digesting->failure))
        return false;
    char host[80];
    struct digest_line *lines;
    size_t count, all = gather(settings, &digesting->folder, &list, since, now, digesting->arena, &lines, &count);
    if (all == 0)
        return !unsaved;
    struct digest digest = { .lines = lines, .count = count, .not_shown = all - count, .since = since, .now = now,
                             .days = settings->expiry.days, .folder = settings->maildir.junk,
                             .host = plain_host(host) };
    digest.address = plain_address(settings, digest.host, digesting->arena);
    struct buffer message = buffer_new(digesting->arena, 4 * 1024 * 1024);
    digest_write(&digest, &message);
    if (digesting->print) {
        fwrite(message.data, 1, message.length, stdout);
        return true;
    }
    if (!deliver(settings, buffer_span(&message), &digesting->failure)
        || !name_record_save(&digesting->record, digesting->record_path, now, &digesting->failure))
        return false;
    log_line(LOG_SEVERITY_INFO, "a digest of %zu messages in %s is delivered", all, digesting->folder.path);
    return !unsaved;
}

static bool digest_if_due(struct digesting *digesting, bool at_once)
{
    const struct settings *settings = digesting->settings;
    int64_t now = (int64_t)time(NULL);
    if (!file_join(digesting->record_path, PATH_MAX, settings->state_directory, DIGEST_RECORD)
        || !file_join(digesting->junk_record_path, PATH_MAX, settings->state_directory, JUNK_RECORD))
        return failure_set(&digesting->failure, FAILURE_CONFIGURATION, "the path of the state directory is too long");
    if (!name_record_load(digesting->record_path, digesting->arena, &digesting->record, &digesting->failure))
        return false;
    int64_t last = digesting->record.scanned;
    if (!at_once && !is_due(settings, last, now))
        return true;
    return send_digest(digesting, last && last <= now ? last : now - interval_of(settings), now);
}

static int run_digest(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    const char *const *given = invocation->option_values;
    if (given[OPTION_ALL_USERS])
        return each_user_run(invocation, given[OPTION_ALL_USERS]);
    if (invocation->operand_count) {
        fprintf(stderr, _("tamis: digest takes no operands\n"));
        return EX_USAGE;
    }
    struct digesting digesting = { .settings = settings, .print = given[OPTION_PRINT] != NULL,
                                   .arena = arena_new(NAME_RECORD_ARENA) };
    enum folder_opened opened =
        opened_folder_open(settings->maildir.path, settings->maildir.junk, &digesting.folder, &digesting.failure);
    bool at_once = given[OPTION_NOW] || given[OPTION_PRINT];
    bool good = opened == FOLDER_MISSING || (opened == FOLDER_OPENED && digest_if_due(&digesting, at_once));
    opened_folder_close(&digesting.folder);
    arena_free(digesting.arena);
    if (good)
        return EX_OK;
    log_line(LOG_SEVERITY_ERROR, "no digest: %s", digesting.failure.reason);
    return failure_exit_status(digesting.failure.kind);
}

const struct command command_digest = {
    .name = "digest",
    .summary = N_("Deliver a list of what has arrived in Junk since the last digest into the inbox"),
    .operands = "",
    .details = N_("When the setting digest says daily or weekly and it is time; nothing when nothing has arrived.\n\n"
                  "Exit status: 0 done, or nothing to do; 66 the Maildir cannot be read; 75 try again; "
                  "77 not allowed.\n"),
    .options = options,
    .needs_state = true,
    .run = run_digest,
};
