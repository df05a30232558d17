/* html-look.h - how an element looks, as far as it decides whether its text can be seen
 *
 * The computed values of CSS (CSS Cascade Level 4, section 4.4) for the properties of style.h, and the judgement drawn
 * from them.
 */
#ifndef TAMIS_MAIL_HTML_LOOK_H
#define TAMIS_MAIL_HTML_LOOK_H

#include <stdbool.h>

#include "mail/html-token.h"
#include "mail/html.h"
#include "mail/style.h"
#include "util/arena.h"
#include "util/span.h"

/* Text this small cannot be read; a pixel font needs 5. */
#define HTML_SMALLEST_FONT 2.0f
/* Opacity under which text cannot be made out (rspamd has the same bound). */
#define HTML_LEAST_OPACITY 0.1f
/* style_colour_distance() under which text cannot be told from its background: #f1f1f1 on white is 42, #f2f2f2 is 39.
 * Text of #eeeeee on white (51) is faint and still there. */
#define HTML_LEAST_DISTANCE 40.0f
/* A desktop is some 800 px wide here: what lies farther to the left or above is off it.  To the right and below one can
 * scroll. */
#define HTML_OFF_SCREEN_BEFORE (-800.0f)
#define HTML_OFF_SCREEN_BEHIND 5000.0f

struct html_look {
    float font_size; /* px */
    float opacity;   /* of all ancestors together */
    struct style_colour colour;     /* alpha kept */
    struct style_colour background; /* solid: what lies under the text */
    enum html_hiding gone;          /* hidden for good, whatever the children say; HTML_HIDING_COUNT: no */
    bool colour_known, background_known; /* false: var(), a background image... nothing is concluded then */
    bool invisible;     /* visibility:hidden, which a child may undo */
    bool indented;      /* text-indent far to the left */
    bool mso_hidden;    /* mso-hide:all: Outlook alone does not show it */
    bool clips_to_text; /* background-clip:text: the background shows through the letters */
    bool flat;          /* line-height:0 */
    bool folded;        /* in a closed <details>, or a further <option> of a list */
    bool boxed;         /* a box of its own: starts and ends a line */
};

/* Of a document before its first tag: black on white, 16 px. */
extern const struct html_look html_look_initial;

/* What browsers and old attributes (bgcolor, <font size>, hidden) say about the element of this start tag. `link` is
 * the colour of links. */
void html_look_hints(const struct html_token *token, struct style_colour link, struct style_set *set);

/* Puts all declarations of a style attribute into `set`. */
void html_look_inline(struct span style, struct arena *arena, struct style_set *set);

/* Computes `look` from the declarations of the element and the look of its parent. `flags` are those of the element. */
void html_look_compute(struct html_look *look, const struct html_look *parent, const struct style_set *set,
                       unsigned flags);

/* Why text with this look is not seen; HTML_HIDING_COUNT when it is. */
enum html_hiding html_look_hides_text(const struct html_look *look);

/* The same for an image, which has neither colour nor font size. */
bool html_look_hides_image(const struct html_look *look);

/* A length in px as set for the element, or `otherwise` when it is not set or not known. */
float html_look_length(const struct style_set *set, enum style_property property, const struct html_look *look,
                       float otherwise);

#endif
