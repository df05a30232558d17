/* folders.h - the folders of a mailbox, and which of them are Junk, Trash, Sent and Drafts
 *
 * Layouts, told apart by looking:
 *     Maildir++        Maildir/.Junk/cur, Maildir/.Lists.Junk/cur       (Dovecot, Courier, tamis deliver)
 *     nested           Maildir/Junk/cur, Mail/INBOX/cur, Mail/Lists/Junk/cur   (Dovecot LAYOUT=fs, mbsync)
 * The inbox is the Maildir itself.  Symbolic links are not followed, so that no mailbox leads into another.
 *
 * IMAP's special uses (RFC 6154: \Junk, \Trash, \Sent, \Drafts) stand in the server's configuration and not in the
 * mailbox, so folders are known by their names: those that mail programs give them, in the languages they come in.  A
 * folder below a Junk folder is Junk, and so on.  The user's own names, from the settings, come first.
 *
 * Names are compared without case, after the prefix INBOX is taken off; folder names on disk and in IMAP are in
 * modified UTF-7 (RFC 3501 section 5.1.3) or UTF-8, and both are understood.
 */
#ifndef TAMIS_MAILBOX_FOLDERS_H
#define TAMIS_MAILBOX_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/failure.h"
#include "util/span.h"

/* Mailboxes with 3,000 folders exist; more is an error of somebody's, and is told. */
#define FOLDERS_AT_MOST 20000
/* An arena for them: names and paths are some 500 bytes each, and folding a name takes more. */
#define FOLDERS_ARENA ((size_t)256 * 1024 * 1024)

enum folder_use { FOLDER_ORDINARY, FOLDER_JUNK, FOLDER_TRASH, FOLDER_SENT, FOLDER_DRAFTS };

/* Names the user has given, as on disk without the first dot; each may be NULL. */
struct folder_names {
    const char *junk, *trash, *sent, *drafts;
    const char *quarantine; /* used as Trash is: nothing is learned from what lies there */
};

struct folder {
    const char *path;    /* the directory that holds cur/ and new/ */
    const char *name;    /* as on disk, without the first dot; "INBOX" for the Maildir itself */
    enum folder_use use;
};

struct folders {
    struct folder *list; /* in the arena, in name order */
    size_t count;
    bool truncated;      /* FOLDERS_AT_MOST met */
};

/* Finds the folders of the Maildir at `path`.  False when it cannot be read, or is none (other-store.h). */
bool folders_find(const char *path, const struct folder_names *names, struct arena *arena, struct folders *folders,
                  struct failure *failure);

/* What a folder of that name is for; levels are apart by '.' or '/'. */
enum folder_use folders_use_of_name(struct span name, const struct folder_names *names, struct arena *arena);

/* Modified UTF-7 to UTF-8, in the arena.  What is not well-formed stays as it is: it is a name all the same. */
struct span folders_decode_name(struct span name, struct arena *arena);

/* "junk", "trash", ... */
const char *folders_use_name(enum folder_use use);

#endif
