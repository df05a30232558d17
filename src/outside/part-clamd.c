/* part-clamd.c - the virus scanner: ClamAV's daemon, spoken to as clamd(8) says under INSTREAM
 *
 * "zINSTREAM\0", then the message in pieces, each behind its length as four bytes in network order, then a length of 0.
 * The answer ends with a NUL: "stream: OK", "stream: NAME FOUND", or a sentence that ends in "ERROR", such as "INSTREAM
 * size limit exceeded. ERROR".  Anything else is no answer, and a message without an answer is one that was not
 * scanned, never one that is clean: the reason NOT_SCANNED says so.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "outside/outside.h"
#include "outside/stream.h"
#include "util/buffer.h"
#include "util/log.h"
#include "util/translate.h"

#define PIECE ((size_t)64 * 1024)
#define ANSWER_MOST 500
#define INFECTED_POINTS 10000      /* as of a list that decides */

static bool is_configured(const struct outside_settings *settings)
{
    return settings->clamd && *settings->clamd;
}

static int patience(const struct outside_settings *settings)
{
    return settings->clamd_milliseconds;
}

static bool send_piece(struct stream *stream, struct span piece, struct failure *failure)
{
    uint32_t length = htonl((uint32_t)piece.length);
    return stream_send(stream, span_make((const char *)&length, sizeof length), failure) &&
           stream_send(stream, piece, failure);
}

/* A scanner that has seen enough closes before all is sent: what it said then counts, so that the failure is kept for
 * when it said nothing. */
static void send_message(struct stream *stream, struct span message, struct failure *failure)
{
    static const char start[] = "zINSTREAM";
    if (!stream_send(stream, span_make(start, sizeof start), failure))
        return;
    for (struct span rest = message; rest.length; rest = span_from(rest, PIECE))
        if (!send_piece(stream, span_head(rest, PIECE), failure))
            return;
    send_piece(stream, SPAN_EMPTY, failure);
}

static void not_scanned(const char *why, struct outside_answer *answer)
{
    log_line(LOG_SEVERITY_WARNING, "a message was not scanned for viruses: %s", why);
    outside_answer_add(answer, "NOT_SCANNED", N_("the virus scanner did not look at it"), span_of(why), 0, false);
}

static bool ends_with(struct span text, const char *end)
{
    return text.length >= strlen(end) && memcmp(text.data + text.length - strlen(end), end, strlen(end)) == 0;
}

static void take_answer(struct span said, const struct failure *failure, struct outside_answer *answer)
{
    static const char before[] = "stream: ", found[] = " FOUND";
    char why[ANSWER_MOST + 40];
    if (span_is(said, "stream: OK"))
        return;
    if (span_starts_nocase(said, before) && ends_with(said, found)) {
        struct span name = span_head(span_from(said, strlen(before)), said.length - strlen(before) - strlen(found));
        answer->infected = true;
        outside_answer_add(answer, "INFECTED", N_("the virus scanner knows what it carries"), name, INFECTED_POINTS,
                           true);
        return;
    }
    if (said.length == 0)
        snprintf(why, sizeof why, "%s", failure->kind ? failure->reason : _("the scanner gave no answer in time"));
    else
        snprintf(why, sizeof why, _("the scanner said \"%.*s\""), (int)said.length, said.data);
    not_scanned(why, answer);
}

static void ask(const struct outside_case *asked, struct outside_answer *answer)
{
    const struct outside_settings *settings = asked->settings;
    struct failure failure = { 0 };
    struct stream stream;
    char said[ANSWER_MOST];
    if (asked->message.length > (size_t)settings->clamd_megabytes * 1024 * 1024) {
        not_scanned(_("it is larger than clamd_size"), answer);
        return;
    }
    if (!stream_open(&stream, settings->clamd, settings->clamd_milliseconds, &failure)) {
        not_scanned(failure.reason, answer);
        return;
    }
    send_message(&stream, asked->message, &failure);
    size_t length = stream_receive(&stream, said, sizeof said, '\0');
    stream_close(&stream);
    take_answer(span_make(said, length), &failure, answer);
}

const struct outside_part part_clamd = {
    .name = "the virus scanner",
    .is_configured = is_configured,
    .patience = patience,
    .ask = ask,
    .asks_always = true,
    .reaches_out = true,
};
