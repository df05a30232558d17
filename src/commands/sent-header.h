/* sent-header.h - what the header of a sent message says, from the child that reads it to the parent that keeps it */
#ifndef TAMIS_COMMANDS_SENT_HEADER_H
#define TAMIS_COMMANDS_SENT_HEADER_H

#include "senders/correspondents.h"
#include "util/buffer.h"

/* Room for the answer about one message; CORRESPONDENTS_OF_ONE_MESSAGE addresses take at most half of it. */
#define SENT_HEADER_BYTES ((size_t)96 * 1024)

/* As many senders are noted; more than one is rare. */
#define SENT_HEADER_FROM 4

struct sent_header {
    bool is_foreign; /* not the user's writing (sent-mail.h); the rest is void then */
    struct sent_message message; /* points into the answer and into this struct */
    struct span from[SENT_HEADER_FROM], to[CORRESPONDENTS_OF_ONE_MESSAGE];
};

/* In the child: reads the header of a message, or of its start, and appends the answer to `out`. */
void sent_header_write(struct span message, struct arena *arena, struct buffer *out);

/* In the parent: takes the next answer off `*bytes`, which are not trusted.  False when there is none that is whole. */
bool sent_header_read(struct span *bytes, struct sent_header *header);

#endif
