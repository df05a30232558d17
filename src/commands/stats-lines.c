/* stats-lines.c - the figures of one user as lines, and many users' lines added up */
#include "commands/stats-lines.h"

#include <inttypes.h>
#include <string.h>

#include "commands/stats-report.h"
#include "util/text-lines.h"

#define COUNTS (sizeof(struct daybook_counts) / sizeof(uint64_t))
/* No user has had so many of anything. */
#define NUMBER_MOST INT64_C(10000000000000)
#define POINTS_MOST 100000000 /* hundredths */

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void write_counts(const struct daybook_counts *counts, FILE *out)
{
    const uint64_t *numbers = (const uint64_t *)counts;
    for (size_t i = 0; i < COUNTS; i++)
        fprintf(out, " %" PRIu64, numbers[i]);
    fputc('\n', out);
}

static void write_rule(const struct daybook_rule *rule, FILE *out)
{
    fprintf(out, "rule %s %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", rule->name, rule->points,
            rule->ham, rule->unsure, rule->spam, rule->called_ham, rule->called_spam);
}

void stats_lines_write(const struct stats *stats, FILE *out)
{
    char address[NETWORK_TEXT];
    fprintf(out, "tamis-stats 1 %u %u\n", stats->first, stats->last);
    if (stats->has_record) {
        fprintf(out, "times %" PRId64 " %" PRId64 "\nall", stats->began, stats->last_message);
        write_counts(&stats->all, out);
    }
    for (uint32_t day = stats->first; stats->has_record && day <= stats->last; day++) {
        fprintf(out, "day %u", day);
        write_counts(&stats->days[day - stats->first], out);
    }
    for (size_t i = 0; i < stats->rule_count; i++)
        write_rule(&stats->rules[i].counted, out);
    for (size_t i = 0; i < stats->relay_count; i++) {
        const struct daybook_relay *relay = &stats->relays[i].counted;
        fprintf(out, "relay %s %" PRIu64 " %" PRIu64 " %u\n", stats_address(&relay->address, address), relay->ham,
                relay->spam, relay->day);
    }
    if (stats->knows_junk)
        fprintf(out, "junk %" PRIu64 " %" PRIu64 "\n", stats->junk_messages, stats->junk_bytes);
    if (stats->knows_lessons)
        fprintf(out, "learned %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 "\n", stats->lessons[LABEL_HAM],
                stats->lessons[LABEL_SPAM], stats->last_lesson[LABEL_HAM], stats->last_lesson[LABEL_SPAM]);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static uint64_t take_number(struct text_lines *lines)
{
    return (uint64_t)text_lines_number(lines, 0, NUMBER_MOST);
}

static struct daybook_counts take_counts(struct text_lines *lines)
{
    struct daybook_counts counts;
    uint64_t *numbers = (uint64_t *)&counts;
    for (size_t i = 0; i < COUNTS; i++)
        numbers[i] = take_number(lines);
    return counts;
}

static bool is_rule_name(const char *name)
{
    return *name && name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static void add_times(struct stats *stats, struct text_lines *lines)
{
    int64_t began = (int64_t)take_number(lines), last = (int64_t)take_number(lines);
    if (!text_lines_done(lines))
        return;
    stats->has_record = true;
    stats->began = stats->began && stats->began < began ? stats->began : began;
    stats->last_message = stats->last_message > last ? stats->last_message : last;
}

static void add_all(struct stats *stats, struct text_lines *lines)
{
    struct daybook_counts counts = take_counts(lines);
    if (text_lines_done(lines))
        daybook_add(&stats->all, &counts);
}

static void add_day(struct stats *stats, struct text_lines *lines)
{
    uint64_t day = take_number(lines);
    struct daybook_counts counts = take_counts(lines);
    if (!text_lines_done(lines) || day < stats->first || day > stats->last)
        return;
    daybook_add(&stats->days[day - stats->first], &counts);
    daybook_add(&stats->sum, &counts);
}

static void add_rule(struct stats *stats, struct text_lines *lines)
{
    const char *name = text_lines_word(lines);
    int points = (int)text_lines_number(lines, -POINTS_MOST, POINTS_MOST);
    struct daybook_rule more = { .ham = take_number(lines) };
    more.unsure = take_number(lines);
    more.spam = take_number(lines);
    more.called_ham = take_number(lines);
    more.called_spam = take_number(lines);
    struct stats_rule *rule = text_lines_done(lines) && is_rule_name(name) ? stats_rule_named(stats, name) : NULL;
    if (!rule)
        return;
    rule->counted.points = rule->is_known ? rule->counted.points : points;
    rule->counted.ham += more.ham;
    rule->counted.unsure += more.unsure;
    rule->counted.spam += more.spam;
    rule->counted.called_ham += more.called_ham;
    rule->counted.called_spam += more.called_spam;
    rule->users += rule->last_user != stats->users;
    rule->last_user = stats->users;
}

static void add_relay(struct stats *stats, struct text_lines *lines)
{
    struct network_address address;
    const char *text = text_lines_word(lines);
    uint64_t ham = take_number(lines), spam = take_number(lines), day = take_number(lines);
    if (!text_lines_done(lines) || !network_read_address(span_of(text), &address) || day > stats->last)
        return;
    struct stats_relay *relay = stats_relay_of(stats, &address);
    if (!relay)
        return;
    relay->counted.ham += ham;
    relay->counted.spam += spam;
    relay->counted.day = relay->counted.day > day ? relay->counted.day : (uint32_t)day;
    relay->users += relay->last_user != stats->users;
    relay->last_user = stats->users;
}

static void add_junk(struct stats *stats, struct text_lines *lines)
{
    uint64_t messages = take_number(lines), bytes = take_number(lines);
    if (!text_lines_done(lines))
        return;
    stats->knows_junk = true;
    stats->junk_messages += messages;
    stats->junk_bytes += bytes;
}

static void add_learned(struct stats *stats, struct text_lines *lines)
{
    uint64_t lessons[2] = { take_number(lines) };
    lessons[1] = take_number(lines);
    int64_t last[2] = { (int64_t)take_number(lines) };
    last[1] = (int64_t)take_number(lines);
    if (!text_lines_done(lines))
        return;
    stats->knows_lessons = true;
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        stats->lessons[label] += lessons[label];
        stats->last_lesson[label] =
            stats->last_lesson[label] > last[label] ? stats->last_lesson[label] : last[label];
    }
}

static void add_line(struct stats *stats, struct text_lines *lines)
{
    static const struct {
        const char *word;
        void (*add)(struct stats *stats, struct text_lines *lines);
    } kinds[] = {
        { "times", add_times }, { "all", add_all },     { "day", add_day },         { "rule", add_rule },
        { "relay", add_relay }, { "junk", add_junk }, { "learned", add_learned },
    };
    const char *word = text_lines_word(lines);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i].word) == 0)
            kinds[i].add(stats, lines);
}

void stats_lines_add(struct stats *stats, struct span output)
{
    FILE *file = output.length ? fmemopen((char *)(uintptr_t)output.data, output.length, "r") : NULL;
    if (!file)
        return;
    struct text_lines lines = text_lines_from(file);
    if (text_lines_next(&lines) && strcmp(text_lines_word(&lines), "tamis-stats") == 0 && take_number(&lines) == 1) {
        stats->users++;
        while (text_lines_next(&lines))
            add_line(stats, &lines);
    }
    text_lines_free(&lines);
    fclose(file);
}
