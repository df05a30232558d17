/* mime-skeleton.c - of a message, only what decides its MIME structure: what GMime gets to see */
#include "mail/mime-skeleton.h"

#include "mail/parameter.h"
#include "util/buffer.h"
#include "util/limits.h"

/* RFC 2046 section 5.1.1 allows 70 characters; more are read because more are sent. */
#define BOUNDARY_BYTES 256
/* Lines with "--" in front that are compared with all boundaries: a patch of 1 MB has some 20,000. */
#define DASH_LINES 100000
#define BOUNDARY_LINES ((size_t)2 * LIMIT_MIME_PARTS)
#define HEADERS ((size_t)2 * LIMIT_MIME_PARTS)

struct builder {
    struct arena *arena;
    struct span body;
    size_t position; /* in body */
    struct buffer text;
    struct span boundaries[LIMIT_MIME_BOUNDARIES];
    size_t boundary_count;
    struct skeleton_header *headers;
    size_t header_count, header_room;
    struct skeleton_mark *marks;
    size_t mark_count, mark_room;
    size_t boundary_lines, dash_lines;
    bool in_digest; /* a multipart/digest was declared: parts without Content-Type are messages (RFC 2046 5.1.5) */
    bool full;      /* a limit was met */
};

static void mark(struct builder *builder, size_t origin)
{
    builder->marks = arena_grow(builder->arena, builder->marks, builder->mark_count, &builder->mark_room,
                                sizeof *builder->marks);
    builder->marks[builder->mark_count++] = (struct skeleton_mark){ builder->text.length, origin };
}

static struct span line_at(const struct builder *builder, size_t offset)
{
    return span_make(builder->body.data + offset, mime_line_end(builder->body, offset) - offset);
}

static bool may_be_boundary(struct builder *builder, struct span line)
{
    if (line.length < 3 || line.data[0] != '-' || line.data[1] != '-' || builder->boundary_count == 0)
        return false;
    if (++builder->dash_lines > DASH_LINES) {
        builder->full = true;
        return false;
    }
    struct span rest = span_from(line, 2);
    for (size_t i = 0; i < builder->boundary_count; i++)
        if (span_equal(span_head(rest, builder->boundaries[i].length), builder->boundaries[i]))
            return true;
    return false;
}

static void declare_boundary(struct builder *builder, struct span boundary)
{
    for (size_t i = 0; i < builder->boundary_count; i++)
        if (span_equal(builder->boundaries[i], boundary))
            return;
    if (builder->boundary_count == LIMIT_MIME_BOUNDARIES)
        builder->full = true;
    else
        builder->boundaries[builder->boundary_count++] = boundary;
}

static void write_boundary(struct builder *builder, struct span boundary)
{
    buffer_append_string(&builder->text, "; boundary=\"");
    for (size_t i = 0; i < boundary.length; i++) {
        if (boundary.data[i] == '"' || boundary.data[i] == '\\')
            buffer_append_byte(&builder->text, '\\');
        buffer_append_byte(&builder->text, boundary.data[i]);
    }
    buffer_append_byte(&builder->text, '"');
}

/* Of two readings of a doubled Content-Type the one with a boundary decides the structure: the other would hide
 * parts. */
static struct span type_for_structure(const struct mime_fields *fields, struct arena *arena, struct span *boundary)
{
    struct parameter_list list;
    struct span readings[] = { fields->type, fields->other_type };
    struct span type = SPAN_EMPTY;
    *boundary = SPAN_EMPTY;
    for (size_t i = 0; i < 2 && boundary->length == 0; i++) {
        parameter_parse(span_head(readings[i], LIMIT_NESTED_ADDRESS_BYTES), arena, &list);
        if (type.length == 0 || span_starts_nocase(list.value, "multipart/"))
            type = list.value;
        if (span_starts_nocase(list.value, "multipart/"))
            *boundary = span_trim(span_head(parameter_bytes(&list, "boundary", arena), BOUNDARY_BYTES));
    }
    return type;
}

/* A type GMime can be trusted with: letters, digits and the marks real types have. */
static bool is_clean_type(struct span type)
{
    for (size_t i = 0; i < type.length; i++) {
        char byte = type.data[i];
        bool is_clean = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || strchr("/.+-_", byte);
        if (!is_clean || byte == '\0')
            return false;
    }
    return type.length > 0 && span_find_byte(type, '/') < type.length;
}

/* Writes the header that stands for `block`.  True when another header follows it: that of a message in the message.
 * Inside a digest that is so by default, but only for a part of it, not for the message which that part is. */
static bool write_header(struct builder *builder, struct span block, size_t origin, bool is_part)
{
    builder->headers = arena_grow(builder->arena, builder->headers, builder->header_count, &builder->header_room,
                                  sizeof *builder->headers);
    struct skeleton_header *header = &builder->headers[builder->header_count];
    header->block = block;
    header->content = SPAN_EMPTY;
    mime_fields_read(block, &header->fields);

    mark(builder, origin);
    buffer_append_format(&builder->text, SKELETON_FIELD ": %zu\n", builder->header_count++);
    struct span boundary = SPAN_EMPTY;
    struct span type = SPAN_EMPTY;
    if (header->fields.type_count)
        type = type_for_structure(&header->fields, builder->arena, &boundary);
    if (is_clean_type(type)) {
        buffer_append_string(&builder->text, "Content-Type: ");
        buffer_append(&builder->text, type);
        if (boundary.length) {
            declare_boundary(builder, boundary);
            write_boundary(builder, boundary);
        }
        buffer_append_byte(&builder->text, '\n');
    }
    buffer_append_byte(&builder->text, '\n');
    builder->in_digest |= span_is(type, "multipart/digest");
    return span_starts_nocase(type, "message/") || (is_part && builder->in_digest && header->fields.type_count == 0);
}

static bool is_empty_line(struct span line)
{
    return span_is(line, "\n") || span_is(line, "\r\n");
}

/* An mbox line may stand in front of the header of an attached message. */
static bool may_begin_header(struct span line)
{
    return mime_is_field(line) || span_starts_nocase(line, "From ") || span_starts_nocase(line, ">From ");
}

/* Reads the header at the position, up to its empty line, a boundary, or at once when what stands there is no
 * header. */
static bool read_header(struct builder *builder, bool is_part)
{
    size_t start = builder->position;
    size_t end = start;
    bool at_boundary = false;
    while (end < builder->body.length) {
        struct span line = line_at(builder, end);
        at_boundary = may_be_boundary(builder, line);
        if (at_boundary || is_empty_line(line) || (end == start && !may_begin_header(line)))
            break;
        end += line.length;
    }
    struct span block = span_head(span_from(builder->body, start), end - start);
    if (end < builder->body.length && is_empty_line(line_at(builder, end)))
        end += line_at(builder, end).length;
    builder->position = end;
    return write_header(builder, block, start, is_part) && !at_boundary;
}

static bool has_room(struct builder *builder)
{
    builder->full |= builder->header_count >= HEADERS || builder->boundary_lines >= BOUNDARY_LINES;
    builder->full |= builder->text.length >= SKELETON_BYTES - (size_t)4096;
    return !builder->full;
}

/* Reads the headers of messages in messages, which follow each other without a boundary. */
static void read_message_headers(struct builder *builder, bool expected)
{
    while (expected && has_room(builder))
        expected = read_header(builder, false);
}

/* One letter for all content up to the next line that may be a boundary, and the line end in front of that. */
static void write_content(struct builder *builder, size_t start, size_t end)
{
    mark(builder, start);
    if (end == start)
        return;
    const char *data = builder->body.data;
    size_t line_end = data[end - 1] != '\n' ? 0 : end - start > 1 && data[end - 2] == '\r' ? 2 : 1;
    buffer_append_byte(&builder->text, 'x');
    mark(builder, end - line_end);
    if (line_end)
        buffer_append_byte(&builder->text, '\n');
    mark(builder, end);
    builder->headers[builder->header_count - 1].content = span_make(data + start, end - line_end - start);
}

/* Copies what stands between this header and the next boundary line, and that line; false at the end of the body. */
static bool read_content(struct builder *builder)
{
    size_t start = builder->position;
    size_t end = start;
    bool at_boundary = false;
    struct span line = SPAN_EMPTY;
    while (end < builder->body.length && !at_boundary && !builder->full) {
        line = line_at(builder, end);
        at_boundary = may_be_boundary(builder, line);
        if (!at_boundary)
            end += line.length;
    }
    if (builder->full)
        end = builder->body.length;
    write_content(builder, start, end);
    builder->position = end;
    if (!at_boundary)
        return false;
    mark(builder, end);
    buffer_append(&builder->text, span_head(span_trim(line), 2 * BOUNDARY_BYTES));
    buffer_append_byte(&builder->text, '\n');
    builder->boundary_lines++;
    builder->position += line.length;
    return true;
}

void skeleton_build(struct span block, struct span body, struct arena *arena, struct skeleton *skeleton)
{
    struct builder builder = { .arena = arena, .body = span_head(body, LIMIT_MIME_BYTES) };
    builder.text = buffer_new(arena, SKELETON_BYTES);
    read_message_headers(&builder, write_header(&builder, block, 0, false));
    while (read_content(&builder) && has_room(&builder))
        read_message_headers(&builder, read_header(&builder, true));
    if (builder.position < builder.body.length) /* behind a limit all is content of the last part */
        write_content(&builder, builder.position, builder.body.length);
    mark(&builder, builder.body.length);
    *skeleton = (struct skeleton){
        .text = buffer_span(&builder.text),
        .body = builder.body,
        .headers = builder.headers,
        .header_count = builder.header_count,
        .marks = builder.marks,
        .mark_count = builder.mark_count,
        .truncated = builder.full || builder.body.length < body.length || builder.text.truncated,
    };
}

size_t skeleton_origin(const struct skeleton *skeleton, size_t offset)
{
    size_t low = 0;
    size_t high = skeleton->mark_count; /* the mark wanted is the last one at or in front of `offset` */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (skeleton->marks[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    const struct skeleton_mark *found = &skeleton->marks[low];
    size_t limit = low + 1 < skeleton->mark_count ? found[1].origin : found->origin;
    size_t origin = found->origin + (offset - found->offset);
    return origin < limit ? origin : limit;
}
