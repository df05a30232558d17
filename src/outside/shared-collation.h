/* shared-collation.h - each night: the reports of all users become the table that deliveries look things up in
 *
 * Who runs it can read all users' files: root, or the owner of virtual mailboxes.  Nothing of them is believed
 *
 *     whose a file is     by fstat(2), from the descriptor that is read; its name says nothing.  Of one owner
 *                         SHARED_USER_FILES files are read.  Only files of `virtual_owner`, who alone can make them,
 *                         are each a user of its own.  Those of a number that another user was granted
 *                         (subordinates.h) are nobody's
 *     what it is          a regular file of the folder's own file system with one name and no more than a whole one
 *                         has; links, FIFOs and the like are passed over, and opening one never waits
 *     what it says        slots with wrong sums are none (shared-spool.h), times beyond bounds neither (shared-count.h)
 *
 * Files that nobody has written to for twice the time that reports count are removed.  Counting starts from nothing
 * each time: what a night gets wrong the next one mends.
 */
#ifndef TAMIS_OUTSIDE_SHARED_COLLATION_H
#define TAMIS_OUTSIDE_SHARED_COLLATION_H

#include <sys/types.h>

#include "outside/shared-table.h"

struct shared_collating {
    const char *directory;
    int64_t now;  /* seconds since 1970 */
    int days;     /* that a report counts */
    uid_t virtual_owner;
    bool has_virtual_owner;
    const char *subordinates; /* the file that names them, SUBORDINATES_FILE */
    size_t files_most;        /* 0: SHARED_FILES_MOST */
};

#define SHARED_FILES_MOST ((size_t)1 << 20) /* 48 MB of names */

/* Makes the table anew.  What was counted is in `facts`. */
bool shared_collate(const struct shared_collating *collating, struct shared_facts *facts, struct failure *failure);

#endif
