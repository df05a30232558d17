/* search-text.c - text brought to the form in which lists of words and the literals of expressions are looked for */
#include "rules/search-text.h"

#include <stdint.h>

#include "util/utf8.h"

/* The ASCII character that a sequence beginning with `at` stands for, and its size; 0 when it stands for itself. */
static char stands_for(const unsigned char *at, size_t left, size_t *size)
{
    *size = 2;
    if (left >= 2 && at[0] == 0xC2 && at[1] == 0xA0)
        return ' '; /* no-break space */
    if (left >= 2 && at[0] == 0xC5 && at[1] == 0xBF)
        return 's';
    *size = 3;
    if (left < 3 || at[0] != 0xE2)
        return at[0] == 0xE3 && left >= 3 && at[1] == 0x80 && at[2] == 0x80 ? ' ' : '\0'; /* ideographic space */
    if (at[1] == 0x84 && at[2] == 0xAA)
        return 'k';
    if (at[1] != 0x80)
        return '\0';
    if (at[2] == 0x98 || at[2] == 0x99)
        return '\'';
    if (at[2] >= 0x90 && at[2] <= 0x95)
        return '-';
    return (at[2] >= 0x80 && at[2] <= 0x8A) || at[2] == 0xAF ? ' ' : '\0';
}

/* What ASCII bytes are in search text; 0 for those that are looked at more closely: controls, and all behind ASCII. */
static const char plain[256] = "\0\0\0\0\0\0\0\0\0     \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                               " !\"#$%&'()*+,-./0123456789:;<=>?@abcdefghijklmnopqrstuvwxyz[\\]^_"
                               "`abcdefghijklmnopqrstuvwxyz{|}~";

/* One character that is not simply copied; gives how many bytes of `text` it takes. */
static size_t append_other(char *out, size_t *length, struct span text)
{
    size_t size = 1;
    char byte = plain[(unsigned char)text.data[0]];
    if (byte == '\0') {
        byte = stands_for((const unsigned char *)text.data, text.length, &size);
        size = byte ? size : 1;
    }
    if (byte == '\0')
        byte = text.data[0];
    if (byte != ' ' || *length == 0 || out[*length - 1] != ' ')
        out[(*length)++] = byte;
    return size;
}

struct span search_text_make(struct span text, struct arena *arena)
{
    /* Never longer than the text. */
    char *out = arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length;) {
        char byte = plain[(unsigned char)text.data[i]];
        if (byte > ' ') {
            out[length++] = byte;
            i++;
        } else {
            i += append_other(out, &length, span_from(text, i));
        }
    }
    return span_make(out, length);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* Blocks without letters, and of scripts that write without spaces (Unicode 15.0, Blocks.txt).  Letters among the signs
 * of a block count as signs; no list of words will miss them. */
static const struct {
    uint32_t first, last;
} no_word[] = {
    { 0x80, 0xA9 },       { 0xAB, 0xB4 },       { 0xB6, 0xB9 },       { 0xBB, 0xBF },     { 0xD7, 0xD7 },
    { 0xF7, 0xF7 },       { 0x0E00, 0x0EFF },   { 0x1000, 0x109F },   { 0x1780, 0x17FF }, { 0x2000, 0x206F },
    { 0x20A0, 0x20CF },   { 0x2190, 0x2BFF },   { 0x2E00, 0xA4CF },   { 0xAC00, 0xD7FF }, { 0xE000, 0xFAFF },
    { 0xFE00, 0xFE6F },   { 0xFF00, 0xFF0F },   { 0xFF1A, 0xFF20 },   { 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFFEF },
    { 0xFFF0, 0xFFFF },   { 0x1D000, 0x1D1FF }, { 0x1F000, 0x1FAFF }, { 0x20000, 0x10FFFF },
};

static bool is_word_code(uint32_t code)
{
    if (code < 0x80)
        return code == '_' || (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
    for (size_t i = 0; i < sizeof no_word / sizeof *no_word; i++)
        if (code <= no_word[i].last)
            return code < no_word[i].first;
    return false;
}

static bool word_begins(struct span text)
{
    size_t size;
    return text.length && is_word_code(utf8_decode(text, &size));
}

static bool word_ends(struct span text)
{
    if (text.length == 0)
        return false;
    size_t start = text.length - 1;
    while (start > 0 && text.length - start < 4 && ((unsigned char)text.data[start] & 0xC0) == 0x80)
        start--;
    return word_begins(span_from(text, start));
}

bool search_text_is_boundary(struct span text, size_t at)
{
    return !(word_ends(span_head(text, at)) && word_begins(span_from(text, at)));
}
