/* stats-metrics.c - a summary in Prometheus' text format
 *
 * Names and units by "Metric and label naming" of Prometheus' manual: base units (seconds, bytes), counters end in
 * _total.
 */
#include <inttypes.h>

#include "commands/stats-report.h"

static void put_help(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Microseconds as seconds, exactly. */
static void put_seconds(struct buffer *out, uint64_t microseconds)
{
    buffer_append_format(out, "%" PRIu64 ".%06" PRIu64, microseconds / 1000000, microseconds % 1000000);
}

static void put_messages(const struct stats *stats, struct buffer *out)
{
    put_help(out, "tamis_messages_total", "counter", "Messages judged, by verdict.");
    for (enum daybook_verdict verdict = DAYBOOK_HAM; verdict < DAYBOOK_VERDICTS; verdict++)
        buffer_append_format(out, "tamis_messages_total{verdict=\"%s\"} %" PRIu64 "\n", stats_verdict_names[verdict],
                             stats->all.messages[verdict]);
    put_help(out, "tamis_message_bytes_total", "counter", "Bytes of the messages judged.");
    buffer_append_format(out, "tamis_message_bytes_total %" PRIu64 "\n", stats->all.bytes);
}

static void put_corrections(const struct stats *stats, struct buffer *out)
{
    static const struct {
        enum daybook_correction correction;
        const char *labels;
    } kinds[] = {
        { DAYBOOK_HAM_WAS_SPAM, "verdict=\"ham\",said=\"spam\"" },
        { DAYBOOK_UNSURE_WAS_SPAM, "verdict=\"unsure\",said=\"spam\"" },
        { DAYBOOK_UNSURE_WAS_HAM, "verdict=\"unsure\",said=\"ham\"" },
        { DAYBOOK_SPAM_WAS_HAM, "verdict=\"spam\",said=\"ham\"" },
    };
    put_help(out, "tamis_corrections_total", "counter", "Verdicts that a user has corrected, by what he says instead.");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        buffer_append_format(out, "tamis_corrections_total{%s} %" PRIu64 "\n", kinds[i].labels,
                             stats->all.corrected[kinds[i].correction]);
    put_help(out, "tamis_corrections_taken_back_total", "counter", "Of these, those that the user has taken back.");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        buffer_append_format(out, "tamis_corrections_taken_back_total{%s} %" PRIu64 "\n", kinds[i].labels,
                             stats->all.taken_back[kinds[i].correction]);
}

static void put_cost(const struct stats *stats, struct buffer *out)
{
    uint64_t so_far = 0;
    put_help(out, "tamis_message_seconds", "histogram",
             "How long messages took, from being read to being where they belong.");
    for (size_t i = 0; i < DAYBOOK_STEPS - 1; i++) {
        unsigned step = daybook_step_milliseconds[i];
        so_far += stats->all.took[i];
        buffer_append_format(out, "tamis_message_seconds_bucket{le=\"%u.%03u\"} %" PRIu64 "\n", step / 1000,
                             step % 1000, so_far);
    }
    so_far += stats->all.took[DAYBOOK_STEPS - 1];
    buffer_append_format(out, "tamis_message_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\ntamis_message_seconds_sum ",
                         so_far);
    put_seconds(out, stats->all.microseconds);
    buffer_append_format(out, "\ntamis_message_seconds_count %" PRIu64 "\n", so_far);
}

static void put_lessons(const struct stats *stats, struct buffer *out)
{
    static const char *const names[] = { [LABEL_HAM] = "ham", [LABEL_SPAM] = "spam" };
    put_help(out, "tamis_lessons_total", "counter", "Messages learned, and whether the user said so.");
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        buffer_append_format(out,
                             "tamis_lessons_total{label=\"%s\",source=\"user\"} %" PRIu64
                             "\ntamis_lessons_total{label=\"%s\",source=\"other\"} %" PRIu64 "\n",
                             names[label], stats->all.lessons[label][1], names[label], stats->all.lessons[label][0]);
    put_help(out, "tamis_lessons_forgotten_total", "counter", "Lessons taken back.");
    buffer_append_format(out, "tamis_lessons_forgotten_total %" PRIu64 "\n", stats->all.forgotten);
    if (!stats->knows_lessons)
        return;
    put_help(out, "tamis_learned_messages", "gauge", "Messages that the learned state knows.");
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        buffer_append_format(out, "tamis_learned_messages{label=\"%s\"} %" PRIu64 "\n", names[label],
                             stats->lessons[label]);
    put_help(out, "tamis_last_lesson_timestamp_seconds", "gauge", "When the last message was learned; 0: never.");
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        buffer_append_format(out, "tamis_last_lesson_timestamp_seconds{label=\"%s\"} %" PRId64 "\n", names[label],
                             stats->last_lesson[label]);
}

void stats_metrics(const struct stats *stats, struct buffer *out)
{
    put_messages(stats, out);
    put_corrections(stats, out);
    put_cost(stats, out);
    put_lessons(stats, out);
    if (stats->knows_junk) {
        put_help(out, "tamis_junk_messages", "gauge", "Messages in Junk.");
        buffer_append_format(out, "tamis_junk_messages %" PRIu64 "\n", stats->junk_messages);
        put_help(out, "tamis_junk_bytes", "gauge", "Bytes of the messages in Junk.");
        buffer_append_format(out, "tamis_junk_bytes %" PRIu64 "\n", stats->junk_bytes);
    }
    put_help(out, "tamis_last_message_timestamp_seconds", "gauge", "When the last message was judged; 0: never.");
    buffer_append_format(out, "tamis_last_message_timestamp_seconds %" PRId64 "\n", stats->last_message);
    put_help(out, "tamis_users", "gauge", "Users whose figures these are.");
    buffer_append_format(out, "tamis_users %zu\n", stats->users);
}
