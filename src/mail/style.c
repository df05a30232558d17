/* style.c - CSS declarations, as far as they decide whether text can be seen */
#include "config.h" /* memmem */

#include "mail/style.h"

#include "mail/html-name.h"
#include "mail/style-value.h"
#include "util/utf8.h"

/* --- Escapes and comments: CSS Syntax Level 3, sections 4.3.2 and 4.3.7 ------------------------------------------- */

static bool has_escape_or_comment(struct span text)
{
    if (memchr(text.data, '\\', text.length))
        return true;
    const char *end = text.data + text.length;
    for (const char *at = memchr(text.data, '/', text.length); at && end - at > 1;
         at = memchr(at + 1, '/', (size_t)(end - at - 1)))
        if (at[1] == '*')
            return true;
    return false;
}

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_name_code(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9') ||
           code == '-' || code == '_' || code >= 0x80;
}

/* Reads the escape whose '\' stands at text[at]; gives what stands behind it and writes its character. */
static size_t decode_escape(struct span text, size_t at, char out[4], size_t *length)
{
    uint32_t code = 0;
    size_t digits = 0;
    for (at++; at < text.length && digits < 6 && hex_value(text.data[at]) >= 0; at++, digits++)
        code = code * 16 + (uint32_t)hex_value(text.data[at]);
    if (digits && at < text.length && span_find_byte(span_of(" \t\r\n\f"), text.data[at]) < 5)
        at++; /* one white space ends the digits and belongs to them */
    if (!digits && at < text.length)
        code = (unsigned char)text.data[at++];
    out[0] = '?';
    *length = 1;
    if (digits && is_name_code(code))
        *length = utf8_encode(code, out);
    else if (!digits && is_name_code(code))
        out[0] = (char)code; /* a byte of UTF-8 is passed on as it is, its followers too */
    return at;
}

struct span style_clean(struct span text, struct arena *arena)
{
    if (!text.length || !has_escape_or_comment(text))
        return text;
    char *clean = arena_alloc(arena, text.length + 4); /* an escape of 2 bytes gives one, one of 5 ("\FFFF") three */
    size_t length = 0, at = 0;
    while (at < text.length) {
        if (text.data[at] == '\\') {
            char code[4];
            size_t code_length;
            at = decode_escape(text, at, code, &code_length);
            memcpy(clean + length, code, code_length);
            length += code_length;
        } else if (text.data[at] == '/' && at + 1 < text.length && text.data[at + 1] == '*') {
            const char *end = memmem(text.data + at + 2, text.length - at - 2, "*/", 2);
            at = end ? (size_t)(end - text.data) + 2 : text.length;
            clean[length++] = ' ';
        } else {
            clean[length++] = text.data[at++];
        }
    }
    return span_make(clean, length);
}

/* --- Values ------------------------------------------------------------------------------------------------------- */


/* How the value of a property is read. */
enum reading {
    READ_BACKGROUND, /* shorthand */
    READ_BACKGROUND_CLIP,
    READ_CLIP,
    READ_COLOUR,
    READ_CONTENT_VISIBILITY,
    READ_DISPLAY,
    READ_FILTER,
    READ_FONT, /* shorthand */
    READ_FONT_SIZE,
    READ_IMAGE,
    READ_LENGTH,
    READ_MARGIN, /* shorthand */
    READ_MSO_HIDE,
    READ_NUMBER,
    READ_OVERFLOW,
    READ_POSITION,
    READ_SCALE,
    READ_TRANSFORM,
    READ_VISIBILITY
};

/* The properties that matter, sorted by name, without their vendor's prefix. */
static const struct {
    char name[HTML_NAME_BYTES];
    uint8_t property; /* enum style_property */
    uint8_t reading;  /* enum reading */
} properties[] = {
    { "background", STYLE_BACKGROUND_COLOUR, READ_BACKGROUND },
    { "background-clip", STYLE_BACKGROUND_CLIP, READ_BACKGROUND_CLIP },
    { "background-color", STYLE_BACKGROUND_COLOUR, READ_COLOUR },
    { "background-image", STYLE_BACKGROUND_IMAGE, READ_IMAGE },
    { "clip", STYLE_CLIP, READ_CLIP },
    { "clip-path", STYLE_CLIP_PATH, READ_CLIP },
    { "color", STYLE_COLOUR, READ_COLOUR },
    { "content-visibility", STYLE_DISPLAY, READ_CONTENT_VISIBILITY },
    { "display", STYLE_DISPLAY, READ_DISPLAY },
    { "filter", STYLE_FILTER, READ_FILTER },
    { "font", STYLE_FONT_SIZE, READ_FONT },
    { "font-size", STYLE_FONT_SIZE, READ_FONT_SIZE },
    { "height", STYLE_HEIGHT, READ_LENGTH },
    { "left", STYLE_LEFT, READ_LENGTH },
    { "line-height", STYLE_LINE_HEIGHT, READ_LENGTH },
    { "margin", STYLE_MARGIN_LEFT, READ_MARGIN },
    { "margin-left", STYLE_MARGIN_LEFT, READ_LENGTH },
    { "margin-top", STYLE_MARGIN_TOP, READ_LENGTH },
    { "max-height", STYLE_MAX_HEIGHT, READ_LENGTH },
    { "max-width", STYLE_MAX_WIDTH, READ_LENGTH },
    { "mso-hide", STYLE_MSO_HIDE, READ_MSO_HIDE },
    { "opacity", STYLE_OPACITY, READ_NUMBER },
    { "overflow", STYLE_OVERFLOW, READ_OVERFLOW },
    { "overflow-x", STYLE_OVERFLOW, READ_OVERFLOW },
    { "overflow-y", STYLE_OVERFLOW, READ_OVERFLOW },
    { "position", STYLE_POSITION, READ_POSITION },
    { "right", STYLE_RIGHT, READ_LENGTH },
    { "scale", STYLE_TRANSFORM, READ_SCALE },
    { "text-fill-color", STYLE_TEXT_FILL, READ_COLOUR },
    { "text-indent", STYLE_TEXT_INDENT, READ_LENGTH },
    { "top", STYLE_TOP, READ_LENGTH },
    { "transform", STYLE_TRANSFORM, READ_TRANSFORM },
    { "visibility", STYLE_VISIBILITY, READ_VISIBILITY },
    { "width", STYLE_WIDTH, READ_LENGTH },
};

static const html_name_index first_properties = {
    0, 0, 4, 8, 9, 9, 12, 12, 13, 13, 13, 13, 15, 21, 21, 25, 26, 26, 27, 28, 32, 32, 33, 34, 34, 34, 34,
};

static const struct style_value unknown_value = { .unit = STYLE_UNIT_UNKNOWN };

static struct style_value read_colour(struct span value)
{
    struct style_colour colour;
    return style_colour_parse(value, &colour) ? style_value_colour(colour) : unknown_value;
}

/* Absolute sizes: CSS Fonts Level 4, section 2.5.1; relative ones by 1.2, as browsers do. */
static struct style_value read_font_size(struct span word)
{
    static const struct {
        const char name[9];
        uint8_t unit;
        float number;
    } sizes[] = {
        { "xx-small", STYLE_UNIT_PX, 9 }, { "x-small", STYLE_UNIT_PX, 10 }, { "small", STYLE_UNIT_PX, 13 },
        { "medium", STYLE_UNIT_PX, 16 },  { "large", STYLE_UNIT_PX, 18 },   { "x-large", STYLE_UNIT_PX, 24 },
        { "xx-large", STYLE_UNIT_PX, 32 }, { "smaller", STYLE_UNIT_EM, 1 / 1.2f }, { "larger", STYLE_UNIT_EM, 1.2f },
    };
    struct style_value value = style_length_parse(word);
    if (value.unit == STYLE_UNIT_NUMBER)
        value.unit = STYLE_UNIT_PX;
    if (value.unit != STYLE_UNIT_UNKNOWN)
        return value;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (span_is_nocase(word, sizes[i].name))
            return style_value_number((enum style_unit)sizes[i].unit, sizes[i].number);
    return unknown_value;
}

static struct style_value read_length(struct span word)
{
    return style_length_parse(word);
}

static bool is_image(struct span word)
{
    return span_starts_nocase(word, "url(") || span_starts_nocase(word, "image(") ||
           span_starts_nocase(word, "image-set(") || span_starts_nocase(word, "-webkit-image-set(") ||
           span_contains(word, span_of("gradient("));
}

/* Functions that give a colour we do not reckon (CSS Color 4 and 5).  A word that is none of them browsers cannot read
 * either. */
static bool is_colour_unknown(struct span word)
{
    static const char *const functions[] = { "var(", "oklch(", "oklab(", "lch(", "lab(", "hwb(", "color(",
                                             "color-mix(", "light-dark(" };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (span_starts_nocase(word, functions[i]))
            return true;
    return span_is_nocase(word, "currentcolor");
}

/* background: sets the colour, and says whether an image lies over it. */
static size_t read_background(struct span value, struct style_declaration out[STYLE_LONGHANDS])
{
    struct style_value colour = style_value_colour((struct style_colour){ 0, 0, 0, 0 });
    enum style_keyword image = STYLE_NONE, clip = STYLE_OTHER;
    for (struct span word = style_next_word(&value); word.length; word = style_next_word(&value)) {
        struct style_colour found;
        if (is_image(word))
            image = STYLE_OTHER;
        else if (style_colour_parse(word, &found))
            colour = style_value_colour(found);
        else if (is_colour_unknown(word))
            colour = unknown_value;
        else if (span_is_nocase(word, "text"))
            clip = STYLE_TEXT;
    }
    out[0] = (struct style_declaration){ .property = STYLE_BACKGROUND_COLOUR, .value = colour };
    out[1] = (struct style_declaration){ .property = STYLE_BACKGROUND_IMAGE, .value = style_value_keyword(image) };
    out[2] = (struct style_declaration){ .property = STYLE_BACKGROUND_CLIP, .value = style_value_keyword(clip) };
    return 3;
}

/* font: the size is the first word that can be one, its line height may follow behind a '/'. */
static size_t read_font(struct span value, struct style_declaration out[STYLE_LONGHANDS])
{
    for (struct span word = style_next_word(&value); word.length; word = style_next_word(&value)) {
        size_t slash = span_find_byte(word, '/');
        struct style_value size = read_font_size(span_head(word, slash));
        bool is_weight = size.unit == STYLE_UNIT_PX && size.number >= 100 && size.number <= 900 && word.length == 3 &&
                         slash == word.length;
        if (size.unit == STYLE_UNIT_UNKNOWN || is_weight)
            continue;
        out[0] = (struct style_declaration){ .property = STYLE_FONT_SIZE, .value = size };
        if (slash + 1 >= word.length)
            return 1;
        struct style_value height = read_length(span_from(word, slash + 1));
        out[1] = (struct style_declaration){ .property = STYLE_LINE_HEIGHT, .value = height };
        return 2;
    }
    return 0;
}

/* margin: one to four values, clockwise from the top. */
static size_t read_margin(struct span value, struct style_declaration out[STYLE_LONGHANDS])
{
    struct style_value side[4];
    size_t count = 0;
    for (struct span word = style_next_word(&value); word.length && count < 4; word = style_next_word(&value))
        side[count++] = read_length(word);
    if (count == 0)
        return 0;
    size_t left = count == 4 ? 3 : count >= 2 ? 1 : 0;
    out[0] = (struct style_declaration){ .property = STYLE_MARGIN_TOP, .value = side[0] };
    out[1] = (struct style_declaration){ .property = STYLE_MARGIN_LEFT, .value = side[left] };
    return 2;
}

static enum style_keyword read_display(struct span value)
{
    if (span_is_nocase(value, "none"))
        return STYLE_NONE;
    if (span_is_nocase(value, "inline") || span_is_nocase(value, "contents") || span_is_nocase(value, "ruby"))
        return STYLE_INLINE;
    return span_starts_nocase(value, "inline-") ? STYLE_OTHER : STYLE_BLOCK;
}

/* The number behind `name` in a filter: "alpha(opacity=0)", "opacity(0%)". */
static struct style_value read_filter(struct span value)
{
    for (const char *at = value.data, *end = at + value.length; end - at > 8; at++) {
        if (strncasecmp(at, "opacity", 7) != 0 || (at[7] != '=' && at[7] != '('))
            continue;
        struct span rest = span_make(at + 8, (size_t)(end - at - 8));
        float number;
        size_t used = style_number_parse(rest, &number);
        if (!used)
            return unknown_value;
        bool percent = at[7] == '=' || (used < rest.length && rest.data[used] == '%');
        return style_value_number(STYLE_UNIT_NUMBER, percent ? number / 100 : number);
    }
    return unknown_value;
}

static struct style_value read_opacity(struct span value)
{
    struct style_value number = style_length_parse(value);
    if (number.unit == STYLE_UNIT_PERCENT)
        return style_value_number(STYLE_UNIT_NUMBER, number.number / 100);
    return number.unit == STYLE_UNIT_NUMBER ? number : unknown_value;
}

/* Do all lengths in "name(1px, 1px ...)" lie at or under `most`? */
static bool all_at_most(struct span value, float most)
{
    size_t open = span_find_byte(value, '(');
    struct span inside = span_from(value, open + 1);
    inside.length -= inside.length && inside.data[inside.length - 1] == ')';
    bool any = false;
    for (struct span word = style_next_word(&inside); word.length; word = style_next_word(&inside)) {
        struct style_value length = read_length(word);
        if (length.unit == STYLE_UNIT_UNKNOWN || length.number > most)
            return false;
        any = true;
    }
    return any;
}

/* clip: rect(0,0,0,0), and clip-path: inset(50% or more), circle(0), polygon(0 0,0 0). */
static enum style_keyword read_clip(struct span value)
{
    if (span_starts_nocase(value, "inset(")) {
        struct span inside = span_from(value, 6);
        struct style_value length = style_length_parse(style_trim(span_head(inside, span_find_byte(inside, ')'))));
        return length.unit == STYLE_UNIT_PERCENT && length.number >= 50 ? STYLE_EMPTY : STYLE_OTHER;
    }
    bool shape = span_starts_nocase(value, "rect(") || span_starts_nocase(value, "circle(") ||
                 span_starts_nocase(value, "ellipse(") || span_starts_nocase(value, "polygon(");
    return shape && all_at_most(value, 1) ? STYLE_EMPTY : STYLE_OTHER;
}

/* transform: one function after the other; the first that makes the box vanish decides. */
static enum style_keyword read_transform(struct span value)
{
    if (span_is_nocase(value, "none"))
        return STYLE_NONE;
    while (value.length) {
        size_t close = span_find_byte(value, ')');
        struct span function = style_trim(span_head(value, close));
        struct span inside = span_from(function, span_find_byte(function, '(') + 1);
        struct style_value first = style_length_parse(style_next_word(&inside));
        struct style_value second = style_length_parse(style_next_word(&inside));
        float away = STYLE_VIEWPORT_WIDTH;
        if (span_starts_nocase(function, "scale") && first.unit == STYLE_UNIT_NUMBER && first.number > -0.05f &&
            first.number < 0.05f)
            return STYLE_EMPTY;
        if (span_starts_nocase(function, "translate") &&
            ((first.unit == STYLE_UNIT_PX && first.number <= -away) ||
             (second.unit == STYLE_UNIT_PX && second.number <= -away)))
            return STYLE_OFF_SCREEN;
        value = span_from(value, close + 1);
    }
    return STYLE_OTHER;
}

static enum style_keyword read_keyword(enum reading reading, struct span value)
{
    switch (reading) {
    case READ_DISPLAY: return read_display(value);
    case READ_CLIP: return read_clip(value);
    case READ_TRANSFORM: return read_transform(value);
    case READ_IMAGE: return span_is_nocase(value, "none") ? STYLE_NONE : STYLE_OTHER;
    case READ_BACKGROUND_CLIP: return span_is_nocase(value, "text") ? STYLE_TEXT : STYLE_OTHER;
    case READ_CONTENT_VISIBILITY: return span_is_nocase(value, "hidden") ? STYLE_NONE : STYLE_BLOCK;
    case READ_MSO_HIDE: return span_is_nocase(value, "all") ? STYLE_ALL : STYLE_NONE;
    case READ_OVERFLOW:
        return span_starts_nocase(value, "hidden") || span_starts_nocase(value, "clip") ? STYLE_HIDDEN : STYLE_OTHER;
    case READ_VISIBILITY:
        return span_is_nocase(value, "hidden") || span_is_nocase(value, "collapse") ? STYLE_HIDDEN : STYLE_VISIBLE;
    case READ_POSITION:
        if (span_is_nocase(value, "absolute") || span_is_nocase(value, "fixed"))
            return STYLE_ABSOLUTE;
        return span_is_nocase(value, "relative") ? STYLE_RELATIVE : STYLE_OTHER;
    case READ_SCALE: {
        struct style_value number = read_opacity(value);
        return number.unit == STYLE_UNIT_NUMBER && number.number < 0.05f ? STYLE_EMPTY : STYLE_OTHER;
    }
    default: return STYLE_OTHER;
    }
}

static struct style_value read_value(enum reading reading, struct span value)
{
    switch (reading) {
    case READ_COLOUR: return read_colour(value);
    case READ_FONT_SIZE: return read_font_size(value);
    case READ_LENGTH: return read_length(value);
    case READ_NUMBER: return read_opacity(value);
    case READ_FILTER: return read_filter(value);
    default: return style_value_keyword(read_keyword(reading, value));
    }
}

/* What every property may be set to (CSS Cascade 4, section 7.3). */
static enum style_unit read_wide_keyword(struct span value)
{
    if (span_is_nocase(value, "inherit"))
        return STYLE_UNIT_INHERIT;
    if (span_is_nocase(value, "initial") || span_is_nocase(value, "revert"))
        return STYLE_UNIT_INITIAL;
    return STYLE_UNIT_UNKNOWN;
}

/* A value that browsers cannot read does not count at all: the declaration before it stays in force. */
static bool is_invalid(enum reading reading, const struct style_value *value, struct span text)
{
    bool typed = reading == READ_COLOUR || reading == READ_FONT_SIZE || reading == READ_NUMBER;
    return typed && value->unit == STYLE_UNIT_UNKNOWN && !memchr(text.data, '(', text.length) &&
           !span_is_nocase(text, "unset") && !span_is_nocase(text, "currentcolor");
}

static size_t read_longhands(size_t row, struct span value, struct style_declaration out[STYLE_LONGHANDS])
{
    enum reading reading = (enum reading)properties[row].reading;
    enum style_unit wide = read_wide_keyword(value);
    out[0] = (struct style_declaration){ .property = properties[row].property, .value = { .unit = (uint8_t)wide } };
    if (wide != STYLE_UNIT_UNKNOWN)
        return 1;
    switch (reading) {
    case READ_BACKGROUND: return read_background(value, out);
    case READ_FONT: return read_font(value, out);
    case READ_MARGIN: return read_margin(value, out);
    default: out[0].value = read_value(reading, value);
    }
    return is_invalid(reading, &out[0].value, value) ? 0 : 1;
}

/* --- Declarations ------------------------------------------------------------------------------------------------- */

/* Where the declaration that starts at `at` ends: at a ';' outside of quotes and parentheses.  `*colon` is where its
 * name ends, or NULL. */
static const char *find_end(const char *at, const char *end, const char **colon)
{
    *colon = NULL;
    size_t open = 0;
    for (; at < end; at++) {
        switch (*at) {
        case ';':
            if (!open)
                return at;
            break;
        case ':':
            if (!*colon)
                *colon = at;
            break;
        case '(': open++; break;
        case ')': open -= open > 0; break;
        case '"':
        case '\'': {
            const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (!close)
                return end;
            at = close;
            break;
        }
        default: break;
        }
    }
    return end;
}

/* Takes "!important" off the end of `value`. */
static bool take_important(struct span *value)
{
    if (value->length < 10 || !span_ends_nocase(*value, "important"))
        return false;
    struct span rest = style_trim(span_head(*value, value->length - 9));
    if (!rest.length || rest.data[rest.length - 1] != '!')
        return false;
    *value = style_trim(span_head(rest, rest.length - 1));
    return true;
}

/* "-webkit-clip-path" is read as "clip-path"; "mso-hide" has no such prefix. */
static struct span without_prefix(struct span name)
{
    if (name.length < 3 || name.data[0] != '-' || name.data[1] == '-')
        return name;
    size_t dash = span_find_byte(span_from(name, 1), '-');
    return dash + 2 < name.length ? span_from(name, dash + 2) : name;
}

static size_t read_declaration(struct span name, struct span value, struct style_declaration out[STYLE_LONGHANDS])
{
    int row = html_name_find(without_prefix(style_trim(name)), properties, sizeof properties[0], first_properties);
    if (row < 0)
        return 0;
    value = style_trim(value);
    bool important = take_important(&value);
    if (!value.length)
        return 0;
    size_t count = read_longhands((size_t)row, value, out);
    for (size_t i = 0; i < count; i++)
        out[i].important = important;
    return count;
}

size_t style_next(struct span *text, struct style_declaration declarations[STYLE_LONGHANDS])
{
    size_t count = 0;
    while (text->length && count == 0) {
        const char *from = text->data, *end = from + text->length, *colon;
        const char *stop = find_end(from, end, &colon);
        if (colon)
            count = read_declaration(span_make(from, (size_t)(colon - from)),
                                     span_make(colon + 1, (size_t)(stop - colon - 1)), declarations);
        *text = stop < end ? span_make(stop + 1, (size_t)(end - stop - 1)) : SPAN_EMPTY;
    }
    return count;
}
