/* grams.h - the slots of all 5-byte runs in a text, for learner A
 *
 * Overlapping byte n-grams need no words, no language and no character set (Goodman and Yih 2006; Cormack 2007 used
 * 4 bytes; 5 was better here, doc/ABLATION.md).
 */
#ifndef TAMIS_LEARN_GRAMS_H
#define TAMIS_LEARN_GRAMS_H

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/span.h"

#define GRAM_BYTES 5

/* The distinct slots below STORE_WEIGHT_SLOTS, sorted; `*count_r` of them. */
const uint32_t *grams_draw(struct span text, uint64_t key, struct arena *arena, size_t *count_r);

#endif
