/* mime.h - the MIME structure of a message: which parts there are, how they lie in each other; the only door to GMime
 *
 * A message that is neither multipart nor of a message type has one part and no structure: it never comes near GMime,
 * whose start alone takes as many instructions as reading such a message (0.3 M).  Every other message's structure
 * comes from GMime, which parses a skeleton of it (mime-skeleton.h has the reasons).  The parts come back as spans of
 * the message itself; those of a message in it that is encoded as a whole as spans of what that decodes to.
 */
#ifndef TAMIS_MAIL_MIME_H
#define TAMIS_MAIL_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/header.h"
#include "mail/mime-fields.h"
#include "util/arena.h"
#include "util/span.h"

/* Not inside any multipart/alternative. */
#define MIME_NO_BRANCH (-1)

/* One of the editions that a multipart/alternative offers: a child of it. */
struct mime_branch {
    int alternative; /* which multipart/alternative, counted from 0 */
    int parent;      /* the branch around that one, or MIME_NO_BRANCH */
};

/* A leaf of the tree, or a message in the message, whose own leaves follow it one level deeper. */
struct mime_part {
    struct mime_fields fields;
    struct span content;     /* as transferred, without the line end that belongs to the boundary */
    unsigned depth;          /* 0: the message itself */
    int branch;              /* the innermost branch it is in, or MIME_NO_BRANCH */
    bool is_message;
    bool is_broken;          /* a multipart without boundary or parts: many mail programs show it as it stands */
    bool lost_its_type;      /* a message without Content-Type, and without Received: its header was cut down */
    struct span subject;     /* of a message in the message: the raw value of its Subject field */
};

struct mime_tree {
    const struct mime_part *parts; /* depth first; never empty */
    size_t part_count;
    unsigned multipart_count;
    unsigned depth;
    const struct mime_branch *branches;
    size_t branch_count;
    size_t alternative_count;
    uint32_t oddities;             /* bits of enum oddity (message.h) */
};

/* Sets GMime up now instead of with the first message that needs it. */
void mime_library_start(void);

/* Never fails. */
void mime_read(const struct header *header, struct arena *arena, struct mime_tree *tree);

#endif
