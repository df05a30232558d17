/* token-words.c - words, and pairs of words that stand near each other, of all that the reader sees and the header
 * says */
#include "learn/tokens.h"
#include "util/hash.h"

static void draw(const struct canonical *canonical, const struct features_extra *extra, struct token_sink *sink)
{
    struct span before = SPAN_EMPTY, before_that = SPAN_EMPTY, word;
    uint64_t hash, last = 0, last_but_one = 0;
    for (size_t at = 0, count = 0; token_next(canonical->text, &at, &word, &hash); count++) {
        hash = hash_mix(hash ^ sink->seed);
        token_add(sink, hash, TOKEN_WORD, word, SPAN_EMPTY);
        if (count >= 1)
            token_add(sink, hash_mix(hash + (last << 1)), TOKEN_PAIR, before, word);
        if (count >= 2)
            token_add(sink, hash_mix(hash + (last_but_one << 1)), TOKEN_GAP_PAIR, before_that, word);
        last_but_one = last;
        last = hash;
        before_that = before;
        before = word;
    }
}

const struct token_kind token_words = { "words", draw };
