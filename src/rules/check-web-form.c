/* check-web-form.c - mail out of web servers: forms that anybody can make send to anybody, and scripts put there by
 * intruders
 *
 * PHP (mail.add_x_header), cPanel (X-Source-Args, X-AntiAbuse) and the local submission of sendmail, Postfix and qmail
 * say which script or user of the server a message came from.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/translate.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What the header says of the script that sent the message; empty when nothing. */
static struct span script_of(struct inspection *inspection)
{
    static const char *const fields[] = { "X-PHP-Originating-Script", "X-PHP-Script", "X-PHP-Filename",
                                          "X-Source-Args" };
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct span script = header_value(&inspection->message->header, fields[i]);
        if (script.length)
            return script;
    }
    return SPAN_EMPTY;
}

static enum outcome web_form_script(struct inspection *inspection, struct buffer *detail)
{
    struct span script = script_of(inspection);
    if (script.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a script on a web server sent it (%s)", script, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_web_form_script = {
    .name = "WEB_FORM_SCRIPT",
    .description = N_("was sent by a script on a web server"),
    .points = 30, /* in neither corpus */
    .evaluate = web_form_script,
};

/* Where no site keeps a script that sends mail, and how a hidden one runs. */
static enum outcome intruder_script(struct inspection *inspection, struct buffer *detail)
{
    static const char *const signs[] = { "eval()'d code", "/uploads/",     "/images/",       "/cache/", "/tmp/",
                                         "wp-includes/",  "/.well-known/", "/css/",          "/js/",    "/fonts/",
                                         "wp-admin/css",  "assert code",   "create_function" };
    struct span script = script_of(inspection), folder = header_value(&inspection->message->header, "X-Source-Dir");
    for (size_t i = 0; i < COUNT(signs); i++) {
        if (!span_contains(script, span_of(signs[i])) && !span_contains(folder, span_of(signs[i])))
            continue;
        detail_say(detail, "the script that sent it (%s%s) is where none belongs", script, folder);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_intruder_script = {
    .name = "INTRUDER_SCRIPT",
    .description = N_("was sent by a script hidden in a place of a web server where none belongs"),
    .points = 250, /* in neither corpus */
    .evaluate = intruder_script,
};

/* The user web servers run as: on Debian, Red Hat, FreeBSD, old Red Hat, and where it is "nobody". */
static const char *const web_users[] = { "33)", "48)", "80)", "81)", "99)" };
static const char *const web_user_names[] = { "nobody@", "apache@", "www@", "www-data@", "httpd@", "wwwrun@" };

static bool starts_with_any(struct span text, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_starts_nocase(text, words[i]))
            return true;
    return false;
}

/* Does a comment of a Received field, "from apache@localhost)" (sendmail), "Postfix, from userid 48)" or
 * "qmail 123 invoked by uid 33)", say that a web server handed the message in? */
static bool names_web_user(struct span comment)
{
    static const char *const marks[] = { "Postfix, from userid ", "qmail " };
    if (span_starts_nocase(comment, "from "))
        return starts_with_any(span_from(comment, strlen("from ")), web_user_names, COUNT(web_user_names));
    if (!starts_with_any(comment, marks, COUNT(marks)))
        return false;
    size_t end = span_find_byte(comment, ')');
    return end >= 3 && comment.data[end - 3] == ' '
        && starts_with_any(span_from(comment, end - 2), web_users, COUNT(web_users));
}

static bool is_from_web_server(struct span received)
{
    for (size_t open = span_find_byte(received, '('); open < received.length; open = span_find_byte(received, '(')) {
        received = span_from(received, open + 1);
        if (names_web_user(received))
            return true;
    }
    return false;
}

/* cPanel writes whose process handed the message in: "Originator/Caller UID/GID - [99 500] / [47 12]". */
static bool is_cgi_notice(struct span notice)
{
    static const char *const signs[] = { "UID/GID - [33 ", "UID/GID - [48 ", "UID/GID - [99 " };
    for (size_t i = 0; i < COUNT(signs); i++)
        if (span_contains(notice, span_of(signs[i])))
            return true;
    return false;
}

static enum outcome web_server_user(struct inspection *inspection, struct buffer *detail)
{
    const struct header *header = &inspection->message->header;
    for (size_t i = 0; i < header->count; i++) {
        const struct header_field *field = &header->fields[i];
        bool received = span_is_nocase(field->name, "Received") && is_from_web_server(field->value);
        if (!received && !(span_is_nocase(field->name, "X-AntiAbuse") && is_cgi_notice(field->value)))
            continue;
        detail_say(detail, "a web server handed it in (%s)", field->value, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_web_server_user = {
    .name = "WEB_SERVER_USER",
    .description = N_("was handed in on a web server by the user its scripts run as"),
    .points = 50, /* first 60 % of 2003: 0.63 % of ham, 1.48 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = web_server_user,
};
