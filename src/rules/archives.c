/* archives.c - what the archives attached to a message hold, as far as it is evidence */
#include "rules/archives.h"

#include "mail/archive.h"
#include "mail/part.h"
#include "rules/files.h"
#include "util/limits.h"
#include "util/utf8.h"

/* The name of the 7z method AES-256 + SHA-256 (7zFormat.txt, Methods.txt: 06F10701), which stands in the header at the
 * end of the archive. */
static const char seven_zip_cipher[4] = "\x06\xF1\x07\x01";
/* A document that Office has encrypted is an OLE file with a stream of this name in UTF-16 ([MS-OFFCRYPTO] 2.3.4). */
static const char office_cipher[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

static bool ends_in_macros(struct span name)
{
    return span_ends_nocase(name, "vbaProject.bin") || file_ending(file_extension(name)) == FILE_ENDING_MACROS;
}

static bool is_container(struct span name)
{
    enum file_ending ending = file_ending(file_extension(name));
    return ending == FILE_ENDING_DISK || ending == FILE_ENDING_PAGE || ending == FILE_ENDING_UNSAFE;
}

static void note(struct archive_find *find, const struct part *part, struct span member, struct arena *arena)
{
    if (find->part)
        return;
    struct buffer repaired = buffer_new(arena, LIMIT_FILE_NAME);
    utf8_append_repaired(&repaired, span_head(member, LIMIT_FILE_NAME));
    *find = (struct archive_find){ part, buffer_span(&repaired) };
}

/* A document of Office or OpenDocument, a book, a program of Java or Android: its members are its own affair.  What is
 * named as an archive is one, whatever its members pretend. */
static bool is_packed_file(const struct part *part, const struct archive_listing *listing)
{
    static const char *const programs[] = { "jar", "apk", "xpi", "appx", "msix" };
    struct span extension = file_extension(part->file_name);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (span_is_nocase(extension, programs[i]))
            return true;
    if (file_ending(extension) == FILE_ENDING_ARCHIVE)
        return false;
    for (size_t i = 0; i < listing->count; i++)
        if (span_is(listing->members[i].name, "[Content_Types].xml") || span_is(listing->members[i].name, "mimetype"))
            return true;
    return false;
}

static void judge_member(const struct part *part, const struct archive_listing *listing, struct span name,
                         struct arena *arena, struct archives *archives)
{
    if (file_ending(file_extension(name)) == FILE_ENDING_PROGRAM)
        note(listing->count > ARCHIVE_FEW ? &archives->one_of_many : &archives->program, part, name, arena);
    else if (listing->count <= ARCHIVE_FEW && is_container(name))
        note(&archives->container, part, name, arena);
}

static void judge_listing(const struct part *part, const struct archive_listing *listing, struct arena *arena,
                          struct archives *archives)
{
    archives->incomplete |= !listing->is_complete;
    if (listing->is_two_faced)
        note(&archives->two_faced, part, listing->members[0].name, arena);
    if (listing->names_are_encrypted)
        note(&archives->encrypted, part, SPAN_EMPTY, arena);
    bool is_packed = is_packed_file(part, listing);
    for (size_t i = 0; i < listing->count; i++) {
        struct span name = listing->members[i].name;
        if (listing->members[i].is_encrypted)
            note(&archives->encrypted, part, name, arena);
        if (ends_in_macros(name))
            note(&archives->macros, part, name, arena);
        else if (!is_packed)
            judge_member(part, listing, name, arena, archives);
    }
}

static void list_zip(const struct part *part, struct arena *arena, struct archive_listing *listing)
{
    archive_list_zip(part->head, part->head, arena, listing);
    if (!listing->is_complete)
        archive_list_zip(part->head, part_decode_tail(part, LIMIT_ATTACHMENT_TAIL, arena), arena, listing);
}

/* What gzip says the name of the one file in it was (RFC 1952, section 2.3): flags at 3 (8: there is a name; 4: extra
 * fields stand in front of it, which no common program writes), the name from 10 on. */
static void list_gzip(const struct part *part, struct arena *arena, struct archive_listing *listing)
{
    struct archive_member *member = arena_new_object(arena, struct archive_member);
    bool has_name = part->head.length > 10 && (part->head.data[3] & 12) == 8;
    struct span name = span_from(part->head, 10);
    *listing = (struct archive_listing){ .members = member, .count = has_name, .is_complete = true };
    member->name = span_head(name, span_find_byte(name, '\0'));
}

/* Kinds that cannot be listed, but may say that they are encrypted. */
static bool is_encrypted_file(const struct part *part, enum file_kind kind, struct arena *arena)
{
    if (kind == FILE_KIND_7Z)
        return span_contains(part_decode_tail(part, LIMIT_ATTACHMENT_TAIL, arena),
                             span_make(seven_zip_cipher, sizeof seven_zip_cipher));
    return kind == FILE_KIND_OLE && span_contains(part->head, span_make(office_cipher, sizeof office_cipher - 1));
}

/* False when it is no archive. */
static bool read_file(const struct part *part, struct arena *arena, struct archives *archives)
{
    struct archive_listing listing;
    enum file_kind kind = file_kind(part->head);
    switch (kind) {
    case FILE_KIND_ZIP:
        list_zip(part, arena, &listing);
        break;
    case FILE_KIND_RAR:
        archive_list_rar(part->head, arena, &listing);
        break;
    case FILE_KIND_GZIP:
        list_gzip(part, arena, &listing);
        break;
    case FILE_KIND_7Z:
    case FILE_KIND_OLE:
        if (is_encrypted_file(part, kind, arena))
            note(&archives->encrypted, part, SPAN_EMPTY, arena);
        return true;
    default:
        return false;
    }
    judge_listing(part, &listing, arena, archives);
    return true;
}

void archives_read(const struct message *message, struct arena *arena, struct archives *archives)
{
    size_t read = 0;
    *archives = (struct archives){ .incomplete = false };
    for (size_t i = 0; i < message->part_count && read < LIMIT_ARCHIVES; i++)
        read += read_file(&message->parts[i], arena, archives);
}
