/* report.c - a judgement in words, for people, and in JSON, for programs */
#include "verdict/report.h"

#include <stdio.h>

#include "util/translate.h"
#include "util/utf8.h"
#include "verdict/figures.h"

#define NAME_COLUMN_LEAST 12

void report_escape(struct span text, struct buffer *out)
{
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        if (utf8_is_control(code) || utf8_is_invisible(code) || code == 0x2028 || code == 0x2029)
            buffer_append_format(out, "\\u{%04X}", (unsigned)code);
        else
            utf8_append(out, code);
    }
}

void report_line(const struct judgement *judgement, struct span source, struct buffer *out)
{
    char score[FIGURE_SIZE], probability[FIGURE_SIZE];
    buffer_append_format(out, "%-6s %6s  %s", verdict_name(judgement->verdict), figure_points(judgement->score, score),
                         figure_probability(judgement->probability, 3, probability));
    if (source.length) {
        buffer_append_string(out, "  ");
        report_escape(source, out);
    }
    buffer_append_byte(out, '\n');
}

void report_sentence(const struct judgement *judgement, struct buffer *out)
{
    char score[FIGURE_SIZE], required[FIGURE_SIZE], unsure[FIGURE_SIZE], probability[FIGURE_SIZE];
    figure_points(judgement->score, score);
    figure_points(judgement->required, required);
    figure_points(judgement->unsure, unsure);
    figure_probability(judgement->probability, 4, probability);
    switch (judgement->verdict) {
    case VERDICT_SPAM:
        buffer_append_format(out, _("This is spam: %s points, where %s are enough (probability %s)."), score, required,
                             probability);
        break;
    case VERDICT_UNSURE:
        buffer_append_format(out, _("This may be spam: %s points; doubt starts at %s, spam at %s (probability %s)."),
                             score, unsure, required, probability);
        break;
    case VERDICT_HAM:
        buffer_append_format(out, _("This is no spam: %s points, where %s are needed (probability of spam %s)."), score,
                             required, probability);
        break;
    }
}

struct span report_reason(const struct reason *reason, struct arena *arena)
{
    bool adds = strcmp(reason->name, "LEARNED") == 0 || strcmp(reason->name, "RULES_LIMITED") == 0;
    if (reason->detail.length == 0)
        return span_of(_(reason->description));
    if (!adds)
        return reason->detail;
    const char *description = _(reason->description), *colon = _(": ");
    struct buffer text = buffer_new(arena, strlen(description) + strlen(colon) + reason->detail.length);
    buffer_append_string(&text, description);
    buffer_append_string(&text, colon);
    buffer_append(&text, reason->detail);
    return buffer_span(&text);
}

static int name_column(const struct judgement *judgement)
{
    size_t widest = NAME_COLUMN_LEAST;
    for (size_t i = 0; i < judgement->reason_count; i++)
        if (strlen(judgement->reasons[i].name) > widest)
            widest = strlen(judgement->reasons[i].name);
    return (int)widest;
}

void report_text(const struct judgement *judgement, struct buffer *out)
{
    char points[FIGURE_SIZE];
    report_sentence(judgement, out);
    buffer_append_string(out, "\n\n");
    if (judgement->reason_count == 0) {
        buffer_append_string(out, _("Nothing speaks for or against it.\n"));
        return;
    }
    int width = name_column(judgement);
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        buffer_append_format(out, "%8s  %-*s  ", figure_points(reason->points, points), width, reason->name);
        report_escape(report_reason(reason, out->arena), out);
        buffer_append_byte(out, '\n');
    }
    buffer_append_format(out, _("%8s\n%8s  sum\n"), "------", figure_points(judgement->score, points));
}

static void put_identity(const struct judgement *judgement, struct json *json)
{
    char text[2 * sizeof judgement->identity + 1];
    for (size_t i = 0; i < sizeof judgement->identity; i++)
        snprintf(text + 2 * i, 3, "%02x", judgement->identity[i]);
    json_text(json, "id", span_of(text));
}

static void put_learned(const struct judgement *judgement, struct json *json)
{
    json_open_object(json, "learned");
    json_text(json, "state", span_of(store_state_name(judgement->learned)));
    if (judgement->learned == STORE_READY)
        json_probability(json, "probability", judgement->learned_probability);
    else
        json_null(json, "probability");
    json_integer(json, "ham", (int64_t)judgement->lessons[LABEL_HAM]);
    json_integer(json, "spam", (int64_t)judgement->lessons[LABEL_SPAM]);
    json_close_object(json);
}

void report_json_members(const struct judgement *judgement, struct json *json)
{
    json_text(json, "verdict", span_of(verdict_name(judgement->verdict)));
    json_points(json, "score", judgement->score);
    json_points(json, "required", judgement->required);
    json_points(json, "unsure", judgement->unsure);
    json_probability(json, "probability", judgement->probability);
    put_identity(judgement, json);
    put_learned(judgement, json);
    json_open_array(json, "reasons");
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        json_open_object(json, NULL);
        json_text(json, "name", span_of(reason->name));
        json_points(json, "points", reason->points);
        json_text(json, "description", span_of(reason->description));
        json_text(json, "detail", reason->detail);
        json_close_object(json);
    }
    json_close_array(json);
}

void report_json(const struct judgement *judgement, struct span source, struct buffer *out)
{
    struct json json = json_new(out);
    json_open_object(&json, NULL);
    if (source.length)
        json_text(&json, "source", source);
    else
        json_null(&json, "source");
    report_json_members(judgement, &json);
    json_close_object(&json);
    buffer_append_byte(out, '\n');
}
