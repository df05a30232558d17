/* network.h - Internet addresses and networks in CIDR notation (RFC 4632, RFC 4291 section 2.3)
 *
 * An IPv4 address is kept as the IPv6 address it maps to (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so that one
 * comparison serves both families and a mapped address in a mail header matches the IPv4 network it belongs to.
 */
#ifndef TAMIS_UTIL_NETWORK_H
#define TAMIS_UTIL_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "util/span.h"

struct network_address {
    unsigned char bytes[16];
};

struct network {
    struct network_address address; /* bits behind the prefix are 0 */
    unsigned bits;                  /* 0 to 128; an IPv4 /24 is a /120 */
};

/* A site that names more networks than this by hand wants a DNS list. */
#define NETWORK_LIST_MOST 64

struct network_list {
    struct network items[NETWORK_LIST_MOST];
    size_t count;
};

/* "192.0.2.1" or "2001:db8::1", without brackets, port or zone. */
bool network_read_address(struct span text, struct network_address *address);

bool network_address_is_ipv4(const struct network_address *address);

/* Not reachable from the open Internet: this host and network (RFC 1122), private (RFC 1918, RFC 4193), shared (RFC
 * 6598), loopback, link-local. */
bool network_address_is_private(const struct network_address *address);

/* An address alone (`*port` is 0), or with a port from 1 to 65535: "192.0.2.1:53", "[2001:db8::1]:53". */
bool network_read_endpoint(struct span text, struct network_address *address, unsigned *port);

/* "192.0.2.0/24", "2001:db8::/32", or an address alone.  Bits behind the prefix may be set: 192.0.2.7/24 is what an
 * interface is called, and means its network. */
bool network_read(struct span text, struct network *network);

/* The network that an address is in: of IPv4 (at most 32) and of IPv6 (at most 128) so many bits. */
struct network network_of(const struct network_address *address, unsigned ipv4_bits, unsigned ipv6_bits);

/* As network_read() has it, IPv4 as IPv4, without the slash when it is one address; gives `out`. */
#define NETWORK_TEXT 56
const char *network_write(const struct network *network, char out[NETWORK_TEXT]);

/* Does it hold IPv4 addresses, and those only? */
bool network_is_ipv4(const struct network *network);

/* Networks apart by blanks or commas; empty text gives none.  False, and an empty list, when one of them is no network
 * or there are more than NETWORK_LIST_MOST.  `list` may be NULL to ask whether the text is sound. */
bool network_read_list(struct span text, struct network_list *list);

bool network_has(const struct network *network, const struct network_address *address);

/* Is the address, as text, in any of the networks?  False for what is no address. */
bool network_list_has(const struct network_list *list, struct span address);

#endif
