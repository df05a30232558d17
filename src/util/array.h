/* array.h - arrays on the heap that grow by the element */
#ifndef TAMIS_UTIL_ARRAY_H
#define TAMIS_UTIL_ARRAY_H

#include <stddef.h>

/* How many elements an array has room for at first. */
#define ARRAY_FIRST 64

/* Gives the array, whose `count` elements of `size` bytes may have moved, with room for one more; `*capacity`, 0 with
 * `items` NULL at first, is kept here.  NULL without memory: then the array is as it was.
 *
 *     struct case *cases = array_grow(list->cases, list->count, &list->capacity, sizeof *cases);
 */
void *array_grow(void *items, size_t count, size_t *capacity, size_t size);

#endif
