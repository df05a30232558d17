/* style-value.c - numbers and lengths of CSS (CSS Values and Units Level 4) */
#include "mail/style-value.h"

#include <stdbool.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

size_t style_number_parse(struct span text, float *number)
{
    size_t at = 0, digits = 0;
    bool negative = text.length && text.data[0] == '-';
    if (text.length && (text.data[0] == '-' || text.data[0] == '+'))
        at++;
    float value = 0;
    for (; at < text.length && is_digit(text.data[at]); at++, digits++)
        value = value < 1e9f ? value * 10 + (float)(text.data[at] - '0') : value;
    if (at + 1 < text.length && text.data[at] == '.' && is_digit(text.data[at + 1])) {
        float place = 0.1f;
        for (at++; at < text.length && is_digit(text.data[at]); at++, digits++, place /= 10)
            value += place * (float)(text.data[at] - '0');
    }
    if (digits == 0)
        return 0;
    *number = negative ? -value : value;
    return at;
}

/* px for one of each unit: CSS Values 4, sections 6.1 and 6.2. */
static const struct {
    char name[5];
    uint8_t unit;
    float factor;
} units[] = {
    { "px", STYLE_UNIT_PX, 1 },
    { "%", STYLE_UNIT_PERCENT, 1 },
    { "em", STYLE_UNIT_EM, 1 },
    { "pt", STYLE_UNIT_PX, 96.0f / 72 },
    { "rem", STYLE_UNIT_PX, STYLE_FONT_SIZE_NORMAL },
    { "vw", STYLE_UNIT_PX, STYLE_VIEWPORT_WIDTH / 100.0f },
    { "vh", STYLE_UNIT_PX, STYLE_VIEWPORT_HEIGHT / 100.0f },
    { "vmin", STYLE_UNIT_PX, STYLE_VIEWPORT_HEIGHT / 100.0f },
    { "vmax", STYLE_UNIT_PX, STYLE_VIEWPORT_WIDTH / 100.0f },
    { "ex", STYLE_UNIT_EM, 0.5f },
    { "ch", STYLE_UNIT_EM, 0.5f },
    { "pc", STYLE_UNIT_PX, 16 },
    { "in", STYLE_UNIT_PX, 96 },
    { "cm", STYLE_UNIT_PX, 96 / 2.54f },
    { "mm", STYLE_UNIT_PX, 9.6f / 2.54f },
    { "q", STYLE_UNIT_PX, 2.4f / 2.54f },
};

struct style_value style_length_parse(struct span word)
{
    float number;
    size_t used = style_number_parse(word, &number);
    if (!used && span_starts_nocase(word, "calc(") && word.data[word.length - 1] == ')') {
        word = style_trim(span_make(word.data + 5, word.length - 6));
        used = style_number_parse(word, &number); /* calc() around one length is a disguise; others are not reckoned */
    }
    if (!used)
        return style_value_number(STYLE_UNIT_UNKNOWN, 0);
    struct span unit = span_from(word, used);
    if (!unit.length)
        return style_value_number(STYLE_UNIT_NUMBER, number);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (span_is_nocase(unit, units[i].name))
            return style_value_number((enum style_unit)units[i].unit, number * units[i].factor);
    return style_value_number(STYLE_UNIT_UNKNOWN, 0);
}

static bool separates(char byte)
{
    return byte == ' ' || byte == ',' || (byte >= '\t' && byte <= '\r');
}

struct span style_next_word(struct span *text)
{
    if (!text->length)
        return SPAN_EMPTY;
    const char *at = text->data, *end = text->data + text->length;
    while (at < end && separates(*at))
        at++;
    const char *from = at;
    size_t open = 0;
    char quote = '\0';
    for (; at < end && (open || quote || !separates(*at)); at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '(')
            open++;
        else if (*at == ')' && open)
            open--;
    }
    *text = span_make(at, (size_t)(end - at));
    return span_make(from, (size_t)(at - from));
}
