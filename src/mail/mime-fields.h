/* mime-fields.h - the few fields of a header that say what its content is
 *
 * One pass over the header block of a part, raw values only: parts come by the thousand, and nobody reads their other
 * fields.
 */
#ifndef TAMIS_MAIL_MIME_FIELDS_H
#define TAMIS_MAIL_MIME_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/span.h"

struct mime_fields {
    struct span type;        /* Content-Type: the last one, which GMime and many mail programs go by */
    struct span other_type;  /* the first one, when there are several and they differ: other mail programs go by that */
    unsigned type_count;
    struct span encoding;    /* Content-Transfer-Encoding, Content-Disposition, Content-ID, Subject: the first one */
    struct span disposition;
    struct span id;
    struct span subject;
};

/* Reads the header block (the lines in front of the empty line); looks at its first LIMIT_HEADER_BYTES only. */
void mime_fields_read(struct span block, struct mime_fields *fields);

/* Where the line at `offset` of `text` ends: behind its line feed, or text.length. */
size_t mime_line_end(struct span text, size_t offset);

/* Does a header field ("Name: value") stand at the start of `line`? */
bool mime_is_field(struct span line);

#endif
