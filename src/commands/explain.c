/* explain.c - `tamis explain`: why a message gets its verdict, every reason with its points */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/each-message.h"
#include "commands/judge.h"
#include "commands/terminal-look.h"
#include "learn/explain-tokens.h"
#include "util/child.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"
#include "verdict/explanation-page.h"
#include "verdict/explanation-terminal.h"
#include "verdict/explanation.h"
#include "verdict/page.h"
#include "verdict/report.h"

enum { OPTION_COLOR, OPTION_HTML, OPTION_JSON };

static const struct command_option options[] = {
    [OPTION_COLOR] = { "color", 0, "WHEN", N_("auto, always or never") },
    [OPTION_HTML] = { "html", 0, NULL, N_("a page for the browser") },
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object") },
    { NULL, 0, NULL, NULL },
};

enum form { FORM_TEXT, FORM_TERMINAL, FORM_HTML, FORM_JSON };

struct explain_work {
    struct span message;
    const char *name;
    struct user_state user;
    enum form form;
    const struct terminal *terminal;
    bool asked;          /* others, before this: this child cannot */
    struct hits outside; /* what they said */
};

/* The words that spoke loudest; none when nothing has been learned or it cannot be read, which the reasons say
 * already. */
static void find_words(struct user_state *user, const struct judged *judged, struct arena *arena,
                       struct explained *words)
{
    struct failure failure = { 0 };
    *words = (struct explained){ 0 };
    if (judged->opinion.state != STORE_READY)
        return;
    struct features_extra extra = judge_extra_tokens(&judged->hits, arena);
    if (!learn_explain(user->store, judged->message, &extra, arena, words, &failure))
        *words = (struct explained){ 0 };
}

static void write_json(const struct explain_work *work, const struct judged *judged, const struct explained *words,
                       struct buffer *out)
{
    struct json json = json_new(out);
    json_open_object(&json, NULL);
    json_text(&json, "source", span_of(work->name));
    report_json_members(&judged->judgement, &json);
    explanation_json(judged->message, words, &json);
    json_close_object(&json);
    buffer_append_byte(out, '\n');
}

static unsigned written_to(struct user_state *user, struct inspection *inspection, struct arena *arena)
{
    const struct address *sender = inspection_sender(inspection);
    return sender ? correspondents_written_to(&user->sent_mail, sender->local, sender->domain, arena) : 0;
}

static void write_for_people(struct explain_work *work, const struct judged *judged, const struct explained *words,
                             struct arena *arena, struct buffer *out)
{
    struct inspection inspection;
    struct explanation explanation = { .source = span_of(work->name),
                                       .judgement = &judged->judgement,
                                       .message = judged->message,
                                       .words = words,
                                       .inspection = &inspection,
                                       .outside = work->asked ? &work->outside : NULL };
    inspection_start(&inspection, judged->message, &work->user.settings->rule_context, arena);
    explanation.written_to = written_to(&work->user, &inspection, arena);
    if (work->form == FORM_HTML)
        explanation_page(&explanation, out);
    else
        explanation_terminal(&explanation, work->terminal, out);
}

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct explain_work *work = context;
    user_state_open(&work->user, work->message, child, sandbox);
}

/* The whole explanation is written in the child: text of the message never reaches this process but as text to
 * print. */
static int explain_in_child(struct child *child, void *context)
{
    struct explain_work *work = context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct judged judged = { 0 };
    judge_here(work->message, &work->user, arena, &judged);
    verdict_add_evidence(&work->outside, arena, &judged.judgement);
    struct explained words;
    find_words(&work->user, &judged, arena, &words);
    struct buffer out = buffer_new(arena_new(LIMIT_MESSAGE_ARENA), LIMIT_CHILD_ANSWER - 1);
    switch (work->form) {
    case FORM_HTML:
    case FORM_TERMINAL:
        write_for_people(work, &judged, &words, arena, &out);
        break;
    case FORM_JSON:
        write_json(work, &judged, &words, &out);
        break;
    case FORM_TEXT:
        report_text(&judged.judgement, &out);
        explanation_text(judged.message, &words, &out);
    }
    char verdict = (char)('0' + judged.judgement.verdict);
    return child_write(child, &verdict, 1) && child_write(child, out.data, out.length) ? 0 : 1;
}

/* Those outside are asked as at delivery, once the message has been judged.  So it is judged twice where there are
 * any: for what to ask, and by the child that writes down what came of it.  One child alone would have to wait in its
 * sandbox for their answers, or hand over its text in pieces, for this process to put verdict and reasons between
 * them.  The second time costs 1.5 ms of CPU, asking a program that does nothing 1.2. */
static struct hits ask_about(struct span message, const struct settings *settings, struct arena *arena)
{
    struct judge_result result;
    if (!outside_is_configured(&settings->outside))
        return (struct hits){ 0 };
    judge_message(message, settings, arena, &result);
    return outside_hits(result.outside);
}

static enum form form_of(const struct invocation *invocation, const struct terminal_look *look)
{
    if (invocation->option_values[OPTION_HTML])
        return FORM_HTML;
    if (invocation->option_values[OPTION_JSON])
        return FORM_JSON;
    return look->for_people ? FORM_TERMINAL : FORM_TEXT;
}

/* What each message is explained with. */
struct explaining {
    struct terminal_look look;
    enum form form;
    size_t explained; /* so many before this one */
};

/* Where there may be several messages, each has its name above it; a page and JSON name each always. */
static void print_name(const struct invocation *invocation, const struct explaining *explaining, const char *name)
{
    bool alone = invocation->operand_count == 0
                 || (invocation->operand_count == 1 && strcmp(invocation->operands[0], name) == 0);
    if (alone || explaining->form == FORM_HTML || explaining->form == FORM_JSON)
        return;
    struct arena *arena = arena_new(LIMIT_CHILD_ANSWER);
    struct buffer out = buffer_new(arena, LIMIT_CHILD_ANSWER / 4);
    report_escape(span_of(name), &out);
    printf("%s%.*s:\n", explaining->explained ? "\n" : "", (int)out.length, out.data);
    arena_free(arena);
}

static int explain_message(const struct invocation *invocation, void *context, const struct source_message *message)
{
    struct explaining *explaining = context;
    const struct settings *settings = invocation->settings;
    struct explain_work work = { .message = message->bytes,
                                 .name = message->name,
                                 .user.settings = settings,
                                 .form = explaining->form,
                                 .terminal = &explaining->look.terminal,
                                 .asked = outside_is_configured(&settings->outside) };
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    work.outside = ask_about(message->bytes, settings, arena);
    struct child_answer answer = child_run(prepare, explain_in_child, &work, NULL);
    arena_free(arena);
    int status = EX_TEMPFAIL;
    if (answer.end == CHILD_ANSWERED && answer.length > 0) {
        unsigned verdict = (unsigned)(answer.bytes[0] - '0');
        status = verdict <= VERDICT_SPAM ? each_message_status((enum verdict)verdict) : EX_TEMPFAIL;
        print_name(invocation, explaining, message->name);
        fwrite(answer.bytes + 1, 1, answer.length - 1, stdout);
        explaining->explained++;
    } else {
        log_line(LOG_SEVERITY_ERROR, "%s cannot be explained: %s", message->name, answer.why.reason);
    }
    child_answer_free(&answer);
    return status;
}

static void start_page(struct buffer *out)
{
    page_start("tamis explain", out);
}

static void print_frame(void (*write)(struct buffer *out))
{
    struct arena *arena = arena_new(LIMIT_CHILD_ANSWER);
    struct buffer out = buffer_new(arena, LIMIT_CHILD_ANSWER / 4);
    write(&out);
    fwrite(out.data, 1, out.length, stdout);
    arena_free(arena);
}

static int run_explain(const struct invocation *invocation)
{
    struct explaining explaining = { .explained = 0 };
    if (!terminal_look_find(invocation->option_values[OPTION_COLOR], &explaining.look)) {
        log_line(LOG_SEVERITY_ERROR, "--color is auto, always or never, not \"%s\"",
                 invocation->option_values[OPTION_COLOR]);
        return EX_USAGE;
    }
    explaining.form = form_of(invocation, &explaining.look);
    if (explaining.form == FORM_HTML)
        print_frame(start_page);
    int status = each_message(invocation, explain_message, &explaining);
    if (explaining.form == FORM_HTML)
        print_frame(page_end);
    return status;
}

const struct command command_explain = {
    .name = "explain",
    .summary = N_("Why a message gets its verdict: every reason with its points"),
    .operands = "[FILE...]",
    .details = N_("The points of the reasons add up to the score.\n"
                  "Exit status, of the last message: 0 ham, 1 spam, 2 unsure; 75 one of them could not be judged.\n"),
    .options = options,
    .without_state = true,
    .run = run_explain,
};
