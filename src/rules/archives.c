/* archives.c - what the archives attached to a message hold, as far as it is evidence */
#include "config.h" /* memmem */

#include "rules/archives.h"

#include "mail/part.h"
#include "mail/zip.h"
#include "rules/files.h"
#include "util/limits.h"
#include "util/utf8.h"

/* The name of the 7z method AES-256 + SHA-256 (7zFormat.txt, Methods.txt: 06F10701), which stands in the header at the
 * end of the archive. */
static const char seven_zip_cipher[4] = "\x06\xF1\x07\x01";
/* A document that Office has encrypted is an OLE file with a stream of this name in UTF-16 ([MS-OFFCRYPTO] 2.3.4). */
static const char office_cipher[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

static bool holds(struct span bytes, const char *part, size_t length)
{
    return bytes.length >= length && memmem(bytes.data, bytes.length, part, length) != NULL;
}

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
static bool is_packed_file(const struct part *part, const struct zip_listing *listing)
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

static void judge_member(const struct part *part, const struct zip_listing *listing, struct span name,
                         struct arena *arena, struct archives *archives)
{
    if (file_ending(file_extension(name)) == FILE_ENDING_PROGRAM)
        note(listing->count > ARCHIVE_FEW ? &archives->one_of_many : &archives->program, part, name, arena);
    else if (listing->count <= ARCHIVE_FEW && is_container(name))
        note(&archives->container, part, name, arena);
}

static void read_zip(const struct part *part, struct arena *arena, struct archives *archives)
{
    struct zip_listing listing;
    zip_list(part->head, part->head, arena, &listing);
    if (!listing.is_complete) {
        struct span tail = part_decode_tail(part, LIMIT_ATTACHMENT_TAIL, arena);
        zip_list(part->head, tail, arena, &listing);
    }
    archives->incomplete |= !listing.is_complete;
    if (listing.is_two_faced)
        note(&archives->two_faced, part, listing.members[0].name, arena);
    bool is_packed = is_packed_file(part, &listing);
    for (size_t i = 0; i < listing.count; i++) {
        struct span name = listing.members[i].name;
        if (listing.members[i].is_encrypted)
            note(&archives->encrypted, part, name, arena);
        if (ends_in_macros(name))
            note(&archives->macros, part, name, arena);
        else if (!is_packed)
            judge_member(part, &listing, name, arena, archives);
    }
}

/* RAR 4: the main header behind the mark (7 bytes) has flags at 3 (0x80: headers encrypted); the first file header
 * behind it, of type 0x74, has them there too (0x04: encrypted).  RAR 5: the header behind the mark (8 bytes) has,
 * behind its checksum and size, its type (4: encryption).  Source: RARLAB, technote.txt of RAR 4.20 and RAR 5.0. */
static bool is_encrypted_rar(struct span head)
{
    const unsigned char *bytes = (const unsigned char *)head.data;
    if (head.length < 32)
        return false;
    if (bytes[6] == 1)
        return bytes[13] == 4; /* sizes under 128 take one byte, and this header is short */
    if (bytes[9] != 0x73)
        return false;
    size_t file = 7 + ((size_t)bytes[12] | (size_t)bytes[13] << 8);
    bool has_file = file + 5 <= head.length && bytes[file + 2] == 0x74;
    return (bytes[10] & 0x80) != 0 || (has_file && (bytes[file + 3] & 0x04) != 0);
}

static bool is_encrypted_file(const struct part *part, enum file_kind kind, struct arena *arena)
{
    if (kind == FILE_KIND_RAR)
        return is_encrypted_rar(part->head);
    if (kind == FILE_KIND_7Z)
        return holds(part_decode_tail(part, LIMIT_ATTACHMENT_TAIL, arena), seven_zip_cipher, sizeof seven_zip_cipher);
    return kind == FILE_KIND_OLE && holds(part->head, office_cipher, sizeof office_cipher - 1);
}

void archives_read(const struct message *message, struct arena *arena, struct archives *archives)
{
    size_t read = 0;
    *archives = (struct archives){ .incomplete = false };
    for (size_t i = 0; i < message->part_count && read < LIMIT_ARCHIVES; i++) {
        const struct part *part = &message->parts[i];
        enum file_kind kind = file_kind(part->head);
        bool is_archive = kind == FILE_KIND_ZIP || kind == FILE_KIND_RAR || kind == FILE_KIND_7Z;
        if (!is_archive && kind != FILE_KIND_OLE)
            continue;
        read++;
        if (kind == FILE_KIND_ZIP)
            read_zip(part, arena, archives);
        else if (is_encrypted_file(part, kind, arena))
            note(&archives->encrypted, part, SPAN_EMPTY, arena);
    }
}
