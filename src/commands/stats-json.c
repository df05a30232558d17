/* stats-json.c - a summary as one JSON object, for programs */
#include <stdio.h>

#include "commands/stats-report.h"
#include "verdict/json.h"

static void put_date(struct json *json, const char *name, uint32_t day)
{
    char text[32];
    int year, month, day_of_month;
    daybook_calendar(day, &year, &month, &day_of_month);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day_of_month);
    json_text(json, name, span_of(text));
}

static void put_milliseconds(struct json *json, const char *name, uint64_t microseconds)
{
    json_points(json, name, microseconds > 20000000000 ? 2000000000 : (int)((microseconds + 5) / 10));
}

static void put_messages(struct json *json, const struct daybook_counts *counts)
{
    json_open_object(json, "messages");
    for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict < DAYBOOK_VERDICTS; verdict++)
        json_integer(json, stats_verdict_names[verdict], (int64_t)counts->messages[verdict]);
    json_close_object(json);
}

static void put_corrected(struct json *json, const struct daybook_counts *counts)
{
    json_open_object(json, "corrected");
    json_integer(json, "ham_was_spam", (int64_t)stats_corrected(counts, DAYBOOK_HAM_WAS_SPAM));
    json_integer(json, "unsure_was_spam", (int64_t)stats_corrected(counts, DAYBOOK_UNSURE_WAS_SPAM));
    json_integer(json, "unsure_was_ham", (int64_t)stats_corrected(counts, DAYBOOK_UNSURE_WAS_HAM));
    json_integer(json, "spam_was_ham", (int64_t)stats_corrected(counts, DAYBOOK_SPAM_WAS_HAM));
    json_close_object(json);
}

static void put_lessons(struct json *json, const struct daybook_counts *counts)
{
    json_open_object(json, "lessons");
    json_integer(json, "ham_by_user", (int64_t)counts->lessons[LABEL_HAM][1]);
    json_integer(json, "spam_by_user", (int64_t)counts->lessons[LABEL_SPAM][1]);
    json_integer(json, "ham_otherwise", (int64_t)counts->lessons[LABEL_HAM][0]);
    json_integer(json, "spam_otherwise", (int64_t)counts->lessons[LABEL_SPAM][0]);
    json_integer(json, "forgotten", (int64_t)counts->forgotten);
    json_close_object(json);
}

static void put_cost(struct json *json, const struct daybook_counts *counts)
{
    uint64_t messages = stats_messages(counts);
    json_open_object(json, "cost");
    json_integer(json, "bytes", (int64_t)counts->bytes);
    put_milliseconds(json, "mean_ms", messages ? counts->microseconds / messages : 0);
    put_milliseconds(json, "slowest_ms", counts->slowest);
    json_open_array(json, "took");
    for (size_t i = 0; i < DAYBOOK_STEPS; i++) {
        json_open_object(json, NULL);
        if (i < DAYBOOK_STEPS - 1)
            json_integer(json, "up_to_ms", daybook_step_milliseconds[i]);
        else
            json_null(json, "up_to_ms");
        json_integer(json, "messages", (int64_t)counts->took[i]);
        json_close_object(json);
    }
    json_close_array(json);
    json_close_object(json);
}

static void put_state(struct json *json, const struct stats *stats)
{
    if (stats->knows_junk) {
        json_open_object(json, "junk");
        json_integer(json, "messages", (int64_t)stats->junk_messages);
        json_integer(json, "bytes", (int64_t)stats->junk_bytes);
        json_close_object(json);
    }
    if (stats->knows_lessons) {
        json_open_object(json, "learned");
        json_integer(json, "ham", (int64_t)stats->lessons[LABEL_HAM]);
        json_integer(json, "spam", (int64_t)stats->lessons[LABEL_SPAM]);
        json_integer(json, "last_ham", stats->last_lesson[LABEL_HAM]);
        json_integer(json, "last_spam", stats->last_lesson[LABEL_SPAM]);
        json_boolean(json, "balanced", stats_imbalance(stats->lessons) == NULL);
        json_close_object(json);
    }
}

static void put_days(struct json *json, const struct stats *stats)
{
    json_open_array(json, "days");
    for (uint32_t day = stats->first; day <= stats->last; day++) {
        const struct daybook_counts *counts = &stats->days[day - stats->first];
        json_open_object(json, NULL);
        put_date(json, "day", day);
        put_messages(json, counts);
        put_corrected(json, counts);
        put_lessons(json, counts);
        json_close_object(json);
    }
    json_close_array(json);
}

static void put_rules(struct json *json, const struct stats *stats)
{
    static const char *const worths[] = {
        [STATS_USEFUL] = "useful",     [STATS_TOO_FEW] = "too_few",     [STATS_NEVER] = "never",
        [STATS_ONLY_HAM] = "only_ham", [STATS_ONLY_SPAM] = "only_spam",
    };
    json_open_array(json, "rules");
    for (size_t i = 0; i < stats->rule_count; i++) {
        const struct daybook_rule *rule = &stats->rules[i].counted;
        json_open_object(json, NULL);
        json_text(json, "name", span_of(rule->name));
        json_points(json, "points", rule->points);
        json_integer(json, "spam", (int64_t)stats_rule_spam(rule));
        json_integer(json, "ham", (int64_t)stats_rule_ham(rule));
        json_integer(json, "called_spam", (int64_t)rule->called_spam);
        json_integer(json, "called_ham", (int64_t)rule->called_ham);
        json_text(json, "worth", span_of(worths[stats_worth_of(stats, &stats->rules[i])]));
        json_close_object(json);
    }
    json_close_array(json);
}

static void put_relays(struct json *json, const struct stats *stats)
{
    char address[NETWORK_TEXT];
    json_open_array(json, "relays");
    for (size_t i = 0; i < stats->relay_count; i++) {
        const struct daybook_relay *relay = &stats->relays[i].counted;
        json_open_object(json, NULL);
        json_text(json, "address", span_of(stats_address(&relay->address, address)));
        json_integer(json, "spam", (int64_t)relay->spam);
        json_integer(json, "ham", (int64_t)relay->ham);
        put_date(json, "last_spam", relay->day);
        json_close_object(json);
    }
    json_close_array(json);
}

void stats_json(const struct stats *stats, struct buffer *out)
{
    struct json json = json_new(out);
    json_open_object(&json, NULL);
    json_text(&json, "last", span_of(stats_period_name(stats->period)));
    put_date(&json, "from", stats->first);
    put_date(&json, "to", stats->last);
    json_integer(&json, "users", (int64_t)stats->users);
    json_boolean(&json, "unreadable", stats->unread != FAILURE_NONE);
    json_integer(&json, "began", stats->began);
    json_integer(&json, "last_message", stats->last_message);
    put_messages(&json, &stats->sum);
    put_corrected(&json, &stats->sum);
    put_lessons(&json, &stats->sum);
    put_cost(&json, &stats->sum);
    put_state(&json, stats);
    put_days(&json, stats);
    put_date(&json, "rules_and_relays_from", stats_first_of_month(stats->first));
    put_rules(&json, stats);
    put_relays(&json, stats);
    json_close_object(&json);
    buffer_append_byte(out, '\n');
}
