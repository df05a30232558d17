/* mbox-reader.c - one message after another out of an open file, which may be an mbox or a single message */
#include "config.h"

#include "mailbox/mbox-reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mailbox/packing.h"

/* The buffer at first: most messages fit. */
#define FIRST_CAPACITY ((size_t)64 * 1024)
/* "From ", an address (at most 254 bytes, RFC 5321), a date: a longer first line is none. */
#define FROM_LINE_AT_MOST 1024
/* An empty line and "From " before it are looked for together. */
#define BOUNDARY "\nFrom "
#define BOUNDARY_LENGTH 6

/* --- "From " lines ---------------------------------------------------------------------------------------------- */

/* Is there a time of day, "8:05" or "08:05", in the line? */
static bool has_time(struct span line)
{
    for (size_t i = 1; i + 2 < line.length; i++)
        if (line.data[i] == ':' && isdigit((unsigned char)line.data[i - 1]) && isdigit((unsigned char)line.data[i + 1])
            && isdigit((unsigned char)line.data[i + 2]))
            return true;
    return false;
}

enum from_line { FROM_LINE, NO_FROM_LINE, FROM_LINE_UNFINISHED };

/* What stands at the start of `text`; unfinished: more bytes may make one of it. */
static enum from_line from_line_at(struct span text, size_t *length)
{
    size_t known = text.length < 5 ? text.length : 5;
    if (memcmp(text.data, "From ", known) != 0)
        return NO_FROM_LINE;
    size_t end = span_find_byte(span_head(text, FROM_LINE_AT_MOST), '\n');
    if (end == text.length && text.length < FROM_LINE_AT_MOST)
        return FROM_LINE_UNFINISHED;
    *length = end + 1;
    return end < FROM_LINE_AT_MOST && has_time(span_head(text, end)) ? FROM_LINE : NO_FROM_LINE;
}

/* --- the buffer ------------------------------------------------------------------------------------------------- */

static struct span unread(const struct mbox_reader *reader)
{
    return span_make(reader->data + reader->start, reader->end - reader->start);
}

static bool make_room(struct mbox_reader *reader)
{
    if (reader->end < reader->capacity)
        return true;
    if (reader->start > reader->capacity / 2) {
        memmove(reader->data, reader->data + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
        return true;
    }
    size_t capacity = reader->capacity ? reader->capacity * 2 : FIRST_CAPACITY;
    char *data = realloc(reader->data, capacity);
    if (!data)
        return false;
    reader->data = data;
    reader->capacity = capacity;
    return true;
}

/* Reads some more; `ended` tells that there was nothing. */
static bool read_more(struct mbox_reader *reader, struct failure *failure)
{
    if (!make_room(reader))
        return failure_set_errno(failure, FAILURE_TEMPORARY, ENOMEM, "cannot read %s", reader->path);
    ssize_t count;
    do
        count = read(reader->fd, reader->data + reader->end, reader->capacity - reader->end);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", reader->path);
    reader->ended = count == 0;
    reader->end += (size_t)count;
    return true;
}

void mbox_reader_begin(struct mbox_reader *reader, int fd, const char *path, enum mbox_mode mode, size_t limit)
{
    reader->fd = fd;
    reader->path = path;
    reader->limit = limit;
    reader->mode = mode;
    reader->mbox = mode == MBOX_ALWAYS;
    reader->start = reader->end = reader->searched = reader->number = 0;
    reader->ended = false;
}

size_t mbox_reader_number(const struct mbox_reader *reader)
{
    return reader->mbox ? reader->number : 0;
}

void mbox_reader_free(struct mbox_reader *reader)
{
    free(reader->data);
    *reader = (struct mbox_reader){ 0 };
}

/* --- messages --------------------------------------------------------------------------------------------------- */

/* Is the line that ends with the line feed at `offset` empty? */
static bool ends_empty_line(struct span text, size_t offset)
{
    return (offset >= 1 && text.data[offset - 1] == '\n')
           || (offset >= 2 && text.data[offset - 1] == '\r' && text.data[offset - 2] == '\n');
}

/* The offset of the next "From " line behind an empty line; text.length where none is (yet). `searched` moves on so far
 * that nothing is looked at twice. */
static size_t find_boundary(struct span text, bool ended, size_t *searched)
{
    while (text.length > *searched) {
        const char *hit = memmem(text.data + *searched, text.length - *searched, BOUNDARY, BOUNDARY_LENGTH);
        if (!hit) {
            size_t again = text.length > BOUNDARY_LENGTH ? text.length - BOUNDARY_LENGTH : 0;
            *searched = again > *searched ? again : *searched;
            return text.length;
        }
        size_t at = (size_t)(hit - text.data), length;
        enum from_line line = from_line_at(span_from(text, at + 1), &length);
        if (line == FROM_LINE_UNFINISHED && !ended) {
            *searched = at;
            return text.length;
        }
        if (line == FROM_LINE && ends_empty_line(text, at))
            return at + 1;
        *searched = at + 1;
    }
    return text.length;
}

/* Takes one '>' from each line that is "From " behind '>' only; gives what is left. */
static struct span unquote(char *data, size_t length)
{
    char *out = data;
    size_t done = 0;
    for (const char *hit; (hit = memmem(data + done, length - done, ">From ", 6));) {
        size_t at = (size_t)(hit - data), line = at;
        while (line > done && data[line - 1] == '>')
            line--;
        bool quoted = line == 0 || data[line - 1] == '\n';
        size_t kept = quoted ? line : at + 1;
        memmove(out, data + done, kept - done);
        out += kept - done;
        done = quoted ? line + 1 : kept;
        size_t rest = at + 6 - done; /* the other '>' and "From " */
        memmove(out, data + done, rest);
        out += rest;
        done += rest;
    }
    memmove(out, data + done, length - done);
    return span_make(data, (size_t)(out - data) + length - done);
}

/* The message between two "From " lines, as it was before it was put into the mbox. */
static struct span restore(char *data, size_t length)
{
    if (length >= 2 && data[length - 1] == '\n' && data[length - 2] == '\n')
        length--;
    else if (length >= 4 && memcmp(data + length - 4, "\r\n\r\n", 4) == 0)
        length -= 2;
    else if (length == 1 && data[0] == '\n')
        length = 0;
    return unquote(data, length);
}

/* Empty lines before the first message of an mbox are nobody's. */
static void skip_empty_lines(struct mbox_reader *reader)
{
    while (reader->mbox && reader->start < reader->end
           && (reader->data[reader->start] == '\n' || reader->data[reader->start] == '\r'))
        reader->start++;
}

/* Reads until the first line can be told; gives the length of the "From " line, 0 when it is none. */
static bool read_first_line(struct mbox_reader *reader, size_t *from_length, struct failure *failure)
{
    enum from_line line = FROM_LINE_UNFINISHED;
    *from_length = 0;
    while (line == FROM_LINE_UNFINISHED && !reader->ended) {
        skip_empty_lines(reader);
        if (reader->start < reader->end)
            line = from_line_at(unread(reader), from_length);
        if (line == FROM_LINE_UNFINISHED && !read_more(reader, failure))
            return false;
    }
    if (line != FROM_LINE)
        *from_length = 0;
    return true;
}

/* Reads until the end of the message is found.  What passes the limit is read over: `too_large`. */
static bool read_message(struct mbox_reader *reader, bool single, size_t *length, bool *too_large,
                         struct failure *failure)
{
    *too_large = false;
    reader->searched = 0;
    for (;;) {
        struct span text = unread(reader);
        *length = single ? text.length : find_boundary(text, reader->ended, &reader->searched);
        if (*length < text.length || reader->ended)
            return true;
        if (text.length > reader->limit) {
            *too_large = true;
            size_t kept = single ? 0 : text.length - reader->searched + 2; /* with the empty line before a boundary */
            kept = kept < text.length ? kept : text.length;
            reader->start = reader->end - kept;
            reader->searched = kept < 2 ? kept : 2;
        }
        if (!read_more(reader, failure))
            return false;
    }
}

int mbox_reader_next(struct mbox_reader *reader, struct span *bytes, bool *more, struct failure *failure)
{
    size_t from_length, length;
    bool too_large;
    *more = false;
    if (!read_first_line(reader, &from_length, failure))
        return -1;
    if (reader->ended && reader->start == reader->end)
        return 0;
    bool single = reader->mode == MBOX_NEVER || (!reader->mbox && from_length == 0);
    if (!read_message(reader, single, &length, &too_large, failure))
        return -1;
    if (reader->start + length < reader->end)
        reader->mbox = true; /* there is a second "From " line */
    reader->number++;
    char *data = reader->data + reader->start;
    reader->start += length;
    *more = true;
    if (too_large) {
        failure_set(failure, FAILURE_INPUT, "cannot read message %zu of %s: it is larger than %zu bytes",
                    reader->number, reader->path, reader->limit);
        return -1;
    }
    if (reader->number == 1 && !packing_none(span_make(data, length), reader->path, failure))
        return -1;
    *bytes = reader->mbox ? restore(data + from_length, length - from_length) : span_make(data, length);
    return 1;
}
