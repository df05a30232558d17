/* part.h - one MIME part: what it says it is, what it is shown as, and its content decoded
 *
 * Shown to the reader (part.is_text) are parts of type text, attached or not, since mail programs show or open them;
 * and whatever else opens as a page: HTML and SVG attachments are a main vehicle of phishing, and many are sent as
 * application/octet-stream.  Not shown: text/x-amp-html (another edition of the same text, which few readers ever
 * see), CSS, scripts and RTF.
 */
#ifndef TAMIS_MAIL_PART_H
#define TAMIS_MAIL_PART_H

#include <stddef.h>
#include <stdint.h>

#include "mail/message.h"
#include "mail/mime.h"
#include "util/arena.h"
#include "util/buffer.h"

/* How the text of a part is read. */
enum part_text {
    PART_TEXT_NONE,
    PART_TEXT_PLAIN,
    PART_TEXT_HTML,
    PART_TEXT_CALENDAR /* iCalendar: the values people read, without the rest */
};

/* How much may still be decoded of the attachments of this message. */
struct part_budget {
    size_t peek_bytes;
    unsigned attachments;
};

/* Fills `part` from its header and the start of its content.  Adds to `oddities`.
 * The head of an attachment is 512 bytes, enough for every magic number; archives, office documents and PDF, which have
 * something to list, get LIMIT_ATTACHMENT_PEEK while the budget lasts. */
enum part_text part_read(const struct mime_part *source, struct arena *arena, struct part_budget *budget,
                         struct part *part, uint32_t *oddities);

/* The last `length` bytes of the content, or a few less: where ZIP and PDF files keep their directories.  Empty for
 * encodings that cannot be read from behind (quoted-printable, uuencode). */
struct span part_decode_tail(const struct part *part, size_t length, struct arena *arena);

/* The text of a part as valid UTF-8 without NUL bytes and with LF line ends, at most `limit` bytes.  Adds to
 * `oddities`. The span points into the message where the bytes are what they mean, into `arena` otherwise. */
struct span part_decode_text(const struct part *part, enum part_text kind, size_t limit, struct arena *arena,
                             uint32_t *oddities);

/* What a calendar says to people: SUMMARY, DESCRIPTION, LOCATION, COMMENT and URL (RFC 5545). */
void part_append_calendar(struct span text, struct buffer *out);

#endif
