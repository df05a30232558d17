/* uuencode.c - files put into the text itself */
#include "mail/uuencode.h"

#include "mail/mime-fields.h"

/* The mode and the name behind "begin "; an empty name when it is no such line. */
static struct span begin_name(struct span line)
{
    size_t at = strlen("begin ");
    size_t digits = 0;
    if (!span_starts_nocase(line, "begin ") || line.data[0] != 'b')
        return SPAN_EMPTY;
    while (at < line.length && line.data[at] >= '0' && line.data[at] <= '7') {
        at++;
        digits++;
    }
    if (digits < 3 || digits > 4 || at == line.length || line.data[at] != ' ')
        return SPAN_EMPTY;
    return span_trim(span_from(line, at + 1));
}

/* The first letter of a line stands for its number of bytes, and three bytes take four letters; a final blank may be
 * lost, and some encoders add a check letter. */
static bool is_data_line(struct span line)
{
    while (line.length && (line.data[line.length - 1] == '\n' || line.data[line.length - 1] == '\r'))
        line.length--;
    if (line.length < 2 || line.data[0] <= ' ' || line.data[0] > '`')
        return false;
    size_t letters = ((((size_t)line.data[0] - ' ') & 63) + 2) / 3 * 4;
    return line.length - 1 + 3 >= letters && line.length - 1 <= letters + 1;
}

/* From the line at `offset` to the "end" line or the end of the data. */
static void read_lines(struct span text, size_t offset, struct uuencoded_file *file)
{
    size_t at = offset;
    while (at < text.length) {
        size_t end = mime_line_end(text, at);
        struct span line = span_make(text.data + at, end - at);
        bool is_last = span_is(span_trim(line), "end");
        bool is_zero_line = span_is(span_trim(line), "`") || span_trim(line).length == 0;
        if (is_last || !(is_data_line(line) || is_zero_line)) {
            file->lines = span_make(text.data + offset, at - offset);
            file->end = is_last ? end : at;
            return;
        }
        at = end;
    }
    file->lines = span_from(text, offset);
    file->end = text.length;
}

bool uuencode_find(struct span text, size_t offset, struct uuencoded_file *file)
{
    for (size_t at = offset; at < text.length;) {
        size_t end = mime_line_end(text, at);
        if (text.data[at] == 'b') {
            file->name = begin_name(span_make(text.data + at, end - at));
            if (file->name.length && end < text.length &&
                is_data_line(span_make(text.data + end, mime_line_end(text, end) - end))) {
                file->start = at;
                read_lines(text, end, file);
                return true;
            }
        }
        at = end;
    }
    return false;
}
