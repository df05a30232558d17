/* shared-spool.h - what one user reports to the others: a file of that user's own in the shared folder
 *
 * Each message that a user calls spam or ham, each that came to a trap, and each that is learned as ham because the
 * user has read it and left it where it was, is one report: which message (a hash), when, what it was called, and the
 * prints of its text, its relay and the hosts it links to, as numbers under the host's key.
 *
 * Promises
 *  - Idempotent: a message has one place in a user's file.  Called again it is written there again; called the other
 *    thing, that is what counts; taken back, the place is empty.
 *  - Bounded: SHARED_SPOOL_SLOTS reports of a user, 128 KB.  In a full bucket the oldest makes room, one that was left
 *    alone first; and what was left alone takes no other's place.
 *  - Private: 0600, and its name is a hash of the key of the user's own store, so that nobody can take its place before
 *    it is there or find it in a folder that cannot be listed.
 *  - A writer takes no lock: a report is one write of a slot with its sum, and half of one is none.
 *  - Who reads it believes nothing: sums, ranges, counts.  The file's owner, by fstat(2), is who reports.
 *
 * The file, in the machine's byte order: SHARED_SPOOL_SLOTS slots of 256 bytes; a message's bucket is the hash of it
 *
 *       0   8  message: hash, under the host's key           24  128  prints, rising, then 0
 *       8   4  when: seconds since 1970                     152   96  hosts, then 0
 *      12   1  called: enum shared_called; 0: empty         248    8  sum of bytes 0-247, seeded with key and place
 *      13   1  number of prints
 *      14   1  number of hosts
 *      15   1  0
 *      16   8  relay; 0: none
 */
#ifndef TAMIS_OUTSIDE_SHARED_SPOOL_H
#define TAMIS_OUTSIDE_SHARED_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/text-prints.h"
#include "util/failure.h"

#define SHARED_SPOOL_SLOTS 512
#define SHARED_SPOOL_BUCKET 8
#define SHARED_SLOT_BYTES 256
#define SHARED_SPOOL_BYTES (SHARED_SPOOL_SLOTS * SHARED_SLOT_BYTES)
#define SHARED_REPORT_HOSTS 12
#define SHARED_SPOOL_NAME 33 /* 32 hexadecimal digits */

enum shared_called { SHARED_TAKEN_BACK, SHARED_HAM, SHARED_SPAM, SHARED_TRAPPED, SHARED_LEFT_ALONE };

struct shared_report {
    uint64_t message; /* never 0 */
    int64_t when;     /* seconds since 1970 */
    enum shared_called called;
    uint64_t relay; /* shared_place_name(); 0: none */
    uint64_t prints[TEXT_PRINTS];
    size_t print_count;
    uint64_t hosts[SHARED_REPORT_HOSTS]; /* shared_place_name() */
    size_t host_count;
};

/* The name of a user's file.  `user`: a number that is this user's secret, store_key(). */
void shared_spool_name(uint64_t key, uint64_t user, char name[SHARED_SPOOL_NAME]);

/* Writes reports into the user's file in the shared folder; makes the file. */
bool shared_spool_note(const char *directory, uint64_t key, uint64_t user, const struct shared_report *reports,
                       size_t count, struct failure *failure);

/* Visits the reports in a file, of whoever.  False: it could not be read; what came before was visited. */
typedef void shared_spool_visit(void *context, const struct shared_report *report);
bool shared_spool_read(int fd, uint64_t key, shared_spool_visit *visit, void *context);

/* One slot, to bytes and from bytes that are not trusted. */
void shared_slot_write(const struct shared_report *report, uint64_t key, size_t place,
                       unsigned char slot[SHARED_SLOT_BYTES]);
bool shared_slot_read(const unsigned char slot[SHARED_SLOT_BYTES], uint64_t key, size_t place,
                      struct shared_report *report);

#endif
