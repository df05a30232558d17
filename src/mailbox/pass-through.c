/* pass-through.c - a message written out again: our fields in, forged ones out, every other byte as it came */
#include "config.h"

#include "mailbox/pass-through.h"

#include <errno.h>
#include <stdlib.h>

#include "util/file.h"

/* Pieces handed to one file_write_spans().  From line, fields, rest: most messages have three. */
#define PIECES_AT_ONCE 64

/* --- lines of a header ------------------------------------------------------------------------------------------ */

/* The line that starts at `offset`, with its line end. */
static struct span line_at(struct span message, size_t offset)
{
    struct span rest = span_from(message, offset);
    return span_head(rest, span_find_byte(rest, '\n') + 1);
}

static bool ends_in_line_end(struct span line)
{
    return line.length && line.data[line.length - 1] == '\n';
}

static bool is_empty_line(struct span line)
{
    return span_is(line, "\n") || span_is(line, "\r\n");
}

/* A line that continues the field before it (RFC 5322 section 2.2.3), even when it holds white space only. */
static bool is_folded(struct span line)
{
    return line.length && (line.data[0] == ' ' || line.data[0] == '\t');
}

/* The name of the field that starts on this line, without the white space that old syntax allows before the colon (RFC
 * 5322 section 4.5); empty where none does.  Names are printable ASCII (section 3.6.8). */
static struct span field_name(struct span line)
{
    size_t length = 0;
    while (length < line.length && line.data[length] > ' ' && line.data[length] < 0x7F && line.data[length] != ':')
        length++;
    size_t colon = length;
    while (colon < line.length && (line.data[colon] == ' ' || line.data[colon] == '\t'))
        colon++;
    return colon < line.length && line.data[colon] == ':' ? span_head(line, length) : SPAN_EMPTY;
}

/* The offset behind all lines from `offset` on that are of the kind asked for. */
static size_t skip_lines(struct span message, size_t offset, bool (*wanted)(struct span line))
{
    for (;;) {
        struct span line = line_at(message, offset);
        if (!line.length || !wanted(line))
            return offset;
        offset += line.length;
    }
}

/* How UUCP quoted the "From " line of the hop before; procmail and formail take them as part of it. */
static bool is_quoted_from_line(struct span line)
{
    return line.length > 6 && memcmp(line.data, ">From ", 6) == 0;
}

/* Where our fields go.  Never behind a line without a line end: there they would become part of it.  False: nowhere,
 * because all there is would read as the folded rest of our last field, and go with it at the next filter. */
static bool find_place(struct span message, size_t *place)
{
    size_t start = 0;
    struct span first = line_at(message, 0);
    if (first.length > 5 && memcmp(first.data, "From ", 5) == 0)
        start = skip_lines(message, first.length, is_quoted_from_line);
    size_t behind = skip_lines(message, start, is_folded);
    bool has_end = ends_in_line_end(span_head(message, behind));
    *place = has_end ? behind : 0;
    return has_end || behind == start;
}

/* Whether the line ends of the message are CRLF, told by the first one; that of an mbox "From " line, which some agent
 * put there, only when there is no other. */
static bool has_crlf(struct span message, size_t place)
{
    struct span line = line_at(message, place);
    if (!ends_in_line_end(line))
        line = line_at(message, 0);
    return line.length >= 2 && line.data[line.length - 2] == '\r' && line.data[line.length - 1] == '\n';
}

/* --- pieces ----------------------------------------------------------------------------------------------------- */

/* The rest of the message from `walk->offset` up to the next forged field, or to its end; goes behind that field.
 * False when nothing is left; an empty piece where one forged field follows another. */
static bool next_of_rest(struct tagged_walk *walk, struct span *piece)
{
    struct span rest = walk->message->rest;
    size_t start = walk->offset, offset = start;
    if (start == rest.length)
        return false;
    while (walk->message->owned && offset < rest.length) {
        struct span line = line_at(rest, offset);
        if (is_empty_line(line))
            break;
        struct span name = field_name(line);
        if (name.length && walk->message->owned(name)) {
            *piece = span_make(rest.data + start, offset - start);
            walk->offset = skip_lines(rest, offset + line.length, is_folded);
            walk->forged++;
            return true;
        }
        offset += line.length;
    }
    *piece = span_from(rest, start);
    walk->offset = rest.length;
    return true;
}

bool tagged_walk_next(struct tagged_walk *walk, struct span *piece)
{
    *piece = SPAN_EMPTY;
    if (walk->place == WALK_BEFORE) {
        walk->place = WALK_FIELDS;
        *piece = walk->message->before;
    }
    if (piece->length == 0 && walk->place == WALK_FIELDS) {
        walk->place = WALK_REST;
        *piece = walk->message->fields;
    }
    while (piece->length == 0)
        if (!next_of_rest(walk, piece))
            return false;
    return true;
}

/* --- the message ------------------------------------------------------------------------------------------------ */

/* `fields` with CRLF for each LF, kept in `tagged`. */
static bool convert_fields(struct tagged_message *tagged, struct span fields, struct span *converted)
{
    char *out = reallocarray(NULL, fields.length, 2);
    if (!out)
        return false;
    size_t length = 0;
    for (size_t i = 0; i < fields.length; i++) {
        if (fields.data[i] == '\n')
            out[length++] = '\r';
        out[length++] = fields.data[i];
    }
    tagged->converted_fields = out;
    *converted = span_make(out, length);
    return true;
}

static bool put_together(struct tagged_message *tagged, struct span message, struct span fields)
{
    size_t place;
    if (!find_place(message, &place))
        fields = SPAN_EMPTY;
    if (fields.length && has_crlf(message, place) && !convert_fields(tagged, fields, &fields))
        return false;
    tagged->before = span_head(message, place);
    tagged->fields = fields;
    tagged->rest = span_from(message, place);
    struct tagged_walk walk = { .message = tagged };
    for (struct span piece; tagged_walk_next(&walk, &piece);)
        tagged->size += piece.length;
    tagged->forged = walk.forged;
    return true;
}

bool tagged_message_make(struct span message, struct span fields, bool (*owned)(struct span name),
                         struct tagged_message *tagged, struct failure *failure)
{
    *tagged = (struct tagged_message){ .owned = owned };
    if (fields.length && !ends_in_line_end(fields))
        return failure_set(failure, FAILURE_DEFECT, "the header fields to add do not end in a line end");
    return put_together(tagged, message, fields)
           || failure_set_errno(failure, FAILURE_TEMPORARY, ENOMEM, "cannot put the message together");
}

bool tagged_message_write(const struct tagged_message *tagged, int fd, struct failure *failure)
{
    struct tagged_walk walk = { .message = tagged };
    struct span pieces[PIECES_AT_ONCE];
    size_t count;
    do {
        for (count = 0; count < PIECES_AT_ONCE && tagged_walk_next(&walk, &pieces[count]);)
            count++;
        if (!file_write_spans(fd, pieces, count, failure))
            return false;
    } while (count == PIECES_AT_ONCE);
    return true;
}

/* Each piece starts on a new line, so that what stands before its first byte is never a CR. */
static size_t bare_line_feeds(struct span piece)
{
    size_t count = 0, at = 0;
    while ((at += span_find_byte(span_from(piece, at), '\n')) < piece.length) {
        count += at == 0 || piece.data[at - 1] != '\r';
        at++;
    }
    return count;
}

size_t tagged_message_crlf_size(const struct tagged_message *tagged)
{
    size_t size = tagged->size;
    struct tagged_walk walk = { .message = tagged };
    for (struct span piece; tagged_walk_next(&walk, &piece);)
        size += bare_line_feeds(piece);
    return size;
}

void tagged_message_free(struct tagged_message *tagged)
{
    free(tagged->converted_fields);
    *tagged = (struct tagged_message){ 0 };
}
