/* dns-query.h - the address records of many names at once, under one deadline; the only place that includes c-ares
 *
 * c-ares (https://c-ares.org, MIT) asks the resolver of resolv.conf(5), or the one named, without search domains and
 * without hosts(5); it is Debian's resolver library with parallel queries and timeouts of its own, which the C
 * library's has not.  Names are asked once: a resolver on this host or network either answers or is not there.
 */
#ifndef TAMIS_OUTSIDE_DNS_QUERY_H
#define TAMIS_OUTSIDE_DNS_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"
#include "util/translate.h"

#define DNS_ADDRESSES_MOST 8 /* lists answer with one to four */
#define DNS_QUERIES_MOST 128 /* of one message */

enum dns_outcome {
    DNS_NOT_TOLD, /* no answer in time, a server that failed or refused, an answer that is none */
    DNS_NO_RECORD, /* the name does not exist, or has no address (RFC 8020, RFC 2308) */
    DNS_RECORDS
};

struct dns_query {
    const char *name; /* asked for; the caller's */
    enum dns_outcome outcome;
    uint32_t addresses[DNS_ADDRESSES_MOST]; /* IPv4, 127.0.0.2 as 0x7F000002 */
    size_t address_count;
    uint32_t seconds; /* for which the answer holds; 0: not told */
};

/* Is `text` sound as the `server` of dns_ask()?  Empty is. */
bool dns_server_is_sound(const char *text);
#define DNS_SERVER_ACCEPTED \
    N_("an address, with a port behind a colon if need be (192.0.2.1, 127.0.0.1:5353, [::1]:53)")

/* Asks all of them, waiting at most `milliseconds`.  `server`: "192.0.2.1" or "127.0.0.1:5353";
 * "" those of resolv.conf.  Every query gets an outcome.  False, and all DNS_NOT_TOLD, when nobody can be asked. */
bool dns_ask(struct dns_query *queries, size_t count, const char *server, int milliseconds, struct failure *failure);

#endif
