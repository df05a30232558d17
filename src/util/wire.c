/* wire.c - numbers and texts as bytes between a process and its child */
#include "util/wire.h"

#include <string.h>

#include "util/utf8.h"

void wire_put_number(struct buffer *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_append_byte(out, (char)(value >> (8 * i)));
}

void wire_put_double(struct buffer *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    wire_put_number(out, bits, 8);
}

void wire_put_text(struct buffer *out, struct span text, size_t most)
{
    text = utf8_head(text, most);
    wire_put_number(out, text.length, 2);
    buffer_append(out, text);
}

struct span wire_take(struct wire_reader *reader, size_t length)
{
    if (!reader->sound || reader->rest.length < length) {
        reader->sound = false;
        return SPAN_EMPTY;
    }
    struct span taken = span_make(reader->rest.data, length);
    reader->rest = span_from(reader->rest, length);
    return taken;
}

uint64_t wire_take_number(struct wire_reader *reader, size_t size)
{
    struct span bytes = wire_take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.length; i++)
        value |= (uint64_t)(unsigned char)bytes.data[i] << (8 * i);
    return value;
}

double wire_take_double(struct wire_reader *reader)
{
    uint64_t bits = wire_take_number(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool is_plain_text(struct span text)
{
    if (!utf8_is_valid(text))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && (unsigned char)text.data[i + 1] < 0xA0))
            return false;
    }
    return true;
}

static bool is_name(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'))
            return false;
    }
    return text.length > 0;
}

struct span wire_take_text(struct wire_reader *reader, size_t most)
{
    size_t length = (size_t)wire_take_number(reader, 2);
    struct span text = wire_take(reader, length);
    if (length > most || !is_plain_text(text))
        reader->sound = false;
    return reader->sound ? text : SPAN_EMPTY;
}

struct span wire_take_name(struct wire_reader *reader, size_t most)
{
    struct span name = wire_take_text(reader, most);
    if (!is_name(name))
        reader->sound = false;
    return reader->sound ? name : SPAN_EMPTY;
}
