/* editions.h - do the two editions of a message say the same?
 *
 * A multipart/alternative offers one text twice, plain and as HTML, and the reader sees the latter.  Who writes the
 * plain one for filters makes it say something else.
 */
#ifndef TAMIS_RULES_EDITIONS_H
#define TAMIS_RULES_EDITIONS_H

#include "mail/message.h"

struct editions {
    unsigned words;  /* of four letters or more in the plain edition, as far as it was looked at; 0: only one edition */
    unsigned shared; /* those of them that the HTML edition has, too */
};

/* Compares the first EDITION_PLAIN bytes of the plain edition with the first EDITION_HTML of the other. */
#define EDITION_PLAIN ((size_t)2048)
#define EDITION_HTML ((size_t)12288)

void editions_compare(const struct message *message, struct editions *editions);

#endif
