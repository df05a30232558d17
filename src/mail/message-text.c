/* message-text.c - the text of a message: what its parts say, put together as its reader sees it */
#include "mail/message-text.h"

#include "mail/decode.h"
#include "mail/mime.h"
#include "mail/part.h"
#include "mail/uuencode.h"
#include "util/buffer.h"
#include "util/limits.h"

#define UUENCODED_FILES 32
/* All heads of attachments together. */
#define PEEK_BYTES ((size_t)1024 * 1024)
/* Decoding one part needs at most five times LIMIT_PART_TEXT (two growing buffers and a copy), and html_read() its own
 * memory. */
#define SCRATCH_BYTES LIMIT_MESSAGE_ARENA
#define SCRATCH_KEPT ((size_t)256 * 1024)
#define NONE (-1)

/* The text of one part, as a stretch of the plain or of the HTML text. */
struct piece {
    size_t start, end;
    bool is_html;
    int branch;
};

struct assembler {
    struct message *message;
    struct arena *arena;
    struct mime_tree tree;
    struct part *parts;
    size_t part_count, part_room;
    struct buffer plain, html, hidden;
    struct piece *pieces;
    size_t piece_count;
    int *chosen; /* for each multipart/alternative the branch the reader sees, or NONE */
    size_t text_left;
    struct html_view *view; /* over all HTML parts; its links and images are these, with room for more */
    struct html_link *links;
    struct html_image *images;
    struct html_stretch *stretches;
    size_t link_room, image_room, stretch_room;
    struct arena *scratch; /* for decoding and reading one part; emptied when it has become large */
};

/* --- one view over all HTML parts --------------------------------------------------------------------------------- */

static void add_counts(struct html_counts *sum, const struct html_counts *more)
{
    sum->scripts += more->scripts;
    sum->event_handlers += more->event_handlers;
    sum->iframes += more->iframes;
    sum->objects += more->objects;
    sum->forms += more->forms;
    sum->password_fields += more->password_fields;
    sum->inputs += more->inputs;
    sum->meta_refreshes += more->meta_refreshes;
    sum->comments_inside_words += more->comments_inside_words;
    sum->tags_inside_words += more->tags_inside_words;
    sum->unknown_tags += more->unknown_tags;
    sum->images += more->images;
    sum->links += more->links;
    sum->encoded_links += more->encoded_links;
    sum->elements += more->elements;
    if (more->longest_data_url > sum->longest_data_url)
        sum->longest_data_url = more->longest_data_url;
    sum->has_base |= more->has_base;
    sum->has_stylesheet_link |= more->has_stylesheet_link;
    sum->has_cut_style |= more->has_cut_style;
}

/* Room for `*more` items behind `count` items, of which there may be `limit`; fewer when that is met.  A second part
 * makes room for all. */
static void *extended(struct arena *arena, void *items, size_t count, size_t *room, size_t *more, size_t limit,
                      size_t size)
{
    if (*more > limit - count)
        *more = limit - count;
    if (count + *more <= *room)
        return items;
    *room = count == 0 ? *more : limit;
    void *larger = arena_alloc_array(arena, *room, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

static void add_links(struct assembler *assembler, const struct html_view *more)
{
    size_t done = assembler->view->link_count;
    size_t count = more->link_count;
    assembler->links = extended(assembler->arena, assembler->links, done, &assembler->link_room, &count, LIMIT_LINKS,
                                sizeof *assembler->links);
    for (size_t i = 0; i < count; i++) {
        struct html_link *link = &assembler->links[done + i];
        *link = more->links[i];
        link->target = arena_copy(assembler->arena, link->target);
        link->text = arena_copy(assembler->arena, link->text);
    }
    assembler->view->links = assembler->links;
    assembler->view->link_count = done + count;
}

static void add_images(struct assembler *assembler, const struct html_view *more)
{
    size_t done = assembler->view->image_count;
    size_t count = more->image_count;
    assembler->images = extended(assembler->arena, assembler->images, done, &assembler->image_room, &count,
                                 LIMIT_IMAGES, sizeof *assembler->images);
    for (size_t i = 0; i < count; i++) {
        struct html_image *image = &assembler->images[done + i];
        *image = more->images[i];
        image->source = arena_copy(assembler->arena, image->source);
    }
    assembler->view->images = assembler->images;
    assembler->view->image_count = done + count;
}

/* `start`: where the hidden text of this part begins in that of all. */
static void add_stretches(struct assembler *assembler, const struct html_view *more, size_t start)
{
    size_t done = assembler->view->stretch_count;
    size_t count = more->stretch_count;
    assembler->stretches = extended(assembler->arena, assembler->stretches, done, &assembler->stretch_room, &count,
                                    LIMIT_HIDDEN_STRETCHES, sizeof *assembler->stretches);
    for (size_t i = 0; i < count; i++) {
        struct html_stretch *stretch = &assembler->stretches[done + i];
        *stretch = more->stretches[i];
        stretch->start += start;
    }
    assembler->view->stretches = assembler->stretches;
    assembler->view->stretch_count = done + count;
}

/* Adds what one part shows to the view of all of them; nothing of it points into the scratch arena afterwards. */
static void add_view(struct assembler *assembler, const struct html_view *more)
{
    if (!assembler->view)
        assembler->view = arena_new_object(assembler->arena, struct html_view);
    struct html_view *sum = assembler->view;
    for (size_t i = 0; i < HTML_HIDING_COUNT; i++) {
        sum->hidden[i] += more->hidden[i];
        sum->hidden_bytes[i] += more->hidden_bytes[i];
    }
    if (more->hidden_text.length && assembler->hidden.length)
        buffer_append_byte(&assembler->hidden, '\n');
    add_stretches(assembler, more, assembler->hidden.length);
    buffer_append(&assembler->hidden, more->hidden_text);
    add_links(assembler, more);
    add_images(assembler, more);
    add_counts(&sum->counts, &more->counts);
    if (sum->title.length == 0)
        sum->title = arena_copy(assembler->arena, more->title);
    sum->truncated |= more->truncated;
    sum->read_bytes = more->read_bytes;
    sum->style_steps = more->style_steps;
}

/* --- parts ------------------------------------------------------------------------------------------------------- */

/* Ends the text so far with an empty line. */
static void separate(struct buffer *text)
{
    if (text->length == 0)
        return;
    if (text->data[text->length - 1] != '\n')
        buffer_append_byte(text, '\n');
    buffer_append_byte(text, '\n');
}

static void add_piece(struct assembler *assembler, size_t start, bool is_html, int branch)
{
    const struct buffer *text = is_html ? &assembler->html : &assembler->plain;
    if (span_trim(span_from(buffer_span(text), start)).length == 0)
        return;
    assembler->pieces[assembler->piece_count++] = (struct piece){ start, text->length, is_html, branch };
    if (!is_html)
        return;
    const struct mime_branch *branches = assembler->tree.branches;
    for (int i = branch; i != MIME_NO_BRANCH; i = branches[i].parent)
        assembler->chosen[branches[i].alternative] = i;
}

static void add_uuencoded_part(struct assembler *assembler, const struct uuencoded_file *file, unsigned depth)
{
    assembler->message->oddities |= ODDITY_INLINE_UUENCODE;
    if (assembler->part_count == assembler->part_room)
        return;
    struct part *part = &assembler->parts[assembler->part_count++];
    struct buffer head = buffer_new(assembler->arena, LIMIT_ATTACHMENT_PEEK / 8);
    part->type = span_of("application/octet-stream");
    part->encoding = span_of("x-uuencode");
    part->file_name = arena_copy(assembler->arena, span_head(file->name, LIMIT_FILE_NAME));
    part->raw = arena_copy(assembler->arena, span_head(file->lines, LIMIT_ATTACHMENT_PEEK / 4));
    part->depth = depth;
    decode_uuencode(part->raw, &head);
    part->head = buffer_span(&head);
}

/* Appends a plain text without the files uuencoded in it. */
static void append_plain(struct assembler *assembler, struct span text, unsigned depth)
{
    struct uuencoded_file file;
    size_t at = 0;
    while (uuencode_find(text, at, &file)) {
        buffer_append(&assembler->plain, span_make(text.data + at, file.start - at));
        add_uuencoded_part(assembler, &file, depth);
        at = file.end;
    }
    buffer_append(&assembler->plain, span_from(text, at));
}

/* An arena to read one part in: always with room for SCRATCH_BYTES - SCRATCH_KEPT. */
static struct arena *scratch_arena(struct assembler *assembler)
{
    if (assembler->scratch && arena_used(assembler->scratch) > SCRATCH_KEPT) {
        arena_free(assembler->scratch);
        assembler->scratch = NULL;
    }
    if (!assembler->scratch)
        assembler->scratch = arena_new(SCRATCH_BYTES);
    return assembler->scratch;
}

static void read_text(struct assembler *assembler, const struct part *part, enum part_text kind, int branch)
{
    size_t limit = assembler->text_left < LIMIT_PART_TEXT ? assembler->text_left : LIMIT_PART_TEXT;
    struct arena *scratch = scratch_arena(assembler);
    struct span text = part_decode_text(part, kind, limit, scratch, &assembler->message->oddities);
    assembler->text_left -= text.length < limit ? text.length : limit;
    bool is_html = kind == PART_TEXT_HTML;
    struct buffer *out = is_html ? &assembler->html : &assembler->plain;
    separate(out);
    size_t start = out->length;
    if (is_html) {
        const struct html_view *sum = assembler->view;
        struct html_view view = { .read_bytes = sum ? sum->read_bytes : 0, .style_steps = sum ? sum->style_steps : 0 };
        html_read(text, scratch, out, &view);
        add_view(assembler, &view);
    } else if (kind == PART_TEXT_CALENDAR) {
        part_append_calendar(text, out);
    } else {
        append_plain(assembler, text, part->depth);
    }
    add_piece(assembler, start, is_html, branch);
}

static void read_subject(struct assembler *assembler, const struct mime_part *source)
{
    bool is_broken;
    separate(&assembler->plain);
    size_t start = assembler->plain.length;
    struct span raw = span_head(source->subject, LIMIT_FIELD_BYTES);
    buffer_append(&assembler->plain, header_decode(raw, assembler->arena, &is_broken));
    add_piece(assembler, start, false, source->branch);
}

static void read_parts(struct assembler *assembler)
{
    struct part_budget budget = { .peek_bytes = PEEK_BYTES, .attachments = LIMIT_ATTACHMENTS };
    for (size_t i = 0; i < assembler->tree.part_count; i++) {
        const struct mime_part *source = &assembler->tree.parts[i];
        struct part *part = &assembler->parts[i];
        enum part_text kind = part_read(source, assembler->arena, &budget, part, &assembler->message->oddities);
        if (source->subject.length)
            read_subject(assembler, source);
        if (kind != PART_TEXT_NONE)
            read_text(assembler, part, kind, source->branch);
    }
}

/* --- what the reader sees ----------------------------------------------------------------------------------------- */

static bool is_seen(const struct assembler *assembler, const struct piece *piece)
{
    const struct mime_branch *branches = assembler->tree.branches;
    for (int i = piece->branch; i != MIME_NO_BRANCH; i = branches[i].parent) {
        int chosen = assembler->chosen[branches[i].alternative];
        if (chosen != NONE && chosen != i)
            return false;
    }
    return true;
}

static struct span piece_text(const struct assembler *assembler, const struct piece *piece)
{
    const struct buffer *text = piece->is_html ? &assembler->html : &assembler->plain;
    return span_make(text->data + piece->start, piece->end - piece->start);
}

/* The hidden stretches of `piece` stand in the text at `place` now. */
static void place_stretches(struct assembler *assembler, const struct piece *piece, size_t place, const size_t *at)
{
    for (size_t i = 0; piece->is_html && i < assembler->view->stretch_count; i++)
        if (at[i] >= piece->start && at[i] <= piece->end)
            assembler->stretches[i].at = place + (at[i] - piece->start);
}

/* Where the hidden stretches stand in the HTML text; from now on they are nowhere. */
static size_t *take_places(struct assembler *assembler)
{
    size_t count = assembler->view ? assembler->view->stretch_count : 0;
    size_t *at = arena_new_array(assembler->arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        at[i] = assembler->stretches[i].at;
        assembler->stretches[i].at = HTML_NOWHERE;
    }
    return at;
}

/* All seen pieces; without a copy when they are all plain or all HTML and none of that kind is unseen. */
static struct span visible_text(struct assembler *assembler)
{
    size_t seen[2] = { 0, 0 };
    size_t unseen[2] = { 0, 0 };
    for (size_t i = 0; i < assembler->piece_count; i++) {
        const struct piece *piece = &assembler->pieces[i];
        (is_seen(assembler, piece) ? seen : unseen)[piece->is_html]++;
    }
    if (seen[false] == 0 && unseen[true] == 0 && seen[true])
        return buffer_span(&assembler->html);
    const size_t *at = take_places(assembler);
    if (seen[true] == 0 && unseen[false] == 0)
        return buffer_span(&assembler->plain);
    struct buffer visible = buffer_new(assembler->arena, LIMIT_VISIBLE_TEXT);
    for (size_t i = 0; i < assembler->piece_count; i++) {
        const struct piece *piece = &assembler->pieces[i];
        if (!is_seen(assembler, piece))
            continue;
        separate(&visible);
        place_stretches(assembler, piece, visible.length, at);
        buffer_append(&visible, piece_text(assembler, piece));
    }
    return buffer_span(&visible);
}

static void start(struct assembler *assembler)
{
    struct arena *arena = assembler->arena;
    assembler->plain = buffer_new(arena, LIMIT_VISIBLE_TEXT);
    assembler->html = buffer_new(arena, LIMIT_VISIBLE_TEXT);
    assembler->hidden = buffer_new(arena, LIMIT_HIDDEN_TEXT);
    assembler->text_left = LIMIT_MESSAGE_TEXT;
    assembler->part_count = assembler->tree.part_count;
    assembler->part_room = assembler->tree.part_count + UUENCODED_FILES;
    assembler->parts = arena_new_array(arena, struct part, assembler->part_room);
    assembler->pieces = arena_new_array(arena, struct piece, 2 * assembler->tree.part_count);
    assembler->chosen = arena_new_array(arena, int, assembler->tree.alternative_count);
    for (size_t i = 0; i < assembler->tree.alternative_count; i++)
        assembler->chosen[i] = NONE;
}

void message_text_read(struct message *message, struct arena *arena)
{
    struct assembler assembler = { .message = message, .arena = arena };
    mime_read(&message->header, arena, &assembler.tree);
    message->oddities |= assembler.tree.oddities;
    message->multipart_count = assembler.tree.multipart_count;
    message->alternative_count = (unsigned)assembler.tree.alternative_count;
    message->depth = assembler.tree.depth;
    start(&assembler);
    read_parts(&assembler);
    arena_free(assembler.scratch);

    message->parts = assembler.parts;
    message->part_count = assembler.part_count;
    message->plain_text = buffer_span(&assembler.plain);
    message->html_text = buffer_span(&assembler.html);
    message->hidden_text = buffer_span(&assembler.hidden);
    message->visible_text = visible_text(&assembler);
    if (assembler.view)
        assembler.view->hidden_text = message->hidden_text;
    message->html = assembler.view;
    if (assembler.plain.truncated || assembler.html.truncated || assembler.hidden.truncated)
        message->oddities |= ODDITY_TEXT_LIMIT;
}
