/* pass-through.c - a message written out again: our fields in, forged ones out, every other byte as it came */
#include "config.h"

#include "mailbox/pass-through.h"

#include <errno.h>
#include <stdlib.h>

#include "util/file.h"

/* From line, fields, rest: without forged fields this is all that is needed. */
#define USUAL_PIECES 4

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

/* Where our fields go.  Never behind a line without a line end: there they would become part of it. */
static size_t place_of_fields(struct span message)
{
    size_t place = 0;
    struct span first = line_at(message, 0);
    if (first.length > 5 && memcmp(first.data, "From ", 5) == 0)
        place = skip_lines(message, first.length, is_quoted_from_line);
    place = skip_lines(message, place, is_folded);
    return ends_in_line_end(span_head(message, place)) ? place : 0;
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

static bool add_piece(struct tagged_message *tagged, size_t *capacity, struct span piece)
{
    if (piece.length == 0)
        return true;
    if (tagged->count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : USUAL_PIECES;
        struct span *pieces = reallocarray(tagged->pieces, wanted, sizeof *pieces);
        if (!pieces)
            return false;
        tagged->pieces = pieces;
        *capacity = wanted;
    }
    tagged->pieces[tagged->count++] = piece;
    tagged->size += piece.length;
    return true;
}

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

/* Adds the message from `offset` on without the fields we own. */
static bool add_rest(struct tagged_message *tagged, size_t *capacity, struct span message, size_t offset,
                     bool (*owned)(struct span name))
{
    size_t kept_from = offset;
    while (owned && offset < message.length) {
        struct span line = line_at(message, offset);
        if (is_empty_line(line))
            break;
        struct span name = field_name(line);
        size_t next = offset + line.length;
        if (name.length && owned(name)) {
            if (!add_piece(tagged, capacity, span_make(message.data + kept_from, offset - kept_from)))
                return false;
            next = skip_lines(message, next, is_folded);
            kept_from = next;
            tagged->forged++;
        }
        offset = next;
    }
    return add_piece(tagged, capacity, span_from(message, kept_from));
}

static bool put_together(struct tagged_message *tagged, struct span message, struct span fields,
                         bool (*owned)(struct span name))
{
    size_t capacity = 0, place = place_of_fields(message);
    if (fields.length && has_crlf(message, place) && !convert_fields(tagged, fields, &fields))
        return false;
    return add_piece(tagged, &capacity, span_head(message, place)) && add_piece(tagged, &capacity, fields)
           && add_rest(tagged, &capacity, message, place, owned);
}

bool tagged_message_make(struct span message, struct span fields, bool (*owned)(struct span name),
                         struct tagged_message *tagged, struct failure *failure)
{
    *tagged = (struct tagged_message){ 0 };
    if (fields.length && !ends_in_line_end(fields))
        return failure_set(failure, FAILURE_DEFECT, "the header fields to add do not end in a line end");
    if (put_together(tagged, message, fields, owned))
        return true;
    tagged_message_free(tagged);
    return failure_set_errno(failure, FAILURE_TEMPORARY, ENOMEM, "cannot put the message together");
}

bool tagged_message_write(const struct tagged_message *tagged, int fd, struct failure *failure)
{
    return file_write_spans(fd, tagged->pieces, tagged->count, failure);
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
    for (size_t i = 0; i < tagged->count; i++)
        size += bare_line_feeds(tagged->pieces[i]);
    return size;
}

void tagged_message_free(struct tagged_message *tagged)
{
    free(tagged->pieces);
    free(tagged->converted_fields);
    *tagged = (struct tagged_message){ 0 };
}
