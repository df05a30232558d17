/* buffer.c - text that grows while it is being written, up to a limit */
#include "util/buffer.h"

#include <stdio.h>
#include <string.h>

#define FIRST_CAPACITY 256

struct buffer buffer_new(struct arena *arena, size_t limit)
{
    return (struct buffer){ .arena = arena, .limit = limit };
}

/* Makes room for up to `more` bytes; gives how many of them fit under the limit. */
static size_t make_room(struct buffer *buffer, size_t more)
{
    size_t left = buffer->limit - buffer->length;
    if (more > left) {
        more = left;
        buffer->truncated = true;
    }
    if (more <= buffer->capacity - buffer->length)
        return more;
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity - buffer->length < more)
        capacity *= 2;
    if (capacity > buffer->limit)
        capacity = buffer->limit;
    char *data = arena_alloc(buffer->arena, capacity);
    if (buffer->length)
        memcpy(data, buffer->data, buffer->length);
    buffer->data = data;
    buffer->capacity = capacity;
    return more;
}

void buffer_append(struct buffer *buffer, struct span text)
{
    size_t length = make_room(buffer, text.length);
    if (length)
        memcpy(buffer->data + buffer->length, text.data, length);
    buffer->length += length;
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, span_of(string));
}

void buffer_append_byte_slow(struct buffer *buffer, char byte)
{
    buffer_append(buffer, span_make(&byte, 1));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    char small[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    if ((size_t)length < sizeof small) {
        buffer_append(buffer, span_make(small, (size_t)length));
        return;
    }
    char *large = arena_alloc(buffer->arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(large, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer_append(buffer, span_make(large, (size_t)length));
}
