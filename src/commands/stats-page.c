/* stats-page.c - a summary as one HTML page with drawings */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/stats-report.h"
#include "util/translate.h"
#include "verdict/figures.h"
#include "verdict/page.h"

#define RULES_SHOWN 40
#define RELAYS_SHOWN 30

static const enum page_colour colours[DAYBOOK_VERDICTS] = {
    [DAYBOOK_HAM] = PAGE_HAM,           [DAYBOOK_UNSURE] = PAGE_UNSURE,  [DAYBOOK_SPAM] = PAGE_SPAM,
    [DAYBOOK_UNCHECKED] = PAGE_PLAIN, [DAYBOOK_INFECTED] = PAGE_SPAM,
};

/* --- tables ------------------------------------------------------------------------------------------------------- */

static void put_messages(const struct stats *stats, struct buffer *out)
{
    const struct daybook_counts *sum = &stats->sum;
    uint64_t all = stats_messages(sum);
    char percent[STATS_FIGURE];
    page_section_start(_("Verdicts"), NULL, out);
    buffer_append_string(out, "<table class=figures>");
    for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict < DAYBOOK_VERDICTS; verdict++) {
        if (verdict > DAYBOOK_SPAM && !sum->messages[verdict])
            continue;
        buffer_append_format(out,
                             "<tr><td class=%s>%s</td><td class=figure>%" PRIu64 "</td><td class=figure>%s</td>"
                             "<td class=bar>",
                             page_colour_class(colours[verdict]), stats_verdict_names[verdict], sum->messages[verdict],
                             stats_percent(sum->messages[verdict], all, percent));
        page_bar(0, (double)(all ? all : 1), (double)sum->messages[verdict], colours[verdict], out);
        buffer_append_string(out, "</td></tr>\n");
    }
    buffer_append_format(out, "<tr><td>%s</td><td class=figure>%" PRIu64 "</td><td></td><td></td></tr></table>",
                         _("all"), all);
    page_section_end(out);
}

static void put_row(struct buffer *out, const char *what, uint64_t number, const char *share)
{
    buffer_append_format(out, "<tr><td>%s</td><td class=figure>%" PRIu64 "</td><td class=figure>%s</td></tr>\n", what,
                         number, share);
}

static void put_corrections(const struct stats *stats, struct buffer *out)
{
    const struct daybook_counts *sum = &stats->sum;
    char share[STATS_SHARE];
    uint64_t lost = stats_corrected(sum, DAYBOOK_SPAM_WAS_HAM), missed = stats_corrected(sum, DAYBOOK_HAM_WAS_SPAM);
    page_section_start(_("Corrected"),
                       _("What was moved into or out of Junk, or learned by name, against the verdict."), out);
    buffer_append_string(out, "<table class=figures>");
    put_row(out, _("taken out of Junk"), lost, stats_of_ham(lost, sum, share));
    put_row(out, _("spam that was missed"), missed, stats_of_spam(missed, sum, share));
    put_row(out, _("unsure that were spam"), stats_corrected(sum, DAYBOOK_UNSURE_WAS_SPAM), "");
    put_row(out, _("unsure that were ham"), stats_corrected(sum, DAYBOOK_UNSURE_WAS_HAM), "");
    buffer_append_string(out, "</table>");
    page_section_end(out);
}

static void put_state(const struct stats *stats, struct buffer *out)
{
    page_section_start(_("Learned, stored, spent"), NULL, out);
    if (stats->knows_lessons) {
        buffer_append_format(out, "<p><span class=quiet>%s</span> ", _("Learned"));
        stats_lessons_sentence(stats, out);
        buffer_append_string(out, "</p>\n");
    }
    buffer_append_format(out, "<p><span class=quiet>%s</span> ", _("Learned"));
    stats_new_lessons_sentence(&stats->sum, out);
    buffer_append_string(out, "</p>\n");
    if (stats->knows_junk) {
        buffer_append_format(out, "<p><span class=quiet>%s</span> ",
                             stats->of_many ? _("In the Junk folders now") : _("In Junk now"));
        stats_junk_sentence(stats, out);
        buffer_append_string(out, "</p>\n");
    }
    if (stats_messages(&stats->sum)) {
        buffer_append_format(out, "<p><span class=quiet>%s</span> ", _("Cost"));
        stats_cost_sentence(&stats->sum, out);
        buffer_append_string(out, "</p>\n");
    }
    page_section_end(out);
}

/* --- the chart ---------------------------------------------------------------------------------------------------- */

#define CHART_WIDTH 720
#define CHART_HEIGHT 200
#define CHART_TOP 14 /* for the highest figure */
#define CHART_FOOT 22 /* for the names of the days */
#define CHART_LEFT 46 /* for the figures */
#define CHART_RIGHT 20 /* for half the name of the last day */

static void put_block(struct buffer *out, enum page_colour colour, double x, double width, double *y, double height)
{
    if (height <= 0)
        return;
    *y -= height;
    buffer_append_format(out, "<rect class=\"%s\" x=\"%d\" y=\"%d.%d\" width=\"%d\" height=\"%d.%d\"/>",
                         page_colour_class(colour), (int)x, (int)*y, (int)(*y * 10) % 10, (int)width, (int)height,
                         (int)(height * 10) % 10);
}

static void put_bar_label(const struct stats *stats, const struct stats_bar *bar, size_t number, size_t count, int x,
                          struct buffer *out)
{
    int year, month, day;
    daybook_calendar(bar->first, &year, &month, &day);
    bool every_fifth = stats->period == STATS_MONTH;
    if (every_fifth && (count - 1 - number) % 5 != 0)
        return;
    buffer_append_format(out, "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x, CHART_HEIGHT - 6);
    if (stats->period == STATS_YEAR)
        buffer_append_format(out, "%s", stats_short_month(month));
    else
        buffer_append_format(out, "%d %s", day, stats_short_month(month));
    buffer_append_string(out, "</text>");
}

static void put_scale(uint64_t most, struct buffer *out)
{
    const int floor = CHART_HEIGHT - CHART_FOOT;
    buffer_append_format(out,
                         "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
                         "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>"
                         "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%" PRIu64 "</text>\n",
                         CHART_LEFT, floor, CHART_WIDTH, floor, CHART_LEFT - 6, floor, CHART_LEFT - 6, CHART_TOP + 4,
                         most);
}

static void put_chart(const struct stats *stats, struct buffer *out)
{
    struct stats_bar bars[STATS_BARS_MOST];
    size_t count = stats_bars(stats, bars);
    uint64_t most = stats_highest(bars, count);
    if (!most)
        return;
    page_section_start(stats->period == STATS_YEAR ? _("By month") : _("By day"),
                       "<span class=ham>&#9632;</span> ham, <span class=unsure>&#9632;</span> unsure, "
                       "<span class=spam>&#9632;</span> spam; <span class=plain>&#9632;</span> unchecked",
                       out);
    buffer_append_format(out,
                         "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                         "aria-label=\"%s\">\n",
                         CHART_WIDTH, CHART_HEIGHT, _("messages"));
    put_scale(most, out);
    double step = (double)(CHART_WIDTH - CHART_LEFT - CHART_RIGHT) / (double)count;
    double unit = (double)(CHART_HEIGHT - CHART_FOOT - CHART_TOP) / (double)most;
    for (size_t i = 0; i < count; i++) {
        double x = CHART_LEFT + (double)i * step + step * 0.1, y = CHART_HEIGHT - CHART_FOOT;
        for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict < DAYBOOK_VERDICTS; verdict++)
            put_block(out, colours[verdict], x, step * 0.8, &y, (double)bars[i].counts.messages[verdict] * unit);
        put_bar_label(stats, &bars[i], i, count, (int)(x + step * 0.4), out);
        buffer_append_byte(out, '\n');
    }
    buffer_append_string(out, "</svg>");
    page_section_end(out);
}

/* --- rules and relays --------------------------------------------------------------------------------------------- */

static const char *remark(enum stats_worth worth)
{
    switch (worth) {
    case STATS_ONLY_HAM:
        return _("points for spam, and hits ham alone");
    case STATS_ONLY_SPAM:
        return _("points for ham, and hits spam alone");
    default:
        return "";
    }
}

static void put_rule(const struct stats *stats, const struct stats_rule *rule, uint64_t most, struct buffer *out)
{
    char points[FIGURE_SIZE];
    uint64_t ham = stats_rule_ham(&rule->counted), spam = stats_rule_spam(&rule->counted);
    buffer_append_string(out, "<tr><td>");
    page_text(span_of(rule->counted.name), out);
    const char *words = remark(stats_worth_of(stats, rule));
    if (*words)
        buffer_append_format(out, "<br><span class=quiet>%s</span>", words);
    buffer_append_format(out, "</td><td class=figure>%s</td><td class=figure>%" PRIu64 "</td><td class=bar>",
                         figure_points(rule->counted.points, points), spam);
    page_bar(0, (double)most, (double)spam, PAGE_SPAM, out);
    buffer_append_format(out, "</td><td class=figure>%" PRIu64 "</td><td class=bar>", ham);
    page_bar(0, (double)most, (double)ham, PAGE_HAM, out);
    buffer_append_string(out, "</td></tr>\n");
}

/* Those that say least for their points come after those that hit most. */
static bool is_shown(const struct stats *stats, size_t place)
{
    enum stats_worth worth = stats_worth_of(stats, &stats->rules[place]);
    const struct daybook_rule *rule = &stats->rules[place].counted;
    return stats_rule_ham(rule) + stats_rule_spam(rule) > 0 &&
           (place < RULES_SHOWN || worth == STATS_ONLY_HAM || worth == STATS_ONLY_SPAM);
}

static void put_rules(const struct stats *stats, struct buffer *out)
{
    uint64_t most = 1;
    size_t shown = 0;
    char note[200], date[STATS_FIGURE];
    for (size_t i = 0; i < stats->rule_count; i++) {
        shown += is_shown(stats, i);
        uint64_t ham = stats_rule_ham(&stats->rules[i].counted), spam = stats_rule_spam(&stats->rules[i].counted);
        most = ham > most ? ham : most;
        most = spam > most ? spam : most;
    }
    if (!shown)
        return;
    snprintf(note, sizeof note, _("Messages in which each was found, since %s, as corrected."),
             stats_date(stats_first_of_month(stats->first), date));
    page_section_start(_("Reasons"), note, out);
    buffer_append_format(out, "<table class=figures><tr><th></th><th class=figure>%s</th><th class=figure>spam</th>"
                              "<th></th><th class=figure>ham</th><th></th></tr>\n", _("points"));
    for (size_t i = 0; i < stats->rule_count; i++)
        if (is_shown(stats, i))
            put_rule(stats, &stats->rules[i], most, out);
    buffer_append_string(out, "</table>");
    page_section_end(out);
}

static void put_never(const struct stats *stats, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < stats->rule_count; i++)
        count += stats_worth_of(stats, &stats->rules[i]) == STATS_NEVER;
    if (!count)
        return;
    page_section_start(_("Rules that hit nothing"), _("Of those that have points."), out);
    buffer_append_format(out, "<p>%zu: ", count);
    for (size_t i = 0; i < stats->rule_count; i++)
        if (stats_worth_of(stats, &stats->rules[i]) == STATS_NEVER) {
            page_text(span_of(stats->rules[i].counted.name), out);
            buffer_append_byte(out, '\n');
        }
    buffer_append_string(out, "</p>");
    page_section_end(out);
}

static void put_relays(const struct stats *stats, struct buffer *out)
{
    char address[NETWORK_TEXT], date[STATS_FIGURE];
    if (stats->relay_count == 0)
        return;
    page_section_start(_("Relays that sent spam"), NULL, out);
    buffer_append_format(out, "<table class=figures><tr><th></th><th class=figure>spam</th><th></th>"
                              "<th class=figure>ham</th><th class=figure>%s</th></tr>\n", _("last spam"));
    for (size_t i = 0; i < stats->relay_count && i < RELAYS_SHOWN; i++) {
        const struct daybook_relay *relay = &stats->relays[i].counted;
        buffer_append_format(out, "<tr><td>%s</td><td class=figure>%" PRIu64 "</td><td class=bar>",
                             stats_address(&relay->address, address), relay->spam);
        page_bar(0, (double)stats->relays[0].counted.spam, (double)relay->spam, PAGE_SPAM, out);
        buffer_append_format(out, "</td><td class=figure>%" PRIu64 "</td><td class=figure>%s</td></tr>\n", relay->ham,
                             stats_date(relay->day, date));
    }
    buffer_append_string(out, "</table>");
    page_section_end(out);
}

static void put_beginning(const struct stats *stats, struct buffer *out)
{
    char date[STATS_FIGURE];
    buffer_append_string(out, "<p class=note>");
    buffer_append_format(out, _("Counted since %s."), stats_date(daybook_date_of(stats->began).day, date));
    buffer_append_string(out, "</p>\n");
}

void stats_page(const struct stats *stats, struct buffer *out)
{
    char title[STATS_TITLE];
    page_start(_("Mail, filtered"), out);
    buffer_append_format(out, "<h1>%s</h1>\n", stats_title(stats, title));
    if (stats->of_many)
        buffer_append_format(out, "<p>%s: %zu</p>\n", _("users"), stats->users);
    if (!stats->has_record)
        buffer_append_format(out, "<p>%s</p>\n", stats_why_no_record(stats));
    else if (stats->began && daybook_date_of(stats->began).day > stats->first)
        put_beginning(stats, out);
    put_messages(stats, out);
    put_chart(stats, out);
    put_corrections(stats, out);
    put_state(stats, out);
    put_rules(stats, out);
    put_never(stats, out);
    put_relays(stats, out);
    page_end(out);
}
