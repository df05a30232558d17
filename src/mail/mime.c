/* mime.c - the MIME structure of a message, by GMime; no other file includes it
 *
 * GMime sees a skeleton of the message (mime-skeleton.h); what it says about parts is turned into spans of the message
 * here.
 */
#include "mail/mime.h"

#include <gmime/gmime.h>
#include <stdlib.h>

#include "mail/decode.h"
#include "mail/message.h"
#include "mail/mime-skeleton.h"
#include "mail/parameter.h"
#include "util/limits.h"

struct walker {
    struct arena *arena;
    const struct skeleton *skeleton;
    struct mime_part *parts;
    size_t count, room;
    struct mime_branch *branches;
    size_t branch_count, branch_room;
    size_t alternative_count;
    unsigned multipart_count, depth;
    uint32_t oddities;
    bool has_rest;
    size_t encoded_left; /* of LIMIT_ENCODED_MESSAGES */
};

/* The constructors of GLib and GObject, where glib-start.ld has kept them from running when the program starts; else
 * there are no such symbols. */
typedef void constructor(void);
extern constructor *const glib_start_first[] __attribute__((weak));
extern constructor *const glib_start_end[] __attribute__((weak));

void mime_library_start(void)
{
    static gsize started;
    if (!g_once_init_enter(&started))
        return;
    for (constructor *const *next = glib_start_first; next != glib_start_end; next++)
        (*next)();
    g_mime_init();
    g_once_init_leave(&started, 1);
}

static struct mime_part *add_part(struct walker *walker, const struct skeleton_header *header, unsigned depth,
                                  int branch)
{
    if (walker->count == LIMIT_MIME_PARTS) {
        walker->oddities |= ODDITY_MIME_LIMIT;
        return NULL;
    }
    walker->parts = arena_grow(walker->arena, walker->parts, walker->count, &walker->room, sizeof *walker->parts);
    struct mime_part *part = &walker->parts[walker->count++];
    part->fields = header->fields;
    part->depth = depth;
    part->branch = branch;
    if (header->fields.other_type.length)
        walker->oddities |= ODDITY_DUPLICATE_CONTENT_TYPE;
    if (depth > walker->depth)
        walker->depth = depth;
    return part;
}

/* The header of ours that this object of GMime's stands for. */
static const struct skeleton_header *header_of(const struct walker *walker, GMimeObject *object)
{
    const char *number = g_mime_object_get_header(object, SKELETON_FIELD);
    size_t index = number ? strtoul(number, NULL, 10) : 0;
    return &walker->skeleton->headers[index < walker->skeleton->header_count ? index : 0];
}

/* Where in the body a header starts: the message's own stands in front of the body. */
static const char *start_of(const struct walker *walker, const struct skeleton_header *header)
{
    bool is_own = header == &walker->skeleton->headers[0];
    return is_own ? walker->skeleton->body.data : header->block.data;
}

/* GMime keeps content as a window on the skeleton's stream: its start and length are its place in the skeleton. */
static struct span content_of(const struct walker *walker, GMimeObject *object)
{
    GMimeDataWrapper *wrapper = g_mime_part_get_content(GMIME_PART(object));
    GMimeStream *stream = wrapper ? g_mime_data_wrapper_get_stream(wrapper) : NULL;
    gint64 start = stream ? g_mime_stream_tell(stream) : -1;
    gint64 length = stream ? g_mime_stream_length(stream) : -1;
    if (start < 0 || length <= 0)
        return SPAN_EMPTY;
    size_t first = skeleton_origin(walker->skeleton, (size_t)start);
    size_t end = skeleton_origin(walker->skeleton, (size_t)(start + length));
    return end <= first ? SPAN_EMPTY : span_make(walker->skeleton->body.data + first, end - first);
}

static void walk(struct walker *walker, GMimeObject *object, unsigned depth, int branch);
static void read_message(struct walker *walker, const struct header *header, const struct mime_fields *fields,
                         unsigned depth, int branch);

static int add_branch(struct walker *walker, int alternative, int parent)
{
    walker->branches = arena_grow(walker->arena, walker->branches, walker->branch_count, &walker->branch_room,
                                  sizeof *walker->branches);
    walker->branches[walker->branch_count] = (struct mime_branch){ alternative, parent };
    return (int)walker->branch_count++;
}

static void walk_multipart(struct walker *walker, GMimeObject *object, unsigned depth, int branch)
{
    const struct skeleton_header *header = header_of(walker, object);
    int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
    bool is_own = header == &walker->skeleton->headers[0];
    walker->multipart_count++;
    if (header->fields.other_type.length)
        walker->oddities |= ODDITY_DUPLICATE_CONTENT_TYPE;
    if (count == 0) {
        bool has_boundary = g_mime_object_get_content_type_parameter(object, "boundary") != NULL;
        walker->oddities |= has_boundary ? ODDITY_NO_PARTS : ODDITY_NO_BOUNDARY;
        struct mime_part *part = add_part(walker, header, depth, branch);
        if (part) {
            part->content = is_own ? walker->skeleton->body : header->content;
            part->is_broken = true;
        }
        return;
    }
    GMimeContentType *type = g_mime_object_get_content_type(object);
    bool has_branches = g_mime_content_type_is_type(type, "multipart", "alternative");
    int alternative = (int)walker->alternative_count;
    walker->alternative_count += has_branches;
    for (int i = 0; i < count; i++) {
        int inner = has_branches ? add_branch(walker, alternative, branch) : branch;
        walk(walker, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1, inner);
    }
}

/* --- messages in the message -------------------------------------------------------------------------------------- */

static bool has_encoding(const struct mime_fields *fields, const char *name, struct arena *arena)
{
    struct parameter_list list;
    parameter_parse(span_head(fields->encoding, LIMIT_NESTED_ADDRESS_BYTES), arena, &list);
    return span_is(list.value, name);
}

/* What `content` is when its encoding is taken off; empty when it has none. */
static struct span decode_message(struct walker *walker, const struct mime_fields *fields, struct span content)
{
    bool is_base64 = has_encoding(fields, "base64", walker->arena);
    if (!is_base64 && !has_encoding(fields, "quoted-printable", walker->arena))
        return SPAN_EMPTY;
    if (content.length > walker->encoded_left)
        walker->oddities |= ODDITY_MIME_LIMIT;
    content = span_head(content, walker->encoded_left);
    walker->encoded_left -= content.length;
    struct buffer bytes = buffer_new(walker->arena, content.length);
    if (is_base64)
        decode_base64(content, &bytes);
    else
        decode_quoted_printable(content, &bytes);
    return buffer_span(&bytes);
}

/* A message that is encoded as a whole.  RFC 2046 section 5.2.1 forbids it, gateways do it, and mail programs show what
 * it decodes to; so that is read in place of the parts found in the letters, which `before` was without.  What brings
 * no header to light was not encoded, whatever it said. */
static void read_encoded_message(struct walker *walker, const struct walker *before, size_t index, int branch)
{
    struct mime_part *part = &walker->parts[index];
    struct span message = decode_message(walker, &part->fields, part->content);
    if (message.length == 0)
        return;
    struct header header;
    struct mime_fields fields;
    header_parse(message, walker->arena, &header);
    if (!mime_is_field(span_head(header.block, mime_line_end(header.block, 0))))
        return;
    mime_fields_read(header.block, &fields);
    part->subject = fields.subject;
    walker->count = before->count;
    walker->branch_count = before->branch_count;
    walker->alternative_count = before->alternative_count;
    walker->multipart_count = before->multipart_count;
    walker->depth = before->depth;
    walker->has_rest = before->has_rest;
    read_message(walker, &header, &fields, part->depth + 1, branch);
}

/* The content of a message in the message goes from its header to the end of its last part. */
static void walk_message_part(struct walker *walker, GMimeObject *object, unsigned depth, int branch)
{
    struct mime_part *part = add_part(walker, header_of(walker, object), depth, branch);
    GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    GMimeObject *inner = message ? g_mime_message_get_mime_part(message) : NULL;
    if (!part || !inner)
        return;
    size_t index = walker->count - 1;
    const struct skeleton_header *header = header_of(walker, inner);
    part->is_message = true;
    part->subject = header->fields.subject;
    const struct walker before = *walker;
    walk(walker, inner, depth + 1, branch);

    const char *start = start_of(walker, header);
    const char *end = start;
    for (size_t i = index + 1; i < walker->count; i++) {
        struct span content = walker->parts[i].content;
        if (content.length && content.data + content.length > end)
            end = content.data + content.length;
    }
    walker->parts[index].content = span_make(start, (size_t)(end - start));
    read_encoded_message(walker, &before, index, branch);
}

/* What lies too deep is read as it stands, once: text must not hide behind a limit. */
static void add_rest(struct walker *walker, const struct skeleton_header *header, int branch)
{
    walker->oddities |= ODDITY_MIME_LIMIT;
    struct mime_part *part = walker->has_rest ? NULL : add_part(walker, header, LIMIT_MIME_DEPTH + 1, branch);
    if (!part)
        return;
    struct span body = walker->skeleton->body;
    const char *start = start_of(walker, header);
    part->content = span_make(start, (size_t)(body.data + body.length - start));
    part->is_broken = true;
    walker->has_rest = true;
}

static void walk(struct walker *walker, GMimeObject *object, unsigned depth, int branch)
{
    if (walker->count == LIMIT_MIME_PARTS) {
        walker->oddities |= ODDITY_MIME_LIMIT;
    } else if (depth > LIMIT_MIME_DEPTH) {
        add_rest(walker, header_of(walker, object), branch);
    } else if (GMIME_IS_MULTIPART(object)) {
        walk_multipart(walker, object, depth, branch);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        walk_message_part(walker, object, depth, branch);
    } else if (GMIME_IS_PART(object)) {
        struct mime_part *part = add_part(walker, header_of(walker, object), depth, branch);
        if (part)
            part->content = content_of(walker, object);
    }
}

static GMimeObject *parse(struct span text)
{
    mime_library_start();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text.data, text.length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return object;
}

/* A message without structure, and the answer when GMime gives none. */
static void add_whole_message(struct walker *walker, const struct header *header, const struct mime_fields *fields,
                              unsigned depth, int branch)
{
    struct skeleton_header own = { .fields = *fields };
    struct mime_part *part = add_part(walker, &own, depth, branch);
    if (!part)
        return;
    part->content = header->loose.length ? header->loose : header->body;
    part->lost_its_type = depth == 0 && fields->type.length == 0 && !header_find(header, "Received");
}

static void read_structure(struct walker *walker, const struct header *header, unsigned depth, int branch)
{
    const struct skeleton *around = walker->skeleton;
    struct skeleton skeleton;
    skeleton_build(header->block, header->body, walker->arena, &skeleton);
    walker->skeleton = &skeleton;
    if (skeleton.truncated)
        walker->oddities |= ODDITY_MIME_LIMIT;
    GMimeObject *root = parse(skeleton.text);
    if (root) {
        walk(walker, root, depth, branch);
        g_object_unref(root);
    }
    walker->skeleton = around;
}

static bool has_structure(const struct mime_fields *fields, struct arena *arena)
{
    struct span readings[] = { fields->type, fields->other_type };
    for (size_t i = 0; i < 2; i++) {
        struct parameter_list list;
        parameter_parse(span_head(readings[i], LIMIT_NESTED_ADDRESS_BYTES), arena, &list);
        if (span_starts_nocase(list.value, "multipart/") || span_starts_nocase(list.value, "message/"))
            return true;
    }
    return false;
}

/* The message that is read, or one in it. */
static void read_message(struct walker *walker, const struct header *header, const struct mime_fields *fields,
                         unsigned depth, int branch)
{
    size_t count = walker->count;
    if (has_structure(fields, walker->arena))
        read_structure(walker, header, depth, branch);
    if (walker->count == count)
        add_whole_message(walker, header, fields, depth, branch);
}

void mime_read(const struct header *header, struct arena *arena, struct mime_tree *tree)
{
    struct walker walker = { .arena = arena, .encoded_left = LIMIT_ENCODED_MESSAGES };
    struct mime_fields fields;
    mime_fields_read(header->block, &fields);
    read_message(&walker, header, &fields, 0, MIME_NO_BRANCH);
    *tree = (struct mime_tree){
        .parts = walker.parts,
        .part_count = walker.count,
        .multipart_count = walker.multipart_count,
        .depth = walker.depth,
        .branches = walker.branches,
        .branch_count = walker.branch_count,
        .alternative_count = walker.alternative_count,
        .oddities = walker.oddities,
    };
}
