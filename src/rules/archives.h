/* archives.h - what the archives attached to a message hold, as far as it is evidence
 *
 * The first LIMIT_ARCHIVES archives are listed.  ZIP and RAR show their members (mail/archive.h), gzip the name of its
 * one file; of 7z, which packs its directory, only what says that it is encrypted; documents that are
 * archives themselves (OOXML, OpenDocument) are searched for macros and encryption alone.
 */
#ifndef TAMIS_RULES_ARCHIVES_H
#define TAMIS_RULES_ARCHIVES_H

#include <stdbool.h>

#include "mail/message.h"
#include "util/arena.h"

/* The first archive in which something was found, and the member it was; NULL and empty where nothing was. */
struct archive_find {
    const struct part *part;
    struct span member; /* valid UTF-8 */
};

struct archives {
    struct archive_find program;    /* alone or among few: an archive somebody packed to be opened */
    struct archive_find one_of_many; /* a program among more than ARCHIVE_FEW members: software, more often than not */
    struct archive_find container;  /* a disk image, shortcut, page or other file that opens something else */
    struct archive_find macros;     /* a document with macros */
    struct archive_find encrypted;
    struct archive_find two_faced;  /* shows a scanner other files than the reader */
    bool incomplete;                /* an archive could not be listed whole */
};

#define ARCHIVE_FEW 10

void archives_read(const struct message *message, struct arena *arena, struct archives *archives);

#endif
