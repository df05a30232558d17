/* array.c - arrays on the heap that grow by the element */
#include "util/array.h"

#include <stdlib.h>

void *array_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : ARRAY_FIRST;
    void *more = reallocarray(items, wanted, size);
    if (more)
        *capacity = wanted;
    return more;
}
