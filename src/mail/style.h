/* style.h - CSS declarations, as far as they decide whether text can be seen
 *
 * Reads "color: #fff; font-size: 0 !important" with its escapes and comments (CSS Syntax Level 3, section 4 and 5.4.4)
 * one declaration at a time.  Properties that cannot hide anything are passed over.  Shorthands (font, background,
 * margin, overflow) give the properties they stand for.
 */
#ifndef TAMIS_MAIL_STYLE_H
#define TAMIS_MAIL_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/style-colour.h"
#include "util/arena.h"
#include "util/span.h"

enum style_property {
    STYLE_BACKGROUND_CLIP,   /* keyword: TEXT or OTHER */
    STYLE_BACKGROUND_COLOUR, /* colour */
    STYLE_BACKGROUND_IMAGE,  /* keyword: NONE or OTHER */
    STYLE_CLIP,              /* keyword: EMPTY or OTHER */
    STYLE_CLIP_PATH,         /* keyword: EMPTY or OTHER */
    STYLE_COLOUR,            /* colour */
    STYLE_DISPLAY,           /* keyword: NONE, INLINE or BLOCK (everything else) */
    STYLE_FILTER,            /* number: its opacity() or alpha(opacity=) */
    STYLE_FONT_SIZE,         /* length */
    STYLE_HEIGHT,            /* length */
    STYLE_LEFT,              /* length, as the next */
    STYLE_LINE_HEIGHT,
    STYLE_MARGIN_LEFT,
    STYLE_MARGIN_TOP,
    STYLE_MAX_HEIGHT,
    STYLE_MAX_WIDTH,
    STYLE_MSO_HIDE,          /* keyword: NONE or ALL */
    STYLE_OPACITY,           /* number */
    STYLE_OVERFLOW,          /* keyword: HIDDEN or OTHER */
    STYLE_POSITION,          /* keyword: ABSOLUTE (fixed too), RELATIVE or OTHER */
    STYLE_RIGHT,             /* length */
    STYLE_TEXT_FILL,         /* colour: -webkit-text-fill-color, which outdoes color */
    STYLE_TEXT_INDENT,       /* length */
    STYLE_TOP,               /* length */
    STYLE_TRANSFORM,         /* keyword: NONE, EMPTY (scale(0)), OFF_SCREEN (translate(-9999px)) or OTHER */
    STYLE_VISIBILITY,        /* keyword: VISIBLE or HIDDEN (collapse too) */
    STYLE_WIDTH,             /* length */
    STYLE_PROPERTY_COUNT
};

enum style_keyword {
    STYLE_OTHER,
    STYLE_NONE,
    STYLE_INLINE,
    STYLE_BLOCK,
    STYLE_HIDDEN,
    STYLE_VISIBLE,
    STYLE_ABSOLUTE,
    STYLE_RELATIVE,
    STYLE_EMPTY,
    STYLE_OFF_SCREEN,
    STYLE_ALL,
    STYLE_TEXT
};

enum style_unit {
    STYLE_UNIT_UNKNOWN, /* var(), calc(), auto, a keyword we do not follow: nothing is concluded from it */
    STYLE_UNIT_PX,      /* absolute and viewport lengths, in px; number */
    STYLE_UNIT_EM,      /* times the font size; number */
    STYLE_UNIT_PERCENT, /* number */
    STYLE_UNIT_NUMBER,  /* without a unit: opacity, line-height; lengths as browsers take them without a doctype */
    STYLE_UNIT_KEYWORD, /* keyword */
    STYLE_UNIT_COLOUR,  /* colour */
    STYLE_UNIT_INHERIT,
    STYLE_UNIT_INITIAL
};

struct style_value {
    uint8_t unit;    /* enum style_unit */
    uint8_t keyword; /* enum style_keyword */
    union {
        float number;
        struct style_colour colour;
    };
};

struct style_declaration {
    uint8_t property; /* enum style_property */
    bool important;
    struct style_value value;
};

#define STYLE_LONGHANDS 3 /* the most that one declaration of a shorthand gives */

/* `text` with its CSS escapes decoded and its comments made spaces: itself when it has neither, else a copy in `arena`.
 * An escaped character that is no part of a name becomes '?', so that it cannot pass for punctuation. */
struct span style_clean(struct span text, struct arena *arena);

/* Reads on in `text` (cleaned) to the next declaration that matters, and moves `text` behind it.  Gives how many
 * longhands it set; 0 at the end. */
size_t style_next(struct span *text, struct style_declaration declarations[STYLE_LONGHANDS]);

/* Where each declaration of an element comes from: a later one outdoes an earlier one whatever the order they are put
 * in. */
enum style_origin {
    STYLE_FROM_BROWSER,   /* links are blue, h1 is large */
    STYLE_FROM_ATTRIBUTE, /* bgcolor, <font size> */
    STYLE_FROM_RULE,      /* <style>; the caller puts them in the order of specificity */
    STYLE_FROM_INLINE,    /* style="" */
    STYLE_FROM_IMPORTANT_RULE,
    STYLE_FROM_IMPORTANT_INLINE
};

/* What the declarations of one element add up to. */
struct style_set {
    uint32_t present; /* bit 1 << enum style_property; the rest means something only where it is set */
    uint8_t origin[STYLE_PROPERTY_COUNT];
    struct style_value value[STYLE_PROPERTY_COUNT];
};

static inline bool style_has(const struct style_set *set, enum style_property property)
{
    return (set->present >> property & 1) != 0;
}

static inline void style_put(struct style_set *set, enum style_property property, struct style_value value,
                             enum style_origin origin)
{
    if (style_has(set, property) && set->origin[property] > (uint8_t)origin)
        return;
    set->present |= 1u << property;
    set->origin[property] = (uint8_t)origin;
    set->value[property] = value;
}

/* The keyword of `property`; STYLE_OTHER when it is not set or no keyword. */
static inline enum style_keyword style_keyword_of(const struct style_set *set, enum style_property property)
{
    if (!style_has(set, property) || set->value[property].unit != STYLE_UNIT_KEYWORD)
        return STYLE_OTHER;
    return (enum style_keyword)set->value[property].keyword;
}

#endif
