/* maildir-quota.h - the quota that a Maildir++ carries in its file `maildirsize`
 *
 * Its first line is the quota ("10000000S,1000C": bytes, messages; either may be missing or 0), each further line a
 * change of both sums ("2345 1", "-2345 -1").  Everybody appends a line with one write; nobody locks.  The sums are
 * counted again from the files when maildirsize has grown to 5120 bytes, or when they say "over quota" and are more
 * than one line or older than 15 minutes.  Messages in the folder Trash and those flagged T (trashed) do not count.
 *
 * Source: www.courier-mta.org/imap/README.maildirquota.html.  Unlike it we keep the file when the Maildir changed while
 * we counted: the quota stands nowhere else.  Without maildirsize, or with one that cannot be read, there is no quota.
 */
#ifndef TAMIS_MAILBOX_MAILDIR_QUOTA_H
#define TAMIS_MAILBOX_MAILDIR_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum maildir_quota {
    MAILDIR_QUOTA_NONE,    /* nobody counts */
    MAILDIR_QUOTA_ALLOWS,  /* room for the message; tell maildir_quota_add() when it is in */
    MAILDIR_QUOTA_EXCEEDED /* no room */
};

/* Is there room for one message of `size` bytes in the Maildir open at `root_fd`? */
enum maildir_quota maildir_quota_check(int root_fd, size_t size);

/* Appends a change to maildirsize.  That it fails makes the sums wrong until they are counted again, nothing else. */
void maildir_quota_add(int root_fd, int64_t bytes, int64_t messages);

/* The same for messages that were deleted; without maildirsize nothing is to be done. */
void maildir_quota_take(int root_fd, int64_t bytes, int64_t messages);

/* What a message counts in the sum of bytes: by its name where that tells, else by its file. */
int64_t maildir_quota_size(int directory_fd, const char *name);

#endif
