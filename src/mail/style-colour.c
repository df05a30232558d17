/* style-colour.c - colours as CSS and old HTML write them, and how far apart two of them look */
#include "mail/style-colour.h"

#include <math.h>

#include "mail/html-name.h"
#include "mail/style-value.h"
#include "util/arithmetic.h"

/* CSS Color Module Level 4, section 6.1: 148 names. */
static const struct {
    char name[HTML_NAME_BYTES];
    uint32_t rgb;
} colour_names[] = {
    { "aliceblue", 0xF0F8FF }, { "antiquewhite", 0xFAEBD7 }, { "aqua", 0x00FFFF }, { "aquamarine", 0x7FFFD4 },
    { "azure", 0xF0FFFF }, { "beige", 0xF5F5DC }, { "bisque", 0xFFE4C4 }, { "black", 0x000000 },
    { "blanchedalmond", 0xFFEBCD }, { "blue", 0x0000FF }, { "blueviolet", 0x8A2BE2 }, { "brown", 0xA52A2A },
    { "burlywood", 0xDEB887 }, { "cadetblue", 0x5F9EA0 }, { "chartreuse", 0x7FFF00 }, { "chocolate", 0xD2691E },
    { "coral", 0xFF7F50 }, { "cornflowerblue", 0x6495ED }, { "cornsilk", 0xFFF8DC }, { "crimson", 0xDC143C },
    { "cyan", 0x00FFFF }, { "darkblue", 0x00008B }, { "darkcyan", 0x008B8B }, { "darkgoldenrod", 0xB8860B },
    { "darkgray", 0xA9A9A9 }, { "darkgreen", 0x006400 }, { "darkgrey", 0xA9A9A9 }, { "darkkhaki", 0xBDB76B },
    { "darkmagenta", 0x8B008B }, { "darkolivegreen", 0x556B2F }, { "darkorange", 0xFF8C00 },
    { "darkorchid", 0x9932CC }, { "darkred", 0x8B0000 }, { "darksalmon", 0xE9967A }, { "darkseagreen", 0x8FBC8F },
    { "darkslateblue", 0x483D8B }, { "darkslategray", 0x2F4F4F }, { "darkslategrey", 0x2F4F4F },
    { "darkturquoise", 0x00CED1 }, { "darkviolet", 0x9400D3 }, { "deeppink", 0xFF1493 }, { "deepskyblue", 0x00BFFF },
    { "dimgray", 0x696969 }, { "dimgrey", 0x696969 }, { "dodgerblue", 0x1E90FF }, { "firebrick", 0xB22222 },
    { "floralwhite", 0xFFFAF0 }, { "forestgreen", 0x228B22 }, { "fuchsia", 0xFF00FF }, { "gainsboro", 0xDCDCDC },
    { "ghostwhite", 0xF8F8FF }, { "gold", 0xFFD700 }, { "goldenrod", 0xDAA520 }, { "gray", 0x808080 },
    { "green", 0x008000 }, { "greenyellow", 0xADFF2F }, { "grey", 0x808080 }, { "honeydew", 0xF0FFF0 },
    { "hotpink", 0xFF69B4 }, { "indianred", 0xCD5C5C }, { "indigo", 0x4B0082 }, { "ivory", 0xFFFFF0 },
    { "khaki", 0xF0E68C }, { "lavender", 0xE6E6FA }, { "lavenderblush", 0xFFF0F5 }, { "lawngreen", 0x7CFC00 },
    { "lemonchiffon", 0xFFFACD }, { "lightblue", 0xADD8E6 }, { "lightcoral", 0xF08080 }, { "lightcyan", 0xE0FFFF },
    { "lightgoldenrodyellow", 0xFAFAD2 }, { "lightgray", 0xD3D3D3 }, { "lightgreen", 0x90EE90 },
    { "lightgrey", 0xD3D3D3 }, { "lightpink", 0xFFB6C1 }, { "lightsalmon", 0xFFA07A }, { "lightseagreen", 0x20B2AA },
    { "lightskyblue", 0x87CEFA }, { "lightslategray", 0x778899 }, { "lightslategrey", 0x778899 },
    { "lightsteelblue", 0xB0C4DE }, { "lightyellow", 0xFFFFE0 }, { "lime", 0x00FF00 }, { "limegreen", 0x32CD32 },
    { "linen", 0xFAF0E6 }, { "magenta", 0xFF00FF }, { "maroon", 0x800000 }, { "mediumaquamarine", 0x66CDAA },
    { "mediumblue", 0x0000CD }, { "mediumorchid", 0xBA55D3 }, { "mediumpurple", 0x9370DB },
    { "mediumseagreen", 0x3CB371 }, { "mediumslateblue", 0x7B68EE }, { "mediumspringgreen", 0x00FA9A },
    { "mediumturquoise", 0x48D1CC }, { "mediumvioletred", 0xC71585 }, { "midnightblue", 0x191970 },
    { "mintcream", 0xF5FFFA }, { "mistyrose", 0xFFE4E1 }, { "moccasin", 0xFFE4B5 }, { "navajowhite", 0xFFDEAD },
    { "navy", 0x000080 }, { "oldlace", 0xFDF5E6 }, { "olive", 0x808000 }, { "olivedrab", 0x6B8E23 },
    { "orange", 0xFFA500 }, { "orangered", 0xFF4500 }, { "orchid", 0xDA70D6 }, { "palegoldenrod", 0xEEE8AA },
    { "palegreen", 0x98FB98 }, { "paleturquoise", 0xAFEEEE }, { "palevioletred", 0xDB7093 },
    { "papayawhip", 0xFFEFD5 }, { "peachpuff", 0xFFDAB9 }, { "peru", 0xCD853F }, { "pink", 0xFFC0CB },
    { "plum", 0xDDA0DD }, { "powderblue", 0xB0E0E6 }, { "purple", 0x800080 }, { "rebeccapurple", 0x663399 },
    { "red", 0xFF0000 }, { "rosybrown", 0xBC8F8F }, { "royalblue", 0x4169E1 }, { "saddlebrown", 0x8B4513 },
    { "salmon", 0xFA8072 }, { "sandybrown", 0xF4A460 }, { "seagreen", 0x2E8B57 }, { "seashell", 0xFFF5EE },
    { "sienna", 0xA0522D }, { "silver", 0xC0C0C0 }, { "skyblue", 0x87CEEB }, { "slateblue", 0x6A5ACD },
    { "slategray", 0x708090 }, { "slategrey", 0x708090 }, { "snow", 0xFFFAFA }, { "springgreen", 0x00FF7F },
    { "steelblue", 0x4682B4 }, { "tan", 0xD2B48C }, { "teal", 0x008080 }, { "thistle", 0xD8BFD8 },
    { "tomato", 0xFF6347 }, { "turquoise", 0x40E0D0 }, { "violet", 0xEE82EE }, { "wheat", 0xF5DEB3 },
    { "white", 0xFFFFFF }, { "whitesmoke", 0xF5F5F5 }, { "yellow", 0xFFFF00 }, { "yellowgreen", 0x9ACD32 },
};

static const html_name_index first_names = {
    0, 5, 13, 21, 45, 45, 49, 57, 59, 62, 62, 63, 85, 100, 102, 108, 119, 119, 123, 137, 142, 142, 143, 146,
    146, 148, 148,
};

static struct style_colour colour_of(uint32_t rgb)
{
    return (struct style_colour){ (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255 };
}

static bool find_name(struct span text, struct style_colour *colour)
{
    int row = html_name_find(text, colour_names, sizeof colour_names[0], first_names);
    if (row < 0)
        return false;
    *colour = colour_of(colour_names[row].rgb);
    return true;
}

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* 3, 4, 6 or 8 hex digits, without the '#'. */
static bool parse_hex(struct span digits, struct style_colour *colour)
{
    size_t length = digits.length;
    if (length != 3 && length != 4 && length != 6 && length != 8)
        return false;
    uint8_t channel[4] = { 0, 0, 0, 255 };
    size_t each = length <= 4 ? 1 : 2;
    for (size_t i = 0; i < length / each; i++) {
        int high = hex_value(digits.data[i * each]), low = hex_value(digits.data[i * each + each - 1]);
        if (high < 0 || low < 0)
            return false;
        channel[i] = (uint8_t)(high * 16 + low);
    }
    *colour = (struct style_colour){ channel[0], channel[1], channel[2], channel[3] };
    return true;
}

static uint8_t to_channel(float value)
{
    if (!(value > 0))
        return 0;
    return value >= 255 ? 255 : (uint8_t)(value + 0.5f);
}

/* 0 to 12.  Of a hue without end, or so large that a turn is less than its last digit, any will do. */
static float remainder_of_12(float value)
{
    if (!(fabsf(value) < 1e9f))
        return 0;
    float rest = (float)(value - 12.0 * (double)(long)(value / 12.0));
    return rest < 0 ? rest + 12 : rest;
}

/* One channel of hsl(): CSS Color 4, section 7.1. */
static uint8_t hsl_channel(float number, float hue, float saturation, float lightness)
{
    float k = remainder_of_12(number + hue / 30);
    float least = (float)real_min(real_min(k - 3, 9 - k), 1);
    float spread = saturation * (float)real_min(lightness, 1 - lightness);
    return to_channel(255 * (lightness - spread * (float)real_max(-1, least)));
}

static float clamp_unit(float value)
{
    return !(value > 0) ? 0 : value > 1 ? 1 : value;
}

/* The inside of rgb(...) or hsl(...): three values and perhaps an alpha, apart by spaces, commas or '/'. */
static bool parse_function(struct span inside, bool hsl, struct style_colour *colour)
{
    float value[4] = { 0, 0, 0, 1 };
    bool percent[4] = { false };
    size_t count = 0;
    while (count < 4) {
        while (inside.length && strchr(" \t\r\n\f,/", inside.data[0]) && inside.data[0])
            inside = span_from(inside, 1);
        size_t used = style_number_parse(inside, &value[count]);
        if (!used)
            break;
        inside = span_from(inside, used);
        percent[count] = inside.length && inside.data[0] == '%';
        while (inside.length && !strchr(" \t\r\n\f,/", inside.data[0]))
            inside = span_from(inside, 1); /* '%', "deg" */
        count++;
    }
    if (count < 3)
        return false;
    uint8_t alpha = to_channel(255 * (percent[3] ? value[3] / 100 : value[3]));
    if (hsl) {
        float saturation = clamp_unit(value[1] / 100), lightness = clamp_unit(value[2] / 100);
        *colour = (struct style_colour){ hsl_channel(0, value[0], saturation, lightness),
                                         hsl_channel(8, value[0], saturation, lightness),
                                         hsl_channel(4, value[0], saturation, lightness), alpha };
        return true;
    }
    for (size_t i = 0; i < 3; i++)
        value[i] = percent[i] ? value[i] * 2.55f : value[i];
    *colour = (struct style_colour){ to_channel(value[0]), to_channel(value[1]), to_channel(value[2]), alpha };
    return true;
}

bool style_colour_parse(struct span text, struct style_colour *colour)
{
    if (!text.length)
        return false;
    if (text.data[0] == '#')
        return parse_hex(span_from(text, 1), colour);
    if (text.data[text.length - 1] == ')') {
        size_t open = span_find_byte(text, '(');
        struct span name = span_head(text, open);
        bool rgb = span_is_nocase(name, "rgb") || span_is_nocase(name, "rgba");
        bool hsl = span_is_nocase(name, "hsl") || span_is_nocase(name, "hsla");
        return (rgb || hsl) && parse_function(span_make(text.data + open + 1, text.length - open - 2), hsl, colour);
    }
    if (span_is_nocase(text, "transparent")) {
        *colour = (struct style_colour){ 0, 0, 0, 0 };
        return true;
    }
    return find_name(text, colour) || (text.length == 6 && parse_hex(text, colour));
}

/* The last steps of the legacy rules: what is no hex digit counts as 0, the string is cut into three equal parts, and
 * of each the two digits that matter most are taken. */
static struct style_colour parse_legacy(struct span text)
{
    char digits[132]; /* 128 and room to make it a multiple of three */
    size_t length = text.length < 128 ? text.length : 128;
    for (size_t i = 0; i < length; i++)
        digits[i] = hex_value(text.data[i]) < 0 ? '0' : text.data[i];
    while (length % 3)
        digits[length++] = '0';
    size_t part = length / 3, skipped = part > 8 ? part - 8 : 0;
    while (part - skipped > 2 && digits[skipped] == '0' && digits[part + skipped] == '0' &&
           digits[2 * part + skipped] == '0')
        skipped++;
    uint8_t channel[3];
    for (size_t i = 0; i < 3; i++) {
        const char *at = digits + i * part + skipped;
        channel[i] = (uint8_t)(part - skipped >= 2 ? hex_value(at[0]) * 16 + hex_value(at[1]) : hex_value(at[0]));
    }
    return (struct style_colour){ channel[0], channel[1], channel[2], 255 };
}

bool style_colour_parse_attribute(struct span text, struct style_colour *colour)
{
    text = style_trim(text);
    if (!text.length || span_is_nocase(text, "transparent"))
        return false;
    if (find_name(text, colour))
        return true;
    if (text.data[0] == '#') {
        text = span_from(text, 1);
        if (text.length == 3 && parse_hex(text, colour))
            return true;
    }
    *colour = text.length ? parse_legacy(text) : STYLE_BLACK;
    return true;
}

static uint8_t blend_channel(unsigned over, unsigned under, unsigned alpha)
{
    return (uint8_t)((over * alpha + under * (255 - alpha) + 127) / 255);
}

struct style_colour style_colour_blend(struct style_colour over, struct style_colour under)
{
    if (over.alpha == 255)
        return over;
    return (struct style_colour){ blend_channel(over.red, under.red, over.alpha),
                                  blend_channel(over.green, under.green, over.alpha),
                                  blend_channel(over.blue, under.blue, over.alpha), 255 };
}

float style_colour_distance(struct style_colour a, struct style_colour b)
{
    float mean = ((float)a.red + (float)b.red) / 2;
    float red = (float)a.red - (float)b.red, green = (float)a.green - (float)b.green;
    float blue = (float)a.blue - (float)b.blue;
    return sqrtf((2 + mean / 256) * red * red + 4 * green * green + (2 + (255 - mean) / 256) * blue * blue);
}
