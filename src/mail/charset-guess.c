/* charset-guess.c - text of East Asia that does not say its charset */
#include "mail/charset-guess.h"

#include <stdbool.h>

#include "util/utf8.h"

/* Fewer pairs may come about in any text. */
#define PAIRS_LEAST 4

/* Pairs of bytes, by their first one; those of punctuation and signs (rows A1 to A3) tell nothing and stand in `pairs`
 * alone. */
struct pairs {
    size_t runs, odd_runs; /* of bytes or pairs beyond ASCII next to each other; in numbers that make no pairs */
    size_t pairs, broken;  /* broken: a first byte without a second */
    size_t low;            /* the second byte is ASCII */
    size_t characters;     /* pairs but for punctuation */
    size_t kana;           /* first byte A4, A5: hiragana and katakana of GB 2312 and JIS X 0208 */
    size_t kana_shifted;   /* 82, 83: the same in Shift_JIS */
    size_t hangul;         /* B0 to C8: KS X 1001, section 3 */
    size_t usual_chinese;  /* B0 to D7: the first level of GB 2312, in the order of their sounds */
    size_t usual_big5;     /* A4 to C6: the first level of Big5, in the order of their strokes */
};

static bool is_high(unsigned char byte)
{
    return byte >= 0x80;
}

static bool is_within(unsigned char byte, unsigned char least, unsigned char most)
{
    return byte >= least && byte <= most;
}

static void count_pair(struct pairs *pairs, unsigned char first, unsigned char second)
{
    pairs->pairs++;
    pairs->low += !is_high(second);
    if (is_within(first, 0xA1, 0xA3) || first == 0x81)
        return;
    pairs->characters++;
    pairs->kana += is_within(first, 0xA4, 0xA5);
    pairs->kana_shifted += is_within(first, 0x82, 0x83);
    pairs->hangul += is_within(first, 0xB0, 0xC8);
    pairs->usual_chinese += is_within(first, 0xB0, 0xD7);
    pairs->usual_big5 += is_within(first, 0xA4, 0xC6);
}

/* The EUC encodings: both bytes from A1 on. */
static struct pairs pairs_of_high_bytes(struct span bytes)
{
    const unsigned char *byte = (const unsigned char *)bytes.data;
    struct pairs pairs = { 0 };
    for (size_t at = 0; at < bytes.length;) {
        size_t start = at;
        while (at < bytes.length && is_high(byte[at]))
            at++;
        for (size_t i = start; i + 1 < at; i += 2) {
            count_pair(&pairs, byte[i], byte[i + 1]);
            pairs.broken += byte[i] < 0xA1 || byte[i + 1] < 0xA1;
        }
        pairs.runs += at > start;
        pairs.odd_runs += (at - start) % 2;
        at += at == start;
    }
    return pairs;
}

/* Big5 and Shift_JIS: the second byte may be a letter or a sign of ASCII. */
static struct pairs pairs_of_any_bytes(struct span bytes)
{
    const unsigned char *byte = (const unsigned char *)bytes.data;
    struct pairs pairs = { 0 };
    size_t end = 0; /* of the pair before */
    for (size_t at = 0; at < bytes.length; at++) {
        if (!is_high(byte[at]))
            continue;
        pairs.runs += at == 0 || at != end;
        unsigned char second = at + 1 < bytes.length ? byte[at + 1] : '\0';
        if (is_within(second, 0x40, 0xFE) && second != 0x7F)
            count_pair(&pairs, byte[at++], second);
        else
            pairs.broken++;
        end = at + 1;
    }
    return pairs;
}

static bool is_share(size_t part, size_t whole, size_t percent)
{
    return part * 100 >= whole * percent;
}

/* In text of one byte a character half of the runs are odd, and often single letters. */
static const char *guess_of_high_bytes(struct span bytes)
{
    struct pairs pairs = pairs_of_high_bytes(bytes);
    if (pairs.characters < PAIRS_LEAST || is_share(pairs.broken, pairs.pairs, 5)
        || (pairs.odd_runs > 1 && is_share(pairs.odd_runs, pairs.runs, 12)))
        return NULL;
    if (is_share(pairs.kana, pairs.characters, 25))
        return "EUC-JP-MS";
    if (is_share(pairs.hangul, pairs.characters, 85))
        return "CP949";
    return is_share(pairs.usual_chinese, pairs.characters, 60) ? "GB18030" : NULL;
}

static const char *guess_of_any_bytes(struct span bytes)
{
    struct pairs pairs = pairs_of_any_bytes(bytes);
    bool alone = pairs.pairs < 2 * pairs.runs; /* an accent or a bullet and the letter behind it */
    if (alone || pairs.characters < PAIRS_LEAST || is_share(pairs.broken, pairs.pairs, 5)
        || !is_share(pairs.low, pairs.pairs, 10))
        return NULL;
    if (is_share(pairs.kana_shifted, pairs.characters, 25))
        return "CP932";
    return is_share(pairs.usual_big5, pairs.characters, 75) ? "BIG5-HKSCS" : NULL;
}

const char *charset_guess(struct span bytes)
{
    bytes = span_head(span_from(bytes, utf8_ascii_length(bytes)), CHARSET_GUESS_READS);
    if (utf8_valid_length(bytes) + 3 >= bytes.length) /* UTF-8, with its last character cut */
        return NULL;
    const char *guess = guess_of_high_bytes(bytes);
    return guess ? guess : guess_of_any_bytes(bytes);
}
