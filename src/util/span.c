/* span.c - a borrowed stretch of bytes: what is searched in it */
#include "config.h" /* memmem */

#include "util/span.h"

bool span_contains(struct span a, struct span part)
{
    return part.length && a.length >= part.length && memmem(a.data, a.length, part.data, part.length);
}
