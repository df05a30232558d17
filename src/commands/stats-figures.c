/* stats-figures.c - figures of `tamis stats` in words: shares, dates, sizes, times */
#include <stdio.h>

#include "commands/stats-report.h"
#include "learn/learn.h"

const char *const stats_verdict_names[DAYBOOK_VERDICTS] = {
    [DAYBOOK_HAM] = "ham", [DAYBOOK_UNSURE] = "unsure", [DAYBOOK_SPAM] = "spam", [DAYBOOK_UNCHECKED] = "unchecked",
    [DAYBOOK_INFECTED] = "infected",
};

const char *const stats_weekdays[7] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
const char *const stats_months[12] = { "January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December" };

const char *stats_percent(uint64_t part, uint64_t whole, char out[STATS_FIGURE])
{
    if (!whole) {
        snprintf(out, STATS_FIGURE, "-");
        return out;
    }
    uint64_t tenths = (uint64_t)((double)part * 1000 / (double)whole + 0.5);
    snprintf(out, STATS_FIGURE, "%llu.%llu %%", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    return out;
}

const char *stats_date(uint32_t day, char out[STATS_FIGURE])
{
    int year, month, day_of_month;
    daybook_calendar(day, &year, &month, &day_of_month);
    snprintf(out, STATS_FIGURE, "%d %s %d", day_of_month, stats_months[month - 1], year);
    return out;
}

const char *stats_title(const struct stats *stats, char out[STATS_TITLE])
{
    char first[STATS_FIGURE], last[STATS_FIGURE];
    if (stats->period == STATS_DAY)
        snprintf(out, STATS_TITLE, "Mail of %s", stats_date(stats->last, last));
    else
        snprintf(out, STATS_TITLE, "Mail from %s to %s", stats_date(stats->first, first),
                 stats_date(stats->last, last));
    return out;
}

const char *stats_address(const struct network_address *address, char out[NETWORK_TEXT])
{
    const struct network one = { *address, 128 };
    return network_write(&one, out);
}

uint32_t stats_first_of_month(uint32_t day)
{
    int year, month, day_of_month;
    daybook_calendar(day, &year, &month, &day_of_month);
    return day - (uint32_t)day_of_month + 1;
}

/* 1 January 1970 was a Thursday. */
unsigned stats_weekday(uint32_t day)
{
    return (day + 4) % 7;
}

const char *stats_milliseconds(uint64_t microseconds, char out[STATS_FIGURE])
{
    uint64_t tenths = (microseconds + 50) / 100;
    snprintf(out, STATS_FIGURE, "%llu.%llu", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    return out;
}

const char *stats_imbalance(const uint64_t lessons[2])
{
    if (lessons[LABEL_HAM] > LEARN_LOPSIDED * lessons[LABEL_SPAM])
        return "lopsided: learn more spam";
    if (lessons[LABEL_SPAM] > LEARN_LOPSIDED * lessons[LABEL_HAM])
        return "lopsided: learn more ham";
    return NULL;
}

void stats_cost_sentence(const struct daybook_counts *counts, struct buffer *out)
{
    char figure[STATS_FIGURE];
    uint64_t messages = stats_messages(counts);
    unsigned half = stats_enough_milliseconds(counts, 50), most = stats_enough_milliseconds(counts, 95);
    if (half)
        buffer_append_format(out, "half of the messages took at most %u ms, ", half);
    if (most)
        buffer_append_format(out, "95 %% at most %u ms, ", most);
    buffer_append_format(out, "the slowest %s ms", stats_milliseconds(counts->slowest, figure));
    buffer_append_format(out, "; %s ms on average",
                         stats_milliseconds(messages ? counts->microseconds / messages : 0, figure));
}
