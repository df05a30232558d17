/* fingerprint.h - which message a file holds, and what tamis said of it at delivery: cheap, from its first bytes
 *
 * Moves are followed by fingerprint, because servers give a message another file name whenever they copy it.  It is a
 * hash over Message-ID, Date, From and Subject as they stand and the first FINGERPRINT_BODY bytes of the body, white
 * space left out everywhere: line ends, folding and empty lines at the end differ between a pipe and a file.  Fields
 * that filters and servers add do not take part.  It is not the identity the learners know a message by: that needs the
 * message parsed (learn/canonical.h), which is done only for what is learned.
 *
 * The verdict is believed only from an X-Tamis field above the first Received field: below it the sender may have
 * written it, in mail that came past the filter or while the filter failed.
 */
#ifndef TAMIS_MAILBOX_FINGERPRINT_H
#define TAMIS_MAILBOX_FINGERPRINT_H

#include <stdint.h>

#include "util/span.h"

/* What is read of a file: a long header (LIMIT_HEADER_BYTES) is cut here, in all copies of the message alike. */
#define FINGERPRINT_READS ((size_t)96 * 1024)
#define FINGERPRINT_HEADER ((size_t)64 * 1024)
#define FINGERPRINT_BODY ((size_t)4 * 1024)

enum said { SAID_NOTHING, SAID_HAM, SAID_UNSURE, SAID_SPAM }; /* X-Tamis: unchecked counts as unsure */

struct fingerprint {
    uint8_t bytes[16];
    enum said said;
};

/* Takes the fingerprint from the first FINGERPRINT_READS bytes of a message.  Linear, no memory, never fails. */
struct fingerprint fingerprint_of(struct span message);

#endif
