/* pass-through.h - a message written out again: our fields in, forged ones out, every other byte as it came
 *
 * Our fields go on top, behind an mbox "From " line where there is one, with the message's own line ends (CRLF when its
 * first line end is one).  Inbound copies of fields we own are removed with their folded lines.  Nothing else changes:
 * no line end is added or dropped, NUL bytes and missing final newlines included.
 *
 * The header is what delivery agents search: everything up to the first empty line, lines that are no field included;
 * where there is no empty line, everything.  Two malformed starts need care.  Lines that begin with white space before
 * any field would read as the folded rest of our last field, so our fields go behind them.  A "From " line that has no
 * line end is left behind our fields.
 *
 * No byte of the message is copied; time is linear in the header.  A hostile header of nothing but forged fields costs
 * one piece (16 bytes) for each stretch between them.
 */
#ifndef TAMIS_MAILBOX_PASS_THROUGH_H
#define TAMIS_MAILBOX_PASS_THROUGH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

/* The message as it will be written, as a list of pieces; pieces point into the message and `fields`, which must
 * outlive it. */
struct tagged_message {
    struct span *pieces; /* heap; tagged_message_free() */
    size_t count;
    size_t size;            /* sum of the lengths */
    unsigned forged;        /* fields of ours that the sender had written, removed */
    char *converted_fields; /* heap: `fields` with CRLF, when the message has CRLF */
};

/* `fields`: our header fields with LF line ends, the last one included; empty adds nothing.  `owned` tells which names
 * are ours; NULL removes nothing.  Fails when there is no memory (temporary) or `fields` does not end in a line end
 * (defect). */
bool tagged_message_make(struct span message, struct span fields, bool (*owned)(struct span name),
                         struct tagged_message *tagged, struct failure *failure);

/* Writes all pieces in a row; see file_write_spans(). */
bool tagged_message_write(const struct tagged_message *tagged, int fd, struct failure *failure);

/* The size with every line end as CRLF: what IMAP servers call the virtual size (Maildir W=).  Reads the whole
 * message. */
size_t tagged_message_crlf_size(const struct tagged_message *tagged);

void tagged_message_free(struct tagged_message *tagged);

#endif
