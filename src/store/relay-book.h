/* relay-book.h - which relays sent this user spam, and which sent ham: addresses, for the mail server to refuse them
 *
 * Beside the history, which knows networks by a hash and cannot be asked for their names.  Kept only where the setting
 * note_relays says so.  For each relay - an IPv4 address, or of IPv6 the /64, which is what one customer's network is
 * at least given (RFC 6177; the sender chooses among its addresses) - how many messages of it the user called spam, how
 * many came to traps, how many were ham, and when.
 *
 * Promises
 *  - Spam counts when the user said so, or the message came to a trap: never from a verdict, nor from what was left
 *    alone in Junk.  Ham counts whoever said so: it speaks for the relay.  What is taken back no longer counts.
 *  - An offence counts from when the user told of it, if the message is no older than RELAY_FRESH_SECONDS; else from
 *    when the message came.  Lessons from mail older than RELAY_MEMORY_SECONDS are not noted; an offence after that
 *    long a time is the first one again.
 *  - Bounded: RELAY_BOOK_SLOTS slots in buckets of RELAY_BOOK_BUCKET.  In a full bucket the least recent that had no
 *    spam makes room, then the least recent of all.
 *  - Damage is noticed, never believed, never fatal: a slot whose sum is wrong is empty, a file whose header is wrong
 *    is not read, and the next lesson starts anew.  There is no fdatasync: what is lost blocks nobody.
 *
 * The file (slot-file.h), mode 0600, in the machine's byte order:
 *
 *     header, 32 bytes                        slot, 40 bytes, RELAY_BOOK_SLOTS of them
 *       0  8  mark "tamis-rb"                   0 16  address, IPv4 as ::ffff:a.b.c.d; 0: empty
 *       8  4  version, 1                       16  4  first offence, seconds since 1970; 0: none
 *      12  4  RELAY_BOOK_SLOTS                 20  4  last offence; 0: none
 *      16  8  key, random, made with the file  24  4  last ham; 0: none
 *      24  8  sum of bytes 0-23                28  2  called spam by the user, at most 65535
 *                                              30  2  to traps
 *                                              32  2  ham
 *                                              34  2  0
 *                                              36  4  sum of bytes 0-35, seeded with key and place
 *
 * A program that meets a higher version leaves the file alone and goes on without.
 */
#ifndef TAMIS_STORE_RELAY_BOOK_H
#define TAMIS_STORE_RELAY_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "util/failure.h"
#include "util/network.h"

#define RELAY_BOOK_FILE "relays"
#define RELAY_BOOK_SLOTS 2048u /* 80 KB */
#define RELAY_BOOK_BUCKET 8u
#define RELAY_FRESH_SECONDS ((int64_t)2 * 86400)
#define RELAY_MEMORY_SECONDS ((int64_t)90 * 86400)

struct relay_record {
    struct network network;
    unsigned called_spam, trapped, ham; /* messages */
    int64_t first_spam, last_spam, last_ham; /* seconds since 1970; 0: none */
};

/* What is noted under: the address, or of IPv6 its /64. */
struct network relay_book_network(const struct network_address *address);

/* One lesson of a message that the relay handed over at `arrived` (seconds since 1970; 0: not known), or that lesson
 * taken back.  Makes the file.  True when there is nothing to note: an address of zeros, spam that nobody called so. */
struct relay_lesson {
    const struct network_address *relay;
    int64_t arrived;
    enum label label;
    enum label_source source;
    bool retract;
};
bool relay_book_note(const char *directory, const struct relay_lesson *lesson, int64_t now, struct failure *failure);

/* Gives each record to `visit`.  True when there is no file. */
bool relay_book_visit(const char *directory, void (*visit)(void *context, const struct relay_record *record),
                      void *context, struct failure *failure);

#endif
