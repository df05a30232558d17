/* zip.h - what a ZIP archive holds, without unpacking any of it
 *
 * Source: PKWARE, APPNOTE.TXT 6.3.10.  An archive says twice what is in it: in a local header in front of each member
 * (section 4.3.7), and in the central directory at its end (4.3.12), which the record behind that (4.3.16) leads to.
 * Programs that open an archive go by the central directory, scanners of a stream by the local headers; who wants the
 * two to see different files lets them differ.  Here the central directory is the list where it can be found, and the
 * local headers are compared with it; without it they are the list.
 *
 * Of a large archive only start and end are given.  Members in streaming form (general purpose bit 3: sizes behind the
 * data) are followed by looking for the next header; a stored archive inside an archive shows its members that way too.
 * Not read: ZIP64 directories (the local headers serve), split archives.
 *
 * Linear in the bytes given; at most LIMIT_ARCHIVE_MEMBERS members.
 */
#ifndef TAMIS_MAIL_ZIP_H
#define TAMIS_MAIL_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/span.h"

struct zip_member {
    struct span name;  /* as written, in any charset; points into the bytes given */
    uint32_t size;     /* unpacked, as the archive says; 0 when it does not */
    bool is_encrypted; /* general purpose bit 0 */
};

struct zip_listing {
    const struct zip_member *members;
    size_t count;
    bool is_complete;   /* every member is listed */
    bool is_two_faced;  /* a local header names another file than the central directory does in its place; both are
                         * listed then */
    bool names_are_encrypted; /* the directory itself is (general purpose bit 13) */
};

/* Lists the archive that starts with `head` and ends with `tail`, which may be the same bytes, overlap, or be apart;
 * `tail` may be empty.  The members live in `arena`, their names in `head` and `tail`. */
void zip_list(struct span head, struct span tail, struct arena *arena, struct zip_listing *listing);

#endif
