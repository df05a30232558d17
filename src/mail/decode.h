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

/* Appends `bytes` in `charset` as valid UTF-8.  UTF-8, US-ASCII, ISO-8859-1 and windows-1252 go through own tables, all else through
 * iconv, with the aliases mail uses (ks_c_5601-1987, x-sjis, gb2312 as GB18030, iso-8859-1 read as windows-1252...).
 * Gives false when the charset is unknown or the bytes contradict it: the text is then UTF-8 where it is valid UTF-8 and
 * windows-1252 where it is not.  An empty charset counts as US-ASCII, with the same fallback for 8-bit bytes (true). */
bool decode_charset(struct span bytes, struct span charset, struct buffer *out);

#endif
