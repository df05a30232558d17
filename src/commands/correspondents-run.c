/* correspondents-run.c - the one run at a time that may change the file of correspondents */
#include "commands/correspondents-run.h"

#include <unistd.h>

#include "commands/run-lock.h"
#include "senders/correspondents.h"

int correspondents_run_take(const struct settings *settings, struct failure *failure)
{
    return run_lock_take(settings->state_directory, CORRESPONDENTS_FILE ".lock", 0, failure);
}

bool correspondents_run_fetch(const struct settings *settings, struct failure *failure)
{
    struct companion_mark mark;
    if (!store_is_remote(&settings->store))
        return true;
    int lock = correspondents_run_take(settings, failure);
    if (lock < 0)
        return lock == RUN_LOCK_BUSY;
    bool done = correspondents_fetch(&settings->store, &mark, failure);
    close(lock);
    return done;
}
