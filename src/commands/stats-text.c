/* stats-text.c - a summary for a terminal or a file: words, figures, bars */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/stats-report.h"
#include "util/translate.h"
#include "verdict/figures.h"

#define RULES_SHOWN 15
#define RELAYS_SHOWN 10
#define NAMES_SHOWN 12
#define BAR_MOST 60 /* columns: longer bars say no more */

/* Sequences of ECMA-48: the colours of `tamis explain`. */
#define STYLE_BOLD "1"
#define STYLE_HAM "36"
#define STYLE_UNSURE "33"
#define STYLE_SPAM "31"
#define STYLE_QUIET "2"

struct text_report {
    const struct stats *stats;
    const struct terminal *terminal;
    bool whole;
    struct buffer *out;
};

static void put_styled(const struct text_report *report, const char *style, const char *text)
{
    if (report->terminal->colour)
        buffer_append_format(report->out, "\033[%sm%s\033[0m", style, text);
    else
        buffer_append_string(report->out, text);
}

static void put_heading(const struct text_report *report, const char *heading)
{
    buffer_append_byte(report->out, '\n');
    put_styled(report, STYLE_BOLD, heading);
    buffer_append_byte(report->out, '\n');
}

/* --- bars --------------------------------------------------------------------------------------------------------- */

/* Eighths of a block, U+258F to U+2588; in ASCII halves are rounded. */
static const char *const eighths[] = { "",       "\u258F", "\u258E", "\u258D", "\u258C",
                                       "\u258B", "\u258A", "\u2589", "\u2588" };

static void put_repeated(const char *cell, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_string(out, cell);
}

/* How much of the room that share takes. */
static size_t share_of(size_t room, uint64_t value, uint64_t most)
{
    double share = most ? (double)value / (double)most : 0;
    return (size_t)((share < 1 ? share : 1) * (double)room + 0.5);
}

static void put_bar(const struct text_report *report, uint64_t value, uint64_t most, size_t room, const char *style)
{
    room = room > BAR_MOST ? BAR_MOST : room;
    size_t parts = share_of(room * 8, value, most);
    struct buffer bar = buffer_new(report->out->arena, 4096);
    if (value && !parts)
        parts = 1;
    if (report->terminal->unicode) {
        put_repeated(eighths[8], parts / 8, &bar);
        buffer_append_string(&bar, eighths[parts % 8]);
    } else {
        put_repeated("#", (parts + (value && parts < 8 ? 7 : 4)) / 8, &bar);
    }
    buffer_append_byte(&bar, '\0');
    put_styled(report, style, bar.data);
}

/* What a cell of a stacked bar looks like, so that it is told without colour as well. */
static const struct {
    const char *unicode, *ascii, *style;
} cells[] = {
    [DAYBOOK_HAM] = { "\u2591", ".", STYLE_HAM },
    [DAYBOOK_UNSURE] = { "\u2592", "?", STYLE_UNSURE },
    [DAYBOOK_SPAM] = { "\u2588", "#", STYLE_SPAM },
};

static const char *cell_of(const struct text_report *report, enum daybook_verdict verdict)
{
    return report->terminal->unicode ? cells[verdict].unicode : cells[verdict].ascii;
}

/* Infected mail counts as spam here, and what was unchecked as unsure. */
static uint64_t shown_as(const struct daybook_counts *counts, enum daybook_verdict verdict)
{
    enum daybook_verdict with = verdict == DAYBOOK_SPAM ? DAYBOOK_INFECTED : DAYBOOK_UNCHECKED;
    return counts->messages[verdict] + (verdict == DAYBOOK_HAM ? 0 : counts->messages[with]);
}

static void put_stack(const struct text_report *report, const struct daybook_counts *counts, uint64_t most, size_t room)
{
    uint64_t so_far = 0;
    size_t drawn = 0;
    room = room > BAR_MOST ? BAR_MOST : room;
    for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict <= DAYBOOK_SPAM; verdict++) {
        struct buffer part = buffer_new(report->out->arena, 4096);
        so_far += shown_as(counts, verdict);
        size_t end = share_of(room, so_far, most);
        if (end == drawn && shown_as(counts, verdict) && drawn < room)
            end++; /* what there is is seen */
        put_repeated(cell_of(report, verdict), end - drawn, &part);
        buffer_append_byte(&part, '\0');
        if (end > drawn)
            put_styled(report, cells[verdict].style, part.data);
        drawn = end > drawn ? end : drawn;
    }
}

/* Columns that a line still has behind `used`. */
static size_t room_after(const struct text_report *report, size_t used)
{
    return report->terminal->width > used + 1 ? report->terminal->width - used - 1 : 1;
}

/* --- sections ----------------------------------------------------------------------------------------------------- */

static void put_title(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    char first[STATS_FIGURE], title[STATS_TITLE];
    put_styled(report, STYLE_BOLD, stats_title(stats, title));
    if (stats->of_many)
        buffer_append_format(report->out, _(", of %zu users"), stats->users);
    buffer_append_byte(report->out, '\n');
    if (stats->began && daybook_date_of(stats->began).day > stats->first) {
        buffer_append_format(report->out, _("Counted since %s."), stats_date(daybook_date_of(stats->began).day, first));
        buffer_append_byte(report->out, '\n');
    }
}

static void put_messages(const struct text_report *report)
{
    static const char *const styles[DAYBOOK_VERDICTS] = {
        [DAYBOOK_HAM] = STYLE_HAM,         [DAYBOOK_UNSURE] = STYLE_UNSURE,  [DAYBOOK_SPAM] = STYLE_SPAM,
        [DAYBOOK_UNCHECKED] = STYLE_QUIET, [DAYBOOK_INFECTED] = STYLE_SPAM,
    };
    const struct daybook_counts *sum = &report->stats->sum;
    uint64_t all = stats_messages(sum);
    char percent[STATS_FIGURE];
    buffer_append_format(report->out, "\n  %-10s %8" PRIu64 "\n", _("messages"), all);
    for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict < DAYBOOK_VERDICTS; verdict++) {
        if (verdict > DAYBOOK_SPAM && !sum->messages[verdict])
            continue;
        buffer_append_format(report->out, "  %-10s %8" PRIu64 " %8s  ", stats_verdict_names[verdict],
                             sum->messages[verdict], stats_percent(sum->messages[verdict], all, percent));
        put_bar(report, sum->messages[verdict], all, room_after(report, 32), styles[verdict]);
        buffer_append_byte(report->out, '\n');
    }
}

static void put_corrections(const struct text_report *report)
{
    const struct daybook_counts *sum = &report->stats->sum;
    char share[STATS_SHARE];
    uint64_t lost = stats_corrected(sum, DAYBOOK_SPAM_WAS_HAM), missed = stats_corrected(sum, DAYBOOK_HAM_WAS_SPAM);
    uint64_t unsure_spam = stats_corrected(sum, DAYBOOK_UNSURE_WAS_SPAM);
    uint64_t unsure_ham = stats_corrected(sum, DAYBOOK_UNSURE_WAS_HAM);
    put_heading(report, _("Corrected"));
    buffer_append_format(report->out, "  %8" PRIu64 "  %s: %s\n", lost, _("taken out of Junk"),
                         stats_of_ham(lost, sum, share));
    buffer_append_format(report->out, "  %8" PRIu64 "  %s: %s\n", missed, _("spam that was missed"),
                         stats_of_spam(missed, sum, share));
    buffer_append_format(report->out, _("  %8llu  of the unsure were spam, %llu ham\n"),
                         (unsigned long long)unsure_spam, (unsigned long long)unsure_ham);
}

static void put_lessons(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    struct buffer *out = report->out;
    put_heading(report, _("Learned"));
    if (stats->knows_lessons) {
        buffer_append_string(out, "  ");
        stats_lessons_sentence(stats, out);
        buffer_append_byte(out, '\n');
    }
    buffer_append_string(out, "  ");
    stats_new_lessons_sentence(&stats->sum, out);
    buffer_append_byte(out, '\n');
}

static void put_junk_and_cost(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    if (stats->knows_junk) {
        put_heading(report, stats->of_many ? _("In the Junk folders now") : _("In Junk now"));
        buffer_append_string(report->out, "  ");
        stats_junk_sentence(stats, report->out);
        buffer_append_byte(report->out, '\n');
    }
    if (stats_messages(&stats->sum)) {
        put_heading(report, _("Cost"));
        buffer_append_string(report->out, "  ");
        stats_cost_sentence(&stats->sum, report->out);
        buffer_append_byte(report->out, '\n');
    }
}

/* --- by day ------------------------------------------------------------------------------------------------------- */

/* "Sun 22 Nov", "Nov 2026": as wide as each other. */
static void put_bar_name(const struct stats *stats, const struct stats_bar *bar, struct buffer *out)
{
    int year, month, day;
    daybook_calendar(bar->first, &year, &month, &day);
    if (stats->period == STATS_YEAR)
        buffer_append_format(out, "  %s %d  ", stats_short_month(month), year);
    else
        buffer_append_format(out, "  %s %2d %s", stats_short_weekday(bar->first), day, stats_short_month(month));
}

static void put_bars(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    struct stats_bar bars[STATS_BARS_MOST];
    size_t count = stats_bars(stats, bars);
    uint64_t most = stats_highest(bars, count);
    if (!most)
        return;
    char heading[100];
    snprintf(heading, sizeof heading, "%s: %s ham, %s unsure, %s spam",
             stats->period == STATS_YEAR ? _("By month") : _("By day"), cell_of(report, DAYBOOK_HAM),
             cell_of(report, DAYBOOK_UNSURE), cell_of(report, DAYBOOK_SPAM));
    put_heading(report, heading);
    for (size_t i = 0; i < count; i++) {
        put_bar_name(stats, &bars[i], report->out);
        buffer_append_format(report->out, " %6" PRIu64 "  ", stats_messages(&bars[i].counts));
        put_stack(report, &bars[i].counts, most, room_after(report, 21));
        buffer_append_byte(report->out, '\n');
    }
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

static void put_rules(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    uint64_t most = stats->rule_count ? stats_rule_spam(&stats->rules[0].counted) : 0;
    size_t shown = 0;
    for (size_t i = 0; i < stats->rule_count && (report->whole || shown < RULES_SHOWN); i++) {
        const struct daybook_rule *rule = &stats->rules[i].counted;
        uint64_t ham = stats_rule_ham(rule), spam = stats_rule_spam(rule);
        char points[FIGURE_SIZE];
        if (ham + spam == 0)
            continue;
        if (shown++ == 0) {
            put_heading(report, _("Reasons, by the spam they were found in"));
            buffer_append_format(report->out, "  %-28s %7s %7s %7s\n", "", _("points"), "spam", "ham");
        }
        buffer_append_format(report->out, "  %-28s %7s %7" PRIu64 " %7" PRIu64 "  ", rule->name,
                             figure_points(rule->points, points), spam, ham);
        put_bar(report, spam, most, room_after(report, 56), STYLE_SPAM);
        buffer_append_byte(report->out, '\n');
    }
}

/* Names in lines as wide as the terminal, indented. */
static void put_names(const struct text_report *report, enum stats_worth worth, const char *what)
{
    const struct stats *stats = report->stats;
    size_t count = 0, shown = 0, column = 0;
    for (size_t i = 0; i < stats->rule_count; i++)
        count += stats_worth_of(stats, &stats->rules[i]) == worth;
    if (!count)
        return;
    buffer_append_format(report->out, "  %8zu  %s:\n", count, what);
    for (size_t i = 0; i < stats->rule_count && (report->whole || shown < NAMES_SHOWN); i++) {
        const char *name = stats->rules[i].counted.name;
        if (stats_worth_of(stats, &stats->rules[i]) != worth)
            continue;
        if (column && column + 1 + strlen(name) > report->terminal->width) {
            buffer_append_byte(report->out, '\n');
            column = 0;
        }
        buffer_append_format(report->out, "%s%s", column ? " " : "            ", name);
        column = (column ? column + 1 : 12) + strlen(name);
        shown++;
    }
    buffer_append_string(report->out, shown < count ? _(" ... (-v names all)\n") : "\n");
}

static void put_candidates(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    bool any = false;
    for (size_t i = 0; i < stats->rule_count && !any; i++)
        any = stats_worth_of(stats, &stats->rules[i]) > STATS_TOO_FEW;
    if (!any)
        return;
    put_heading(report, _("Rules that earned nothing"));
    put_names(report, STATS_ONLY_HAM, _("have points for spam, and hit ham alone"));
    put_names(report, STATS_ONLY_SPAM, _("have points for ham, and hit spam alone"));
    put_names(report, STATS_NEVER, _("hit nothing"));
}

/* --- relays ------------------------------------------------------------------------------------------------------- */

static void put_relays(const struct text_report *report)
{
    const struct stats *stats = report->stats;
    char address[NETWORK_TEXT], date[STATS_FIGURE];
    if (stats->relay_count + stats->hidden_relays == 0)
        return;
    put_heading(report, _("Relays that sent spam"));
    for (size_t i = 0; i < stats->relay_count && (report->whole || i < RELAYS_SHOWN); i++) {
        const struct daybook_relay *relay = &stats->relays[i].counted;
        buffer_append_format(report->out, _("  %8llu  from %s"), (unsigned long long)relay->spam,
                             stats_address(&relay->address, address));
        if (relay->ham)
            buffer_append_format(report->out, _(", beside %llu ham"), (unsigned long long)relay->ham);
        buffer_append_format(report->out, _(", the last on %s"), stats_date(relay->day, date));
        buffer_append_byte(report->out, '\n');
    }
    if (!report->whole && stats->relay_count > RELAYS_SHOWN)
        buffer_append_format(report->out, _("  and %zu more (-v names all)\n"), stats->relay_count - RELAYS_SHOWN);
    if (stats->hidden_relays)
        buffer_append_format(report->out, _("  %8zu  relays that fewer than %d users met\n"), stats->hidden_relays,
                             STATS_FEWEST_USERS);
}

/* ------------------------------------------------------------------------------------------------------------------ */

void stats_text(const struct stats *stats, const struct terminal *terminal, bool whole, struct buffer *out)
{
    const struct text_report report = { stats, terminal, whole, out };
    put_title(&report);
    if (stats->has_record) {
        put_messages(&report);
        put_corrections(&report);
        put_bars(&report);
    } else {
        buffer_append_format(out, "\n  %s\n", stats_why_no_record(stats));
    }
    put_lessons(&report);
    put_junk_and_cost(&report);
    put_rules(&report);
    put_candidates(&report);
    put_relays(&report);
    char date[STATS_FIGURE];
    if (stats->has_record)
        buffer_append_format(out, _("\nReasons and relays are counted by month: these are since %s.\n"),
                             stats_date(stats_first_of_month(stats->first), date));
}
