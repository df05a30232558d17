/* explain.c - `tamis explain`: why a message gets its verdict, every reason with its points */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/judge.h"
#include "mailbox/source.h"
#include "util/child.h"
#include "util/limits.h"
#include "util/log.h"
#include "verdict/report.h"

enum { OPTION_JSON };

static const struct command_option options[] = {
    [OPTION_JSON] = { "json", 'j', NULL, "one JSON object" },
    { NULL, 0, NULL, NULL },
};

struct explain_work {
    struct span message;
    const char *name;
    const struct settings *settings;
    bool json;
};

static void no_stage(void *context)
{
    (void)context;
}

/* The whole explanation is written in the child: text of the message never reaches this process but as text to print. */
static int explain_in_child(int answer_fd, void *context)
{
    const struct explain_work *work = context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judged judged = { 0 };
    judge_here(work->message, work->settings, no_stage, NULL, arena, &judged);
    struct buffer out = buffer_new(arena, LIMIT_CHILD_ANSWER - 1);
    if (work->json)
        report_json(&judged.judgement, span_of(work->name), &out);
    else
        report_text(&judged.judgement, &out);
    char verdict = (char)('0' + judged.judgement.verdict);
    return child_write(answer_fd, &verdict, 1) && child_write(answer_fd, out.data, out.length) ? 0 : 1;
}

static int explain_message(const struct source_message *message, const struct invocation *invocation)
{
    struct explain_work work = { .message = message->bytes,
                                 .name = message->name,
                                 .settings = invocation->settings,
                                 .json = invocation->option_values[OPTION_JSON] != NULL };
    struct child_answer answer = child_run(explain_in_child, &work, NULL);
    int status = EX_TEMPFAIL;
    if (answer.end == CHILD_ANSWERED && answer.length > 0) {
        static const int statuses[] = { [VERDICT_HAM] = 0, [VERDICT_UNSURE] = 2, [VERDICT_SPAM] = 1 };
        unsigned verdict = (unsigned)(answer.bytes[0] - '0');
        status = verdict <= VERDICT_SPAM ? statuses[verdict] : EX_TEMPFAIL;
        fwrite(answer.bytes + 1, 1, answer.length - 1, stdout);
    } else {
        log_line(LOG_SEVERITY_ERROR, "%s cannot be explained: %s", message->name, answer.why.reason);
    }
    child_answer_free(&answer);
    return status;
}

static int run_explain(const struct invocation *invocation)
{
    int status = EX_OK;
    char *standard_input[] = { (char[]){ "-" }, NULL };
    char **paths = invocation->operand_count ? invocation->operands : standard_input;
    for (size_t i = 0; paths[i]; i++) {
        struct failure failure = { 0 };
        struct source *source = source_open(paths[i], SOURCE_GUESS, &failure);
        struct source_message message;
        int got = source ? source_next(source, &message, &failure) : -1;
        for (; got > 0; got = source_next(source, &message, &failure))
            status = explain_message(&message, invocation);
        if (got < 0) {
            log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
            status = EX_TEMPFAIL;
        }
        source_close(&source);
    }
    return status;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "Why a message gets its verdict: every reason with its points",
    .operands = "[FILE...]",
    .details = "The points of the reasons add up to the score.\n"
               "Exit status, of the last message: 0 ham, 1 spam, 2 unsure; 75 it could not be judged.\n",
    .options = options,
    .run = run_explain,
};
