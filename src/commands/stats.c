/* stats.c - `tamis stats`: what was filtered when, what was corrected, what rules are worth */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/stats-lines.h"
#include "commands/stats-report.h"
#include "commands/terminal-look.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

enum {
    OPTION_LAST,
    OPTION_HTML,
    OPTION_JSON,
    OPTION_PROMETHEUS,
    OPTION_LINES,
    OPTION_COLOR,
    OPTION_ALL_USERS,
    OPTIONS
};

static const struct command_option options[] = {
    [OPTION_LAST] = { "last", 'l', "PERIOD", N_("day, week, month (by default) or year: that many days, up to today") },
    [OPTION_HTML] = { "html", 0, NULL, N_("an HTML page") },
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object") },
    [OPTION_PROMETHEUS] = { "prometheus", 0, "FILE",
                            N_("put counts of all time into FILE, for node_exporter; - is stdout") },
    [OPTION_LINES] = { "lines", 0, NULL, N_("one user's figures as --all-users reads them") },
    [OPTION_COLOR] = { "color", 0, "WHEN", N_("colour: auto (at a terminal, the default), always or never") },
    [OPTION_ALL_USERS] = { "all-users", 0, "LIST",
                           N_("sums over the mailboxes of a pattern or of a list on stdin (-)") },
    { NULL, 0, NULL, NULL },
};

/* The lists of many users take 15 MB, a report as much. */
#define STATS_ARENA ((size_t)64 * 1024 * 1024)
/* Whoever reads what node_exporter collects is another user. */
#define METRICS_MODE 0644

/* --- many users --------------------------------------------------------------------------------------------------- */

static void take_lines(void *context, struct span output)
{
    stats_lines_add(context, output);
}

/* As each user's `tamis stats --lines`.  `read_r`: of how many the figures are. */
static int add_all_users(struct stats *stats, const struct invocation *invocation, size_t *read_r)
{
    const char *const *given = invocation->option_values;
    const char *values[OPTIONS] = { [OPTION_LAST] = given[OPTION_LAST], [OPTION_LINES] = "" };
    struct invocation of_each = *invocation;
    of_each.option_values = values;
    of_each.verbose = 0;
    stats->of_many = true;
    int status = each_user_collect(&of_each, given[OPTION_ALL_USERS], take_lines, stats, read_r);
    stats_add_known_rules(stats, invocation->settings);
    stats_hide_few(stats);
    return status;
}

/* --- one user ----------------------------------------------------------------------------------------------------- */

/* Without a Maildir there are figures all the same, where mail is filtered and somebody else delivers it.  But a path
 * that leads to something else, and where nothing was counted, is a mistake.  Gives the exit status. */
static int tell_no_junk(const struct stats *stats)
{
    const struct failure *why = &stats->no_junk;
    if (why->kind == FAILURE_NONE || why->error == ENOENT)
        return EX_OK;
    bool counted = stats->has_record || stats->unread;
    log_line(counted ? LOG_SEVERITY_WARNING : LOG_SEVERITY_ERROR, "what lies in Junk cannot be counted: %s",
             why->reason);
    return counted ? EX_OK : failure_exit_status(why->kind);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static int write_metrics(const char *path, struct span text)
{
    struct failure failure = { 0 };
    if (strcmp(path, "-") == 0)
        fwrite(text.data, 1, text.length, stdout);
    else if (!file_replace(path, text, METRICS_MODE, &failure))
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    return failure_exit_status(failure.kind);
}

static int report(const struct stats *stats, const struct invocation *invocation, const struct terminal *terminal)
{
    const char *const *given = invocation->option_values;
    struct buffer out = buffer_new(stats->arena, STATS_REPORT_BYTES);
    if (given[OPTION_LINES]) {
        stats_lines_write(stats, stdout);
        return EX_OK;
    }
    if (given[OPTION_PROMETHEUS]) {
        stats_metrics(stats, &out);
        return write_metrics(given[OPTION_PROMETHEUS], buffer_span(&out));
    }
    if (given[OPTION_HTML])
        stats_page(stats, &out);
    else if (given[OPTION_JSON])
        stats_json(stats, &out);
    else
        stats_text(stats, terminal, invocation->verbose > 0, &out);
    fwrite(out.data, 1, out.length, stdout);
    return EX_OK;
}

static int run_stats(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    enum stats_period period = given[OPTION_LAST] ? stats_period_named(given[OPTION_LAST]) : STATS_MONTH;
    struct terminal_look look;
    int forms = (given[OPTION_HTML] != NULL) + (given[OPTION_JSON] != NULL) + (given[OPTION_PROMETHEUS] != NULL);
    bool understood = terminal_look_find(given[OPTION_COLOR], &look) && period != STATS_PERIODS;
    if (!understood || invocation->operand_count || forms > 1) {
        fprintf(stderr, _("tamis: stats takes --last day, week, month or year, one of --html, --json and --prometheus, "
                          "--color auto, always or never, and no operands\n"));
        return EX_USAGE;
    }
    struct arena *arena = arena_new(STATS_ARENA);
    struct stats stats;
    size_t read = 1;
    int status = EX_OK;
    stats_start(&stats, period, (int64_t)time(NULL), arena);
    if (given[OPTION_ALL_USERS]) {
        status = add_all_users(&stats, invocation, &read);
    } else {
        stats_add_user(&stats, invocation->settings);
        status = failure_exit_status(stats.unread);
        if (!given[OPTION_LINES]) {
            int of_junk = tell_no_junk(&stats);
            status = status == EX_OK ? of_junk : status;
            read = of_junk == EX_OK;
            stats_add_known_rules(&stats, invocation->settings);
        }
    }
    stats_sort(&stats);
    /* Figures of nobody would be read as nothing: counters of all time that begin anew. */
    bool for_programs = given[OPTION_PROMETHEUS] || given[OPTION_LINES];
    bool has_figures = read > 0 && !(for_programs && stats.unread != FAILURE_NONE);
    int reported = has_figures || status == EX_OK ? report(&stats, invocation, &look.terminal) : status;
    arena_free(arena);
    return reported == EX_OK ? status : reported;
}

const struct command command_stats = {
    .name = "stats",
    .summary = N_("What was filtered when, what was corrected, and what rules are worth"),
    .operands = "",
    .details = N_("Days are those of the machine's time zone.  With -v lists of rules and relays are whole.\n\n"
               "Exit status: 0 done, also when nothing has been counted yet; 64 usage; 66 no mailbox; 75 try again;\n"
               "77 not allowed; with --all-users that of the last mailbox that failed.\n"),
    .options = options,
    .run = run_stats,
};
