/* domain-name.h - what is written like the name of a domain or host
 *
 * Labels of ASCII letters, digits, hyphens and underscores, a dot between two and none at the ends, at most 253 bytes
 * (RFC 1123 section 2.1, RFC 1035 section 2.3.4).  Underscores are there in the wild, and so are hyphens at the ends of
 * labels.  International names are to be in ASCII already ("xn--").
 *
 * Two questions, because what people write is only compared, and what a message brings may be asked of a resolver.
 */
#ifndef TAMIS_UTIL_DOMAIN_NAME_H
#define TAMIS_UTIL_DOMAIN_NAME_H

#include <stdbool.h>

#include "util/span.h"

/* For settings and lists: letters of either case, and labels of any length, for not all of it is in the DNS (the
 * identifier of a mailing list, RFC 2919, need not be). */
bool domain_name_is_written(struct span name);

/* For questions to others: a name in small letters, as ours are once read, whose labels (63 bytes) fit into one. */
bool domain_name_is_askable(struct span name);

#endif
