/* encode.h - transfer encodings, written: what decoders must undo */
#ifndef TAMIS_TESTS_FUZZ_ENCODE_H
#define TAMIS_TESTS_FUZZ_ENCODE_H

#include "util/buffer.h"
#include "util/span.h"

/* Base64 (RFC 4648 section 4), with a line end behind every `line` bytes of it; 0: none. */
void encode_base64(struct span bytes, size_t line, struct buffer *out);

/* Quoted-printable (RFC 2045 section 6.7), every byte but letters and digits escaped, lines of at most 76 bytes. */
void encode_quoted_printable(struct span bytes, struct buffer *out);

/* The "Q" encoding of encoded-words (RFC 2047 section 4.2). */
void encode_q(struct span bytes, struct buffer *out);

/* The lines between "begin" and "end" (POSIX uuencode). */
void encode_uuencode(struct span bytes, struct buffer *out);

#endif
