/* pass-through.h - a message written out again: our fields in, forged ones out, every other byte as it came
 *
 * Our fields go on top, behind an mbox "From " line where there is one, with the message's own line ends (CRLF when its first line end
 * is one).  Inbound copies of fields we own are removed with their folded lines.  Nothing else changes: no line end is added or dropped,
 * NUL bytes and missing final newlines included.
 */
#ifndef TAMIS_MAILBOX_PASS_THROUGH_H
#define TAMIS_MAILBOX_PASS_THROUGH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

/* The message as it will be written, as a list of pieces; pieces point into the message and `fields`. */
struct tagged_message {
    struct span *pieces;   /* heap; tagged_message_free() */
    size_t count;
    size_t size;           /* sum of the lengths */
    size_t crlf_size;      /* the size with every line end as CRLF (Maildir W=) */
    unsigned forged;       /* fields of ours that the sender had written, removed */
    char *converted_fields; /* heap: `fields` with CRLF, when the message has CRLF */
};

/* `fields`: our header fields with LF line ends; empty adds nothing (and removes nothing when `keep_forged`).  `owned` tells which names are ours. */
bool tagged_message_make(struct span message, struct span fields, bool (*owned)(struct span name), struct tagged_message *tagged,
                         struct failure *failure);
bool tagged_message_write(const struct tagged_message *tagged, int fd, struct failure *failure);
void tagged_message_free(struct tagged_message *tagged);

#endif
