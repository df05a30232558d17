/* file-lock.h - a lock on an open file, waited for until a deadline
 *
 * flock(2): the lock belongs to the open file, is shared with children that have inherited it, and goes with the last
 * descriptor.  It is tried for again and again, because a flock() that waits knows no deadline.
 */
#ifndef TAMIS_UTIL_FILE_LOCK_H
#define TAMIS_UTIL_FILE_LOCK_H

#include <stdbool.h>

/* The pause for a lock that others are done with within a millisecond, when they get to run. */
#define FILE_LOCK_SHORT_PAUSE 2

/* Waits for the lock until `milliseconds` have passed, asking every `pause_milliseconds` (below 1000); without any it
 * asks once.  A lock that is held is changed, not in one step: somebody else may have had it in between.
 *
 * False, and errno: EWOULDBLOCK when others have it still, else why there can be none.  Nothing is locked then. */
bool file_lock(int fd, bool exclusive, int milliseconds, int pause_milliseconds);

#endif
