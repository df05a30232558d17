/* shared-table.h - what several users of a host agree on: one file that deliveries look things up in
 *
 * For each print of a text, each relay and each host that at least two users reported as spam: how many users did, to
 * how many of them it came by a trap, and how many voices are for ham.  What one user alone said is not in it.
 *
 * Promises
 *  - Replaced in one step; who has the old one open reads on in that.
 *  - A look-up is one read of 256 bytes.  No memory is mapped: a file that is cut off meanwhile is an error, and no
 *    signal.
 *  - Damage is "could not tell", never "not known": header and buckets have sums, seeded with the host's key and their
 *    place, and a read that brings too little is damage as well.
 *
 * The file, in the machine's byte order:
 *
 *     header, 64 bytes                                   bucket, 256 bytes; a name's is the low bits of it
 *       0  8  mark "tamis-sh"                               0  16  entry, 15 of them
 *       8  4  version, 1                                         0  8  name; 0: empty
 *      12  4  number of buckets, a power of two                  8  2  users who called it spam
 *      16  8  made: seconds since 1970                          10  2  voices for ham
 *      24  4  users who reported                                12  2  of the first: those it reached at a trap
 *      28  4  reports                                           14  2  kind: 'T' text, 'R' relay, 'H' host
 *      32 12  entries of texts, relays, hosts, 4 each     240   8  0
 *      44  4  0                                           248   8  sum of bytes 0-247, seeded with key and place
 *      48  8  the host's key, mixed: another one's table is none
 *      56  8  sum of bytes 0-55
 */
#ifndef TAMIS_OUTSIDE_SHARED_TABLE_H
#define TAMIS_OUTSIDE_SHARED_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"

#define SHARED_USERS_LEAST 2 /* so many at least, whatever the settings ask for */

enum shared_kind { SHARED_TEXT = 'T', SHARED_RELAY = 'R', SHARED_HOST = 'H' };

struct shared_entry {
    uint64_t name; /* a print, or shared_place_name() */
    uint16_t spam; /* users */
    uint16_t ham;  /* voices: 2 of each user who called it ham, 1 of each who read it and left it alone */
    uint16_t trapped; /* users, of the first */
    uint16_t kind;    /* enum shared_kind */
};

/* How many voices say that this is spam, those for ham taken away: one of each user, and one more where a trap says it
 * as well.  0: they are fewer users than `least`, whatever traps say, for everybody can call an address a trap. */
unsigned shared_entry_voices(const struct shared_entry *entry, unsigned least);

struct shared_facts {
    int64_t made;
    uint32_t users, reports;
    uint32_t texts, relays, hosts; /* entries */
};

struct shared_table {
    int fd;
    uint64_t key;
    uint32_t buckets;
    struct shared_facts facts;
};

/* Opens the table of a shared folder and reads its key and header.  On failure nothing is open (fd is -1). */
bool shared_table_open(const char *directory, struct shared_table *table, struct failure *failure);
void shared_table_close(struct shared_table *table);

enum shared_found { SHARED_FOUND, SHARED_UNKNOWN, SHARED_CANNOT_TELL };
enum shared_found shared_table_find(const struct shared_table *table, enum shared_kind kind, uint64_t name,
                                    struct shared_entry *entry);

/* Replaces the table of a shared folder.  Names of a kind are distinct; of entries that do not fit into their bucket
 * those are left out that fewest users reported. */
bool shared_table_write(const char *directory, uint64_t key, const struct shared_facts *facts,
                        const struct shared_entry *entries, size_t count, struct failure *failure);

#endif
