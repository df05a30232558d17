/* buffer.h - text that grows while it is being written, up to a limit
 *
 * A buffer lives in an arena and grows there by doubling.  It has a limit: what would pass it is cut and
 * `truncated` is set, so a caller can always append without asking and judge on what fitted.
 * Invariant: length <= capacity, length <= limit.
 */
#ifndef TAMIS_UTIL_BUFFER_H
#define TAMIS_UTIL_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct buffer {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
    size_t limit;
    bool truncated; /* something did not fit any more */
};

/* An empty buffer in `arena` that takes at most `limit` bytes. */
struct buffer buffer_new(struct arena *arena, size_t limit);

void buffer_append(struct buffer *buffer, struct span text);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The slow path of buffer_append_byte(). */
void buffer_append_byte_slow(struct buffer *buffer, char byte);

static inline void buffer_append_byte(struct buffer *buffer, char byte)
{
    if (buffer->length < buffer->capacity)
        buffer->data[buffer->length++] = byte;
    else
        buffer_append_byte_slow(buffer, byte);
}

/* What was written so far; valid until the next append. */
static inline struct span buffer_span(const struct buffer *buffer)
{
    return span_make(buffer->data, buffer->length);
}

#endif
