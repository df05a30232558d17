/* mime-skeleton.h - of a message, only what decides its MIME structure: what GMime gets to see
 *
 * GMime 3.2.13 is quadratic in nested multiparts, takes 1.4 KB for each part and 0.6 KB for each header field,
 * overflows the stack on nested groups in address fields, and reads every byte of every attachment.  None of that is
 * needed to learn how parts lie in each other.  So it is given a skeleton: for each header its Content-Type (type and
 * boundary, written anew) with the number of the header, every line that may be a boundary, and one letter in place of
 * whatever stands between.  Where boundaries match and how parts nest is GMime's decision; its answer is an offset in
 * the skeleton, and skeleton_origin() says where in the message that is.
 *
 * A line may be a boundary when it begins with "--" and a boundary declared so far.  Limits: LIMIT_MIME_BYTES of the
 * body are looked at, LIMIT_MIME_PARTS parts, LIMIT_MIME_BOUNDARIES declared boundaries, SKELETON_BYTES in all; behind
 * them all is content of the last part.
 */
#ifndef TAMIS_MAIL_MIME_SKELETON_H
#define TAMIS_MAIL_MIME_SKELETON_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/mime-fields.h"
#include "util/arena.h"
#include "util/span.h"

#define SKELETON_BYTES ((size_t)1024 * 1024)

/* The field that carries the number of a header; GMime keeps fields named "Content-" with the part, not with the
 * message. */
#define SKELETON_FIELD "Content-Number"

/* One header of the message: its own (number 0), of a part, or of a message in the message. */
struct skeleton_header {
    struct span block;   /* its lines, without the empty one */
    struct span content; /* from behind the empty line to the next line that may be a boundary; never the next header */
    struct mime_fields fields;
};

struct skeleton_mark {
    size_t offset; /* in the skeleton */
    size_t origin; /* in the body */
};

struct skeleton {
    struct span text;
    struct span body; /* as much of the body as was looked at */
    const struct skeleton_header *headers;
    size_t header_count;
    const struct skeleton_mark *marks; /* ascending in both */
    size_t mark_count;
    bool truncated; /* a limit was met */
};

/* Builds the skeleton of a message with the header block `block` and the body `body`. */
void skeleton_build(struct span block, struct span body, struct arena *arena, struct skeleton *skeleton);

/* Where in skeleton->body the skeleton's `offset` comes from. */
size_t skeleton_origin(const struct skeleton *skeleton, size_t offset);

#endif
