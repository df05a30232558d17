/* archive-zip.c - what a ZIP archive holds, without unpacking any of it */
#include "config.h" /* memmem */

#include "mail/archive.h"

#include "util/limits.h"

/* Sizes of the fixed parts, before names, extra fields and comments. */
#define LOCAL_BYTES ((size_t)30)
#define CENTRAL_BYTES ((size_t)46)
#define END_BYTES ((size_t)22)

#define SIGNATURE_BYTES 4
#define LOCAL_SIGNATURE "PK\3\4"
#define CENTRAL_SIGNATURE "PK\1\2"
#define END_SIGNATURE "PK\5\6"

enum { FLAG_ENCRYPTED = 1 << 0, FLAG_STREAMED = 1 << 3, FLAG_MASKED = 1 << 13 };

struct walk {
    struct archive_listing *listing;
    struct archive_member *members;
    size_t room;
};

static uint32_t number_at(struct span bytes, size_t offset, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint32_t)(unsigned char)bytes.data[offset + i] << (8 * i);
    return value;
}

static bool has_signature(struct span bytes, const char *signature)
{
    return bytes.length >= SIGNATURE_BYTES && memcmp(bytes.data, signature, SIGNATURE_BYTES) == 0;
}

/* False when there is no room for more. */
static bool add_member(struct walk *walk, struct span name, uint32_t flags)
{
    if (walk->listing->count == walk->room)
        return false;
    walk->members[walk->listing->count++] = (struct archive_member){ name, (flags & FLAG_ENCRYPTED) != 0 };
    walk->listing->names_are_encrypted |= (flags & FLAG_MASKED) != 0;
    return true;
}

/* The record behind the central directory; its comment reaches to the end of the archive or, with bytes appended, not
 * quite.  Empty when there is none. */
static struct span find_end(struct span tail)
{
    for (size_t at = tail.length; at >= END_BYTES; at--) {
        struct span rest = span_from(tail, at - END_BYTES);
        if (rest.data[0] == 'P' && has_signature(rest, END_SIGNATURE))
            return rest;
    }
    return SPAN_EMPTY;
}

/* Does the local header at `offset` of the archive name the same file?  True where it is out of sight. */
static bool local_name_agrees(struct span head, uint32_t offset, struct span name)
{
    struct span local = span_from(head, offset);
    if (local.length < LOCAL_BYTES)
        return true;
    if (!has_signature(local, LOCAL_SIGNATURE))
        return false;
    size_t length = number_at(local, 26, 2);
    struct span local_name = span_head(span_from(local, LOCAL_BYTES), length);
    return local_name.length < length || span_equal(local_name, name);
}

/* Lists the central directory when all of it lies in `tail`. */
static bool list_central(struct walk *walk, struct span head, struct span tail)
{
    struct span end = find_end(tail);
    if (end.length == 0)
        return false;
    size_t before = (size_t)(end.data - tail.data), size = number_at(end, 12, 4), count = number_at(end, 10, 2);
    if (size > before)
        return false;
    struct span directory = span_head(span_from(tail, before - size), size);
    while (directory.length >= CENTRAL_BYTES && has_signature(directory, CENTRAL_SIGNATURE)) {
        size_t name_length = number_at(directory, 28, 2);
        size_t more = number_at(directory, 30, 2) + (size_t)number_at(directory, 32, 2);
        struct span name = span_head(span_from(directory, CENTRAL_BYTES), name_length);
        if (!add_member(walk, name, number_at(directory, 8, 2)))
            return true;
        walk->listing->is_two_faced |= !local_name_agrees(head, number_at(directory, 42, 4), name);
        directory = span_from(directory, CENTRAL_BYTES + name_length + more);
    }
    walk->listing->is_complete = directory.length == 0 && walk->listing->count == count;
    return walk->listing->count > 0;
}

/* From behind a header whose data is of unknown length: the next header. */
static struct span next_header(struct span bytes)
{
    while (bytes.length >= SIGNATURE_BYTES) {
        bytes = span_from(bytes, span_find_byte(bytes, 'P'));
        if (has_signature(bytes, LOCAL_SIGNATURE) || has_signature(bytes, CENTRAL_SIGNATURE))
            return bytes;
        bytes = span_from(bytes, 1);
    }
    return SPAN_EMPTY;
}

static void list_local(struct walk *walk, struct span head)
{
    while (head.length >= LOCAL_BYTES && has_signature(head, LOCAL_SIGNATURE)) {
        uint32_t flags = number_at(head, 6, 2);
        size_t packed = number_at(head, 18, 4), name_length = number_at(head, 26, 2);
        size_t start = LOCAL_BYTES + name_length + number_at(head, 28, 2);
        struct span name = span_head(span_from(head, LOCAL_BYTES), name_length);
        if (!add_member(walk, name, flags))
            return;
        bool is_streamed = (flags & FLAG_STREAMED) != 0;
        head = is_streamed ? next_header(span_from(head, start)) : span_from(head, start + packed);
    }
    walk->listing->is_complete = has_signature(head, CENTRAL_SIGNATURE);
}

/* Headers take LOCAL_BYTES at least, so this many fit. */
static size_t room_for(struct span head, struct span tail)
{
    size_t most = (head.length > tail.length ? head.length : tail.length) / LOCAL_BYTES;
    return most < LIMIT_ARCHIVE_MEMBERS ? most : LIMIT_ARCHIVE_MEMBERS;
}

void archive_list_zip(struct span head, struct span tail, struct arena *arena, struct archive_listing *listing)
{
    *listing = (struct archive_listing){ .count = 0 };
    struct walk walk = { .listing = listing, .room = room_for(head, tail) };
    walk.members = arena_new_array(arena, struct archive_member, walk.room);
    listing->members = walk.members;
    if (list_central(&walk, head, tail) && !listing->is_two_faced)
        return;
    /* Two archives behind each other are two-faced as well: both lists count then. */
    if (!listing->is_two_faced)
        *listing = (struct archive_listing){ .members = walk.members };
    list_local(&walk, head);
}
