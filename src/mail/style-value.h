/* style-value.h - numbers and lengths of CSS */
#ifndef TAMIS_MAIL_STYLE_VALUE_H
#define TAMIS_MAIL_STYLE_VALUE_H

#include <stddef.h>

#include "mail/html-token.h"
#include "mail/style.h"
#include "util/span.h"

/* The desktop mail is read on, in px: what vw, vh, % and @media are reckoned with. */
#define STYLE_VIEWPORT_WIDTH 800
#define STYLE_VIEWPORT_HEIGHT 600
#define STYLE_FONT_SIZE_NORMAL 16

/* Reads a number at the start of `text`, whatever the locale; gives the bytes it takes, 0 when there is none. */
size_t style_number_parse(struct span text, float *number);

/* Reads one length, percentage or number ("1.5em", "0", "-9999px", "12pt").  Everything else ("auto", "calc(...)") has
 * STYLE_UNIT_UNKNOWN. */
struct style_value style_length_parse(struct span word);

/* The next word of `text`, which it moves behind: words are apart by white space or a comma outside of parentheses and
 * quotes.  Empty at the end. */
struct span style_next_word(struct span *text);

/* `text` without white space at its ends. */
static inline struct span style_trim(struct span text)
{
    while (text.length && html_is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && html_is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

static inline struct style_value style_value_keyword(enum style_keyword keyword)
{
    return (struct style_value){ .unit = STYLE_UNIT_KEYWORD, .keyword = (uint8_t)keyword };
}

static inline struct style_value style_value_number(enum style_unit unit, float number)
{
    return (struct style_value){ .unit = (uint8_t)unit, .number = number };
}

static inline struct style_value style_value_colour(struct style_colour colour)
{
    return (struct style_value){ .unit = STYLE_UNIT_COLOUR, .colour = colour };
}

#endif
