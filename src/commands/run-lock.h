/* run-lock.h - one run at a time of what works through a user's mailbox
 *
 * A lock on an empty file in the state directory, which is made when missing.  It goes with the descriptor, so with the
 * process, however that ends.
 */
#ifndef TAMIS_COMMANDS_RUN_LOCK_H
#define TAMIS_COMMANDS_RUN_LOCK_H

#include "util/failure.h"

#define RUN_LOCK_RELEARN "relearn.lock" /* over the memory of moves: relearn, sort */

enum { RUN_LOCK_FAILED = -1, RUN_LOCK_BUSY = -2 };

/* Gives a descriptor to be closed; RUN_LOCK_FAILED and `failure`; or RUN_LOCK_BUSY when somebody else is at it, and was
 * for so long. */
int run_lock_take(const char *directory, const char *name, int wait_milliseconds, struct failure *failure);

#endif
