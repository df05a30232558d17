/* part-table.c - all parts that know whom to ask, in the order in which they are asked */
#include "outside/part-table.h"

const struct outside_part *const outside_parts[] = {
    NULL,
};
