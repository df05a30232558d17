/* other-store.h - directories that hold mail, and are no Maildir
 *
 * A message that is put into new/ of such a directory is seen by nobody: the mail server looks elsewhere.  They are
 * told by what stands in them, never by what is missing: a Maildir that a mail server or a user has only begun may hold
 * dovecot-*, subscriptions, maildirsize, Sieve scripts, other folders, anything, before it has cur/, new/ and tmp/.
 *
 *     mdbox    storage/dovecot.map.index, storage/m.1, mailboxes/ beside storage/   (doc.dovecot.org: dbox)
 *     sdbox    mailboxes/INBOX/dbox-Mails, mailboxes/
 *     MH       .mh_sequences, also in inbox/                                         (nmh's mh-sequence(5))
 *     mbox     .imap/, Dovecot's index files of a folder of mboxes
 *
 * The files of these formats tell whatever else is there, for a program that took the directory for a Maildir may have
 * made cur/, new/ and tmp/ in it.  The bare names could be folders of a Maildir (.imap/cur; storage/cur, nested), and
 * tell only where neither they nor the directory itself have a cur/.
 */
#ifndef TAMIS_MAILBOX_OTHER_STORE_H
#define TAMIS_MAILBOX_OTHER_STORE_H

#include <stdbool.h>

#include "util/failure.h"

/* Is the directory, open at `directory_fd`, none of these?  False: `failure`, which names `path`, says which it is
 * (FAILURE_INPUT), or that it could not be told. */
bool other_store_none(int directory_fd, const char *path, struct failure *failure);

#endif
