/* owner.h - work for a user is done with the rights of that user, never with root's
 *
 * Root's process in somebody else's home would leave files of root's in that user's state, which ends all learning, and
 * would read that user's settings, and follow links in that user's folders, with root's rights.  So, before it reads
 * anything of a user's, a process of root's looks whose the place is:
 *
 *     root's own mailbox            root's work, done as root
 *     somebody else's, a delivery   it becomes that user, for good, which is tried: a mail system that starts the
 *                                   filter as root (a global procmailrc without DROPPRIVS) must not lose mail over it.
 *                                   Where that is not possible, 75: the mail system keeps the message
 *     somebody else's, other work   refused with 77, unless it is told to become each owner: --all-users (each-user.h)
 *     that cannot be told           75: a disk that does not answer makes nobody's mailbox root's
 */
#ifndef TAMIS_COMMANDS_OWNER_H
#define TAMIS_COMMANDS_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/config.h"
#include "util/failure.h"

/* Gives up all rights but those of this user and group: setgroups, setgid, setuid, in this order, each checked; then
 * makes sure that none of them can be had back.  For a process of that user already: only makes sure that it is.  After
 * false the process must not go on. */
bool owner_become(uid_t uid, gid_t gid, struct failure *failure);

/* Whose work this is: the owner of the first of --state-dir, --maildir and HOME that is given and there, with
 * %u and its like expanded. */
enum owner_work {
    OWNER_IS_SELF,   /* or this is not root, and what may be done is the kernel's to say */
    OWNER_IS_OTHER,  /* this is root, and it is somebody else's */
    OWNER_IS_UNKNOWN /* this is root, and failure says why it cannot be told */
};
enum owner_work owner_of_work(const struct config_sources *sources, struct failure *failure);

/* As root: becomes the owner of the work, as owner_become(), with the group that the user database says; or, of a user
 * that is not in it, with that of the place. */
bool owner_drop_to(const struct config_sources *sources, struct failure *failure);

#endif
