/* complaints.h - what is wrong with a user's files is logged once a day, not once a message
 *
 * A damaged or forbidden file stays that way until somebody mends it, and every delivery meets it.  A log full of the
 * same line hides the others.  So the day and a hash of each such line are noted in a file of the directory concerned,
 *
 *     20454 1f2e3d4c5b6a7988            day since 1970, hash of the line; at most COMPLAINTS_A_DAY of them
 *
 * mode 0600, emptied with the first complaint of another day.  Nobody waits for a lock: two deliveries at once may both
 * complain.  Where the note cannot be kept (a directory of somebody else's, one that is refused because others could
 * exchange it, a disk that is full or read-only), the line is logged each time: better too often than never.  There is
 * no second place for it: wherever others may write, they could note there that all was said.
 */
#ifndef TAMIS_UTIL_COMPLAINTS_H
#define TAMIS_UTIL_COMPLAINTS_H

#include "util/log.h"

#define COMPLAINTS_FILE "complaints"
#define COMPLAINTS_A_DAY 50

/* Logs the line unless it was logged today for this directory. */
void complain_daily(const char *directory, enum log_severity severity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
