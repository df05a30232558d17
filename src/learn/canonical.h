/* canonical.h - the one text that stands for a message
 *
 * Both learners read the same text: header fields (field-use.h), then facts about the parts, files and hosts, then
 * what the reader sees.
 *
 *     Subject:Your invoice                 fields in their order, "name:value", at most 300 bytes of each value,
 *     From:Anna <anna@example.org>         those of the relay path last; together at most CANON_HEADER_BYTES
 *     Received:from ...
 *                                          (an empty line)
 *     part:text/html quoted-printable      one line a part, a file name, a host linked to; at most CANON_FACT_BYTES
 *     file:invoice.pdf
 *     url:pay.example.net
 *     Dear customer, ...                   the visible text; at most CANON_BODY_BYTES
 *
 * White space is folded, invisible characters (zero width, bidi controls, soft hyphens) are dropped.  Case is kept:
 * folding it made both learners worse on both corpora (doc/ABLATION.md).  What the reader cannot see is apart, in
 * `hidden`.
 *
 * The text's form is versioned: a lesson can be taken back exactly only from the same text, so any change here, or in
 * how it falls into words (tokens.h), raises CANON_VERSION.  (2: scripts without spaces fall into threes.
 * 3: text of East Asia is read as such where its charset is not named; quotes and dashes part words;
 * what is no header is text.)
 */
#ifndef TAMIS_LEARN_CANONICAL_H
#define TAMIS_LEARN_CANONICAL_H

#include <stddef.h>
#include <stdint.h>

#include "mail/message.h"
#include "util/arena.h"

#define CANON_VERSION 3

#define CANON_HEADER_BYTES 4000
#define CANON_VALUE_BYTES 300
#define CANON_FACT_BYTES 1000
#define CANON_BODY_BYTES 4000
#define CANON_SHORT_BODY_BYTES 1500 /* what learner A reads of it: more made it worse */
#define CANON_HIDDEN_BYTES 500

struct canonical {
    struct span text;
    size_t body_start;
    size_t short_length;  /* of `text`: header, facts and the first CANON_SHORT_BODY_BYTES of the body */
    struct span hidden;
    uint8_t identity[16]; /* of the message, whoever added what fields to it since: see canonical.c */
};

void canonical_make(const struct message *message, struct arena *arena, struct canonical *canonical);

#endif
