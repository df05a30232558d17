/* stats-figures.c - figures of `tamis stats` in words: shares, dates, sizes, times */
#include <stdio.h>

#include "commands/stats-report.h"
#include "learn/learn.h"
#include "util/translate.h"
#include "verdict/figures.h"

const char *const stats_verdict_names[DAYBOOK_VERDICTS] = {
    [DAYBOOK_HAM] = "ham", [DAYBOOK_UNSURE] = "unsure", [DAYBOOK_SPAM] = "spam", [DAYBOOK_UNCHECKED] = "unchecked",
    [DAYBOOK_INFECTED] = "infected",
};

static const char *const months[12] = { N_("January"), N_("February"), N_("March"),     N_("April"),
                                        N_("May"),     N_("June"),     N_("July"),      N_("August"),
                                        N_("September"), N_("October"), N_("November"), N_("December") };

const char *stats_short_month(int month)
{
    static const char *const names[12] = { N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
                                           N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec") };
    return _(names[month - 1]);
}

/* 1 January 1970 was a Thursday. */
const char *stats_short_weekday(uint32_t day)
{
    static const char *const names[7] = { N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat") };
    return _(names[(day + 4) % 7]);
}

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
    snprintf(out, STATS_FIGURE, "%d %s %d", day_of_month, _(months[month - 1]), year);
    return out;
}

const char *stats_title(const struct stats *stats, char out[STATS_TITLE])
{
    char first[STATS_FIGURE], last[STATS_FIGURE];
    if (stats->period == STATS_DAY)
        snprintf(out, STATS_TITLE, _("Mail of %s"), stats_date(stats->last, last));
    else
        snprintf(out, STATS_TITLE, _("Mail from %s to %s"), stats_date(stats->first, first),
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

/* Tenths of a millisecond: what is shown. */
static uint64_t tenths_of(uint64_t microseconds)
{
    return (microseconds + 50) / 100;
}

const char *stats_milliseconds(uint64_t microseconds, char out[STATS_FIGURE])
{
    uint64_t tenths = tenths_of(microseconds);
    snprintf(out, STATS_FIGURE, "%llu.%llu", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    return out;
}

const char *stats_imbalance(const uint64_t lessons[2])
{
    if (lessons[LABEL_HAM] > LEARN_LOPSIDED * lessons[LABEL_SPAM])
        return _("lopsided: learn more spam");
    if (lessons[LABEL_SPAM] > LEARN_LOPSIDED * lessons[LABEL_HAM])
        return _("lopsided: learn more ham");
    return NULL;
}

const char *stats_why_no_record(const struct stats *stats)
{
    if (stats->unread != FAILURE_NONE)
        return _("What was counted cannot be read; the log says why.");
    return _("Nothing has been counted yet: that begins with the next message (setting statistics).");
}

const char *stats_of_ham(uint64_t part, const struct daybook_counts *counts, char out[STATS_SHARE])
{
    char percent[STATS_FIGURE];
    snprintf(out, STATS_SHARE, _("%s of the ham"), stats_percent(part, stats_true_ham(counts), percent));
    return out;
}

const char *stats_of_spam(uint64_t part, const struct daybook_counts *counts, char out[STATS_SHARE])
{
    char percent[STATS_FIGURE];
    snprintf(out, STATS_SHARE, _("%s of the spam"), stats_percent(part, stats_true_spam(counts), percent));
    return out;
}

void stats_lessons_sentence(const struct stats *stats, struct buffer *out)
{
    char date[STATS_FIGURE];
    const char *imbalance = stats_imbalance(stats->lessons);
    int64_t last = stats->last_lesson[stats->last_lesson[LABEL_SPAM] > stats->last_lesson[LABEL_HAM]];
    buffer_append_format(out, _("%8llu  ham and %llu spam in all"), (unsigned long long)stats->lessons[LABEL_HAM],
                         (unsigned long long)stats->lessons[LABEL_SPAM]);
    if (last)
        buffer_append_format(out, _(", the last on %s"), stats_date(daybook_date_of(last).day, date));
    if (imbalance)
        buffer_append_format(out, "; %s", imbalance);
}

void stats_new_lessons_sentence(const struct daybook_counts *counts, struct buffer *out)
{
    buffer_append_format(out, _("%8llu  ham and %llu spam in this time by the user's word, %llu and %llu without"),
                         (unsigned long long)counts->lessons[LABEL_HAM][1],
                         (unsigned long long)counts->lessons[LABEL_SPAM][1],
                         (unsigned long long)counts->lessons[LABEL_HAM][0],
                         (unsigned long long)counts->lessons[LABEL_SPAM][0]);
}

void stats_junk_sentence(const struct stats *stats, struct buffer *out)
{
    char size[FIGURE_SIZE];
    buffer_append_format(out, translate_count("%8llu  message, %s", "%8llu  messages, %s", stats->junk_messages),
                         (unsigned long long)stats->junk_messages, figure_bytes(stats->junk_bytes, size));
}

/* The record knows steps: "at most 5 ms" beside "the slowest 4.2 ms", or beside one shown as 5.0 ms, says nothing. */
static bool says_more_than_the_slowest(unsigned milliseconds, const struct daybook_counts *counts)
{
    return milliseconds && tenths_of(milliseconds * 1000ULL) < tenths_of(counts->slowest);
}

void stats_cost_sentence(const struct daybook_counts *counts, struct buffer *out)
{
    char figure[STATS_FIGURE];
    uint64_t messages = stats_messages(counts);
    unsigned half = stats_enough_milliseconds(counts, 50), most = stats_enough_milliseconds(counts, 95);
    if (says_more_than_the_slowest(half, counts))
        buffer_append_format(out, _("half of the messages took at most %u ms, "), half);
    if (says_more_than_the_slowest(most, counts))
        buffer_append_format(out, _("95 %% at most %u ms, "), most);
    buffer_append_format(out, _("the slowest %s ms"), stats_milliseconds(counts->slowest, figure));
    buffer_append_format(out, _("; %s ms on average"),
                         stats_milliseconds(messages ? counts->microseconds / messages : 0, figure));
}
