/* history.h - which relays, hosts and scripts this user's mail had before: a small file, or rows of the store
 *
 * For each network that handed over mail and each host that mail links to: how many messages learned as ham and as spam
 * had it, when the last of them came, and how many messages came from it in the last minutes.  And how many messages
 * learned as ham were written in which script.  Names are not stored, only hashes of them under a key of the file.
 *
 * Promises
 *  - Only learning counts ham and spam, as often as the ledger counts a message: once, and taken back with it.  A
 *    delivery adds the time of arrival, and nothing else.  The file is made by the first lesson.
 *  - Bounded: HISTORY_SLOTS slots in buckets of HISTORY_BUCKET.  In a full bucket the slot that nobody learned from
 *    and was seen least recently makes room, then the one seen least recently of all; but an arrival never takes the
 *    place of what was learned, so that a flood of strangers pushes nothing out.  What made room is forgotten: taking
 *    such a lesson back stops at 0.
 *  - Damage is noticed, never believed, never fatal: a slot whose sum is wrong is empty, a file whose header is wrong
 *    is not read, and the next lesson starts anew.  There is no fdatasync: after a power failure some of the last
 *    counts may be missing, which is a weaker hint and nothing worse.
 *  - A reader takes no lock and reads only the buckets it asks for; what a writer has half written has a wrong sum.
 *    Writers hold a lock on the file for one change.
 *
 * The file (slot-file.h), mode 0600, in the machine's byte order:
 *
 *     header, 128 bytes                              slot, 32 bytes, HISTORY_SLOTS of them
 *       0  8  mark "tamis-hi"                          0  8  hash of the name under the key; 0: empty
 *       8  4  version, 1                               8  4  seen: seconds since 1970, of lesson or arrival
 *      12  4  HISTORY_SLOTS                           12  2  ham learned, at most 65535
 *      16  8  key, random, made with the file         14  2  spam learned
 *      24  4  ham learned, all                        16  4  cell: the newest stretch of HISTORY_CELL_SECONDS
 *      28  4  0                                       20  5  arrivals in that stretch and the four before it
 *      32 64  ham learned by script, 16 times 4       25  3  0
 *      96 24  0                                       28  4  sum of bytes 0-27, seeded with key and place
 *     120  8  sum of bytes 0-119
 *
 * A program that meets a higher version leaves the file alone and goes on without.
 *
 * A store on a server (remote.h) has the same bytes in rows of its own, so that all hosts know the same: there what a
 * lesson counts is a part of the lesson, and no lock is needed.
 */
#ifndef TAMIS_STORE_HISTORY_H
#define TAMIS_STORE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "util/failure.h"
#include "util/network.h"
#include "util/span.h"
#include "util/text-lines.h"

#define HISTORY_FILE "history"
#define HISTORY_SLOTS 8192u /* 256 KB */
#define HISTORY_BUCKET 8u
#define HISTORY_SCRIPTS 16
#define HISTORY_HOSTS 20    /* of one message; spam has some five links, a newsletter that many */
#define HISTORY_CELLS 5
#define HISTORY_CELL_SECONDS 120 /* so that a burst is what came within eight to ten minutes */

/* What one message leaves behind.  Plain data that crosses a pipe with its features. */
struct trace {
    uint64_t relay;                /* history_name() of the network that handed it over; 0: none or not to be told */
    uint64_t hosts[HISTORY_HOSTS]; /* history_name() of the sites it links to, distinct */
    uint32_t host_count;
    uint32_t relay_of_everybody;   /* 1: of a provider that everybody writes through; else 0 */
    uint32_t scripts;              /* bits: the scripts its visible text has words in */
    int64_t arrived;               /* seconds since 1970, when that network handed it over; 0: not known */
    struct network_address address; /* of that relay; zeros: none.  For others: the history forgets it */
    uint32_t noted;                /* 1: the relay book (relay-book.h) takes it as well as the daybook */
};

/* What is known of one name. */
struct history_entry {
    unsigned ham, spam; /* lessons */
    int64_t seen;       /* seconds since 1970 */
    unsigned burst;     /* arrivals in the ten minutes up to the time asked about */
};

struct history;

/* The name of a relay ('R') or a host ('H') as a number, never 0. */
uint64_t history_name(char kind, struct span name);

/* Opens for reading; NULL when there is none, which is no failure (failure->kind stays FAILURE_NONE), or when it cannot
 * be believed.  A file is mapped and then read without a system call, which a process that computes only must not make
 * (sandbox.h); where the disk fails, that is the end of the process (SIGBUS). */
struct history *history_open(const char *directory, struct failure *failure);

/* The same as it is now: what others write afterwards is not seen.  Read whole and kept in memory, for many
 * questions. */
struct history *history_open_as_it_is(const char *directory, struct failure *failure);

/* Opens for writing.  `make`: makes it, or starts anew what is damaged; otherwise as history_open(). */
struct history *history_open_to_write(const char *directory, bool make, struct failure *failure);

/* Goes on with it as it is now, as history_open_as_it_is().  NULL inside is allowed, and left when it cannot be. */
void history_keep_as_it_is(struct history **history, struct failure *failure);

/* One that is kept nowhere, for scratch stores and tests, and answers the same each time.  NULL without memory. */
struct history *history_new_in_memory(void);

/* NULL inside is allowed. */
void history_close(struct history **history);

/* What is known of `name`, with arrivals counted up to `when` (0: not counted).  False: never heard of. */
bool history_find(const struct history *history, uint64_t name, int64_t when, struct history_entry *entry);

/* How many messages were learned as ham, and of these how many were written in each script. */
unsigned history_ham(const struct history *history, uint32_t by_script[HISTORY_SCRIPTS]);

/* Counts a message as learned with `label`; or takes that back.  `now`: seconds since 1970. */
bool history_learn(struct history *history, const struct trace *trace, enum label label, bool retract, int64_t now,
                   struct failure *failure);

/* Notes that a message of the relay arrived at `when`.  Does nothing when the lock is not free at once. */
bool history_note_arrival(struct history *history, uint64_t relay, int64_t when, struct failure *failure);

/* --- in the tables of a store on a server ------------------------------------------------------------------------- */

/* The rows there are the file's bytes, read and written with the tables, and as sure as they.  What two hosts do at the
 * same time to one bucket may cost an arrival, and no lesson. */
struct tables;

/* Opens what is in `tables`, which must outlive it, of the store with this key; NULL as history_open().  `make`: begins
 * it where there is none, and anew what is damaged.  What is written goes with the next commit of the tables. */
struct history *history_open_rows(struct tables *tables, uint64_t key, bool make, struct failure *failure);

/* Reads ahead what is known of these names, at once, where each question would be a journey.  Best effort. */
void history_read_ahead(const struct history *history, const struct trace *trace);

/* --- text, for dump and load: tamis-store(5) ---------------------------------------------------------------------- */

/* All of it, to be written down or put elsewhere.  free() it; NULL and `failure`. */
struct history_text *history_text_of(const struct history *history, struct failure *failure);

/* The section "tamis-history". */
void history_write_text(const struct history_text *text, FILE *out);

/* What stands behind that word's line, as history_text_of(). */
struct history_text *history_read_text(struct text_lines *lines, struct failure *failure);

/* Puts it in the place of what `history` has, which is open for writing. */
bool history_put_text(struct history *history, const struct history_text *text, struct failure *failure);

/* Replaces the file by it, in one step. */
bool history_save_text(const struct history_text *text, const char *directory, struct failure *failure);

#endif
