/* mbox-reader.h - one message after another out of an open file, which may be an mbox or a single message
 *
 * A message of an mbox begins with a "From " line: at the start of the file or behind an empty line, with a time of day
 * in it, as "From - Mon Jan  1 00:00:00 2001" (RFC 4155, and what mail programs write).  The line itself and the empty
 * line that ends the message are not part of it; one '>' is taken from lines ">From ", ">>From ", ... (mboxrd; mboxo
 * where the writer quoted no other).  Content-Length is not believed.
 *
 * A file that begins otherwise, or has one "From " line only, is a single message and comes byte for byte as it stands.
 */
#ifndef TAMIS_MAILBOX_MBOX_READER_H
#define TAMIS_MAILBOX_MBOX_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

enum mbox_mode {
    MBOX_GUESS,  /* by its "From " lines */
    MBOX_ALWAYS, /* an mbox even with one "From " line or none */
    MBOX_NEVER   /* a single message whatever stands in it */
};

/* Zeroed to begin with; its buffer serves one file after another until mbox_reader_free().  All members are private. */
struct mbox_reader {
    int fd;
    const char *path; /* for complaints */
    size_t limit;     /* of one message */
    char *data;
    size_t capacity, start, end; /* data[start..end) is read and not handed out */
    size_t searched;             /* of it, bytes in which no end of the message is */
    enum mbox_mode mode;
    bool ended, mbox;
    size_t number;
};

/* Begins with a file, which the reader does not close.  A message of more than about `limit` bytes is read over. */
void mbox_reader_begin(struct mbox_reader *reader, int fd, const char *path, enum mbox_mode mode, size_t limit);

/* 1 a message, 0 no more, -1 failure, also where the file is packed (packing.h): with `*more` set the next call goes on
 * with the next message.  `bytes` is valid until the next call.  An empty file holds no message. */
int mbox_reader_next(struct mbox_reader *reader, struct span *bytes, bool *more, struct failure *failure);

/* The number of the message last read, from 1; 0 when the file is a single message and no mbox. */
size_t mbox_reader_number(const struct mbox_reader *reader);

void mbox_reader_free(struct mbox_reader *reader);

#endif
