/* opened-folder.h - a folder of the user's own Maildir, open for work on its files
 *
 * Layouts: Maildir++ (".Junk") or else nested ("Junk").  The Maildir must belong to whom this process runs as, so that
 * nothing is done to people's mail with the rights of root; symbolic links in the place of the folder are refused, and
 * so is what holds mail in another format (other-store.h).
 */
#ifndef TAMIS_MAILBOX_OPENED_FOLDER_H
#define TAMIS_MAILBOX_OPENED_FOLDER_H

#include <limits.h>
#include <stdbool.h>

#include "util/failure.h"

struct opened_folder {
    int root_fd, new_fd, cur_fd; /* of the Maildir, of the folder's new/ and cur/; -1: not open */
    char path[PATH_MAX];
};

enum folder_opened { FOLDER_OPENED, FOLDER_MISSING, FOLDER_FAILED };

/* Opens the folder `name` (NULL: the inbox) of the Maildir at `maildir`; nothing is made.  FOLDER_FAILED says why. */
enum folder_opened opened_folder_open(const char *maildir, const char *name, struct opened_folder *folder,
                                      struct failure *failure);
void opened_folder_close(struct opened_folder *folder);

/* The path of a file in new/ or cur/; false when it is too long. */
bool opened_folder_path(const struct opened_folder *folder, bool is_new, const char *name, char path[PATH_MAX]);

/* Visits the files in new/ and then in cur/, without hidden ones.  In this order, because mail programs move messages
 * from new/ to cur/: one that is moved meanwhile is seen twice rather than not at all.  `directory_fd` is borrowed. */
bool opened_folder_visit(const struct opened_folder *folder,
                         void (*visit)(void *context, int directory_fd, const char *name, bool is_new), void *context,
                         struct failure *failure);

#endif
