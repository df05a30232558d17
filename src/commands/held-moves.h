/* held-moves.h - the memory of what was moved, for whoever changes it: one process at a time
 *
 * `tamis relearn` and `tamis sort` do, under one lock: what one of them saved over the other's changes would lose them.
 * The lock goes with the process.
 */
#ifndef TAMIS_COMMANDS_HELD_MOVES_H
#define TAMIS_COMMANDS_HELD_MOVES_H

#include "mailbox/moves.h"
#include "util/failure.h"

struct held_moves {
    struct moves *moves;
    int lock;
};

enum hold { HOLD_TAKEN, HOLD_BUSY, HOLD_FAILED };

/* Makes the state directory when missing, and waits so long for another process.  A memory that is damaged is begun
 * anew, which the log says.  One that only cannot be read just now (an I/O error, no descriptor left) is a failure:
 * saving would put an empty memory in its place. */
enum hold held_moves_take(const char *directory, int wait_milliseconds, struct held_moves *held,
                          struct failure *failure);

/* Saves nothing. */
void held_moves_release(struct held_moves *held);

#endif
