/* last-run.h - when a nightly command last ran with success, so that `tamis doctor` sees when one no longer does
 *
 * The time of an empty file "last-run.NAME" in the user's state directory.
 */
#ifndef TAMIS_COMMANDS_LAST_RUN_H
#define TAMIS_COMMANDS_LAST_RUN_H

#include <stdint.h>

/* Notes a run of the command `name` that ended well just now.  That it cannot be noted is for the doctor to tell. */
void last_run_note(const char *state_directory, const char *name);

/* Seconds since 1970; 0: never. */
int64_t last_run_time(const char *state_directory, const char *name);

#endif
