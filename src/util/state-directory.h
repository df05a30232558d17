/* state-directory.h - the folder of what is remembered for a user
 *
 * The store opens it by itself (store/directory.h) and wants more of it; here is what all others want who keep
 * something there beside the store: reported moves, locks of runs.
 */
#ifndef TAMIS_UTIL_STATE_DIRECTORY_H
#define TAMIS_UTIL_STATE_DIRECTORY_H

#include <stdbool.h>

#include "util/failure.h"

/* Makes the directory (0700) when missing.  Refuses one of somebody else's: what root left in it the user could not
 * open. */
bool state_directory_make(const char *path, struct failure *failure);

#endif
