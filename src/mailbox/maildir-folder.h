/* maildir-folder.h - the directories of a Maildir++ and who is told about a new one
 *
 * A folder "Junk" is the directory ".Junk" in the Maildir, with an empty file `maildirfolder` (Courier's deliverquota
 * finds the quota by it); "Archive.2024" is ".Archive.2024", a folder below "Archive".  IMAP clients show only folders
 * that are subscribed to.
 */
#ifndef TAMIS_MAILBOX_MAILDIR_FOLDER_H
#define TAMIS_MAILBOX_MAILDIR_FOLDER_H

#include <stdbool.h>

#include "util/failure.h"

/* May this be a folder?  No '/', no empty level, no control bytes, not longer than a file name. */
bool maildir_folder_name_is_valid(const char *name);

/* Opens the folder (NULL: the Maildir itself) of the Maildir open at `root_fd`; -1 on failure.  A folder that is
 * missing is made and subscribed; one that was left half made is completed; one that is of another format
 * (other-store.h) is refused.  The Maildir itself is completed only when `create` is set. */
int maildir_folder_open(int root_fd, const char *name, bool create, struct failure *failure);

#endif
