/* hosts.h - questions about host names and addresses as text
 *
 * Host names are lower-case ASCII where they come out of URLs, and of any case elsewhere; all comparisons here ignore
 * ASCII case.
 */
#ifndef TAMIS_RULES_HOSTS_H
#define TAMIS_RULES_HOSTS_H

#include <stdbool.h>

#include "util/span.h"

/* Is `host` the domain itself, or a name below it? */
bool host_within(struct span host, struct span domain);

/* Do two hosts have one registrable domain?  Asks the Public Suffix List (23,000 instructions a time) only when the
 * names leave it open. */
bool host_same_site(struct span a, struct span b);

/* "example.org" of "www.example.org"; the host itself when it has no more labels. */
struct span host_last_two_labels(struct span host);

/* Four decimal numbers of at most 255, dots between them; nothing else. */
bool host_is_ipv4(struct span host);

/* An address, IPv4 or IPv6 as text, that is not reachable from the open Internet (network.h); a name is none. */
bool host_is_private_address(struct span address);

/* Labels of letters, digits and hyphens, at least one dot: a host name by its form, or an IPv4 address. */
bool host_is_name(struct span text);

/* Something a mail program's user takes for a host name: labels of letters, digits and hyphens, at least one dot, and a
 * top-level domain that looks like one (two letters, or one of the common longer ones). */
bool host_looks_like_name(struct span text);

/* Is `host` one of the `count` domains, or below one?  They end in a lower-case letter. */
bool host_within_any(struct span host, const char *const domains[], size_t count);

#endif
