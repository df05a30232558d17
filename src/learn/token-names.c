/* token-names.c - names of rules that hit: the user's own mail weighs the rules anew */
#include "learn/tokens.h"
#include "util/hash.h"

#define NAME_SEED UINT64_C(0x72756c65206e616d) /* "rule nam": its own name space */

static void draw(const struct canonical *canonical, const struct features_extra *extra, struct token_sink *sink)
{
    for (size_t i = 0; extra && i < extra->count; i++) {
        struct span name = span_of(extra->names[i]);
        uint64_t hash = hash_mix(hash_bytes(name.data, name.length, sink->seed ^ NAME_SEED));
        token_add(sink, hash, TOKEN_OTHER, span_of("rule"), name);
    }
}

const struct token_kind token_names = { "names", draw };
