/* text-prints.c - fingerprints of what a message says that survive small changes to it */
#include "mail/text-prints.h"

#include "util/buffer.h"
#include "util/fold.h"
#include "util/hash.h"
#include "util/utf8.h"

#define WORD_LONGEST 24 /* bytes; what is longer is a code or a link */

/* --- letters ---------------------------------------------------------------------------------------------------- */

enum kind { KIND_SIGN, KIND_LETTER, KIND_WORD };

/* Scripts without blanks between words: Thai, Kana, Han. */
static bool is_word_by_itself(uint32_t code)
{
    return (code >= 0xE01 && code <= 0xE4E) || (code >= 0x3041 && code <= 0x30FF) ||
           (code >= 0x3400 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0x20000 && code <= 0x2FFFF);
}

static bool is_sign(uint32_t code)
{
    if (code < 0x80)
        return (code | 0x20) - 'a' >= 26;
    return code < 0xC0 || code == 0xD7 || code == 0xF7 || (code >= 0x2000 && code <= 0x2BFF) ||
           (code >= 0x3000 && code <= 0x3040) || (code >= 0xE000 && code <= 0xF8FF) ||
           (code >= 0xFE10 && code <= 0xFE6F) || (code >= 0x1F000 && code <= 0x1FAFF);
}

static enum kind kind_of(uint32_t code)
{
    if (is_sign(code))
        return KIND_SIGN;
    return is_word_by_itself(code) ? KIND_WORD : KIND_LETTER;
}

/* --- the smallest hashes ---------------------------------------------------------------------------------------- */

struct sketch {
    uint64_t *smallest; /* rising */
    size_t count;
    uint64_t words[TEXT_PRINTS_WORDS]; /* hashes of the last of them, as a ring */
    size_t word_count;
    uint64_t key;
};

static void keep_if_small(struct sketch *sketch, uint64_t value)
{
    if (sketch->count == TEXT_PRINTS && value >= sketch->smallest[TEXT_PRINTS - 1])
        return;
    size_t at = sketch->count;
    while (at > 0 && sketch->smallest[at - 1] > value)
        at--;
    if (at > 0 && sketch->smallest[at - 1] == value)
        return;
    if (sketch->count < TEXT_PRINTS)
        sketch->count++;
    for (size_t i = sketch->count - 1; i > at; i--)
        sketch->smallest[i] = sketch->smallest[i - 1];
    sketch->smallest[at] = value;
}

static void add_word(struct sketch *sketch, struct span word)
{
    sketch->words[sketch->word_count++ % TEXT_PRINTS_WORDS] = hash_bytes(word.data, word.length, sketch->key);
    if (sketch->word_count < TEXT_PRINTS_WORDS)
        return;
    uint64_t value = sketch->key;
    for (size_t i = 0; i < TEXT_PRINTS_WORDS; i++)
        value = hash_mix(value ^ sketch->words[(sketch->word_count + i) % TEXT_PRINTS_WORDS]);
    keep_if_small(sketch, value);
}

/* --- words ------------------------------------------------------------------------------------------------------ */

static void add_letters(struct sketch *sketch, struct span letters)
{
    if (letters.length > 0 && letters.length <= WORD_LONGEST)
        add_word(sketch, letters);
}

/* Words in what stands between blanks: runs of letters, and letters that are words. */
static void add_words(struct sketch *sketch, struct span token)
{
    size_t start = 0, size;
    for (size_t at = 0; at < token.length; at += size) {
        enum kind kind = kind_of(utf8_decode(span_from(token, at), &size));
        if (kind == KIND_LETTER)
            continue;
        add_letters(sketch, span_make(token.data + start, at - start));
        if (kind == KIND_WORD)
            add_word(sketch, span_make(token.data + at, size));
        start = at + size;
    }
    add_letters(sketch, span_from(token, start));
}

/* A number, an address, a link, a host, a code: what each copy has another of. */
static bool varies(struct span token)
{
    for (size_t i = 0; i < token.length; i++) {
        unsigned char byte = (unsigned char)token.data[i];
        if ((byte >= '0' && byte <= '9') || byte == '@' || byte == '/' || byte == '_' || byte == '=')
            return true;
        bool is_inside = i > 0 && i + 1 < token.length;
        if (byte == '.' && is_inside && !is_sign((unsigned char)token.data[i + 1]))
            return true;
    }
    return false;
}

size_t text_prints(struct span text, uint64_t key, struct arena *arena, uint64_t prints[TEXT_PRINTS])
{
    struct buffer folded = buffer_new(arena, 2 * TEXT_PRINTS_READS);
    struct fold_counts counts = { 0 };
    struct sketch sketch = { .smallest = prints, .key = key };
    fold_text(utf8_head(text, TEXT_PRINTS_READS), &folded, &counts);
    struct span rest = buffer_span(&folded);
    struct span token;
    while ((token = span_take_word(&rest, " \t\r\n\f\v")).length)
        if (!varies(token))
            add_words(&sketch, token);
    return sketch.count == TEXT_PRINTS ? TEXT_PRINTS : 0;
}
