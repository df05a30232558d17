/* html-name.h - names of elements, attributes and properties as numbers, so that tables are searched without comparing strings
 *
 * A name is its first 24 bytes in lower case, packed into three big-endian words and padded with zeros: numbers in the order of the
 * strings.  Longer names are marked, and equal no name in any table.  Tables are arrays of structs whose
 * first member is `char name[HTML_NAME_BYTES]`, sorted by it.
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

static inline struct html_name html_name_of(struct span text)
{
    struct html_name name = { { 0, 0, 0 } };
    size_t length = text.length < HTML_NAME_BYTES ? text.length : HTML_NAME_BYTES;
    unsigned shift = 64;
    uint64_t *word = name.word;
    for (size_t i = 0; i < length; i++) {
        shift -= 8;
        *word |= (uint64_t)html_lower((unsigned char)text.data[i]) << shift;
        if (shift == 0) {
            shift = 64;
            word++;
        }
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

/* The index of `name` in `table` (`count` rows of `stride` bytes), or -1. */
static inline int html_name_find(const struct html_name *name, const void *table, size_t stride, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = html_name_compare(name, (const char *)table + middle * stride);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* A number for a class, id or name of any length, ASCII case ignored (FNV-1a, Fowler, Noll and Vo, 32 bits).  Two that collide can
 * only make a sender's own style rule match more than he wrote. */
static inline uint32_t html_name_hash(struct span text)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ html_lower((unsigned char)text.data[i])) * 16777619u;
    return hash;
}

#endif
