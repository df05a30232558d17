/* dns-answers.h - what the answers of a DNS list mean, as its section says it
 *
 * A list answers with addresses of 127.0.0.0/8 whose last numbers say in which part of it an entry stands (RFC 5782
 * section 2.1).  `answers` gives points to them, apart by blanks:
 *
 *     127.0.0.2=3              this address
 *     127.0.0.4-127.0.0.7=4    these
 *     127.0.0.&8=2             any whose last number has this bit, as of lists that join several in one zone
 *
 * Of several that fit the one with most points counts; an address that none fits says nothing.  Without `answers` any
 * address counts as much as `points` says.  Negative points are for lists of those who are known to be good.
 *
 * Never a listing, whatever `answers` says: 127.255.255.0/24, which lists use to say "you may not ask" (Spamhaus: .252
 * a mistyped zone, .254 through a public resolver, .255 too often), 127.0.0.1, which URIBL uses likewise, and addresses
 * outside 127.0.0.0/8, which are those of a resolver that lies or of a zone that was sold (RFC 5782 section 5).
 */
#ifndef TAMIS_OUTSIDE_DNS_ANSWERS_H
#define TAMIS_OUTSIDE_DNS_ANSWERS_H

#include <stdbool.h>

#include "outside/dns-query.h"
#include "util/translate.h"

/* Is `text` a sound value for `answers`?  Empty is. */
bool dns_answers_are_sound(const char *text);
#define DNS_ANSWERS_ACCEPTED N_("a list of answers and their points (127.0.0.2=3 127.0.0.4-127.0.0.7=4 127.0.0.&8=2)")

enum dns_meaning {
    DNS_MEANS_NOTHING, /* not told, refused, or no answer of a list: not to be taken for a listing nor for none */
    DNS_MEANS_NOT_LISTED,
    DNS_MEANS_LISTED
};

/* What a query's outcome means.  LISTED: `*points` in hundredths, and `*address` the answer that gave them. */
enum dns_meaning dns_answers_mean(const struct dns_query *query, const char *answers, int points_of_any, int *points,
                                  uint32_t *address);

#endif
