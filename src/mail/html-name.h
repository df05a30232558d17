/* html-name.h - names of elements, attributes and properties as numbers: tables are searched without comparing strings
 *
 * A name is its first 24 bytes in lower case, packed into three big-endian words and padded with zeros: numbers in the
 * order of the strings.  Longer names are marked, and equal no name in any table.  Tables are arrays of structs whose
 * first member is `char name[HTML_NAME_BYTES]`, sorted by it, with an index of where each first letter starts.
 */
#ifndef TAMIS_MAIL_HTML_NAME_H
#define TAMIS_MAIL_HTML_NAME_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/span.h"

#define HTML_NAME_BYTES 24

struct html_name {
    uint64_t word[HTML_NAME_BYTES / 8];
};

static inline unsigned char html_lower(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Eight bytes at once: in bytes under 0x80, adding 0x3F reaches the top bit from 'A' on and adding 0x25 from behind 'Z'
 * on. */
static inline uint64_t html_lower_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & (0x7F * ones);
    uint64_t upper = ((low + 0x3F * ones) ^ (low + 0x25 * ones)) & ~word & (0x80 * ones);
    return word | upper >> 2;
}

static inline struct html_name html_name_of(struct span text)
{
    struct html_name name = { { 0, 0, 0 } };
    const unsigned char *at = (const unsigned char *)text.data;
    size_t left = text.length < HTML_NAME_BYTES ? text.length : HTML_NAME_BYTES;
    for (uint64_t *word = name.word; left > 0; word++) {
        size_t here = left < 8 ? left : 8;
        uint64_t packed = 0;
        for (size_t i = 0; i < here; i++)
            packed = packed << 8 | at[i];
        *word = html_lower_word(packed << 8 * (8 - here));
        at += here;
        left -= here;
    }
    if (text.length > HTML_NAME_BYTES)
        name.word[2] |= 0xFF;
    return name;
}

static inline bool html_name_equal(const struct html_name *a, const struct html_name *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2];
}

/* Less than, equal to or more than 0 as `name` comes before, is or comes after the padded name at `row`. */
static inline int html_name_compare(const struct html_name *name, const char *row)
{
    for (size_t i = 0; i < HTML_NAME_BYTES / 8; i++) {
        uint64_t word;
        memcpy(&word, row + 8 * i, sizeof word);
        word = be64toh(word);
        if (name->word[i] != word)
            return name->word[i] < word ? -1 : 1;
    }
    return 0;
}

/* Where the names with each first letter start in a table: entry 0 for 'a', entry 26 is the number of rows. */
typedef uint8_t html_name_index[27];

/* The rows of names that start with the letter of `first`, [*low, *high); false when there are none. */
static inline bool html_name_range(char first, const html_name_index index, size_t *low, size_t *high)
{
    unsigned letter = (unsigned)((unsigned char)first | 0x20) - 'a';
    if (letter >= 26)
        return false;
    *low = index[letter];
    *high = index[letter + 1];
    return *low < *high;
}

/* The row of the name `text` in `table` (rows of `stride` bytes), or -1. */
static inline int html_name_find(struct span text, const void *table, size_t stride, const html_name_index index)
{
    size_t low, high;
    if (!text.length || !html_name_range(text.data[0], index, &low, &high))
        return -1;
    const struct html_name name = html_name_of(text);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = html_name_compare(&name, (const char *)table + middle * stride);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* The names met last and their rows: a document uses some twenty names again and again.  Zeroed, it is empty. */
struct html_name_memo {
    struct {
        uint64_t word; /* a name of up to 8 bytes; 0: none */
        int row;
    } slot[64];
};

/* As html_name_find(), remembering in `memo`. */
static inline int html_name_recall(struct html_name_memo *memo, struct span text, const void *table, size_t stride,
                                   const html_name_index index)
{
    if (!text.length || text.length > 8)
        return html_name_find(text, table, stride, index);
    uint64_t packed = 0;
    for (size_t i = 0; i < text.length; i++)
        packed = packed << 8 | (unsigned char)text.data[i];
    uint64_t word = html_lower_word(packed);
    size_t slot = word * UINT64_C(0x9E3779B97F4A7C15) >> 58;
    if (memo->slot[slot].word != word) {
        memo->slot[slot].row = html_name_find(text, table, stride, index);
        memo->slot[slot].word = word;
    }
    return memo->slot[slot].row;
}

/* A number for a class, id or name of any length, ASCII case ignored (FNV-1a, Fowler, Noll and Vo, 32 bits).  Two that
 * collide can only make a sender's own style rule match more than he wrote. */
static inline uint32_t html_name_hash(struct span text)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ html_lower((unsigned char)text.data[i])) * 16777619u;
    return hash;
}

#endif
