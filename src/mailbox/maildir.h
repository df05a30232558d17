/* maildir.h - delivery into a Maildir as if the power failed at every line
 *
 * cr.yp.to/proto/maildir.html; Maildir++ (www.courier-mta.org/imap/README.maildirquota.html): folders ".Junk", `maildirsize`, S= and W= in names.
 * Order: write to tmp/ (O_EXCL, 0600), fsync, link into new/, fsync new/, unlink from tmp/.  A death in between leaves at most a
 * file in tmp/, which is not mail.  EEXIST never overwrites.
 */
#ifndef TAMIS_MAILBOX_MAILDIR_H
#define TAMIS_MAILBOX_MAILDIR_H

#include <limits.h>
#include <stdbool.h>

#include "mailbox/pass-through.h"
#include "util/failure.h"

struct maildir_settings {
    const char *path;       /* the Maildir, absolute */
    const char *junk;       /* Junk folder as Maildir++ name without the dot: "Junk" */
    bool skip_directory_sync;
    bool create;            /* make the Maildir itself when missing */
};

enum maildir_result {
    MAILDIR_DELIVERED,
    MAILDIR_OVER_QUOTA, /* the quota in maildirsize does not allow it: nothing was delivered */
    MAILDIR_FAILED      /* nothing was delivered; failure says why */
};

/* Delivers into the folder `folder` (NULL: the inbox); a folder that is missing is created, with maildirfolder, and subscribed in Dovecot's
 * `subscriptions` and Courier's `courierimapsubscribed` where such a file exists.  `path_r` gets the path in new/. */
enum maildir_result maildir_deliver(const struct maildir_settings *settings, const char *folder,
                                    const struct tagged_message *message, char path_r[PATH_MAX], struct failure *failure);

#endif
