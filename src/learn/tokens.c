/* tokens.c - the table of token kinds, and how text falls into words */
#include "learn/tokens.h"

#include "util/hash.h"
#include "util/letter.h"
#include "util/utf8.h"

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
    /* Two words take three bytes at least: a letter, and a character that stands alone (letter.h), of two bytes. */
    size_t words = (canonical->text.length + canonical->hidden.length) / 3 * 2 + 4;
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

/* What a word is made of: letters, digits, and signs that stand inside prices, host names, addresses and file names.
 * Splitting at all other signs beat white space alone by a third on both corpora.  What characters outside ASCII are is
 * in letter.h. */
static const bool is_of_word[256] = {
    ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['.'] = true, ['-'] = true, ['$'] = true,
    ['@'] = true,         ['\''] = true,        ['_'] = true,         ['!'] = true, ['%'] = true,
};

static bool is_ascii_at(struct span text, size_t at)
{
    return (uint8_t)text.data[at] < 0x80;
}

static bool is_of_word_at(struct span text, size_t at)
{
    return is_of_word[(uint8_t)text.data[at]];
}

static enum letter letter_at(struct span text, size_t at, size_t *size)
{
    *size = 1;
    if (is_ascii_at(text, at))
        return is_of_word_at(text, at) ? LETTER_OF_WORD : LETTER_NONE;
    return letter_of(utf8_decode(span_from(text, at), size));
}

/* Words are told apart by their first 20 bytes: random strings of any length cost one feature, and "unsubscribe" is
 * not cut. */
#define WORD_BYTES 20

/* Of text without anything between its words, each three characters side by side are a word; with the pairs of these
 * with their neighbours, four and five. */
#define RUN_CHARACTERS 3

static uint64_t hash_of(struct span word)
{
    uint64_t value = HASH_WORD_START;
    for (size_t i = 0; i < word.length && i < WORD_BYTES; i++)
        value = hash_word_byte(value, (uint8_t)word.data[i]);
    return value;
}

static size_t end_of_word(struct span text, size_t at)
{
    for (size_t size;; at += size) {
        while (at < text.length && is_of_word_at(text, at))
            at++;
        if (at == text.length || is_ascii_at(text, at) || letter_at(text, at, &size) != LETTER_OF_WORD)
            return at;
    }
}

/* Where the next word begins, what its first character is, and the size of that; the end of the text when there is
 * none. */
static size_t start_of_word(struct span text, size_t at, enum letter *letter_r, size_t *size_r)
{
    for (;; at += *size_r) {
        while (at < text.length && is_ascii_at(text, at) && !is_of_word_at(text, at))
            at++;
        if (at == text.length || (*letter_r = letter_at(text, at, size_r)) != LETTER_NONE)
            return at;
    }
}

/* Up to RUN_CHARACTERS of a run that begins at `start`: where they end, and where the next of them begin, which is one
 * character on, or the end of the run when there are no more so many. */
static size_t end_in_run(struct span text, size_t start, size_t *next_r)
{
    size_t at = start, size, second = start;
    int count = 0;
    while (at < text.length && count < RUN_CHARACTERS && letter_at(text, at, &size) == LETTER_OF_RUN) {
        at += size;
        second = count++ == 0 ? at : second;
    }
    bool has_more = at < text.length && letter_at(text, at, &size) == LETTER_OF_RUN;
    *next_r = has_more ? second : at;
    return at;
}

bool token_next(struct span text, size_t *at, struct span *word, uint64_t *hash)
{
    enum letter letter;
    size_t size = 0, start = start_of_word(text, *at, &letter, &size), end = start + size;
    *at = end;
    if (start == text.length)
        return false;
    if (letter == LETTER_OF_WORD)
        *at = end = end_of_word(text, end);
    else if (letter == LETTER_OF_RUN)
        end = end_in_run(text, start, at);
    *word = span_make(text.data + start, end - start);
    *hash = hash_of(*word);
    return true;
}
