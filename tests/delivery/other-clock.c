/* other-clock.c - preloaded: the program finds a clock that is TAMIS_DAYS_AHEAD days ahead; behind, with a minus
 *
 * The kernel's is as ever, and so are the times of files.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static time_t ahead(void)
{
    const char *days = getenv("TAMIS_DAYS_AHEAD");
    return days ? (time_t)strtol(days, NULL, 10) * 86400 : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*next)(clockid_t clock, struct timespec *now);
    if (!next) {
        void *found = dlsym(RTLD_NEXT, "clock_gettime");
        memcpy(&next, &found, sizeof next);
    }
    int status = next(clock, now);
    if (status == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += ahead();
    return status;
}

time_t time(time_t *out)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now = { 0 };
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
    return 0;
}
