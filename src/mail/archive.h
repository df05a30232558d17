/* archive.h - what an archive holds, without unpacking any of it
 *
 * Of a large archive only start and end are given.  Linear in these bytes; at most LIMIT_ARCHIVE_MEMBERS members.
 *
 * ZIP.  Source: PKWARE, APPNOTE.TXT 6.3.10.  An archive says twice what is in it: in a local header in front of each
 * member (section 4.3.7), and in the central directory at its end (4.3.12), which the record behind that (4.3.16) leads
 * to.  Programs that open an archive go by the central directory, scanners of a stream by the local headers; who wants
 * the two to see different files lets them differ.  Here the central directory is the list where it can be found, and
 * the local headers are compared with it; without it they are the list.  Members in streaming form (general purpose bit
 * 3: sizes behind the data) are followed by looking for the next header; a stored archive inside an archive shows its
 * members that way too.  Not read: ZIP64 directories (the local headers serve), split archives.
 *
 * RAR.  Source: RARLAB, technote.txt of RAR 4.20 and "RAR 5.0 archive format".  Headers with names in front of each
 * member, readable unless the headers themselves are encrypted.
 */
#ifndef TAMIS_MAIL_ARCHIVE_H
#define TAMIS_MAIL_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/span.h"

struct archive_member {
    struct span name;  /* as written, in any charset; points into the bytes given */
    bool is_encrypted;
};

struct archive_listing {
    const struct archive_member *members;
    size_t count;
    bool is_complete;         /* every member is listed */
    bool is_two_faced;        /* ZIP: a local header names another file than the central directory does in its place;
                               * both are listed then */
    bool names_are_encrypted; /* the directory itself is: nothing, or not the true names, can be listed */
};

/* Lists the archive that starts with `head` and ends with `tail`, which may be the same bytes, overlap, or be apart;
 * `tail` may be empty.  The members live in `arena`, their names in `head` and `tail`. */
void archive_list_zip(struct span head, struct span tail, struct arena *arena, struct archive_listing *listing);

/* Lists the RAR archive, of version 1.5 to 5, that starts with `head`. */
void archive_list_rar(struct span head, struct arena *arena, struct archive_listing *listing);

#endif
