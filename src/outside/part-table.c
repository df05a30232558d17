/* part-table.c - all parts that know whom to ask, in the order in which they are asked */
#include "outside/part-table.h"

extern const struct outside_part part_check, part_clamd, part_dns, part_shared;

const struct outside_part *const outside_parts[] = {
    &part_clamd,
    &part_dns,
    &part_shared,
    &part_check,
    NULL,
};
