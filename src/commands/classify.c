/* classify.c - `tamis classify`: say the verdict on messages, change nothing */
#include <stdio.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/each-message.h"
#include "commands/judge.h"
#include "util/limits.h"
#include "util/translate.h"
#include "verdict/report.h"

enum { OPTION_JSON, OPTION_EXIT_ZERO };

static const struct command_option options[] = {
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object a line") },
    [OPTION_EXIT_ZERO] = { "exit-zero", 0, NULL,
                           N_("exit 0 for every verdict (Sieve `execute :output` drops the output otherwise)") },
    { NULL, 0, NULL, NULL },
};

static void say_unchecked(const char *name, const char *why, bool as_json, struct buffer *line)
{
    if (!as_json) {
        buffer_append_format(line, "unchecked %s\n", why);
        return;
    }
    struct json json = json_new(line);
    json_open_object(&json, NULL);
    json_text(&json, "source", span_of(name));
    json_text(&json, "verdict", span_of("unchecked"));
    json_text(&json, "why", span_of(why));
    json_close_object(&json);
    buffer_append_byte(line, '\n');
}

static int classify_message(const struct invocation *invocation, void *context, const struct source_message *message)
{
    (void)context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judge_result result;
    judge_message(message->bytes, invocation->settings, arena, &result);
    struct buffer line = buffer_new(arena, 256 * 1024);
    if (!result.checked)
        say_unchecked(message->name, result.why, invocation->option_values[OPTION_JSON] != NULL, &line);
    else if (invocation->option_values[OPTION_JSON])
        report_json(&result.judgement, span_of(message->name), &line);
    else
        report_line(&result.judgement, span_of(message->name), &line);
    fwrite(line.data, 1, line.length, stdout);
    int status = result.checked ? each_message_status(result.judgement.verdict) : EX_TEMPFAIL;
    arena_free(arena);
    return status;
}

static int run_classify(const struct invocation *invocation)
{
    int status = each_message(invocation, classify_message, NULL);
    return invocation->option_values[OPTION_EXIT_ZERO] ? EX_OK : status;
}

const struct command command_classify = {
    .name = "classify",
    .summary = N_("Say the verdict on messages (files, mailboxes or stdin), change nothing"),
    .operands = "[FILE...]",
    .details = N_("One line a message: verdict, probability, score, name.\n"
                  "Exit status, of the last message: 0 ham, 1 spam, 2 unsure; 75 when any could not be judged.\n"),
    .options = options,
    .for_programs = true,
    .without_state = true,
    .run = run_classify,
};
