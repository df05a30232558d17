/* stats-report.h - a summary (stats-summary.h) written for a terminal, as a page, as JSON, and for Prometheus
 *
 * Numbers are written the same in every locale.  Percentages and means are of the figures as corrected.
 */
#ifndef TAMIS_COMMANDS_STATS_REPORT_H
#define TAMIS_COMMANDS_STATS_REPORT_H

#include "commands/stats-summary.h"
#include "util/buffer.h"
#include "util/network.h"
#include "verdict/terminal.h"

/* All of it fits: some 60 bytes a rule or relay. */
#define STATS_REPORT_BYTES ((size_t)16 * 1024 * 1024)

/* Lists of rules and relays end after some; `whole`: they do not. */
void stats_text(const struct stats *stats, const struct terminal *terminal, bool whole, struct buffer *out);

/* One HTML page, see verdict/page.h. */
void stats_page(const struct stats *stats, struct buffer *out);

/* One object and a newline. */
void stats_json(const struct stats *stats, struct buffer *out);

/* The text format that node_exporter's textfile collector and every Prometheus read (version 0.0.4): counters over all
 * time, so that they only grow, and gauges.  No rules and no relays: each of them would be a time series. */
void stats_metrics(const struct stats *stats, struct buffer *out);

/* --- figures ------------------------------------------------------------------------------------------------------ */

#define STATS_FIGURE 48

/* "12.5 %", "-" of nothing; "22 November 2026"; "4.2". */
const char *stats_percent(uint64_t part, uint64_t whole, char out[STATS_FIGURE]);
const char *stats_date(uint32_t day, char out[STATS_FIGURE]);
const char *stats_milliseconds(uint64_t microseconds, char out[STATS_FIGURE]);

/* "Mail from 16 November 2026 to 22 November 2026". */
#define STATS_TITLE (2 * STATS_FIGURE + 16)
const char *stats_title(const struct stats *stats, char out[STATS_TITLE]);

const char *stats_address(const struct network_address *address, char out[NETWORK_TEXT]);

/* In words why there are no counts of messages: none yet, or none that can be read. */
const char *stats_why_no_record(const struct stats *stats);

/* The first day of the month of a day. */
uint32_t stats_first_of_month(uint32_t day);

/* "Nov", of 1 to 12, and "Sun", of a day: three columns wide in every language. */
const char *stats_short_month(int month);
const char *stats_short_weekday(uint32_t day);

/* "this is lopsided", in words; NULL when the lessons are balanced. */
const char *stats_imbalance(const uint64_t lessons[2]);

extern const char *const stats_verdict_names[DAYBOOK_VERDICTS];

/* "9.1 % of the ham", "9.1 % of the spam": as corrected. */
#define STATS_SHARE (STATS_FIGURE + 60)
const char *stats_of_ham(uint64_t part, const struct daybook_counts *counts, char out[STATS_SHARE]);
const char *stats_of_spam(uint64_t part, const struct daybook_counts *counts, char out[STATS_SHARE]);

/* "     120  ham and 80 spam in all, the last on 22 November 2026", what was learned in the period, and what
 * lies in Junk.  The first figure is in a column, which a page does not show. */
void stats_lessons_sentence(const struct stats *stats, struct buffer *out);
void stats_new_lessons_sentence(const struct daybook_counts *counts, struct buffer *out);
void stats_junk_sentence(const struct stats *stats, struct buffer *out);

/* "half of the messages took at most 5 ms, 95 % at most 10 ms, the slowest 31.2 ms; 4.9 ms on average" */
void stats_cost_sentence(const struct daybook_counts *counts, struct buffer *out);

#endif
