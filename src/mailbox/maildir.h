/* maildir.h - delivery into a Maildir as if the power failed at every line
 *
 * cr.yp.to/proto/maildir.html; Maildir++ (www.courier-mta.org/imap/README.maildirquota.html): folders ".Junk",
 * `maildirsize`, S= and W= in names.  Order: write the file where no reader looks, fsync it, link it into new/, fsync
 * new/.  Where the file system can, the file has no name before it is linked (O_TMPFILE) and a death in between leaves
 * nothing at all; elsewhere it is made in tmp/ (O_EXCL) and unlinked there in the end, and a death in between leaves at
 * most a file in tmp/, which is not mail and which whoever reads the Maildir removes after 36 hours.  EEXIST never
 * overwrites.  Files are 0600 and directories 0700 whatever the umask is.
 *
 * All failures that an administrator can mend are temporary, so that mail waits instead of bouncing: a Maildir that is
 * not there (the home may not be mounted), that belongs to somebody else (what we would leave there its owner could not
 * read), that is a store of another format (other-store.h: what we would leave there nobody would see) or that others
 * could put another in the place of (trusted-path.h), a full disk.  A Maildir that everybody may
 * write to gets its mail and a warning in the log.
 *
 * A caller that cannot deliver into a folder may always try the inbox next: MAILDIR_FAILED leaves nothing behind.
 * The program should ignore SIGXFSZ, or a file size limit kills it where it could have said so.
 */
#ifndef TAMIS_MAILBOX_MAILDIR_H
#define TAMIS_MAILBOX_MAILDIR_H

#include <limits.h>
#include <stdbool.h>

#include "mailbox/pass-through.h"
#include "util/failure.h"

struct maildir_settings {
    const char *path;         /* the Maildir, absolute */
    const char *junk;         /* Junk folder as Maildir++ name without the dot: "Junk" */
    bool skip_directory_sync; /* a power failure may then take mail that was just delivered */
    bool create;              /* make the Maildir itself when missing */
};

enum maildir_result {
    MAILDIR_DELIVERED,
    MAILDIR_OVER_QUOTA, /* the quota in maildirsize does not allow it: nothing was delivered; failure says so */
    MAILDIR_FAILED      /* nothing was delivered; failure says why */
};

/* Delivers into the folder `folder` (NULL: the inbox); a folder that is missing is created, with maildirfolder, and
 * subscribed in Dovecot's `subscriptions` and Courier's `courierimapsubscribed` where such a file exists.  `path_r`
 * gets the path in new/. */
enum maildir_result maildir_deliver(const struct maildir_settings *settings, const char *folder,
                                    const struct tagged_message *message, char path_r[PATH_MAX],
                                    struct failure *failure);

#endif
