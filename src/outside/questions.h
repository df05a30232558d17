/* questions.h - what others are asked about a message: its relay, its sender's domain, its hosts, its text
 *
 * Gathered by the process that reads the message, and only when the settings name somebody to ask; it crosses the pipe
 * as part of the judgement (verdict.h), as lines of text:
 *
 *     relay 203.0.113.7                          the stranger who handed it to one of our hosts; at most one
 *     from example.org                           the registrable domain of the sender's address; at most one
 *     host www.shop.example.com example.com      a host of a link and its registrable domain, or an address twice
 *     text                                       what is behind this line, up to the end, is the beginning of what its
 *                                                reader sees; only where somebody compares texts
 *
 * Whoever reads them trusts nothing: questions_read() takes only addresses and host names that are well-formed, and
 * text that is UTF-8, so that what reaches a resolver, a file or another program is no more than that.
 *
 * Left out are hosts that everybody links to and the site's own (trace.h): asking about them costs time and tells the
 * asked who reads what.
 */
#ifndef TAMIS_OUTSIDE_QUESTIONS_H
#define TAMIS_OUTSIDE_QUESTIONS_H

#include <stdbool.h>

#include "mail/message.h"
#include "mail/text-prints.h"
#include "rules/check.h"
#include "util/arena.h"
#include "util/span.h"

#define QUESTIONS_HOSTS 20  /* as many sites as the history keeps of a message */
#define QUESTIONS_TEXT TEXT_PRINTS_READS
#define QUESTIONS_BYTES ((size_t)16 * 1024 + QUESTIONS_TEXT) /* lines of two names, 253 bytes each; and the text */

struct question_host {
    struct span host; /* lower case, or an address */
    struct span site; /* its registrable domain; the host itself when it has none or is an address */
    bool is_address;
};

struct questions {
    struct span relay; /* an IPv4 or IPv6 address as text; empty: not known, or none of a stranger */
    struct span from;  /* empty: none */
    struct question_host hosts[QUESTIONS_HOSTS];
    size_t host_count;
    struct span text; /* empty: not asked about */
};

/* Writes the questions about a message as lines. */
struct span questions_write(const struct message *message, const struct rule_context *context, bool with_text,
                            struct arena *arena);

/* Reads them, into memory of the arena.  False: they are not well-formed, and nothing is to be asked. */
bool questions_read(struct span lines, struct arena *arena, struct questions *questions);

#endif
