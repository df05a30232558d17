/* html-look.c - how an element looks, as far as it decides whether its text can be seen */
#include "mail/html-look.h"


#include "mail/entity.h"
#include "mail/style-value.h"
#include "util/arithmetic.h"

const struct html_look html_look_initial = {
    .font_size = STYLE_FONT_SIZE_NORMAL,
    .opacity = 1,
    .colour = { 0, 0, 0, 255 },
    .background = { 255, 255, 255, 255 },
    .gone = HTML_HIDING_COUNT,
    .colour_known = true,
    .background_known = true,
};

/* --- What the browser and old attributes say ---------------------------------------------------------------------- */

/* WHATWG HTML, sections 15.3.1 to 15.3.7. */
static float font_factor(enum html_element element)
{
    switch (element) {
    case HTML_ELEMENT_H1: return 2;
    case HTML_ELEMENT_H2: return 1.5f;
    case HTML_ELEMENT_H3: return 1.17f;
    case HTML_ELEMENT_H5: return 0.83f;
    case HTML_ELEMENT_H6: return 0.67f;
    case HTML_ELEMENT_BIG: return 1.2f;
    case HTML_ELEMENT_SMALL:
    case HTML_ELEMENT_SUB:
    case HTML_ELEMENT_SUP: return 1 / 1.2f;
    default: return 1;
    }
}

/* <font size>: 1 to 7, or relative to 3 (WHATWG HTML, section 15.3.4). */
static void hint_font_size(struct span value, struct style_set *set)
{
    static const float sizes[] = { 10, 13, 16, 18, 24, 32, 48 };
    float number;
    value = style_trim(value);
    if (!value.length || !style_number_parse(value, &number))
        return;
    if (value.data[0] == '+' || value.data[0] == '-')
        number += 3;
    int index = number < 1 ? 0 : number > 7 ? 6 : (int)number - 1;
    style_put(set, STYLE_FONT_SIZE, style_value_number(STYLE_UNIT_PX, sizes[index]), STYLE_FROM_ATTRIBUTE);
}

static void hint_colour(const struct html_token *token, enum html_attribute attribute, enum style_property property,
                        struct style_set *set)
{
    struct style_colour colour;
    if (html_token_has(token, attribute) && style_colour_parse_attribute(token->value[attribute], &colour))
        style_put(set, property, style_value_colour(colour), STYLE_FROM_ATTRIBUTE);
}

void html_look_hints(const struct html_token *token, struct style_colour link, struct style_set *set)
{
    enum html_element element = token->element;
    float factor = font_factor(element);
    if (factor != 1)
        style_put(set, STYLE_FONT_SIZE, style_value_number(STYLE_UNIT_EM, factor), STYLE_FROM_BROWSER);
    if (element == HTML_ELEMENT_DIALOG && !html_token_has(token, HTML_ATTRIBUTE_OPEN))
        style_put(set, STYLE_DISPLAY, style_value_keyword(STYLE_NONE), STYLE_FROM_BROWSER);
    if (!token->attributes)
        return;
    if (element == HTML_ELEMENT_A && html_token_has(token, HTML_ATTRIBUTE_HREF))
        style_put(set, STYLE_COLOUR, style_value_colour(link), STYLE_FROM_BROWSER);
    if (html_token_has(token, HTML_ATTRIBUTE_HIDDEN))
        style_put(set, STYLE_DISPLAY, style_value_keyword(STYLE_NONE), STYLE_FROM_ATTRIBUTE);
    if (element == HTML_ELEMENT_FONT) {
        hint_colour(token, HTML_ATTRIBUTE_COLOR, STYLE_COLOUR, set);
        hint_font_size(html_token_value(token, HTML_ATTRIBUTE_SIZE), set);
    } else if (element == HTML_ELEMENT_BODY || (html_element_flags(element) & HTML_TABLE) != 0) {
        hint_colour(token, HTML_ATTRIBUTE_BGCOLOR, STYLE_BACKGROUND_COLOUR, set);
        if (html_token_value(token, HTML_ATTRIBUTE_BACKGROUND).length)
            style_put(set, STYLE_BACKGROUND_IMAGE, style_value_keyword(STYLE_OTHER), STYLE_FROM_ATTRIBUTE);
        if (element == HTML_ELEMENT_BODY)
            hint_colour(token, HTML_ATTRIBUTE_TEXT, STYLE_COLOUR, set);
    }
}

void html_look_inline(struct span style, struct arena *arena, struct style_set *set)
{
    struct style_declaration found[STYLE_LONGHANDS];
    struct span text = style_clean(entity_decode_all(style, true, arena), arena);
    for (size_t count = style_next(&text, found); count; count = style_next(&text, found))
        for (size_t i = 0; i < count; i++)
            style_put(set, (enum style_property)found[i].property, found[i].value,
                      found[i].important ? STYLE_FROM_IMPORTANT_INLINE : STYLE_FROM_INLINE);
}

/* --- Computed values ---------------------------------------------------------------------------------------------- */

/* `whole`: what 100 % is. */
static float to_px(const struct style_value *value, float font_size, float whole, float otherwise)
{
    switch ((enum style_unit)value->unit) {
    case STYLE_UNIT_PX:
    case STYLE_UNIT_NUMBER: return value->number;
    case STYLE_UNIT_EM: return value->number * font_size;
    case STYLE_UNIT_PERCENT: return value->number / 100 * whole;
    default: return otherwise;
    }
}

float html_look_length(const struct style_set *set, enum style_property property, const struct html_look *look,
                       float otherwise)
{
    if (!style_has(set, property))
        return otherwise;
    bool upright = property == STYLE_HEIGHT || property == STYLE_MAX_HEIGHT || property == STYLE_TOP;
    return to_px(&set->value[property], look->font_size, upright ? STYLE_VIEWPORT_HEIGHT : STYLE_VIEWPORT_WIDTH,
                 otherwise);
}

static void compute_font_size(struct html_look *look, const struct html_look *parent, const struct style_set *set)
{
    const struct style_value *value = &set->value[STYLE_FONT_SIZE];
    if (value->unit == STYLE_UNIT_INITIAL)
        look->font_size = STYLE_FONT_SIZE_NORMAL;
    else
        look->font_size = to_px(value, parent->font_size, parent->font_size, parent->font_size);
    look->font_size = (float)real_min(real_max(look->font_size, 0), 10000); /* no chain of em goes to infinity */
}

static void compute_colour(struct html_look *look, const struct style_value *value)
{
    look->colour_known = value->unit != STYLE_UNIT_UNKNOWN;
    if (value->unit == STYLE_UNIT_COLOUR)
        look->colour = value->colour;
    else if (value->unit == STYLE_UNIT_INITIAL)
        look->colour = STYLE_BLACK;
}

static void compute_background(struct html_look *look, const struct style_set *set)
{
    if (style_has(set, STYLE_BACKGROUND_COLOUR)) {
        const struct style_value *value = &set->value[STYLE_BACKGROUND_COLOUR];
        if (value->unit == STYLE_UNIT_COLOUR) {
            look->background_known |= value->colour.alpha == 255;
            look->background = style_colour_blend(value->colour, look->background);
        } else if (value->unit == STYLE_UNIT_UNKNOWN) {
            look->background_known = false;
        }
    }
    if (style_has(set, STYLE_BACKGROUND_IMAGE) && style_keyword_of(set, STYLE_BACKGROUND_IMAGE) != STYLE_NONE)
        look->background_known = false;
    look->clips_to_text = style_keyword_of(set, STYLE_BACKGROUND_CLIP) == STYLE_TEXT;
}

static void compute_opacity(struct html_look *look, const struct style_set *set)
{
    static const enum style_property sources[] = { STYLE_OPACITY, STYLE_FILTER };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (style_has(set, sources[i]) && set->value[sources[i]].unit == STYLE_UNIT_NUMBER)
            look->opacity *= (float)real_min(real_max(set->value[sources[i]].number, 0), 1);
    if (look->opacity < HTML_LEAST_OPACITY)
        look->gone = HTML_HIDDEN_OPACITY;
}

/* Does the box lie outside of what can be scrolled to? */
static bool is_off_screen(const struct html_look *look, const struct style_set *set)
{
    if (html_look_length(set, STYLE_MARGIN_LEFT, look, 0) <= HTML_OFF_SCREEN_BEFORE ||
        html_look_length(set, STYLE_MARGIN_TOP, look, 0) <= HTML_OFF_SCREEN_BEFORE ||
        style_keyword_of(set, STYLE_TRANSFORM) == STYLE_OFF_SCREEN)
        return true;
    enum style_keyword position = style_keyword_of(set, STYLE_POSITION);
    if (position != STYLE_ABSOLUTE && position != STYLE_RELATIVE)
        return false;
    float left = html_look_length(set, STYLE_LEFT, look, 0), top = html_look_length(set, STYLE_TOP, look, 0);
    return left <= HTML_OFF_SCREEN_BEFORE || top <= -STYLE_VIEWPORT_HEIGHT || left >= HTML_OFF_SCREEN_BEHIND ||
           top >= HTML_OFF_SCREEN_BEHIND || html_look_length(set, STYLE_RIGHT, look, 0) <= HTML_OFF_SCREEN_BEFORE;
}

/* Is the box, of which nothing may stand out, too small to show a letter?  Width and height mean nothing to inline
 * boxes, and are minima in tables. */
static bool is_clipped(const struct html_look *look, const struct style_set *set, bool boxed, unsigned flags)
{
    bool absolute = style_keyword_of(set, STYLE_POSITION) == STYLE_ABSOLUTE;
    if (style_keyword_of(set, STYLE_CLIP_PATH) == STYLE_EMPTY ||
        style_keyword_of(set, STYLE_TRANSFORM) == STYLE_EMPTY ||
        (absolute && style_keyword_of(set, STYLE_CLIP) == STYLE_EMPTY))
        return true;
    if (style_keyword_of(set, STYLE_OVERFLOW) != STYLE_HIDDEN || (!boxed && !absolute))
        return false;
    if ((flags & HTML_TABLE) != 0 && style_keyword_of(set, STYLE_DISPLAY) != STYLE_BLOCK)
        return false;
    static const enum style_property extents[] = { STYLE_HEIGHT, STYLE_MAX_HEIGHT, STYLE_WIDTH, STYLE_MAX_WIDTH };
    for (size_t i = 0; i < sizeof extents / sizeof extents[0]; i++)
        if (html_look_length(set, extents[i], look, 100) <= 1)
            return true;
    return look->flat && !style_has(set, STYLE_HEIGHT);
}

static void compute_inherited(struct html_look *look, const struct html_look *parent, const struct style_set *set)
{
    if (style_has(set, STYLE_FONT_SIZE))
        compute_font_size(look, parent, set);
    if (style_has(set, STYLE_TEXT_FILL))
        compute_colour(look, &set->value[STYLE_TEXT_FILL]);
    else if (style_has(set, STYLE_COLOUR))
        compute_colour(look, &set->value[STYLE_COLOUR]);
    if (style_has(set, STYLE_VISIBILITY) && set->value[STYLE_VISIBILITY].unit != STYLE_UNIT_INHERIT)
        look->invisible = style_keyword_of(set, STYLE_VISIBILITY) == STYLE_HIDDEN;
    if (style_has(set, STYLE_TEXT_INDENT))
        look->indented = html_look_length(set, STYLE_TEXT_INDENT, look, 0) <= HTML_OFF_SCREEN_BEFORE;
    if (style_has(set, STYLE_LINE_HEIGHT))
        look->flat = html_look_length(set, STYLE_LINE_HEIGHT, look, 16) <= 0;
    look->mso_hidden |= style_keyword_of(set, STYLE_MSO_HIDE) == STYLE_ALL;
}

void html_look_compute(struct html_look *look, const struct html_look *parent, const struct style_set *set,
                       unsigned flags)
{
    *look = *parent;
    look->boxed = (flags & HTML_BLOCK) != 0;
    look->clips_to_text = false;
    if ((flags & HTML_UNSEEN) != 0 && look->gone == HTML_HIDING_COUNT)
        look->gone = HTML_HIDDEN_DISPLAY;
    if (!set->present)
        return;
    compute_inherited(look, parent, set);
    compute_background(look, set);
    bool has_size = look->boxed;
    if (style_has(set, STYLE_DISPLAY) && set->value[STYLE_DISPLAY].unit == STYLE_UNIT_KEYWORD) {
        enum style_keyword display = style_keyword_of(set, STYLE_DISPLAY);
        look->boxed = display == STYLE_BLOCK;
        has_size = display != STYLE_INLINE;
    }
    if (look->gone != HTML_HIDING_COUNT)
        return;
    if (style_keyword_of(set, STYLE_DISPLAY) == STYLE_NONE)
        look->gone = HTML_HIDDEN_DISPLAY;
    else if (is_off_screen(look, set))
        look->gone = HTML_HIDDEN_OFF_SCREEN;
    else if (is_clipped(look, set, has_size, flags))
        look->gone = HTML_HIDDEN_CLIPPED;
    else
        compute_opacity(look, set);
}

/* --- Judgement ---------------------------------------------------------------------------------------------------- */

enum html_hiding html_look_hides_text(const struct html_look *look)
{
    if (look->gone != HTML_HIDING_COUNT)
        return look->gone;
    if (look->folded)
        return HTML_HIDDEN_FOLDED;
    if (look->invisible)
        return HTML_HIDDEN_VISIBILITY;
    if (look->indented)
        return HTML_HIDDEN_OFF_SCREEN;
    if (look->font_size <= HTML_SMALLEST_FONT)
        return HTML_HIDDEN_FONT_SIZE;
    if (!look->colour_known || look->clips_to_text)
        return HTML_HIDING_COUNT;
    if (look->colour.alpha < HTML_LEAST_OPACITY * 255)
        return HTML_HIDDEN_OPACITY;
    struct style_colour shown = style_colour_blend(look->colour, look->background);
    if (look->background_known && style_colour_distance(shown, look->background) < HTML_LEAST_DISTANCE)
        return HTML_HIDDEN_COLOUR;
    return HTML_HIDING_COUNT;
}

bool html_look_hides_image(const struct html_look *look)
{
    return look->gone != HTML_HIDING_COUNT || look->folded || look->invisible;
}
