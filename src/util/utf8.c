/* utf8.c - UTF-8 as it should be, out of bytes as they are */
#include "util/utf8.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* What the first byte of a sequence says about it (RFC 3629 section 4): its size, and the range its second byte must
 * lie in, which is where overlong forms, surrogates and values past U+10FFFF are told. */
struct lead {
    unsigned char size;
    unsigned char second_least;
    unsigned char second_most;
};

static struct lead lead_of(unsigned char first)
{
    if (first < 0xC2 || first > 0xF4)
        return (struct lead){ 0, 0, 0 };
    if (first < 0xE0)
        return (struct lead){ 2, 0x80, 0xBF };
    if (first < 0xF0)
        return (struct lead){ 3, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF };
    return (struct lead){ 4, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF };
}

static uint32_t ill_formed(size_t *size)
{
    *size = 1;
    return UTF8_REPLACEMENT;
}

uint32_t utf8_decode(struct span text, size_t *size)
{
    const unsigned char *at = (const unsigned char *)text.data;
    if (at[0] < 0x80) {
        *size = 1;
        return at[0];
    }
    /* First what long texts consist of: Latin to Arabic, and most of the three-byte scripts. */
    if (text.length >= 2 && at[0] >= 0xC2 && at[0] < 0xE0 && (at[1] & 0xC0) == 0x80) {
        *size = 2;
        return (at[0] & 0x1FU) << 6 | (at[1] & 0x3FU);
    }
    if (text.length >= 3 && at[0] > 0xE0 && at[0] < 0xED && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
        *size = 3;
        return (at[0] & 0xFU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
    }
    struct lead lead = lead_of(at[0]);
    if (lead.size == 0 || lead.size > text.length || at[1] < lead.second_least || at[1] > lead.second_most)
        return ill_formed(size);
    uint32_t code = at[0] & (0x7FU >> lead.size);
    for (size_t i = 1; i < lead.size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return ill_formed(size);
        code = code << 6 | (at[i] & 0x3FU);
    }
    *size = lead.size;
    return code;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = UTF8_REPLACEMENT;
    size_t size = code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00U >> size) | code);
    return size;
}

void utf8_append(struct buffer *buffer, uint32_t code)
{
    if (code < 0x80) {
        buffer_append_byte(buffer, (char)code);
        return;
    }
    char bytes[4];
    utf8_append_valid(buffer, span_make(bytes, utf8_encode(code, bytes)));
}

void utf8_append_valid(struct buffer *buffer, struct span text)
{
    size_t left = buffer->limit - buffer->length;
    struct span fitting = utf8_head(text, left);
    buffer_append(buffer, fitting);
    if (fitting.length < text.length)
        buffer->truncated = true;
}

size_t utf8_ascii_length(struct span text)
{
    size_t at = 0;
    for (; text.length - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, text.data + at, 8);
        if (eight & HIGH_BITS)
            break;
    }
    while (at < text.length && (unsigned char)text.data[at] < 0x80)
        at++;
    return at;
}

bool utf8_is_ascii(struct span text)
{
    return utf8_ascii_length(text) == text.length;
}

size_t utf8_valid_length(struct span text)
{
    size_t at = 0;
    while (at < text.length) {
        at += utf8_ascii_length(span_from(text, at));
        while (at < text.length && (unsigned char)text.data[at] >= 0x80) {
            size_t size;
            utf8_decode(span_make(text.data + at, text.length - at), &size);
            if (size == 1)
                return at;
            at += size;
        }
    }
    return at;
}

bool utf8_is_valid(struct span text)
{
    return utf8_valid_length(text) == text.length;
}

void utf8_append_repaired(struct buffer *buffer, struct span text)
{
    while (text.length && !buffer->truncated) {
        size_t valid = utf8_valid_length(text);
        utf8_append_valid(buffer, span_head(text, valid));
        if (valid < text.length)
            utf8_append(buffer, UTF8_REPLACEMENT);
        text = span_from(text, valid + 1);
    }
}

struct span utf8_head(struct span text, size_t length)
{
    if (text.length <= length)
        return text;
    while (length > 0 && ((unsigned char)text.data[length] & 0xC0) == 0x80)
        length--;
    return span_make(text.data, length);
}

bool utf8_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

bool utf8_is_invisible(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        { 0x00AD, 0x00AD }, { 0x034F, 0x034F },   { 0x061C, 0x061C },   { 0x115F, 0x1160 },  { 0x17B4, 0x17B5 },
        { 0x180B, 0x180F }, { 0x200B, 0x200F },   { 0x202A, 0x202E },   { 0x2060, 0x206F },  { 0x3164, 0x3164 },
        { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 },   { 0x1BCA0, 0x1BCA3 }, { 0xE0000, 0xE0FFF },
    };
    if (code < ranges[0].first)
        return false;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}
