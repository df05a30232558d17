/* target-subordinates.c - /etc/subuid: whatever is in it, the ranges rise, lie apart, and are what is asked */
#include "config.h"

#include "fuzz.h"

#include "outside/subordinates.h"

FUZZ_TARGET(subordinates, "files that grant users the numbers of others")
{
    struct subordinates all;
    struct failure failure = { 0 };
    fuzz_require(subordinates_read(fuzz_file("subuid", input, arena), &all, &failure));
    for (size_t i = 0; i < all.count; i++) {
        const struct subordinate_range *range = &all.ranges[i];
        fuzz_require(range->first <= range->behind && (i == 0 || all.ranges[i - 1].behind < range->first));
        fuzz_require(subordinates_have(&all, range->first) == (range->first < range->behind));
        fuzz_require(!subordinates_have(&all, range->behind));
        if (range->first < range->behind)
            fuzz_require(subordinates_have(&all, range->behind - 1));
    }
    subordinates_free(&all);
}
