/* moved.c - `tamis moved`: the hook of IMAP servers, which queues one move and is gone
 *
 * It reads stdin to its end (Dovecot takes anything else for a failure), appends one line and decides nothing: `tamis
 * relearn` does.  With --relearn it starts that when none is at work, and does not wait for it.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/run-lock.h"
#include "config/places.h"
#include "mailbox/moves-queue.h"
#include "mailbox/source.h"
#include "util/background.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_RELEARN };

static const struct command_option options[] = {
    [OPTION_RELEARN] = { "relearn", 'r', NULL,
                         N_("start `tamis relearn --queue` unless one is at work, and do not wait") },
    { NULL, 0, NULL, NULL },
};

/* Moves of one command of the user come within this time; they are learned in one go. */
#define GATHER_SECONDS 1
#define ARGUMENT_ARENA ((size_t)64 * 1024)

static bool is_at_work(const char *directory)
{
    int lock = run_lock_take(directory, RUN_LOCK_RELEARN, 0, NULL);
    if (lock >= 0)
        close(lock);
    return lock == RUN_LOCK_BUSY;
}

/* Takes the lock that says "one waits already", for as long as this process lives. */
static bool is_first_waiting(const char *directory)
{
    return run_lock_take(directory, "moved.lock", 0, NULL) >= 0;
}

static void run_relearn(void *context)
{
    const struct settings *settings = *(const struct settings *const *)context;
    struct arena *arena = arena_new(ARGUMENT_ARENA);
    char *arguments[] = { (char[]){ "tamis" }, (char[]){ "relearn" }, (char[]){ "--queue" }, (char[]){ "--quiet" },
                          (char[]){ "--state-dir" }, (char *)places_quote(arena, settings->state_directory),
                          (char[]){ "--maildir" }, (char *)places_quote(arena, settings->maildir.path), NULL };
    if (!*settings->maildir.path)
        arguments[6] = NULL; /* there is none, and none is no path */
    if (!is_first_waiting(settings->state_directory))
        _exit(EX_OK);
    sleep(GATHER_SECONDS);
    execv("/proc/self/exe", arguments); /* the lock is closed by it */
    _exit(EX_OSERR);
}

static void start_relearn(const struct settings *settings)
{
    if (!is_at_work(settings->state_directory)) /* which looks at the queue again before it ends */
        background_start(run_relearn, &settings);
}

static int run_moved(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    struct failure failure = { 0 };
    struct file_bytes message;
    if (invocation->operand_count != 2 || !invocation->operands[1][0]) {
        fprintf(stderr, _("tamis: moved takes the names of two folders, FROM (\"\" for an upload) and TO\n"));
        return EX_USAGE;
    }
    const char *from = invocation->operands[0], *to = invocation->operands[1];
    if (!file_read_descriptor(STDIN_FILENO, SOURCE_MESSAGE_AT_MOST, &message, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "cannot read the moved message: %s", failure.reason);
        return failure_exit_status(failure.kind);
    }
    bool queued = queue_append(settings->state_directory, span_make(message.data, message.length),
                               *from ? from : NULL, to, &failure);
    file_bytes_free(&message);
    if (!queued) {
        log_line(LOG_SEVERITY_ERROR, "a move is not queued, `tamis relearn` may find it: %s", failure.reason);
        return failure_exit_status(failure.kind);
    }
    if (invocation->option_values[OPTION_RELEARN])
        start_relearn(settings);
    return EX_OK;
}

const struct command command_moved = {
    .name = "moved",
    .summary = N_("Queue one move that an IMAP server reports, and return at once"),
    .operands = "FROM TO <MESSAGE",
    .details = N_("FROM and TO are folder names; an empty FROM is an upload.  `tamis relearn` learns from the "
                  "queue.\n\n"
                  "Exit status: 0 queued; 75 not queued.\n"),
    .options = options,
    .without_rules = true,
    .for_programs = true,
    .run = run_moved,
};
