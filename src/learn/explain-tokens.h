/* explain-tokens.h - which words spoke for spam and which against, for `tamis explain`
 *
 * The store knows hashes only, so the text comes from the message again, in the same isolated child that reads it.
 */
#ifndef TAMIS_LEARN_EXPLAIN_TOKENS_H
#define TAMIS_LEARN_EXPLAIN_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/features.h"
#include "store/store.h"
#include "util/arena.h"
#include "util/failure.h"

/* So many that speak for spam, and as many that speak against: where one side is strong, the other is worth seeing. */
#define EXPLAIN_TOKENS_SIDE 16
#define EXPLAIN_TOKENS_MOST (2 * EXPLAIN_TOKENS_SIDE)

struct explained_token {
    struct span text;    /* "viagra", "click here", "limited ... offer", "hidden word", "rule NAME"; valid UTF-8 */
    unsigned spam, ham;  /* counted lessons that held it */
    double weight;       /* natural log-odds it adds: above 0 speaks for spam */
};

struct explained {
    struct explained_token items[EXPLAIN_TOKENS_MOST]; /* strongest first, for and against mixed */
    size_t count;
    uint64_t pair_lessons[2];                          /* [label]: what `spam` and `ham` are counts out of */
};

/* False when the store could not be read (failure says why). */
bool learn_explain(struct store *store, const struct message *message, const struct features_extra *extra,
                   struct arena *arena, struct explained *explained, struct failure *failure);

#endif
