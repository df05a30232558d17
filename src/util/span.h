/* span.h - a borrowed stretch of bytes
 *
 * A span points into memory that somebody else owns (the message as received, an arena) and never owns
 * anything itself.  It is not NUL-terminated and may hold NUL bytes: message content always travels as spans,
 * never as C strings.  An empty span has length 0; its data pointer may then be anything, NULL included.
 */
#ifndef TAMIS_UTIL_SPAN_H
#define TAMIS_UTIL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct span {
    const char *data;
    size_t length;
};

#define SPAN_EMPTY ((struct span){ NULL, 0 })

/* A span over a string literal or a NUL-terminated string; NULL gives the empty span. */
static inline struct span span_of(const char *string)
{
    return (struct span){ string, string ? strlen(string) : 0 };
}

static inline struct span span_make(const char *data, size_t length)
{
    return (struct span){ data, length };
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* ASCII case only: header names, MIME types, host names.  Bytes compare as in the C locale. */
static inline bool span_equal_nocase(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || strncasecmp(a.data, b.data, a.length) == 0);
}

static inline bool span_is(struct span a, const char *string)
{
    return span_equal(a, span_of(string));
}

static inline bool span_is_nocase(struct span a, const char *string)
{
    return span_equal_nocase(a, span_of(string));
}

static inline bool span_starts_nocase(struct span a, const char *prefix)
{
    size_t length = strlen(prefix);
    return a.length >= length && strncasecmp(a.data, prefix, length) == 0;
}

static inline bool span_ends_nocase(struct span a, const char *suffix)
{
    size_t length = strlen(suffix);
    return a.length >= length && strncasecmp(a.data + a.length - length, suffix, length) == 0;
}

/* The part of `a` from `offset` on; past the end gives the empty span at its end. */
static inline struct span span_from(struct span a, size_t offset)
{
    size_t skipped = offset < a.length ? offset : a.length;
    return skipped ? span_make(a.data + skipped, a.length - skipped) : a;
}

/* At most the first `length` bytes of `a`. */
static inline struct span span_head(struct span a, size_t length)
{
    return span_make(a.data, a.length < length ? a.length : length);
}

/* `a` without ASCII white space (space, TAB, CR, LF) at both ends. */
static inline struct span span_trim(struct span a)
{
    while (a.length && strchr(" \t\r\n", a.data[0]) && a.data[0]) {
        a.data++;
        a.length--;
    }
    while (a.length && strchr(" \t\r\n", a.data[a.length - 1]) && a.data[a.length - 1])
        a.length--;
    return a;
}

/* Where byte `byte` first stands in `a`; a.length when it does not. */
static inline size_t span_find_byte(struct span a, char byte)
{
    const char *at = a.length ? memchr(a.data, byte, a.length) : NULL;
    return at ? (size_t)(at - a.data) : a.length;
}

/* Does `part` stand in `a`?  An empty one stands nowhere. */
bool span_contains(struct span a, struct span part);

/* Takes the next word off `*text`: a run of bytes that stand not in `separators`.  Empty when there is none left. */
static inline struct span span_take_word(struct span *text, const char *separators)
{
    size_t start = 0;
    while (start < text->length && text->data[start] && strchr(separators, text->data[start]))
        start++;
    size_t end = start;
    while (end < text->length && !(text->data[end] && strchr(separators, text->data[end])))
        end++;
    struct span word = end > start ? span_make(text->data + start, end - start) : SPAN_EMPTY;
    *text = span_from(*text, end);
    return word;
}

#endif
