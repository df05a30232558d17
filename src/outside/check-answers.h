/* check-answers.h - what the ends of a checking program mean, as its section says it
 *
 *     exits = 0=3 1=-0.5        points for exit statuses, apart by blanks; one that is not named says nothing
 */
#ifndef TAMIS_OUTSIDE_CHECK_ANSWERS_H
#define TAMIS_OUTSIDE_CHECK_ANSWERS_H

#include <stdbool.h>

#include "util/translate.h"

/* Is `text` a sound value for `exits`?  Empty is. */
bool check_exits_are_sound(const char *text);
#define CHECK_EXITS_ACCEPTED N_("a list of exit statuses and their points (0=3 1=-0.5)")

/* The points of an exit status in hundredths; false when it says nothing. */
bool check_exits_points(const char *exits, int status, int *points);

#endif
