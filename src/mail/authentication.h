/* authentication.h - what our own servers found out about the sender: SPF, DKIM, DMARC, ARC
 *
 * RFC 8601 (Authentication-Results) and RFC 7208 section 9.1 (Received-SPF).  Anybody can write such fields, so a
 * report counts only
 *   - above the Received field by which the message came to us: no stranger can write there; or
 *   - right below it, down to the next Received field, when it bears the name of one of our own servers, from which
 *     that server must have kept out forgeries (RFC 8601 section 5).
 * Several programs of one server report apart (opendkim, opendmarc, policyd-spf); all their fields are read.  Of
 * several results of one method the topmost counts, but one DKIM signature that holds makes up for others that do not
 * (RFC 6376 section 6.1).  Linear time.
 */
#ifndef TAMIS_MAIL_AUTHENTICATION_H
#define TAMIS_MAIL_AUTHENTICATION_H

#include <stddef.h>

#include "mail/header.h"
#include "util/span.h"

enum authentication_result {
    AUTHENTICATION_UNKNOWN, /* no report that counts */
    AUTHENTICATION_NONE,    /* nothing to check: no record, no signature */
    AUTHENTICATION_PASS,
    AUTHENTICATION_NEUTRAL, /* "neutral", "policy" and results that RFC 8601 section 2.7 does not know */
    AUTHENTICATION_SOFTFAIL,
    AUTHENTICATION_FAIL,
    AUTHENTICATION_ERROR /* "temperror", "permerror" */
};

struct authentication {
    enum authentication_result spf, dkim, dmarc, arc;
    struct span spf_domain;   /* of smtp.mailfrom, else smtp.helo; may be empty */
    struct span dkim_domain;  /* header.d or header.i of the signature that `dkim` is about */
    struct span dmarc_domain; /* header.from */
    struct span server;       /* the authserv-id of the topmost report that counts */
};

/* Reads the reports in `header`.  `own_hops` is how many Received fields, from the top, our own servers wrote: the last
 * of them is the one by which the message came in; 0 when none is known, and then nothing is believed.  `servers` are
 * the names of our own servers, NULL-terminated, or NULL.  The spans of the result point into the header. */
void authentication_read(const struct header *header, size_t own_hops, const char *const *servers,
                         struct authentication *result);

#endif
