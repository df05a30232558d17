/* entity.c - character references of HTML, after WHATWG HTML section 13.2.5.72 to 13.2.5.80 */
#include "mail/entity.h"

#include <stdint.h>

#include "mail/entity-table.h"
#include "util/utf8.h"

/* What the bytes 0x80 to 0x9F are in windows-1252; 0: as they stand.  (WHATWG HTML, numeric character reference end
 * state) */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static int hex_value(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static uint32_t repaired_code(uint32_t code)
{
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return UTF8_REPLACEMENT;
    if (code >= 0x80 && code <= 0x9F && windows_1252[code - 0x80])
        return windows_1252[code - 0x80];
    return code;
}

/* "&#233;" or "&#xE9;"; the semicolon may be missing. */
static size_t decode_number(struct span text, char out[ENTITY_BYTES], size_t *length)
{
    size_t at = 2;
    bool hex = at < text.length && (text.data[at] | 0x20) == 'x';
    if (hex)
        at++;
    size_t digits_at = at;
    uint32_t code = 0;
    for (; at < text.length; at++) {
        int value = hex_value(text.data[at]);
        if (value < 0 || (!hex && value > 9))
            break;
        if (code <= 0x10FFFF)
            code = code * (hex ? 16 : 10) + (uint32_t)value;
    }
    if (at == digits_at)
        return 0;
    if (at < text.length && text.data[at] == ';')
        at++;
    *length = utf8_encode(repaired_code(code), out);
    return at;
}

/* The number of the name, or -1. */
static int find_name(struct span name)
{
    unsigned letter = (unsigned)(name.data[0] - 'A');
    if (letter >= 26)
        letter -= 'a' - 'A' - 27;
    int low = entity_first_index[letter], high = entity_first_index[letter + 1];
    while (low < high) {
        int middle = (low + high) / 2;
        size_t length = (size_t)(entity_name_offsets[middle + 1] - entity_name_offsets[middle]);
        size_t shorter = name.length < length ? name.length : length;
        int order = memcmp(name.data, entity_names + entity_name_offsets[middle], shorter);
        if (order == 0 && name.length == length)
            return middle;
        if (order < 0 || (order == 0 && name.length < length))
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static size_t put_value(uint32_t value, char out[ENTITY_BYTES])
{
    size_t length = utf8_encode(ENTITY_VALUE_CODE(value), out);
    uint32_t second = entity_second_codes[ENTITY_VALUE_SECOND(value)];
    return second ? length + utf8_encode(second, out + length) : length;
}

/* A name that lost its semicolon: the longest of the 106 old ones that the letters start with. */
static size_t decode_legacy_name(struct span name, bool in_attribute, char after_all, char out[ENTITY_BYTES],
                                 size_t *length)
{
    size_t longest = name.length < ENTITY_LONGEST_LEGACY_NAME ? name.length : ENTITY_LONGEST_LEGACY_NAME;
    for (size_t tried = longest; tried >= 2; tried--) {
        int number = find_name(span_head(name, tried));
        if (number < 0 || !ENTITY_VALUE_LEGACY(entity_values[number]))
            continue;
        char after = tried < name.length ? name.data[tried] : after_all;
        if (in_attribute && (after == '=' || is_letter(after) || is_digit(after)))
            return 0;
        *length = put_value(entity_values[number], out);
        return 1 + tried;
    }
    return 0;
}

size_t entity_decode(struct span text, bool in_attribute, char out[ENTITY_BYTES], size_t *length)
{
    if (text.length < 3)
        return 0;
    if (text.data[1] == '#')
        return decode_number(text, out, length);
    if (!is_letter(text.data[1]))
        return 0;
    struct span name = span_make(text.data + 1, 0);
    while (name.length <= ENTITY_LONGEST_NAME && 1 + name.length < text.length &&
           (is_letter(name.data[name.length]) || is_digit(name.data[name.length])))
        name.length++;
    char after = 1 + name.length < text.length ? name.data[name.length] : '\0';
    if (after == ';') {
        int number = find_name(name);
        if (number >= 0) {
            *length = put_value(entity_values[number], out);
            return name.length + 2;
        }
    }
    return decode_legacy_name(name, in_attribute, after, out, length);
}

struct span entity_decode_all(struct span text, bool in_attribute, struct arena *arena)
{
    size_t at = span_find_byte(text, '&');
    if (at == text.length)
        return text;
    /* No reference is shorter than what it stands for by more than a byte ("&gg" is none; "&nGt;" gives 6 bytes for
     * 5). */
    char *copy = arena_alloc(arena, text.length + text.length / 4 + ENTITY_BYTES);
    size_t length = 0, copied = 0;
    while (at < text.length) {
        char value[ENTITY_BYTES];
        size_t value_length = 0;
        size_t used = entity_decode(span_from(text, at), in_attribute, value, &value_length);
        if (used) {
            memcpy(copy + length, text.data + copied, at - copied);
            length += at - copied;
            memcpy(copy + length, value, value_length);
            length += value_length;
            copied = at + used;
        }
        at += used ? used : 1;
        at += span_find_byte(span_from(text, at), '&');
    }
    memcpy(copy + length, text.data + copied, text.length - copied);
    return span_make(copy, length + text.length - copied);
}
