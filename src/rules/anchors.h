/* anchors.h - the literal text without which an expression cannot match
 *
 * Out of the text of an expression, without PCRE2: `(cheap|free) v[i1]agra` cannot match where neither "cheap " nor
 * "free " stands, nor where "agra" does not.  The best such set is chosen.  What this reader of expressions is not sure
 * about (flags inside, recursion, conditions, \Q) gives no anchors: the expression is then tried on every message,
 * which is slow and never wrong.
 */
#ifndef TAMIS_RULES_ANCHORS_H
#define TAMIS_RULES_ANCHORS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

/* Shorter literals stand in every message and save nothing. */
#define ANCHOR_LEAST_BYTES 3
/* Alternatives at most: more say little, and cost. */
#define ANCHORS_MOST 32

/* One of these stands, as search text (search-text.h), in the search text of every match.  count 0: nothing is known.
 */
struct anchors {
    struct span items[ANCHORS_MOST];
    size_t count;
};

/* `flags` as for pattern_compile(). */
void anchors_find(struct span expression, const char *flags, struct arena *arena, struct anchors *anchors);

#endif
