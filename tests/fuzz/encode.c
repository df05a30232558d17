/* encode.c - transfer encodings, written: what decoders must undo */
#include "config.h"

#include "encode.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static unsigned byte_at(struct span bytes, size_t index)
{
    return index < bytes.length ? (unsigned char)bytes.data[index] : 0;
}

void encode_base64(struct span bytes, size_t line, struct buffer *out)
{
    size_t column = 0;
    for (size_t i = 0; i < bytes.length; i += 3) {
        unsigned group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
        for (size_t digit = 0; digit < 4; digit++) {
            bool is_padding = i + digit > bytes.length;
            buffer_append_byte(out, is_padding ? '=' : alphabet[group >> (18 - 6 * digit) & 63]);
            if (line && ++column % line == 0)
                buffer_append_byte(out, '\n');
        }
    }
}

static bool is_plain(unsigned byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static void append_escaped(unsigned byte, struct buffer *out)
{
    if (is_plain(byte))
        buffer_append_byte(out, (char)byte);
    else
        buffer_append_format(out, "=%02X", byte);
}

void encode_quoted_printable(struct span bytes, struct buffer *out)
{
    size_t line_start = out->length;
    for (size_t i = 0; i < bytes.length; i++) {
        if (out->length - line_start > 72) {
            buffer_append_string(out, "=\r\n");
            line_start = out->length;
        }
        append_escaped(byte_at(bytes, i), out);
    }
}

void encode_q(struct span bytes, struct buffer *out)
{
    for (size_t i = 0; i < bytes.length; i++) {
        if (bytes.data[i] == ' ')
            buffer_append_byte(out, '_');
        else
            append_escaped(byte_at(bytes, i), out);
    }
}

void encode_uuencode(struct span bytes, struct buffer *out)
{
    for (size_t start = 0; start < bytes.length; start += 45) {
        struct span line = span_head(span_from(bytes, start), 45);
        buffer_append_byte(out, (char)(' ' + line.length));
        for (size_t i = 0; i < line.length; i += 3) {
            unsigned group = byte_at(line, i) << 16 | byte_at(line, i + 1) << 8 | byte_at(line, i + 2);
            for (unsigned digit = 0; digit < 4; digit++) {
                unsigned value = group >> (18 - 6 * digit) & 63;
                buffer_append_byte(out, value ? (char)(' ' + value) : '`');
            }
        }
        buffer_append_byte(out, '\n');
    }
}
