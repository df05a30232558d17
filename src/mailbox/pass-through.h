/* pass-through.h - a message written out again: our fields in, forged ones out, every other byte as it came
 *
 * Our fields go on top, behind an mbox "From " line where there is one, with the message's own line ends (CRLF when its
 * first line end is one).  Inbound copies of fields we own are removed with their folded lines.  Nothing else changes:
 * no line end is added or dropped, NUL bytes and missing final newlines included.
 *
 * The header is what delivery agents search: everything up to the first empty line, lines that are no field included;
 * where there is no empty line, everything.  Two malformed starts need care.  Lines that begin with white space before
 * any field would read as the folded rest of our last field, so our fields go behind them; and where nothing else is
 * there and the last of them has no line end, none are added.  A "From " line that has no line end is left behind our
 * fields.
 *
 * No byte of the message is copied; time is linear in the header.  The pieces are found anew each time they are needed:
 * a list of them took 38 MB for a hostile header of 2.4 million forged fields.
 */
#ifndef TAMIS_MAILBOX_PASS_THROUGH_H
#define TAMIS_MAILBOX_PASS_THROUGH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

/* The message as it will be written; its spans point into the message and `fields`, which must outlive it. */
struct tagged_message {
    struct span before; /* what stays before our fields */
    struct span fields;
    struct span rest;                 /* what comes behind them, with the forged fields still in it */
    bool (*owned)(struct span name);  /* which fields are forged; NULL: none */
    size_t size;                      /* without the forged fields */
    unsigned forged;                  /* fields of ours that the sender had written, removed */
    char *converted_fields;           /* heap: `fields` with CRLF, when the message has CRLF; tagged_message_free() */
};

/* A walk over the pieces of a message, in the order they are written; starts as { .message = ... }. */
struct tagged_walk {
    const struct tagged_message *message;
    enum { WALK_BEFORE, WALK_FIELDS, WALK_REST } place;
    size_t offset;   /* in the rest */
    unsigned forged; /* fields passed over so far */
};

/* The next piece, never an empty one; false at the end. */
bool tagged_walk_next(struct tagged_walk *walk, struct span *piece);

/* `fields`: our header fields with LF line ends, the last one included; empty adds nothing.  `owned` tells which names
 * are ours; NULL removes nothing.  Fails when there is no memory (temporary) or `fields` does not end in a line end
 * (defect). */
bool tagged_message_make(struct span message, struct span fields, bool (*owned)(struct span name),
                         struct tagged_message *tagged, struct failure *failure);

/* Writes all pieces in a row, some at once; see file_write_spans(). */
bool tagged_message_write(const struct tagged_message *tagged, int fd, struct failure *failure);

/* The size with every line end as CRLF: what IMAP servers call the virtual size (Maildir W=).  Reads the whole
 * message. */
size_t tagged_message_crlf_size(const struct tagged_message *tagged);

void tagged_message_free(struct tagged_message *tagged);

#endif
