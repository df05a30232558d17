/* clock.h - the time for deadlines: it goes on evenly, whatever is done to the time of day */
#ifndef TAMIS_UTIL_CLOCK_H
#define TAMIS_UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds since some time before the start of the program. */
static inline int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
