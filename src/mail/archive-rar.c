/* archive-rar.c - what a RAR archive holds, without unpacking any of it */
#include "mail/archive.h"

#include "util/limits.h"

#define MARK_4 "Rar!\x1A\7\0"
#define MARK_4_BYTES 7
#define MARK_5 "Rar!\x1A\7\1\0"
#define MARK_5_BYTES 8

struct walk {
    struct archive_listing *listing;
    struct archive_member *members;
    size_t room;
};

static bool add_member(struct walk *walk, struct span name, bool is_encrypted)
{
    if (walk->listing->count == walk->room)
        return false;
    walk->members[walk->listing->count++] = (struct archive_member){ name, is_encrypted };
    return true;
}

static uint32_t number_at(struct span bytes, size_t offset, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint32_t)(unsigned char)bytes.data[offset + i] << (8 * i);
    return value;
}

/* --- RAR 1.5 to 4 -------------------------------------------------------------------------------------------------
 *
 *     0 checksum (2)  2 type  3 flags (2)  5 size of the header (2)  7 size of the data behind it (4), with flag 0x8000
 *     a file: 26 size of its name (2)  32 the name, or 40 with flag 0x100 (sizes of 64 bits)
 */

enum { BLOCK_MAIN = 0x73, BLOCK_FILE = 0x74, BLOCK_END = 0x7B };
enum { MAIN_HEADERS_ENCRYPTED = 0x80, FILE_ENCRYPTED = 0x04, FILE_LARGE = 0x100, BLOCK_HAS_DATA = 0x8000 };
#define BLOCK_BYTES ((size_t)7)
#define FILE_BYTES ((size_t)32)

/* The name of a file block; with a Unicode form behind a NUL byte, which is left off. */
static struct span file_name_4(struct span block, uint32_t flags)
{
    size_t start = FILE_BYTES + (flags & FILE_LARGE ? 8 : 0);
    struct span name = span_head(span_from(block, start), number_at(block, 26, 2));
    return span_head(name, span_find_byte(name, '\0'));
}

static void list_4(struct walk *walk, struct span rest)
{
    while (rest.length >= BLOCK_BYTES) {
        unsigned char type = (unsigned char)rest.data[2];
        uint32_t flags = number_at(rest, 3, 2);
        uint64_t size = number_at(rest, 5, 2);
        bool is_file = type == BLOCK_FILE && rest.length >= FILE_BYTES;
        walk->listing->is_complete = type == BLOCK_END;
        walk->listing->names_are_encrypted |= type == BLOCK_MAIN && (flags & MAIN_HEADERS_ENCRYPTED);
        if (type == BLOCK_END || size < BLOCK_BYTES || walk->listing->names_are_encrypted)
            return;
        if (is_file && !add_member(walk, file_name_4(rest, flags), (flags & FILE_ENCRYPTED) != 0))
            return;
        bool has_data = is_file || (flags & BLOCK_HAS_DATA);
        size += has_data && rest.length >= BLOCK_BYTES + 4 ? number_at(rest, BLOCK_BYTES, 4) : 0;
        rest = size < rest.length ? span_from(rest, (size_t)size) : SPAN_EMPTY;
    }
}

/* --- RAR 5 ---------------------------------------------------------------------------------------------------------
 *
 * Numbers are of 7 bits a byte, the last without its top bit.  A header: checksum (4), size, type, flags, [size of the
 * extra area, with flag 1], [size of the data, with flag 2].  A file: flags, size, attributes, [time (4), with flag 2],
 * [checksum (4), with flag 4], method, system, size of its name, the name; then the extra area, of records: size, type
 * (1: encryption)...
 */

enum { HEADER_FILE = 2, HEADER_ENCRYPTION = 4, HEADER_END = 5 };
enum { HEADER_HAS_EXTRA = 1, HEADER_HAS_DATA = 2, FILE_HAS_TIME = 2, FILE_HAS_CHECKSUM = 4, EXTRA_ENCRYPTION = 1 };

/* Takes a number off the front; 0 at the end of the bytes. */
static uint64_t take_number(struct span *bytes)
{
    uint64_t value = 0;
    for (unsigned shift = 0; bytes->length && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)bytes->data[0];
        *bytes = span_from(*bytes, 1);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            break;
    }
    return value;
}

static size_t at_most(uint64_t size, size_t most)
{
    return size < most ? (size_t)size : most;
}

static bool is_encrypted_5(struct span extra)
{
    while (extra.length) {
        uint64_t size = take_number(&extra);
        struct span record = span_head(extra, at_most(size, extra.length));
        extra = span_from(extra, record.length);
        if (record.length && take_number(&record) == EXTRA_ENCRYPTION)
            return true;
        if (size == 0)
            return false;
    }
    return false;
}

static bool add_file_5(struct walk *walk, struct span header, struct span extra)
{
    uint64_t flags = take_number(&header);
    take_number(&header); /* size */
    take_number(&header); /* attributes */
    header = span_from(header, (flags & FILE_HAS_TIME ? 4 : 0) + (flags & FILE_HAS_CHECKSUM ? 4 : 0));
    take_number(&header); /* method */
    take_number(&header); /* system */
    uint64_t length = take_number(&header);
    return add_member(walk, span_head(header, at_most(length, header.length)), is_encrypted_5(extra));
}

static void list_5(struct walk *walk, struct span rest)
{
    while (rest.length > 4) {
        struct span behind = span_from(rest, 4);
        uint64_t size = take_number(&behind);
        struct span header = span_head(behind, at_most(size, behind.length));
        uint64_t type = take_number(&header), flags = take_number(&header);
        uint64_t extra_size = flags & HEADER_HAS_EXTRA ? take_number(&header) : 0;
        uint64_t data_size = flags & HEADER_HAS_DATA ? take_number(&header) : 0;
        walk->listing->is_complete = type == HEADER_END;
        walk->listing->names_are_encrypted = type == HEADER_ENCRYPTION;
        if (type == HEADER_END || type == HEADER_ENCRYPTION || size == 0)
            return;
        struct span extra = span_from(header, header.length - at_most(extra_size, header.length));
        if (type == HEADER_FILE && !add_file_5(walk, header, extra))
            return;
        rest = span_from(behind, at_most(size, behind.length));
        rest = span_from(rest, at_most(data_size, rest.length));
    }
}

void archive_list_rar(struct span head, struct arena *arena, struct archive_listing *listing)
{
    *listing = (struct archive_listing){ .count = 0 };
    struct walk walk = { .listing = listing, .room = head.length / BLOCK_BYTES };
    if (walk.room > LIMIT_ARCHIVE_MEMBERS)
        walk.room = LIMIT_ARCHIVE_MEMBERS;
    walk.members = arena_new_array(arena, struct archive_member, walk.room);
    listing->members = walk.members;
    if (head.length >= MARK_5_BYTES && memcmp(head.data, MARK_5, MARK_5_BYTES) == 0)
        list_5(&walk, span_from(head, MARK_5_BYTES));
    else if (head.length >= MARK_4_BYTES && memcmp(head.data, MARK_4, MARK_4_BYTES) == 0)
        list_4(&walk, span_from(head, MARK_4_BYTES));
}
