/* parameter.c - values with parameters: Content-Type and Content-Disposition */
#include "mail/parameter.h"

#include "mail/decode.h"
#include "mail/header.h"
#include "util/buffer.h"
#include "util/limits.h"
#include "util/utf8.h"

/* A stretch of the field that is still to be read. */
struct reader {
    const char *at;
    const char *end;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

/* Over one comment, nested ones included; an unclosed one goes to the end. */
static void skip_comment(struct reader *reader)
{
    size_t depth = 0;
    while (reader->at < reader->end) {
        char byte = *reader->at++;
        if (byte == '\\' && reader->at < reader->end)
            reader->at++;
        else if (byte == '(')
            depth++;
        else if (byte == ')' && --depth == 0)
            return;
    }
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end) {
        if (*reader->at == '(')
            skip_comment(reader);
        else if (is_blank(*reader->at))
            reader->at++;
        else
            return;
    }
}

/* "text / html ; ..." gives "text/html".  A blank ends it unless a slash stands on either side ("text/html charset=x"
 * is sent). */
static struct span read_head(struct reader *reader, struct arena *arena)
{
    struct buffer head = buffer_new(arena, 128);
    skip_blanks(reader);
    while (reader->at < reader->end && *reader->at != ';') {
        if (!is_blank(*reader->at) && *reader->at != '(') {
            buffer_append_byte(&head, lower(*reader->at++));
            continue;
        }
        skip_blanks(reader);
        bool goes_on = reader->at < reader->end && *reader->at == '/';
        if (!goes_on && head.length && head.data[head.length - 1] != '/')
            break;
    }
    return buffer_span(&head);
}

/* Only \" and \\ are escapes: "C:\mail\invoice.exe" is sent as it stands. */
static struct span read_quoted(struct reader *reader, struct arena *arena)
{
    const char *start = ++reader->at;
    bool is_plain = true;
    while (reader->at < reader->end && *reader->at != '"') {
        if (*reader->at == '\\' && reader->at + 1 < reader->end) {
            reader->at++;
            is_plain = false;
        }
        is_plain &= *reader->at != '\n' && *reader->at != '\r';
        reader->at++;
    }
    struct span quoted = span_make(start, (size_t)(reader->at - start));
    if (reader->at < reader->end)
        reader->at++;
    if (is_plain)
        return quoted;

    struct buffer value = buffer_new(arena, quoted.length);
    for (size_t i = 0; i < quoted.length; i++) {
        char byte = quoted.data[i];
        if (byte == '\\' && i + 1 < quoted.length && (quoted.data[i + 1] == '"' || quoted.data[i + 1] == '\\'))
            byte = quoted.data[++i];
        if (byte != '\r' && byte != '\n')
            buffer_append_byte(&value, byte);
    }
    return buffer_span(&value);
}

/* Up to the semicolon, line end or blank; a file name may hold blanks (`filename=My file.doc`). */
static struct span read_unquoted(struct reader *reader, bool may_hold_blanks)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at != ';' && *reader->at != '\n' && *reader->at != '\r' &&
           (may_hold_blanks || !is_blank(*reader->at)))
        reader->at++;
    return span_trim(span_make(start, (size_t)(reader->at - start)));
}

/* Takes "*", "*2" or "*2*" off the end of the name (RFC 2231 sections 3 and 4). */
static void read_marks(struct parameter *parameter)
{
    struct span name = parameter->name;
    parameter->segment = -1;
    size_t star = span_find_byte(name, '*');
    if (star == name.length)
        return;
    parameter->name.length = star;
    int segment = -1;
    size_t i = star + 1;
    for (; i < name.length && name.data[i] >= '0' && name.data[i] <= '9' && segment < PARAMETER_LIMIT; i++)
        segment = (segment < 0 ? 0 : segment) * 10 + (name.data[i] - '0');
    parameter->segment = segment;
    parameter->is_encoded = star + 1 == name.length || (i < name.length && name.data[i] == '*');
}

/* One "name=value"; false when the reader stands on something else, of which it then skipped at least one byte. */
static bool read_parameter(struct reader *reader, struct arena *arena, struct parameter *parameter)
{
    struct buffer name = buffer_new(arena, 64);
    while (reader->at < reader->end && *reader->at != '=' && *reader->at != ';' && !is_blank(*reader->at))
        buffer_append_byte(&name, lower(*reader->at++));
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != '=' || name.length == 0) {
        reader->at += reader->at < reader->end && (*reader->at == ';' || *reader->at == '=');
        return false;
    }
    reader->at++;
    skip_blanks(reader);
    *parameter = (struct parameter){ .name = buffer_span(&name) };
    read_marks(parameter);
    bool is_file_name = span_is(parameter->name, "name") || span_is(parameter->name, "filename");
    if (reader->at < reader->end && *reader->at == '"')
        parameter->value = read_quoted(reader, arena);
    else
        parameter->value = read_unquoted(reader, is_file_name);
    return true;
}

void parameter_parse(struct span raw, struct arena *arena, struct parameter_list *list)
{
    list->count = 0;
    list->value = SPAN_EMPTY;
    if (raw.length == 0)
        return;
    struct reader reader = { raw.data, raw.data + raw.length };
    list->value = read_head(&reader, arena);
    for (skip_blanks(&reader); reader.at < reader.end && list->count < PARAMETER_LIMIT; skip_blanks(&reader)) {
        if (*reader.at == ';')
            reader.at++;
        else if (read_parameter(&reader, arena, &list->items[list->count]))
            list->count++;
    }
}

static const struct parameter *find(const struct parameter_list *list, const char *name, int segment, bool encoded_only)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *item = &list->items[i];
        if (item->segment == segment && (item->is_encoded || !encoded_only) && span_is(item->name, name))
            return item;
    }
    return NULL;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static void append_percent_decoded(struct buffer *out, struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == '%' && i + 2 < text.length && hex_digit(text.data[i + 1]) >= 0 &&
            hex_digit(text.data[i + 2]) >= 0) {
            byte = (char)(hex_digit(text.data[i + 1]) * 16 + hex_digit(text.data[i + 2]));
            i += 2;
        }
        buffer_append_byte(out, byte);
    }
}

/* Takes "charset'language'" off the front of an encoded value. */
static struct span take_charset(struct span *value)
{
    size_t first = span_find_byte(*value, '\'');
    struct span rest = span_from(*value, first + 1);
    size_t second = span_find_byte(rest, '\'');
    if (first == value->length || second == rest.length)
        return SPAN_EMPTY;
    struct span charset = span_head(*value, first);
    *value = span_from(rest, second + 1);
    return charset;
}

/* Joins the RFC 2231 forms of a parameter; false when it has none.  Segments count from 0; some senders begin at 1. */
static bool join_extended(const struct parameter_list *list, const char *name, struct buffer *out, struct span *charset)
{
    const struct parameter *item = find(list, name, -1, true);
    int segment = item ? -1 : find(list, name, 0, false) ? 0 : 1;
    if (!item)
        item = find(list, name, segment, false);
    if (!item)
        return false;
    *charset = SPAN_EMPTY;
    for (bool is_first = true; item; is_first = false) {
        struct span value = item->value;
        if (item->is_encoded && is_first)
            *charset = take_charset(&value);
        if (item->is_encoded)
            append_percent_decoded(out, value);
        else
            buffer_append(out, value);
        item = segment < 0 ? NULL : find(list, name, ++segment, false);
    }
    return true;
}

struct span parameter_decode(const struct parameter_list *list, const char *name, struct arena *arena)
{
    struct buffer bytes = buffer_new(arena, LIMIT_FILE_NAME);
    struct span charset;
    if (join_extended(list, name, &bytes, &charset)) {
        struct buffer text = buffer_new(arena, LIMIT_FILE_NAME);
        decode_charset(buffer_span(&bytes), charset, &text);
        return buffer_span(&text);
    }
    const struct parameter *plain = find(list, name, -1, false);
    if (!plain || plain->value.length == 0)
        return SPAN_EMPTY;
    bool is_broken;
    return utf8_head(header_decode(plain->value, arena, &is_broken), LIMIT_FILE_NAME);
}

struct span parameter_bytes(const struct parameter_list *list, const char *name, struct arena *arena)
{
    struct buffer bytes = buffer_new(arena, LIMIT_FILE_NAME);
    struct span charset;
    if (join_extended(list, name, &bytes, &charset))
        return buffer_span(&bytes);
    const struct parameter *plain = find(list, name, -1, false);
    return plain ? plain->value : SPAN_EMPTY;
}

/* From the last dot on. */
static struct span ending(struct span name)
{
    size_t dot = name.length;
    while (dot > 0 && name.data[dot - 1] != '.')
        dot--;
    return dot ? span_from(name, dot) : SPAN_EMPTY;
}

static bool has_needless_escape(struct span value)
{
    for (size_t i = 0; i + 2 < value.length; i++) {
        int high = value.data[i] == '%' ? hex_digit(value.data[i + 1]) : -1, low = hex_digit(value.data[i + 2]);
        char byte = high >= 0 && low >= 0 ? lower((char)(high * 16 + low)) : ' ';
        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            return true;
    }
    return false;
}

/* Mail programs begin to cut names at some 60 bytes. */
#define SHORT_NAME 30

bool parameter_is_ambiguous(const struct parameter_list *list, const char *name, struct arena *arena)
{
    size_t pieces = 0, bytes = 0, extended = 0;
    struct span plain = SPAN_EMPTY;
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *item = &list->items[i];
        if (!span_is(item->name, name))
            continue;
        if (item->is_encoded && has_needless_escape(item->value))
            return true;
        pieces += item->segment >= 0;
        bytes += item->segment >= 0 ? item->value.length : 0;
        extended += item->segment >= 0 || item->is_encoded;
        if (item->segment >= 0 || item->is_encoded)
            continue;
        if (plain.length && !span_equal_nocase(ending(plain), ending(item->value)))
            return true;
        plain = item->value;
    }
    if (pieces > 1 && bytes < SHORT_NAME)
        return true;
    if (plain.length == 0 || extended == 0)
        return false;
    bool is_broken;
    struct span first = utf8_head(header_decode(plain, arena, &is_broken), LIMIT_FILE_NAME);
    return !span_equal_nocase(ending(first), ending(parameter_decode(list, name, arena)));
}
