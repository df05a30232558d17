/* style-colour.h - colours as CSS and old HTML write them, and how far apart two of them look */
#ifndef TAMIS_MAIL_STYLE_COLOUR_H
#define TAMIS_MAIL_STYLE_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "util/span.h"

struct style_colour {
    uint8_t red, green, blue;
    uint8_t alpha; /* 0 transparent, 255 solid */
};

#define STYLE_BLACK ((struct style_colour){ 0, 0, 0, 255 })
#define STYLE_WHITE ((struct style_colour){ 255, 255, 255, 255 })

/* Reads one CSS colour (CSS Color 4): a name, #rgb, #rgba, #rrggbb, #rrggbbaa, rgb(), rgba(), hsl(), hsla(),
 * transparent; and six hex digits without '#', as browsers take them in mail without a doctype.  False when it is
 * none. */
bool style_colour_parse(struct span text, struct style_colour *colour);

/* Reads the value of a color or bgcolor attribute, which browsers make a colour out of whatever it says (WHATWG HTML
 * 2.4.6, "legacy color values").  False for the empty string and "transparent". */
bool style_colour_parse_attribute(struct span text, struct style_colour *colour);

/* `over` laid on the solid colour `under`. */
struct style_colour style_colour_blend(struct style_colour over, struct style_colour under);

/* How different two solid colours look: 0 the same, 765 black and white.  The "redmean" weighted distance
 * (Thiadmer Riemersma, "Colour metric", CompuPhase 1999 to 2019). */
float style_colour_distance(struct style_colour a, struct style_colour b);

#endif
