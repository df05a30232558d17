/* each-message.c - the messages that a command's operands name, one after the other */
#include "commands/each-message.h"

#include <sysexits.h>

#include "util/log.h"

/* No later message hides that one could not be judged. */
static void add_status(int *status, int one)
{
    if (*status != EX_TEMPFAIL)
        *status = one;
}

static void visit_source(const struct invocation *invocation, const char *path, each_message_visit *visit,
                         void *context, int *status)
{
    struct failure failure = { 0 };
    struct source *source = source_open(path, SOURCE_GUESS, &failure);
    struct source_message message;
    if (!source) {
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        add_status(status, EX_TEMPFAIL);
        return;
    }
    for (int got; (got = source_next(source, &message, &failure)) != 0;) {
        if (got < 0)
            log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        add_status(status, got > 0 ? visit(invocation, context, &message) : EX_TEMPFAIL);
    }
    source_close(&source);
}

int each_message(const struct invocation *invocation, each_message_visit *visit, void *context)
{
    int status = EX_OK;
    if (invocation->operand_count == 0)
        visit_source(invocation, "-", visit, context, &status);
    for (int i = 0; i < invocation->operand_count; i++)
        visit_source(invocation, invocation->operands[i], visit, context, &status);
    return status;
}

int each_message_status(enum verdict verdict)
{
    static const int statuses[] = { [VERDICT_HAM] = 0, [VERDICT_SPAM] = 1, [VERDICT_UNSURE] = 2 };
    return statuses[verdict];
}
