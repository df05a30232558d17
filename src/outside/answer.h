/* answer.h - what those outside found, and how it crosses the pipe out of the child that asked them
 *
 *   u8 form (1), u8 infected, u8 count, then for each hit: i32 points, u8 danger; name, description, detail as
 *   texts (wire.h)
 *
 * All numbers little-endian.  The child has spoken to others: decoding believes nothing.
 */
#ifndef TAMIS_OUTSIDE_ANSWER_H
#define TAMIS_OUTSIDE_ANSWER_H

#include <stdbool.h>

#include "rules/evaluate.h"
#include "util/arena.h"
#include "util/buffer.h"

/* More than all parts can give: the scanner 1, as many DNS lists and programs as sections are accepted
 * (FAMILY_MEMBERS_MOST of each), users of this host 3, and 3 for who did not answer. */
#define OUTSIDE_HITS_MOST 90
#define OUTSIDE_NAME_MOST 64
#define OUTSIDE_TEXT_MOST 300
#define OUTSIDE_POINTS_MOST 100000 /* hundredths, as of any rule */

struct outside_answer {
    struct arena *arena;
    struct hit items[OUTSIDE_HITS_MOST];
    size_t count;
    bool infected; /* to be put into the quarantine folder */
};

/* The same as the rules' hits; valid as long as `answer` is. */
static inline struct hits outside_hits(const struct outside_answer *answer)
{
    return (struct hits){ .items = answer->items, .count = answer->count };
}

/* Adds a hit; texts are copied, made plain (no control characters, valid UTF-8) and cut to what the limits allow.
 * `name`: letters, digits and what becomes '_'.  `points`: hundredths.  Silently left out when there are too many. */
void outside_answer_add(struct outside_answer *answer, const char *name, const char *description, struct span detail,
                        int points, bool danger);

void outside_answer_encode(const struct outside_answer *answer, struct buffer *out);

/* Adds what the bytes say to `answer`; false, and nothing added, when they are not well-formed. */
bool outside_answer_decode(struct span bytes, struct outside_answer *answer);

#endif
