/* part-table.h - all parts that know whom to ask, in the order in which they are asked */
#ifndef TAMIS_OUTSIDE_PART_TABLE_H
#define TAMIS_OUTSIDE_PART_TABLE_H

#include "outside/outside.h"

extern const struct outside_part *const outside_parts[]; /* ends with NULL */

#endif
