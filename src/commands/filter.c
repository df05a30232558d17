/* filter.c - `tamis filter`: a message from stdin to stdout, tagged
 *
 * Exit status 0 means: the message was written whole.  Anything else, and the caller must keep its own copy.
 */
#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/follow-up.h"
#include "commands/judge.h"
#include "mailbox/pass-through.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

/* `owned` NULL: nothing of the message is removed. */
static bool write_tagged(struct span message, struct span fields, bool (*owned)(struct span name),
                         struct failure *failure)
{
    struct tagged_message tagged;
    if (!tagged_message_make(message, fields, owned, &tagged, failure))
        return false;
    bool written = tagged_message_write(&tagged, STDOUT_FILENO, failure);
    tagged_message_free(&tagged);
    /* close() may be what reports a full disk or quota (NFS). */
    if (written && close(STDOUT_FILENO) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the message out");
    return written;
}

static int run_filter(const struct invocation *invocation)
{
    struct failure failure = { 0 };
    struct file_bytes message = { 0 };
    if (!file_read_descriptor(STDIN_FILENO, 0, &message, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "cannot read the message: %s", failure.reason);
        return EX_TEMPFAIL;
    }
    struct span bytes = span_make(message.data, message.length);
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct span fields = SPAN_EMPTY;
    struct judge_result result = { .checked = false, .why = "disabled" };
    if (invocation->settings->enabled) {
        judge_message(bytes, invocation->settings, arena, &result);
        fields = judge_header_fields(&result, invocation->settings, arena);
    }
    bool written = write_tagged(bytes, fields, invocation->settings->enabled ? header_fields_owned : NULL, &failure);
    if (!written) {
        log_line(LOG_SEVERITY_ERROR, "the message was not written: %s", failure.reason);
    } else if (invocation->settings->enabled) {
        judge_log(&result, "stdout");
        follow_up(bytes, &result, invocation->settings);
    }
    arena_free(arena);
    file_bytes_free(&message);
    return written ? EX_OK : EX_TEMPFAIL;
}

const struct command command_filter = {
    .name = "filter",
    .summary = N_("Pass a message from stdin to stdout, tagged with its verdict"),
    .operands = "",
    .details = N_("Exit status: 0 the message was written whole, whatever its verdict; 75 it was not, keep yours.\n"
                  "A message that cannot be judged passes with \"X-Spam-Status: Unchecked\".\n"),
    .takes_mail = true,
    .for_programs = true,
    .without_places = true,
    .without_state = true,
    .run = run_filter,
};
