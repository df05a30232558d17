/* mime-fields.c - the few fields of a header that say what its content is */
#include "mail/mime-fields.h"

#include "util/limits.h"

size_t mime_line_end(struct span text, size_t offset)
{
    struct span rest = span_from(text, offset);
    size_t feed = span_find_byte(rest, '\n');
    return feed == rest.length ? text.length : offset + feed + 1;
}

bool mime_is_field(struct span line)
{
    size_t i = 0;
    while (i < line.length && line.data[i] > ' ' && line.data[i] < 0x7F && line.data[i] != ':')
        i++;
    size_t length = i;
    while (i < line.length && (line.data[i] == ' ' || line.data[i] == '\t'))
        i++;
    return length > 0 && i < line.length && line.data[i] == ':';
}

static void keep_first(struct span *kept, struct span value)
{
    if (!kept->data)
        *kept = value;
}

static void keep_type(struct mime_fields *fields, struct span value)
{
    if (fields->type_count == 1)
        fields->other_type = fields->type;
    fields->type = value;
    fields->type_count++;
    if (span_equal_nocase(fields->other_type, value))
        fields->other_type = SPAN_EMPTY;
}

static void keep_field(struct mime_fields *fields, struct span field)
{
    size_t colon = span_find_byte(field, ':');
    if (colon == field.length)
        return;
    struct span name = span_trim(span_head(field, colon));
    struct span value = span_trim(span_from(field, colon + 1));
    if (span_is_nocase(name, "Content-Type"))
        keep_type(fields, value);
    else if (span_is_nocase(name, "Content-Transfer-Encoding"))
        keep_first(&fields->encoding, value);
    else if (span_is_nocase(name, "Content-Disposition"))
        keep_first(&fields->disposition, value);
    else if (span_is_nocase(name, "Content-ID"))
        keep_first(&fields->id, value);
    else if (span_is_nocase(name, "Subject"))
        keep_first(&fields->subject, value);
}

void mime_fields_read(struct span block, struct mime_fields *fields)
{
    *fields = (struct mime_fields){ .type_count = 0 };
    block = span_head(block, LIMIT_HEADER_BYTES);
    for (size_t start = 0; start < block.length;) {
        size_t end = mime_line_end(block, start);
        while (end < block.length && (block.data[end] == ' ' || block.data[end] == '\t'))
            end = mime_line_end(block, end);
        char first = block.data[start];
        if (first == 'C' || first == 'c' || first == 'S' || first == 's')
            keep_field(fields, span_make(block.data + start, end - start));
        start = end;
    }
}
