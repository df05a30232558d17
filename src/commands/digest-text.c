/* digest-text.c - the digest of Junk as a message: safe to view, whatever the spam in it says */
#include "config.h"

#include "commands/digest-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/translate.h"
#include "util/utf8.h"
#include "verdict/figures.h"
#include "verdict/page.h"
#include "verdict/report.h"

#define EDITION_AT_MOST ((size_t)512 * 1024)
#define QP_COLUMNS 75 /* 76 with the "=" of a soft line break */

/* RFC 5322 section 3.3: names of months must not follow the locale. */
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* --- text out of messages ----------------------------------------------------------------------------------------- */

/* What is shown of a field: cut, harmless, without links; "-" when there is none. */
static struct span harmless(struct span text, const char *missing, struct arena *arena)
{
    struct buffer escaped = buffer_new(arena, DIGEST_FIELD * 12), shown = buffer_new(arena, DIGEST_FIELD * 16);
    text = span_trim(text);
    report_escape(utf8_is_valid(text) ? utf8_head(text, DIGEST_FIELD) : span_head(text, DIGEST_FIELD), &escaped);
    for (size_t i = 0; i < escaped.length; i++) {
        if (escaped.data[i] == ':' && span_starts_nocase(span_from(buffer_span(&escaped), i), "://"))
            buffer_append_string(&shown, "[:]");
        else
            buffer_append_byte(&shown, escaped.data[i]);
    }
    if (text.length > DIGEST_FIELD)
        buffer_append_string(&shown, "...");
    if (shown.length == 0)
        buffer_append_string(&shown, missing);
    return buffer_span(&shown);
}

/* --- quoted-printable --------------------------------------------------------------------------------------------- */

static void append_quoted_printable(struct span text, struct buffer *out)
{
    size_t column = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '\n') {
            buffer_append_byte(out, '\n');
            column = 0;
            continue;
        }
        bool at_end = i + 1 == text.length || text.data[i + 1] == '\n';
        bool plain = (byte > ' ' && byte < 0x7F && byte != '=') || (byte == ' ' && !at_end);
        /* "From " and a lone dot at the start of a line are touched by mail programs on the way. */
        plain = plain && !(column == 0 && (byte == 'F' || byte == '.'));
        if (column + (plain ? 1 : 3) > QP_COLUMNS) {
            buffer_append_string(out, "=\n");
            column = 0;
        }
        if (plain)
            buffer_append_byte(out, (char)byte);
        else
            buffer_append_format(out, "=%02X", byte);
        column += plain ? 1 : 3;
    }
}

/* --- the two editions --------------------------------------------------------------------------------------------- */

static void date_text(int64_t when, char out[32])
{
    time_t seconds = (time_t)when;
    struct tm local;
    if (when > 0 && localtime_r(&seconds, &local))
        snprintf(out, 32, "%d %s %02d:%02d", local.tm_mday, months[local.tm_mon], local.tm_hour, local.tm_min);
    else
        snprintf(out, 32, "-");
}

static void points_text(const struct digest_line *line, char out[FIGURE_SIZE])
{
    if (line->is_judged)
        figure_points(line->points, out);
    else
        snprintf(out, FIGURE_SIZE, "?");
}

static void append_advice(const struct digest *digest, struct buffer *out)
{
    buffer_append_string(out, _("Move what is no spam out of Junk: tamis learns from that. "));
    if (digest->days)
        buffer_append_format(out, _("Messages are deleted after %d days in Junk, unless you flag them."), digest->days);
}

static struct span plain_edition(const struct digest *digest, struct arena *arena)
{
    struct buffer out = buffer_new(arena, EDITION_AT_MOST);
    char since[32], arrived[32], points[FIGURE_SIZE];
    date_text(digest->since, since);
    buffer_append_format(&out, _("In %s since %s, the least certain first:\n\n"), digest->folder, since);
    for (size_t i = 0; i < digest->count; i++) {
        const struct digest_line *line = &digest->lines[i];
        date_text(line->arrived, arrived);
        points_text(line, points);
        buffer_append_format(&out, "%6s  ", points);
        buffer_append(&out, harmless(line->subject, _("(no subject)"), arena));
        buffer_append_string(&out, _("\n        from "));
        buffer_append(&out, harmless(line->from, _("(no sender)"), arena));
        buffer_append_format(&out, ", %s\n        ", arrived);
        buffer_append(&out, harmless(line->reason, _("no reason known"), arena));
        buffer_append_string(&out, "\n\n");
    }
    if (digest->not_shown)
        buffer_append_format(&out, _("... and %zu more that are more certain.\n\n"), digest->not_shown);
    append_advice(digest, &out);
    buffer_append_byte(&out, '\n');
    return buffer_span(&out);
}

static struct span html_edition(const struct digest *digest, struct arena *arena)
{
    struct buffer out = buffer_new(arena, EDITION_AT_MOST);
    char since[32], arrived[32], points[FIGURE_SIZE];
    date_text(digest->since, since);
    buffer_append_string(&out, _("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Junk</title>"
                                 "</head><body>\n<p>In "));
    page_escape(span_of(digest->folder), &out);
    buffer_append_format(&out, _(" since %s, the least certain first:</p>\n"), since);
    buffer_append_string(&out, _("<table border=\"1\" cellpadding=\"4\">\n"
                                 "<tr><th>Points</th><th>Subject</th><th>From</th><th>Arrived</th><th>Why</th>"
                                 "</tr>\n"));
    for (size_t i = 0; i < digest->count; i++) {
        const struct digest_line *line = &digest->lines[i];
        date_text(line->arrived, arrived);
        points_text(line, points);
        buffer_append_format(&out, "<tr><td>%s</td><td>", points);
        page_escape(harmless(line->subject, _("(no subject)"), arena), &out);
        buffer_append_string(&out, "</td><td>");
        page_escape(harmless(line->from, _("(no sender)"), arena), &out);
        buffer_append_format(&out, "</td><td>%s</td><td>", arrived);
        page_escape(harmless(line->reason, _("no reason known"), arena), &out);
        buffer_append_string(&out, "</td></tr>\n");
    }
    buffer_append_string(&out, "</table>\n");
    if (digest->not_shown)
        buffer_append_format(&out, _("<p>... and %zu more that are more certain.</p>\n"), digest->not_shown);
    buffer_append_string(&out, "<p>");
    append_advice(digest, &out);
    buffer_append_string(&out, "</p>\n</body></html>\n");
    return buffer_span(&out);
}

/* --- the message -------------------------------------------------------------------------------------------------- */

/* In UTC. */
static void write_date(int64_t now, struct buffer *out)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    time_t seconds = (time_t)now;
    struct tm utc;
    if (gmtime_r(&seconds, &utc))
        buffer_append_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n", days[utc.tm_wday], utc.tm_mday,
                             months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static void write_part(const char *boundary, const char *type, struct span text, struct buffer *out)
{
    buffer_append_format(out, "\n--%s\nContent-Type: %s; charset=utf-8\n", boundary, type);
    buffer_append_string(out, "Content-Transfer-Encoding: quoted-printable\n\n");
    append_quoted_printable(text, out);
}

void digest_write(const struct digest *digest, struct buffer *out)
{
    char boundary[64];
    size_t all = digest->count + digest->not_shown;
    snprintf(boundary, sizeof boundary, "=_tamis_%lld", (long long)digest->now);
    buffer_append_format(out, "From: tamis <%s>\nTo: <%s>\n", digest->address, digest->address);
    buffer_append_format(
        out, translate_count("Subject: %zu message in Junk\n", "Subject: %zu messages in Junk\n", all), all);
    write_date(digest->now, out);
    buffer_append_format(out, "Message-ID: <tamis-digest.%lld@%s>\n", (long long)digest->now, digest->host);
    /* RFC 3834 section 5: nobody is to answer this.  X-Tamis: it has been judged, so that `tamis sort`, which would
     * find it full of spam, leaves it in the inbox. */
    buffer_append_string(out, "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                              "X-Tamis: kind=digest, verdict=ham, probability=0.0000, version=" PACKAGE_VERSION "\n");
    buffer_append_format(out, "Content-Type: multipart/alternative; boundary=\"%s\"\n", boundary);
    write_part(boundary, "text/plain", plain_edition(digest, out->arena), out);
    write_part(boundary, "text/html", html_edition(digest, out->arena), out);
    buffer_append_format(out, "\n--%s--\n", boundary);
}

static int least_certain_first(const void *a, const void *b)
{
    const struct digest_line *left = a, *right = b;
    if (left->is_judged != right->is_judged)
        return left->is_judged ? 1 : -1;
    if (left->points != right->points)
        return left->points < right->points ? -1 : 1;
    return (left->arrived > right->arrived) - (left->arrived < right->arrived);
}

void digest_sort(struct digest_line *lines, size_t count)
{
    if (count)
        qsort(lines, count, sizeof *lines, least_certain_first);
}
