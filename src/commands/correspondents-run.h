/* correspondents-run.h - the one run at a time that may change the file of correspondents */
#ifndef TAMIS_COMMANDS_CORRESPONDENTS_RUN_H
#define TAMIS_COMMANDS_CORRESPONDENTS_RUN_H

#include <stdbool.h>

#include "config/config.h"
#include "util/failure.h"

/* Gives what run_lock_take() gives. */
int correspondents_run_take(const struct settings *settings, struct failure *failure);

/* Has the file of this host be what the store on a server has; with a store in files there is nothing to do, nor while
 * another run is at it. */
bool correspondents_run_fetch(const struct settings *settings, struct failure *failure);

#endif
