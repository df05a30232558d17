/* points-text.h - the small numbers in lists of answers and their points: "127.0.0.2=3.5" */
#ifndef TAMIS_OUTSIDE_POINTS_TEXT_H
#define TAMIS_OUTSIDE_POINTS_TEXT_H

#include <stdbool.h>

#include "util/span.h"

/* Each takes what it reads off the front of `*text`; false when something else stands there. */
bool points_take_byte(struct span *text, char byte);

/* Decimal digits, at most four. */
bool points_take_number(struct span *text, unsigned most, unsigned *number);

/* "3", "-1.5", "2.25", from -100 to 100, as hundredths. */
bool points_take(struct span *text, int *points);

#endif
