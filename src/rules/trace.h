/* trace.h - what a message leaves in the history (store/history.h): its relay, the sites it links to, its scripts
 *
 * The relay is the network of the stranger who handed the message to one of our hosts: a /24, or of IPv6 a /48, the
 * most that one site is given (RFC 6177); spam runs change their address within it.  Its address goes into the relay
 * book (store/relay-book.h), when that is kept.  A host is the registrable domain, for who can make up one name below
 * it can make up any; of free web space the whole name.  Left out are hosts of everybody (lists.h) and the site's own.
 * Scripts are of visible text, of its first TRACE_TEXT bytes.
 */
#ifndef TAMIS_RULES_TRACE_H
#define TAMIS_RULES_TRACE_H

#include <stdint.h>

#include "store/history.h"
#include "util/arena.h"
#include "util/span.h"

#define TRACE_TEXT ((size_t)4 * 1024)

/* In bits of trace.scripts; the numbers stand in the file of the history. */
enum script {
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_ARMENIAN,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_DEVANAGARI,
    SCRIPT_INDIC, /* the other scripts of India and Sri Lanka */
    SCRIPT_THAI,
    SCRIPT_GEORGIAN,
    SCRIPT_ETHIOPIC,
    SCRIPT_HANGUL,
    SCRIPT_KANA,
    SCRIPT_HAN,
    SCRIPTS
};

struct message_trace {
    struct trace trace;
    struct span hosts[HISTORY_HOSTS]; /* what trace.hosts stand for */
    int main_script;                  /* enum script that most of the text is in; -1: none, or too little text */
};

struct inspection;
struct message;
struct rule_context;

/* The trace of a message under inspection; its memory may hold anything before.  Links cost up to 20,000 instructions
 * a site. */
void trace_find(struct inspection *inspection, struct message_trace *trace);

/* history_name() of the network of a relay. */
uint64_t trace_relay_name(const struct network_address *address);

/* The trace of any message, for learning; and of it the relay alone and when it handed the message over. */
void trace_of_message(const struct message *message, const struct rule_context *context, struct arena *arena,
                      struct trace *trace);
void trace_of_arrival(const struct message *message, const struct rule_context *context, struct arena *arena,
                      struct trace *trace);

/* message_trace.main_script of any message. */
int trace_main_script(const struct message *message);

/* What a script is called ("Cyrillic", translated); and which a code point is of, -1 for what is no letter. */
const char *trace_script_name(enum script script);
int trace_script_of(uint32_t code);

#endif
