/* points-text.c - the small numbers in lists of answers and their points: "127.0.0.2=3.5" */
#include "outside/points-text.h"

#define POINTS_MOST 10000u /* as of any setting */

bool points_take_number(struct span *text, unsigned most, unsigned *number)
{
    size_t digits = 0;
    *number = 0;
    while (digits < text->length && digits < 4 && text->data[digits] >= '0' && text->data[digits] <= '9')
        *number = *number * 10 + (unsigned)(text->data[digits++] - '0');
    *text = span_from(*text, digits);
    return digits > 0 && *number <= most;
}

bool points_take_byte(struct span *text, char byte)
{
    if (text->length == 0 || text->data[0] != byte)
        return false;
    *text = span_from(*text, 1);
    return true;
}

bool points_take(struct span *text, int *points)
{
    unsigned whole, part = 0;
    bool is_negative = points_take_byte(text, '-');
    if (!points_take_number(text, POINTS_MOST / 100, &whole))
        return false;
    if (points_take_byte(text, '.')) {
        size_t digits = text->length;
        if (!points_take_number(text, 99, &part))
            return false;
        digits -= text->length;
        if (digits > 2)
            return false;
        part *= digits == 1 ? 10 : 1;
    }
    *points = (int)(whole * 100 + part) * (is_negative ? -1 : 1);
    return whole * 100 + part <= POINTS_MOST;
}
