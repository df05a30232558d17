/* deliver.c - `tamis deliver`: the MDA, a message from stdin into the user's Maildir, inbox or Junk
 *
 * Delivered once, or not at all and the caller is told to try again: see mailbox/maildir.h.
 */
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/follow-up.h"
#include "commands/judge.h"
#include "mailbox/maildir.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_JUNK, OPTION_QMAIL };

static const struct command_option options[] = {
    [OPTION_JUNK] = { "junk", 0, "FOLDER", N_("the Junk folder (Maildir++ name without the first dot)") },
    [OPTION_QMAIL] = { "qmail", 0, NULL, N_("exit with qmail's status for \"try again\": 111 in place of 75") },
    { NULL, 0, NULL, NULL },
};

#define QMAIL_SOFT 111

/* Into the folder it belongs to when that is possible, else into Junk when it was for the quarantine, else into the
 * inbox: a folder that cannot take it is no reason to hold mail back. */
static enum maildir_result put(const struct maildir_settings *maildir, const char *wanted,
                               const struct tagged_message *tagged, const char **folder_r, struct failure *failure)
{
    char path[PATH_MAX];
    const char *const folders[] = { wanted, maildir->junk, NULL };
    for (size_t i = 0; wanted && folders[i]; i++) {
        *folder_r = folders[i];
        enum maildir_result result = maildir_deliver(maildir, folders[i], tagged, path, failure);
        if (result != MAILDIR_FAILED)
            return result;
        log_line(LOG_SEVERITY_WARNING, "a message for %s goes elsewhere because it cannot take it: %s", folders[i],
                 failure->reason);
        if (strcmp(wanted, maildir->junk) == 0)
            break;
    }
    *folder_r = "inbox";
    return maildir_deliver(maildir, NULL, tagged, path, failure);
}

/* The "From " line that Postfix and others put before a message they pipe belongs to mbox files, not to a Maildir. */
static struct span without_mbox_line(struct span bytes)
{
    if (bytes.length < 5 || memcmp(bytes.data, "From ", 5) != 0)
        return bytes;
    size_t line_end = span_find_byte(bytes, '\n');
    return line_end == bytes.length ? bytes : span_from(bytes, line_end + 1);
}

/* A caller that loses patience while the message becomes mail must not take our death for a message that is still to be
 * delivered: it gets the true answer a moment later.  SIGKILL remains to it. */
static void put_off_signals(void)
{
    static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2 };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaddset(&set, signals[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static int deliver_bytes(struct span bytes, const struct settings *settings, const struct maildir_settings *maildir,
                         struct failure *failure)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judge_result result = { .checked = false, .why = "disabled" };
    struct span fields = SPAN_EMPTY;
    if (settings->enabled) {
        judge_message(bytes, settings, arena, &result);
        fields = judge_header_fields(&result, settings, arena);
    }
    const char *folder = "inbox";
    struct tagged_message tagged;
    enum maildir_result put_result = MAILDIR_FAILED;
    struct span mail = without_mbox_line(bytes);
    if (tagged_message_make(mail, fields, settings->enabled ? header_fields_owned : NULL, &tagged, failure)) {
        put_off_signals();
        const char *wanted = judge_folder(&result, maildir->junk, settings->folders.quarantine);
        put_result = put(maildir, wanted, &tagged, &folder, failure);
        tagged_message_free(&tagged);
    }
    if (put_result == MAILDIR_DELIVERED) {
        judge_log(&result, folder);
        follow_up(bytes, &result, settings);
    } else {
        log_line(LOG_SEVERITY_ERROR, "not delivered: %s", failure->reason);
    }
    arena_free(arena);
    return put_result == MAILDIR_DELIVERED ? EX_OK : EX_TEMPFAIL;
}

/* Every failure of this command is one a person can mend, so none of them is permanent: the MTA keeps the message. */
static int run_deliver(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    struct maildir_settings maildir = settings->maildir;
    if (invocation->option_values[OPTION_JUNK])
        maildir.junk = invocation->option_values[OPTION_JUNK];
    struct failure failure = { 0 };
    struct file_bytes message = { 0 };
    int status = EX_TEMPFAIL;
    if (settings->misplaced) {
        log_line(LOG_SEVERITY_ERROR, "not delivered: where this user's mail and state are cannot be told");
    } else if (file_read_descriptor(STDIN_FILENO, 0, &message, &failure)) {
        status = deliver_bytes(span_make(message.data, message.length), settings, &maildir, &failure);
        file_bytes_free(&message);
    } else {
        log_line(LOG_SEVERITY_ERROR, "cannot read the message: %s", failure.reason);
    }
    if (invocation->option_values[OPTION_QMAIL] && status != EX_OK)
        status = QMAIL_SOFT;
    return status;
}

const struct command command_deliver = {
    .name = "deliver",
    .summary = N_("Deliver a message from stdin into the Maildir: spam into Junk, all else into the inbox"),
    .operands = "",
    .details = N_("Exit status: 0 delivered; 75 not delivered, try again (--qmail: 111).\n"),
    .options = options,
    .takes_mail = true,
    .for_programs = true,
    .without_places = true,
    .without_state = true,
    .run = run_deliver,
};
