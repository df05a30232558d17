/* shape.c - is a made-up identifier made the way a certain program makes it? */
#include "rules/shape.h"

#include <stdint.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool belongs(char kind, char byte)
{
    char lower = (char)(byte | 0x20);
    switch (kind) {
    case 'd':
        return is_digit(byte);
    case 'x':
        return is_digit(byte) || (byte >= 'a' && byte <= 'f');
    case 'X':
        return is_digit(byte) || (byte >= 'A' && byte <= 'F');
    case 'h':
        return is_digit(byte) || (lower >= 'a' && lower <= 'f');
    case 'U':
        return byte >= 'A' && byte <= 'Z';
    case 'b':
        return is_digit(byte) || (lower >= 'a' && lower <= 'z') || (byte && strchr("+/=%_-", byte));
    default:
        return is_digit(byte) || (lower >= 'a' && lower <= 'z');
    }
}

static size_t read_number(const char **shape)
{
    size_t number = 0;
    while (is_digit(**shape))
        number = number * 10 + (size_t)(*(*shape)++ - '0');
    return number;
}

/* A kind with its count, at the start of `*shape`: takes it off, and what it matches off `*text`. */
static bool take_run(const char **shape, struct span *text)
{
    char kind = *(*shape)++;
    size_t least = read_number(shape), most = least, length = 0;
    if (**shape == '+') {
        most = SIZE_MAX;
        ++*shape;
    } else if (**shape == '-' && is_digit((*shape)[1])) {
        ++*shape;
        most = read_number(shape);
    }
    while (length < text->length && length < most && belongs(kind, text->data[length]))
        length++;
    *text = span_from(*text, length);
    return length >= least;
}

static bool take_text(const char **shape, struct span *text)
{
    const char *start = *shape + 1;
    size_t length = strcspn(start, "'");
    *shape = start + length + (start[length] == '\'');
    if (!span_equal(span_head(*text, length), span_make(start, length)))
        return false;
    *text = span_from(*text, length);
    return true;
}

static bool take_byte(const char **shape, struct span *text)
{
    char byte = *(*shape)++;
    if (text->length == 0 || text->data[0] != byte)
        return false;
    *text = span_from(*text, 1);
    return true;
}

bool shape_matches(const char *shape, struct span text)
{
    while (*shape) {
        if (*shape == '*' && shape[1] == '\0')
            return true;
        bool fits = *shape == '\''                                  ? take_text(&shape, &text)
                  : strchr("xXhdUwb", *shape) && is_digit(shape[1]) ? take_run(&shape, &text)
                                                                    : take_byte(&shape, &text);
        if (!fits)
            return false;
    }
    return text.length == 0;
}

bool shape_matches_any(const char *const shapes[], size_t count, struct span text)
{
    for (size_t i = 0; i < count && shapes[i]; i++)
        if (shape_matches(shapes[i], text))
            return true;
    return false;
}
