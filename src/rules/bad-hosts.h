/* bad-hosts.h - the local list of bad hosts: bad_hosts in the directory of the system's and of the user's settings
 *
 * Plain text, one host a line; it and all names below it count:
 *
 *     # seen in the wave of 14 March
 *     evil.example
 *     203.0.113.80
 *     https://login.evil.example/verify     (of an address only the host counts)
 *
 * A '#' starts a comment; case does not matter; names may be written in their own letters or in punycode.  A line that
 * is no host lists nothing.
 *
 * The list stays text: what is looked up are the few hosts of a message, in one pass over the lines, without preparing
 * anything first; 10,000 hosts cost some 3 million instructions a message with links, and one without links nothing.
 */
#ifndef TAMIS_RULES_BAD_HOSTS_H
#define TAMIS_RULES_BAD_HOSTS_H

#include <stdbool.h>

#include "mail/message.h"
#include "util/arena.h"

/* The name of the file, and how long it may be. */
#define BAD_HOSTS_FILE "bad_hosts"
#define BAD_HOSTS_BYTES ((size_t)512 * 1024)

/* The line of `list` that lists the host of a URL of the message, the one met most often if there are several: that
 * URL, the listed name, and how often the program met it (sightings.h). */
bool bad_hosts_find(struct span list, const struct message *message, struct arena *arena, const struct url **url,
                    struct span *listed, unsigned *sightings);

#endif
