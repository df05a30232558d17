/* relays-gather.h - the relay books of one user or of many, put together
 *
 * A book crosses from a user's process to the one that asks as text, a relay a line,
 *
 *     NETWORK CALLED_SPAM TRAPPED HAM FIRST_SPAM LAST_SPAM LAST_HAM
 *
 * counts of messages, and seconds since 1970.  What comes is not believed: counts have bounds, times in the future are
 * now, and what is no line of this form is passed over.  That one user says a relay is bad is that user's word alone,
 * however often it is said: relay_users of tamis.conf(5) is about how many say it.
 */
#ifndef TAMIS_COMMANDS_RELAYS_GATHER_H
#define TAMIS_COMMANDS_RELAYS_GATHER_H

#include <stdio.h>

#include "store/relay-book.h"
#include "util/span.h"

/* 48 MB; no mail server wants a table of more. */
#define GATHERED_RELAYS_MOST ((size_t)1 << 19)

struct gathered_relay {
    struct relay_record record; /* sums; the earliest first, the latest last */
    unsigned users;             /* that told of spam */
};

struct gathering {
    struct gathered_relay *relays;
    size_t count, room;
    bool full;     /* some did not fit, and nothing more is taken */
    int64_t now;
};

/* One line of a book. */
bool relays_write_line(const struct relay_record *record, FILE *out);

/* Adds a whole book as text: of a user who was not heard before. */
void relays_gather_text(struct gathering *gathering, struct span text);

/* Adds one record of one user. */
void relays_gather(struct gathering *gathering, const struct relay_record *record);

/* Makes one entry of each relay, sorted by address.  relays, which is on the heap, is the caller's to free. */
void relays_merge(struct gathering *gathering);

#endif
