/* held-moves.c - the memory of what was moved, for whoever changes it: one process at a time */
#include "commands/held-moves.h"

#include <limits.h>
#include <unistd.h>

#include "commands/run-lock.h"
#include "util/file.h"
#include "util/log.h"

static struct moves *open_moves(const char *directory, struct failure *failure)
{
    char path[PATH_MAX];
    struct failure why = { 0 };
    if (!file_join(path, sizeof path, directory, MOVES_FILE)) {
        failure_set(failure, FAILURE_CONFIGURATION, "the name of the state directory is too long: %s", directory);
        return NULL;
    }
    struct moves *moves = moves_open(path, &why);
    if (why.kind == FAILURE_DAMAGED) {
        log_line(LOG_SEVERITY_WARNING, "%s", why.reason);
    } else if (why.kind != FAILURE_NONE) {
        *failure = why;
        moves_close(&moves);
    }
    return moves;
}

enum hold held_moves_take(const char *directory, int wait_milliseconds, struct held_moves *held,
                          struct failure *failure)
{
    *held = (struct held_moves){ .lock = -1 };
    held->lock = run_lock_take(directory, RUN_LOCK_RELEARN, wait_milliseconds, failure);
    if (held->lock < 0)
        return held->lock == RUN_LOCK_BUSY ? HOLD_BUSY : HOLD_FAILED;
    held->moves = open_moves(directory, failure);
    if (held->moves)
        return HOLD_TAKEN;
    held_moves_release(held);
    return HOLD_FAILED;
}

void held_moves_release(struct held_moves *held)
{
    moves_close(&held->moves);
    close(held->lock);
}
