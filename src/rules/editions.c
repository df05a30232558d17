/* editions.c - do the two editions of a message say the same? */
#include "rules/editions.h"

#include <stdint.h>

/* A set of words as bits; 1,500 words leave one in twenty falsely found, which only makes the editions more alike. */
#define SET_BITS 32768u

struct word_reader {
    struct span rest;
    uint32_t hash;
    size_t letters;
};

static bool is_letter(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte & 0x80);
}

/* An address is text in one edition and a link in the other. */
static size_t address_length(struct span text)
{
    size_t end = 0;
    if (!span_starts_nocase(text, "http"))
        return 0;
    while (end < text.length && (unsigned char)text.data[end] > ' ')
        end++;
    return memchr(text.data, ':', end) ? end : 0;
}

/* The next word of four letters or more; false at the end.  Case does not matter (hash of FNV-1a's form). */
static bool next_word(struct word_reader *reader)
{
    struct span text = reader->rest;
    size_t at = 0;
    while (at < text.length) {
        if (!is_letter(text.data[at])) {
            at++;
            continue;
        }
        size_t start = at, skip = address_length(span_from(text, at));
        uint32_t hash = 2166136261u;
        if (skip) {
            at += skip;
            continue;
        }
        for (; at < text.length && is_letter(text.data[at]); at++)
            hash = (hash ^ (unsigned char)(text.data[at] | 0x20)) * 16777619u;
        if (at - start < 4)
            continue;
        reader->hash = hash;
        reader->rest = span_from(text, at);
        return true;
    }
    return false;
}

void editions_compare(const struct message *message, struct editions *editions)
{
    *editions = (struct editions){ 0 };
    /* The reader sees all HTML and nothing plain: the plain text is another edition of it. */
    if (message->html_text.length == 0 || message->plain_text.length == 0
        || message->visible_text.data != message->html_text.data)
        return;
    uint64_t set[SET_BITS / 64] = { 0 };
    struct word_reader html = { .rest = span_head(message->html_text, EDITION_HTML) };
    while (next_word(&html))
        set[html.hash % SET_BITS / 64] |= (uint64_t)1 << (html.hash % 64);
    struct word_reader plain = { .rest = span_head(message->plain_text, EDITION_PLAIN) };
    while (next_word(&plain)) {
        editions->words++;
        editions->shared += (set[plain.hash % SET_BITS / 64] >> (plain.hash % 64)) & 1;
    }
}
