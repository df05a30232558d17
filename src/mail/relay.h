/* relay.h - the path a message says it took: its Received fields
 *
 * RFC 5321 section 4.4 as Postfix, Exim, sendmail, qmail, Exchange, Gmail and Dovecot write it.  relays[0] is the
 * topmost, the one nearest to the reader and the only one the sender could not write.
 */
#ifndef TAMIS_MAIL_RELAY_H
#define TAMIS_MAIL_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/header.h"
#include "util/arena.h"
#include "util/span.h"

struct relay {
    struct span helo;         /* what the sending host called itself */
    struct span reverse_name; /* what the receiving host found out; empty: it says "unknown" or nothing */
    struct span ip;           /* the sending host's address as text, without brackets or "IPv6:"; may be empty */
    struct span by;           /* the host that wrote the field */
    struct span with;         /* protocol: ESMTPS, LMTP, local... */
    struct span for_mailbox;  /* the "for <...>" mailbox */
    int64_t date;             /* seconds since 1970, or RELAY_NO_DATE */
    bool reverse_name_forged; /* "may be forged" */
    bool helo_given;          /* a HELO could be told from the reverse name */
};

#define RELAY_NO_DATE INT64_MIN

/* Parses up to LIMIT_RELAYS Received fields of `header`; `*count_r` of them. */
const struct relay *relay_parse(const struct header *header, struct arena *arena, size_t *count_r);

/* A Date or Received date (RFC 5322 3.3 with the obsolete forms) as seconds since 1970, or RELAY_NO_DATE. */
int64_t relay_parse_date(struct span text);

#endif
