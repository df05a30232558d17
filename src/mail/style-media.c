/* style-media.c - @media on the screen we reckon with (Media Queries Level 4, section 3)
 *
 * Limits: ranges written with '<' and nested conditions with "or" count as false.
 */
#include "mail/style-sheet.h"
#include "mail/style-value.h"

static bool compare_length(struct span value, float viewport, bool least)
{
    struct style_value length = style_length_parse(style_trim(value));
    float px = length.unit == STYLE_UNIT_EM ? length.number * STYLE_FONT_SIZE_NORMAL : length.number;
    if (length.unit == STYLE_UNIT_UNKNOWN)
        return false;
    return least ? viewport >= px : viewport <= px;
}

/* The inside of one "(feature: value)". */
static bool feature_matches(struct span inside)
{
    size_t colon = span_find_byte(inside, ':');
    struct span name = style_trim(span_head(inside, colon)), value = style_trim(span_from(inside, colon + 1));
    if (span_is_nocase(name, "min-width") || span_is_nocase(name, "min-device-width"))
        return compare_length(value, STYLE_VIEWPORT_WIDTH, true);
    if (span_is_nocase(name, "max-width") || span_is_nocase(name, "max-device-width"))
        return compare_length(value, STYLE_VIEWPORT_WIDTH, false);
    if (span_is_nocase(name, "min-height"))
        return compare_length(value, STYLE_VIEWPORT_HEIGHT, true);
    if (span_is_nocase(name, "max-height"))
        return compare_length(value, STYLE_VIEWPORT_HEIGHT, false);
    if (span_is_nocase(name, "prefers-color-scheme"))
        return span_is_nocase(value, "light");
    if (span_is_nocase(name, "orientation"))
        return span_is_nocase(value, "landscape");
    return span_is_nocase(name, "color") || span_is_nocase(name, "width") || span_is_nocase(name, "hover");
}

/* One query of the list: "not screen and (min-width: 10px)". */
static bool query_matches(struct span query)
{
    bool matches = true, negated = false;
    query = style_trim(query);
    while (query.length) {
        struct span word;
        if (query.data[0] == '(') {
            size_t close = span_find_byte(query, ')');
            matches = matches && feature_matches(span_make(query.data + 1, close - 1));
            query = style_trim(span_from(query, close + 1));
            continue;
        }
        size_t length = 0;
        while (length < query.length && !html_is_space(query.data[length]) && query.data[length] != '(')
            length++;
        word = span_head(query, length);
        query = style_trim(span_from(query, length));
        if (span_is_nocase(word, "not"))
            negated = true;
        else if (!span_is_nocase(word, "and") && !span_is_nocase(word, "only"))
            matches = matches && (span_is_nocase(word, "screen") || span_is_nocase(word, "all"));
    }
    return matches != negated;
}

bool style_media_matches(struct span query)
{
    query = style_trim(query);
    if (!query.length)
        return true;
    while (query.length) {
        size_t comma = span_find_byte(query, ',');
        if (query_matches(span_head(query, comma)))
            return true;
        query = span_from(query, comma + 1);
    }
    return false;
}
