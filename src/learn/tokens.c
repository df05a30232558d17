/* tokens.c - the table of token kinds, and how text falls into words */
#include "learn/tokens.h"

#include "util/hash.h"

static const struct token_kind *const kinds[] = {
    &token_words,  /* words and pairs of words of header, facts and visible text */
    &token_hidden, /* words the reader cannot see */
    &token_names,  /* names of rules that hit */
};

/* Features of a word: itself and one pair with each of the two before it. */
#define FEATURES_OF_WORD 3
#define NAMES_MOST 256

uint64_t tokens_seed(uint64_t key)
{
    return hash_mix(key);
}

void tokens_draw(const struct canonical *canonical, const struct features_extra *extra, uint64_t key, bool with_texts,
                 struct arena *arena, struct token_sink *sink)
{
    /* A word takes at least one byte, and all but single CJK characters (three bytes) a separator behind it. */
    size_t words = (canonical->text.length + canonical->hidden.length) / 2 + 2;
    size_t capacity = words * FEATURES_OF_WORD + NAMES_MOST;
    *sink = (struct token_sink){
        .seed = tokens_seed(key),
        .capacity = capacity,
        .features = arena_new_list(arena, uint32_t, capacity),
        .texts = with_texts ? arena_new_array(arena, struct token_text, capacity) : NULL,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        kinds[i]->draw(canonical, extra, sink);
}

/* What a word is made of: letters, digits, every byte of a character outside ASCII, and signs that stand inside
 * prices, host names, addresses and file names.  Splitting at all other signs beat white space alone by a third on
 * both corpora. */
enum { SEPARATOR, WORD, SINGLE };

static const uint8_t kind_of_byte[256] = {
    ['0' ... '9'] = WORD, ['A' ... 'Z'] = WORD, ['a' ... 'z'] = WORD, ['.'] = WORD,  ['-'] = WORD,
    ['$'] = WORD,         ['@'] = WORD,         ['\''] = WORD,        ['_'] = WORD,  ['!'] = WORD,
    ['%'] = WORD,         [0x80 ... 0xE2] = WORD, [0xE3 ... 0xED] = SINGLE, [0xEE ... 0xFF] = WORD,
};

/* Words are told apart by their first 20 bytes: random strings of any length cost one feature, and "unsubscribe" is
 * not cut. */
#define WORD_BYTES 20

bool token_next(struct span text, size_t *at, struct span *word, uint64_t *hash)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    size_t i = *at;
    while (i < text.length && kind_of_byte[bytes[i]] == SEPARATOR)
        i++;
    if (i == text.length) {
        *at = i;
        return false;
    }
    size_t start = i;
    uint64_t value = HASH_WORD_START;
    if (kind_of_byte[bytes[i]] == SINGLE) { /* U+3000 to U+D7FF: kana, Han, Hangul: no spaces; pairs do the rest */
        for (; i < text.length && i < start + 3; i++)
            value = hash_word_byte(value, bytes[i]);
    } else {
        for (; i < text.length && i < start + WORD_BYTES && kind_of_byte[bytes[i]] == WORD; i++)
            value = hash_word_byte(value, bytes[i]);
        while (i < text.length && kind_of_byte[bytes[i]] == WORD)
            i++;
    }
    *word = span_make(text.data + start, i - start);
    *hash = value;
    *at = i;
    return true;
}
