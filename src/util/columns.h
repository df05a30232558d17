/* columns.h - how wide text is on a terminal */
#ifndef TAMIS_UTIL_COLUMNS_H
#define TAMIS_UTIL_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "util/span.h"

/* The columns a character takes: 2 for wide ones (Unicode Standard Annex #11), 0 for combining ones and for controls;
 * and those of a text in UTF-8. */
size_t columns_of(uint32_t code);
size_t columns_of_text(struct span text);

#endif
