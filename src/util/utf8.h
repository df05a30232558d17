/* utf8.h - UTF-8 as it should be, out of bytes as they are
 *
 * Text inside the program is always valid UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
 */
#ifndef TAMIS_UTIL_UTF8_H
#define TAMIS_UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/span.h"

#define UTF8_REPLACEMENT 0xFFFD

/* The code point at the start of `text` and its size in bytes; for an ill-formed sequence U+FFFD and 1.
 * `text` must not be empty. */
uint32_t utf8_decode(struct span text, size_t *size);

/* Writes the UTF-8 form of `code` (a replacement character for surrogates and values past U+10FFFF); gives its size,
 * 1 to 4. */
size_t utf8_encode(uint32_t code, char out[4]);

/* Appends one character, whole or not at all: where the limit leaves no room for all of it, only `truncated` is set. */
void utf8_append(struct buffer *buffer, uint32_t code);

/* Appends valid UTF-8, cut at the limit of the buffer between two characters (buffer_append() would cut inside one). */
void utf8_append_valid(struct buffer *buffer, struct span text);

/* Is all of it valid UTF-8?  Up to where is it? */
bool utf8_is_valid(struct span text);
size_t utf8_valid_length(struct span text);

/* Is all of it ASCII?  Up to where is it?  Fast: eight bytes at a time. */
bool utf8_is_ascii(struct span text);
size_t utf8_ascii_length(struct span text);

/* Appends `text` with each ill-formed byte replaced by U+FFFD. */
void utf8_append_repaired(struct buffer *buffer, struct span text);

/* Cuts `text`, valid UTF-8, to at most `length` bytes without splitting a sequence. */
struct span utf8_head(struct span text, size_t length);

/* C0 and C1 controls and DEL: what terminals obey. */
bool utf8_is_control(uint32_t code);

/* Default-ignorable and zero-width characters: what a reader never sees and a filter trips over (U+00AD, U+034F,
 * U+061C, U+115F-1160, U+17B4-5, U+180B-F, U+200B-F, U+202A-E, U+2060-206F, U+3164, U+FE00-F, U+FEFF, U+FFA0,
 * U+1BCA0-3, U+E0000-E0FFF). */
bool utf8_is_invisible(uint32_t code);

#endif
