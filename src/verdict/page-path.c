/* page-path.c - the way a message came, as a section of an HTML page */
#include <time.h>

#include "util/translate.h"
#include "verdict/page-message.h"
#include "verdict/page.h"

/* As much of each as a person reads. */
#define RELAYS_SHOWN 20
#define HOST_SHOWN 255
#define PROTOCOL_SHOWN 400
#define TIME_SIZE 40

static void put_time(int64_t date, struct buffer *out)
{
    char text[TIME_SIZE];
    struct tm parts;
    time_t when = (time_t)date;
    if (date == RELAY_NO_DATE || !gmtime_r(&when, &parts) ||
        !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts))
        return;
    buffer_append_format(out, " <span class=\"quiet\">%s</span>", text);
}

/* In each there are two or more of them, or it would be told in the next smaller one. */
static const struct unit {
    uint64_t seconds;
    const char *name;
} units[] = {
    { 86400, N_("days") }, { 3600, N_("hours") }, { 60, N_("minutes") }, { 1, N_("seconds") },
};

/* How long the message lay at the host that handed it on at `before`. */
static void put_delay(int64_t date, int64_t before, struct buffer *out)
{
    if (date == RELAY_NO_DATE || before == RELAY_NO_DATE)
        return;
    bool backwards = date < before;
    uint64_t seconds = backwards ? (uint64_t)before - (uint64_t)date : (uint64_t)date - (uint64_t)before;
    const struct unit *unit = units;
    while (seconds < 2 * unit->seconds && unit->seconds > 1)
        unit++;
    if (seconds < 2 * unit->seconds)
        return;
    buffer_append_format(out, ", %llu %s", (unsigned long long)(seconds / unit->seconds), _(unit->name));
    if (backwards)
        buffer_append_format(out, " <b class=\"spam\">%s</b>", _("before the host ahead of it had it"));
    else
        buffer_append_format(out, " %s", _("later"));
}

static void put_code(struct span text, struct buffer *out)
{
    buffer_append_string(out, "<span class=\"code\">");
    page_excerpt(text, HOST_SHOWN, out);
    buffer_append_string(out, "</span>");
}

/* What a host says of the one it had the message from. */
static void put_hop(const struct relay *relay, struct buffer *out)
{
    buffer_append_format(out, "<div class=\"hop\">%s ", _("had it from"));
    put_code(relay->ip.length ? relay->ip : relay->reverse_name.length ? relay->reverse_name : span_of("?"), out);
    if (relay->ip.length && relay->reverse_name.length) {
        if (relay->reverse_name_forged)
            buffer_append_format(out, ", <b class=\"spam\">%s</b> ", _("perhaps forged as"));
        else
            buffer_append_format(out, ", %s ", _("named"));
        put_code(relay->reverse_name, out);
    } else if (relay->ip.length) {
        buffer_append_format(out, ", %s", _("no name"));
    }
    if (relay->helo.length && !span_equal_nocase(relay->helo, relay->reverse_name)) {
        buffer_append_string(out, _(", says it is "));
        put_code(relay->helo, out);
    }
    if (relay->with.length) {
        buffer_append_format(out, " <span class=\"quiet\">%s ", _("by"));
        page_excerpt(relay->with, PROTOCOL_SHOWN, out);
        buffer_append_string(out, "</span>");
    }
    buffer_append_string(out, "</div>");
}

static void put_relay(const struct message *message, size_t index, bool certain, struct buffer *out)
{
    const struct relay *relay = &message->relays[index];
    buffer_append_format(out, "<li class=\"%s\"><b>", certain ? "certain" : "claimed");
    page_excerpt(relay->by.length ? relay->by : span_of("?"), HOST_SHOWN, out);
    buffer_append_string(out, "</b>");
    put_time(relay->date, out);
    if (index + 1 < message->relay_count)
        put_delay(relay->date, message->relays[index + 1].date, out);
    put_hop(relay, out);
    buffer_append_string(out, "</li>\n");
}

void page_path(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    if (message->relay_count == 0)
        return;
    const struct relay *border = inspection_border(explanation->inspection);
    size_t certain = border ? (size_t)(border - message->relays) + 1 : 1;
    page_section_start(
        _("Path"),
        _("From your side outwards. Filled dots are hosts that can be believed; whatever stands below them can be "
          "made up."),
        out);
    buffer_append_string(out, "<ol class=\"path\">\n");
    for (size_t i = 0; i < message->relay_count && i < RELAYS_SHOWN; i++)
        put_relay(message, i, i < certain, out);
    buffer_append_string(out, "</ol>\n");
    if (message->relay_count > RELAYS_SHOWN)
        page_more(message->relay_count - RELAYS_SHOWN, out);
    page_section_end(out);
}
