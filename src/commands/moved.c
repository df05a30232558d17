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
#include "util/buffer.h"
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
#define ARGUMENT_ARENA ((size_t)256 * 1024)
#define MOST_ARGUMENTS 80 /* command-line.c takes 64 settings */

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

struct arguments {
    struct arena *arena;
    char *list[MOST_ARGUMENTS + 1]; /* NULL behind the last */
    size_t count;
};

/* "--name=value", which may begin with a dash; NULL is not given. */
static void hand_on(struct arguments *arguments, const char *name, const char *value)
{
    if (!value || arguments->count == MOST_ARGUMENTS)
        return;
    struct buffer text = buffer_new(arguments->arena, ARGUMENT_ARENA);
    buffer_append_format(&text, "--%s=%s", name, value);
    arguments->list[arguments->count++] = (char *)arena_copy(arguments->arena, buffer_span(&text)).data;
}

/* For whom and with which settings this process was started, and where that led it. */
static void make_arguments(const struct invocation *invocation, struct arguments *arguments)
{
    const struct settings *settings = invocation->settings;
    const struct config_sources *sources = invocation->sources;
    static char program[] = "tamis", command[] = "relearn", queue[] = "--queue", quiet[] = "--quiet";
    *arguments = (struct arguments){ .arena = arena_new(ARGUMENT_ARENA), .list = { program, command, queue, quiet },
                                     .count = 4 };
    hand_on(arguments, "state-dir", places_quote(arguments->arena, settings->state_directory));
    if (*settings->maildir.path) /* there may be none, and none is no path */
        hand_on(arguments, "maildir", places_quote(arguments->arena, settings->maildir.path));
    hand_on(arguments, "user", sources->user);
    hand_on(arguments, "config", sources->user_file);
    for (const char *const *set = sources->overrides; set && *set; set++)
        hand_on(arguments, "set", *set);
}

static void run_relearn(void *context)
{
    const struct invocation *invocation = *(const struct invocation *const *)context;
    struct arguments arguments;
    make_arguments(invocation, &arguments);
    if (!is_first_waiting(invocation->settings->state_directory))
        _exit(EX_OK);
    sleep(GATHER_SECONDS);
    execv("/proc/self/exe", arguments.list); /* the lock is closed by it */
    _exit(EX_OSERR);
}

static void start_relearn(const struct invocation *invocation)
{
    if (!is_at_work(invocation->settings->state_directory)) /* which looks at the queue again before it ends */
        background_start(run_relearn, &invocation);
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
        start_relearn(invocation);
    return EX_OK;
}

const struct command command_moved = {
    .name = "moved",
    .summary = N_("Queue one move that an IMAP server reports, and return at once"),
    .operands = "FROM TO <MESSAGE",
    .details = N_("FROM and TO are folder names; an empty FROM is an upload.  `tamis relearn` learns from the "
                  "queue.\n\n"
                  "Exit status: 0 queued; 66 the message could not be read; 75 not queued, try again.\n"),
    .options = options,
    .without_rules = true,
    .for_programs = true,
    .run = run_moved,
};
