/* dns-cache.h - what the DNS lists of this user's mail answered of late: one small file in the state directory
 *
 * A resolver keeps answers too; this spares the question when there is none on this host, and remembers that a list has
 * died.  Bounded, and nothing is lost with it: a slot whose sum is wrong is empty, a file that is no cache is made
 * anew, a disk that is full costs the next message a question.  Names are kept as hashes under a key of the file.
 *
 * The file (slot-file.h), mode 0600, in the machine's byte order:
 *
 *     header, 32 bytes                       slot, 48 bytes, DNS_CACHE_SLOTS of them
 *       0  8  mark "tamis-dn"                  0  8  hash of the name under the key; 0: empty
 *       8  4  version, 1                       8  8  seconds since 1970 until which it holds
 *      12  4  DNS_CACHE_SLOTS                 16  4  addresses in the answer; 0: no record
 *      16  8  key, random                     20 20  the first five of them
 *      24  8  sum of bytes 0-23               40  8  sum of bytes 0-39, seeded with key and place
 */
#ifndef TAMIS_OUTSIDE_DNS_CACHE_H
#define TAMIS_OUTSIDE_DNS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "outside/dns-query.h"

#define DNS_CACHE_FILE "dns_cache"
#define DNS_CACHE_SLOTS 2048u /* 96 KB: the questions of a hundred messages */
#define DNS_CACHE_ADDRESSES 5

/* However long an answer says that it holds, it is asked again after a day, and not within a minute. */
#define DNS_CACHE_LEAST_SECONDS 60
#define DNS_CACHE_MOST_SECONDS 86400
/* How long "not listed" is believed: senders are listed within minutes of a run. */
#define DNS_CACHE_NO_RECORD_SECONDS 600

struct dns_cache;

/* Opens or makes it; NULL when that is not possible, which costs questions and nothing else. */
struct dns_cache *dns_cache_open(const char *directory);

/* NULL inside is allowed. */
void dns_cache_close(struct dns_cache **cache);

/* Fills the query's outcome from the cache; false when it must be asked.  `cache` NULL: false. */
bool dns_cache_find(const struct dns_cache *cache, struct dns_query *query, int64_t now);

/* Notes an outcome; what was not told is not noted. */
void dns_cache_note(struct dns_cache *cache, const struct dns_query *query, int64_t now);

#endif
