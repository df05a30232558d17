/* token-hidden.c - words the reader cannot see, kept apart from those he does: word salad must not dilute what is
 * shown */
#include "learn/tokens.h"
#include "util/hash.h"

#define HIDDEN_SEED UINT64_C(0x68696464656e2077) /* "hidden w": its own name space */

static void draw(const struct canonical *canonical, const struct features_extra *extra, struct token_sink *sink)
{
    struct span word;
    uint64_t hash;
    for (size_t at = 0; token_next(canonical->hidden, &at, &word, &hash);)
        token_add(sink, hash_mix(hash ^ sink->seed ^ HIDDEN_SEED), TOKEN_OTHER, span_of("hidden"), word);
}

const struct token_kind token_hidden = { "hidden", draw };
