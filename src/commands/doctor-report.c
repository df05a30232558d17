/* doctor-report.c - what `tamis doctor` has found, for people and for programs */
#include "commands/doctor.h"
#include "util/columns.h"
#include "util/translate.h"
#include "verdict/json.h"
#include "verdict/report.h"

static const char *const state_names[] = { N_("ok"), N_("note"), N_("problem") };
#define STATE_COLUMNS 8
#define TEXT_COLUMN 19 /* of what was found; "to do: " begins there, too */

static void write_state(enum finding_state state, struct buffer *out)
{
    const char *name = _(state_names[state]);
    int columns = (int)columns_of_text(span_of(name));
    buffer_append_format(out, "%s%*s", name, columns < STATE_COLUMNS ? STATE_COLUMNS - columns : 0, "");
}

static void write_finding(const struct finding *finding, struct buffer *out)
{
    write_state(finding->state, out);
    buffer_append_format(out, " %-9s ", finding->subject);
    report_escape(span_of(finding->text), out);
    buffer_append_byte(out, '\n');
    if (!finding->remedy[0])
        return;
    buffer_append_string(out, _("                   to do: "));
    report_escape(span_of(finding->remedy), out);
    buffer_append_byte(out, '\n');
}

/* The same, broken where the terminal's lines end, each text below itself. */
static void draw_finding(struct terminal_writer *writer, const struct finding *finding)
{
    static const enum terminal_colour colours[] = {
        [STATE_FINE] = TERMINAL_HAM, [STATE_NOTE] = TERMINAL_UNSURE, [STATE_PROBLEM] = TERMINAL_SPAM
    };
    terminal_colour(writer, colours[finding->state]);
    terminal_string(writer, _(state_names[finding->state]));
    terminal_colour(writer, TERMINAL_PLAIN);
    terminal_column(writer, STATE_COLUMNS + 1);
    terminal_string(writer, finding->subject);
    terminal_column(writer, TEXT_COLUMN);
    terminal_string(writer, finding->text);
    if (finding->remedy[0]) {
        terminal_line(writer, 0);
        terminal_string(writer, _("                   to do: "));
        writer->indent = writer->column;
        terminal_string(writer, finding->remedy);
    }
    terminal_line(writer, 0);
}

void doctor_write_text(const struct doctor *doctor, bool problems_only, const struct terminal *terminal,
                       struct buffer *out)
{
    struct terminal_writer writer = { 0 };
    if (terminal)
        writer = terminal_start(terminal, out);
    if (problems_only) {
        report_escape(span_of(doctor->settings->maildir.path), out);
        buffer_append_string(out, ":\n");
    }
    for (size_t i = 0; i < doctor->count; i++) {
        const struct finding *finding = &doctor->findings[i];
        if (problems_only && finding->state != STATE_PROBLEM)
            continue;
        if (terminal)
            draw_finding(&writer, finding);
        else
            write_finding(finding, out);
    }
}

void doctor_write_json(const struct doctor *doctor, bool fine, struct buffer *out)
{
    struct json json = json_new(out);
    json_open_object(&json, NULL);
    json_boolean(&json, "fine", fine);
    json_text(&json, "maildir", span_of(doctor->settings->maildir.path));
    json_open_array(&json, "findings");
    for (size_t i = 0; i < doctor->count; i++) {
        const struct finding *finding = &doctor->findings[i];
        json_open_object(&json, NULL);
        json_text(&json, "subject", span_of(finding->subject));
        json_text(&json, "state", span_of(state_names[finding->state]));
        json_text(&json, "text", span_of(finding->text));
        if (finding->remedy[0])
            json_text(&json, "remedy", span_of(finding->remedy));
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
    buffer_append_byte(out, '\n');
}
