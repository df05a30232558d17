/* maildir-name.h - the parts of the name of a file in a Maildir
 *
 * A name is "UNIQUE:2,FLAGS" (cr.yp.to/proto/maildir.html).  UNIQUE stays when flags change, and begins with the time.
 * FLAGS are letters: capital ones are IMAP's system flags (P passed on, R replied, S seen, T deleted, D draft,
 * F flagged), small ones keywords (keywords.h).
 *
 * Whoever asks for a flag asks here, so that all parts of the program see the same: the first ':' ends UNIQUE, for
 * none may stand in it; nothing but "2," begins flags; and a ',' ends them, as Dovecot has it (maildir-filename-
 * flags.c): what is behind it is an extension that nobody has described.
 */
#ifndef TAMIS_MAILBOX_MAILDIR_NAME_H
#define TAMIS_MAILBOX_MAILDIR_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "util/span.h"

/* Spans into the name. */
struct maildir_name {
    struct span unique;
    struct span flags;
    bool has_flags; /* ":2," follows on `unique`, though there may be no letter behind it */
};

struct maildir_name maildir_name_read(const char *name);

/* Does the name have one of these flags? */
bool maildir_name_has_any(const char *name, const char *flags);

/* When it was named, in seconds since 1970, as "1717488000.M1P2.host" says; 0 when it begins otherwise. */
int64_t maildir_name_time(const char *name);

#endif
