/* decode.h - transfer encodings and charsets, read as a mail program would
 *
 * Base64 (RFC 2045 6.8) here goes on after an inner '=' and skips foreign bytes: GMime 3.2.13 stops there (upstream
 * issue 150), which hides the rest of the text from a filter but not from the reader.
 */
#ifndef TAMIS_MAIL_DECODE_H
#define TAMIS_MAIL_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/buffer.h"
#include "util/span.h"

/* Each appends the decoded bytes to `out` (which may cut them at its limit, and then decoding stops). */
void decode_base64(struct span text, struct buffer *out);
void decode_quoted_printable(struct span text, struct buffer *out);
void decode_uuencode(struct span text, struct buffer *out); /* the lines between "begin" and "end" */

/* The "Q" encoding of encoded-words (RFC 2047 section 4.2).  False when a '=' in it begins no escape; it is then
 * kept. */
bool decode_q_encoding(struct span text, struct buffer *out);

/* Appends `bytes` in `charset` as valid UTF-8.  Every name of charset.h is known; single-byte charsets, UTF-8, UTF-16
 * and UTF-7 go through own tables, the multi-byte ones of East Asia through iconv (which loads a module at its first
 * use).  Gives false when the charset is unknown, or the bytes contradict it.  An unknown charset, or UTF-8 or
 * US-ASCII that is none, is read as UTF-8 where it is valid UTF-8 and as windows-1252 where it is not (all of it,
 * where ill-formed bytes outnumber well-formed sequences; and then in a charset of East Asia if it looks like one, as
 * does what is named windows-1252 or ISO-8859-1: charset-guess.h); in other charsets each byte that fits nothing
 * becomes U+FFFD.  An empty charset is US-ASCII with that same fallback for 8-bit bytes, and gives true. */
bool decode_charset(struct span bytes, struct span charset, struct buffer *out);

/* For a process that is about to give up opening files (util/sandbox.h): converters whose modules are loaded and stay
 * so until the process ends.  Others are then as unknown charsets. */
#define CONVERTERS_MOST 24 /* iconv's names in charset.c are fewer; a module takes some 0.1 ms to load */

struct converters {
    const char *names[CONVERTERS_MOST];
    size_t count;
};

/* Opens those that `message` names in plain sight, behind "charset" and in encoded words, and that of its bytes as they
 * stand, if they look like one.  Searches for these and parses nothing; what it overlooks (a name inside of base64)
 * costs the text of that part, not the message. */
void converters_open(struct converters *converters, struct span message);

#endif
