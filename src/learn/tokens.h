/* tokens.h - the words of a message and what stands beside them, as numbers
 *
 * A token kind is one way of drawing features for learner B out of a message.  To add one:
 *   1. write token-NAME.c with a `const struct token_kind`;
 *   2. add one line to the table in tokens.c and one to local.mk, and raise CANON_VERSION;
 *   3. add to the table in its test, and a measured line to doc/ABLATION.md.
 *
 * A feature is 32 bits, the lowest two its class, which learner B weighs (pairs.h): a word alone, two words side by
 * side, two words with one between, and the rest.  Sparse pairs are Siefkes et al. 2004 ("Combining Winnow and
 * Orthogonal Sparse Bigrams"); a window of 3 words with the single words is as good as their 5 without, at 3
 * features a word instead of 4 (doc/ABLATION.md).
 */
#ifndef TAMIS_LEARN_TOKENS_H
#define TAMIS_LEARN_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "learn/canonical.h"
#include "learn/features.h"
#include "util/arena.h"
#include "util/span.h"

enum token_class { TOKEN_WORD, TOKEN_PAIR, TOKEN_GAP_PAIR, TOKEN_OTHER };
#define TOKEN_CLASS_MASK 3u

/* Where features came from, for `explain`. */
struct token_text {
    uint32_t feature;
    struct span first, second; /* second is empty for a word alone */
};

/* Takes features.  `texts` is NULL unless they are wanted; both have room for `capacity`, and what comes beyond is
 * dropped. */
struct token_sink {
    uint64_t seed;
    uint32_t *features;
    struct token_text *texts;
    size_t count, capacity;
};

struct token_kind {
    const char *name;
    void (*draw)(const struct canonical *canonical, const struct features_extra *extra, struct token_sink *sink);
};

extern const struct token_kind token_words, token_hidden, token_names;

/* Draws the features of all kinds; as they come, repetitions included. */
void tokens_draw(const struct canonical *canonical, const struct features_extra *extra, uint64_t key, bool with_texts,
                 struct arena *arena, struct token_sink *sink);

/* What a sink's `seed` is for a store of this key. */
uint64_t tokens_seed(uint64_t key);

/* Gives the next word of `text` from `*at` on and its hash; false at the end.  Words of scripts that set nothing
 * between them overlap: each three characters of a run are one (letter.h). */
bool token_next(struct span text, size_t *at, struct span *word, uint64_t *hash);

static inline void token_add(struct token_sink *sink, uint64_t hash, enum token_class class, struct span first,
                             struct span second)
{
    if (sink->count == sink->capacity)
        return;
    uint32_t feature = ((uint32_t)(hash >> 32) & ~TOKEN_CLASS_MASK) | (uint32_t)class;
    if (sink->texts)
        sink->texts[sink->count] = (struct token_text){ feature, first, second };
    sink->features[sink->count++] = feature;
}

#endif
