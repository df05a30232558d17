/* part-check.c - programs that are shown each message: other filters, or anybody's script */
#include <stdio.h>
#include <string.h>

#include "outside/check-answers.h"
#include "outside/outside.h"
#include "outside/program.h"
#include "rules/pattern.h"
#include "util/buffer.h"
#include "util/log.h"
#include "util/translate.h"

#define MEMORY ((size_t)1024 * 1024 * 1024) /* interpreters reserve what they never use */
#define SHOWN ((size_t)120) /* bytes of what it printed */

static bool is_configured(const struct outside_settings *settings)
{
    for (size_t i = 0; i < settings->check_count; i++)
        if (settings->checks[i].enabled)
            return true;
    return false;
}

static int patience(const struct outside_settings *settings)
{
    int longest = 0;
    for (size_t i = 0; i < settings->check_count; i++)
        if (settings->checks[i].enabled && settings->checks[i].milliseconds > longest)
            longest = settings->checks[i].milliseconds;
    return longest;
}

/* Is the pattern in what the program printed?  `*found` is what fits it. */
static enum outcome prints(const struct outside_check *check, struct span output, struct span *found)
{
    struct failure failure;
    if (!*check->pattern)
        return OUTCOME_SILENT;
    struct pattern *pattern = pattern_compile(span_of(check->pattern), "", true, &failure);
    struct pattern_runs *runs = pattern ? pattern_runs_start() : NULL;
    size_t from = 0;
    enum outcome outcome = runs ? pattern_find(runs, pattern, output, &from, found) : OUTCOME_COULD_NOT_TELL;
    pattern_runs_end(&runs);
    pattern_free(&pattern);
    return outcome;
}

static void say_silent(const struct outside_check *check, const char *why, struct buffer *silent)
{
    buffer_append_format(silent, "%s%s %s", silent->length ? ", " : "", check->section.name, why);
}

static void weigh(const struct outside_check *check, const struct program *program, struct outside_answer *answer,
                  struct buffer *silent)
{
    char name[80];
    struct span found = SPAN_EMPTY;
    int points, by_pattern = 0;
    struct buffer detail = buffer_new(answer->arena, OUTSIDE_TEXT_MOST);
    bool by_exit = check_exits_points(check->exits, program->status, &points);
    if (!by_exit)
        points = 0;
    enum outcome printed = prints(check, program->output, &found);
    if (printed == OUTCOME_COULD_NOT_TELL)
        say_silent(check, _("printed what its pattern takes too long to look through"), silent);
    if (printed == OUTCOME_HIT)
        by_pattern = check->points;
    if (!by_exit && !by_pattern)
        return;
    buffer_append_format(&detail, "%s", check->section.name);
    if (by_pattern) {
        buffer_append_string(&detail, _(" said \""));
        buffer_append(&detail, span_head(found, SHOWN));
        buffer_append_byte(&detail, '"');
    }
    if (by_exit)
        buffer_append_format(&detail, _("%s ended with status %d"), by_pattern ? _(" and") : "", program->status);
    snprintf(name, sizeof name, "CHECK_%s", check->section.name);
    outside_answer_add(answer, name, N_("a program that was shown the message"), buffer_span(&detail),
                       points + by_pattern, false);
}

static void say_why_not(const struct outside_check *check, const struct program *program, struct buffer *silent)
{
    static const char *const ends[] = { [PROGRAM_NOT_STARTED] = N_("could not be started"),
                                        [PROGRAM_LATE] = N_("took too long"), [PROGRAM_DIED] = N_("was killed"),
                                        [PROGRAM_EXITED] = "" };
    say_silent(check, _(ends[program->end]), silent);
    if (program->end == PROGRAM_DIED)
        buffer_append_format(silent, _(" by signal %d"), program->status);
}

static void ask(const struct outside_case *asked, struct outside_answer *answer)
{
    const struct outside_settings *settings = asked->settings;
    struct program *programs = arena_new_array(asked->arena, struct program, settings->check_count);
    const struct outside_check **checks =
        arena_new_array(asked->arena, const struct outside_check *, settings->check_count);
    struct buffer silent = buffer_new(asked->arena, OUTSIDE_TEXT_MOST);
    size_t count = 0;
    for (size_t i = 0; i < settings->check_count; i++) {
        const struct outside_check *check = &settings->checks[i];
        if (!check->enabled)
            continue;
        checks[count] = check;
        programs[count++] = (struct program){ .command = check->command, .milliseconds = check->milliseconds };
    }
    programs_run(programs, count, asked->message, asked->arena);
    for (size_t i = 0; i < count; i++)
        if (programs[i].end == PROGRAM_EXITED)
            weigh(checks[i], &programs[i], answer, &silent);
        else
            say_why_not(checks[i], &programs[i], &silent);
    if (silent.length == 0)
        return;
    log_line(LOG_SEVERITY_WARNING, "a message was not checked by all programs: %.*s", (int)silent.length, silent.data);
    outside_answer_add(answer, "CHECK_NOT_TOLD", N_("programs that gave no answer"), buffer_span(&silent), 0, false);
}

const struct outside_part part_check = {
    .name = "a checking program",
    .is_configured = is_configured,
    .patience = patience,
    .ask = ask,
    .reaches_out = true,
    .memory_bytes = MEMORY,
};
