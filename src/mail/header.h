/* header.h - the header of a message or part, as it came and decoded
 *
 * Our own reading of RFC 5322 section 2.2 and RFC 2047, because GMime 3.2.13 (Debian 12) loses all but the first of
 * several base64 encoded-words (upstream issue 133) and gives an empty string for missing padding.  A line ends with
 * LF, and any CRs before it belong to that end; a first line "From " (mbox) is not part of the header.
 */
#ifndef TAMIS_MAIL_HEADER_H
#define TAMIS_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct header_field {
    struct span name;  /* as written, without the colon; e.g. "Subject" */
    struct span raw;   /* the value as received, folds and all, without the final line end */
    struct span value; /* unfolded (a fold is one space, so is a NUL byte), decoded, valid UTF-8, trimmed; at most
                        * LIMIT_FIELD_BYTES */
    bool has_raw_8bit;      /* bytes above 0x7F stood in the raw value */
    bool has_encoded_word;  /* at least one well-formed encoded-word was decoded */
    bool has_broken_encoded_word; /* something that starts like one and is none, or does not decode */
};

struct header {
    const struct header_field *fields; /* in order of appearance, top first */
    size_t count;
    struct span block;       /* the bytes of the header, with its line ends, without mbox line and empty line */
    struct span mbox_line;   /* the leading "From " line with its line end; empty when there is none */
    struct span body;        /* everything behind the empty line; empty when there is none */
    struct span loose;       /* text that nothing parts from the header, which begins with the first line that is no
                              * field: there is no empty line, or no field of mail that was sent (a "Subject:" that was
                              * put in front of a text is none); without both, any field but "Subject" and "X-..." is
                              * text, too.  Else empty */
    struct span separator;   /* the empty line itself ("\n" or "\r\n"); empty when the message ends in its header */
    bool has_bad_line;       /* a line in it that is neither field nor continuation */
    bool truncated;          /* LIMIT_HEADER_FIELDS or LIMIT_HEADER_BYTES met: fields behind it are missing */
};

/* Splits `message` into header and body and decodes the fields.  Never fails; never looks at more than
 * LIMIT_HEADER_BYTES for fields, but finds the end of the header wherever it is.  The header ends at the first empty
 * line.  A line that is no field does not end it (bogofilter and procmail agree). */
void header_parse(struct span message, struct arena *arena, struct header *header);

/* The first field of that name (ASCII case ignored), or NULL. */
const struct header_field *header_find(const struct header *header, const char *name);

/* The decoded value of the first such field; empty span when there is none. */
struct span header_value(const struct header *header, const char *name);

/* How many fields of that name there are. */
size_t header_count(const struct header *header, const char *name);

/* Unfolds and decodes one raw value: RFC 2047 with the repairs mail programs make in practice (words split inside a
 * multi-byte character, spaces or missing padding in base64, unknown charset: windows-1252, RFC 2231 language
 * suffix). */
struct span header_decode(struct span raw, struct arena *arena, bool *broken);

#endif
