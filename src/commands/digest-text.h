/* digest-text.h - the digest of Junk as a message: safe to view, whatever the spam in it says
 *
 * multipart/alternative with a plain and an HTML edition of the same list, least certain first.  Text out of messages
 * is shown and nothing else: control, invisible and direction characters stand there as \u{202E}, markup is escaped,
 * "://" is written "[:]//" so that mail programs make no links of it, and the HTML edition loads nothing and has no
 * links, styles or scripts of anybody's.  Both editions are quoted-printable in UTF-8 (RFC 2045 section 6.7), so that
 * no line is long and the boundary cannot occur in them ("=_" is nothing quoted-printable can hold).
 */
#ifndef TAMIS_COMMANDS_DIGEST_TEXT_H
#define TAMIS_COMMANDS_DIGEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/span.h"

/* Lines of one digest; the rest is counted.  With what a line may hold a digest stays under 1 MB. */
#define DIGEST_LINES 200
/* Bytes shown of a sender, a subject, a reason. */
#define DIGEST_FIELD 120

struct digest_line {
    struct span from, subject, reason; /* untrusted UTF-8, may be empty */
    int points;                        /* hundredths */
    bool is_judged;                    /* or else points mean nothing */
    int64_t arrived;
};

struct digest {
    const struct digest_line *lines; /* in the order they are shown */
    size_t count;                    /* at most DIGEST_LINES */
    size_t not_shown;
    int64_t since, now;              /* seconds since 1970 */
    int days;                        /* junk_days, 0: nothing is deleted */
    const char *folder;              /* name of the Junk folder */
    const char *address;             /* of the user: from and to */
    const char *host;
};

/* Appends the whole message, with LF line ends. */
void digest_write(const struct digest *digest, struct buffer *out);

/* Sorts lines for a digest: could not be judged, then by points, lowest first. */
void digest_sort(struct digest_line *lines, size_t count);

#endif
