/* json.c - a small writer of JSON (RFC 8259) */
#include "verdict/json.h"

#include "util/utf8.h"
#include "verdict/figures.h"

struct json json_new(struct buffer *out)
{
    return (struct json){ .out = out };
}

/* RFC 8259 section 7: quotation mark, reverse solidus and U+0000 to U+001F must be escaped.  DEL, C1 and U+2028/9 are
 * escaped as well: the text may be read on a terminal or pasted into a script. */
static void put_string(struct buffer *out, struct span text)
{
    buffer_append_byte(out, '"');
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        if (code == '"' || code == '\\')
            buffer_append_format(out, "\\%c", (char)code);
        else if (utf8_is_control(code) || code == 0x2028 || code == 0x2029)
            buffer_append_format(out, "\\u%04X", (unsigned)code);
        else
            utf8_append(out, code);
    }
    buffer_append_byte(out, '"');
}

/* The comma behind the member before, and this one's name. */
static void start_member(struct json *json, const char *name)
{
    uint32_t bit = (uint32_t)1 << (json->depth & 31);
    if (json->has_items & bit)
        buffer_append_byte(json->out, ',');
    json->has_items |= bit;
    if (!name)
        return;
    put_string(json->out, span_of(name));
    buffer_append_byte(json->out, ':');
}

static void open_with(struct json *json, const char *name, char bracket)
{
    start_member(json, name);
    buffer_append_byte(json->out, bracket);
    json->depth++;
    json->has_items &= ~((uint32_t)1 << (json->depth & 31));
}

static void close_with(struct json *json, char bracket)
{
    json->depth--;
    buffer_append_byte(json->out, bracket);
}

void json_open_object(struct json *json, const char *name)
{
    open_with(json, name, '{');
}

void json_close_object(struct json *json)
{
    close_with(json, '}');
}

void json_open_array(struct json *json, const char *name)
{
    open_with(json, name, '[');
}

void json_close_array(struct json *json)
{
    close_with(json, ']');
}

void json_text(struct json *json, const char *name, struct span value)
{
    start_member(json, name);
    put_string(json->out, value);
}

void json_boolean(struct json *json, const char *name, bool value)
{
    start_member(json, name);
    buffer_append_string(json->out, value ? "true" : "false");
}

void json_integer(struct json *json, const char *name, int64_t value)
{
    start_member(json, name);
    buffer_append_format(json->out, "%lld", (long long)value);
}

void json_points(struct json *json, const char *name, int hundredths)
{
    char figure[FIGURE_SIZE];
    start_member(json, name);
    buffer_append_string(json->out, figure_points(hundredths, figure));
}

void json_probability(struct json *json, const char *name, double value)
{
    char figure[FIGURE_SIZE];
    start_member(json, name);
    buffer_append_string(json->out, figure_probability(value, 6, figure));
}

void json_null(struct json *json, const char *name)
{
    start_member(json, name);
    buffer_append_string(json->out, "null");
}
