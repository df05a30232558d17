/* slow-files.c - preloaded: whoever opens the file that TAMIS_SLOW names waits half a minute for it
 *
 * So it is with a file on a server that does not answer, for those who have no such server.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define SECONDS 30

typedef int opener(int directory, const char *path, int flags, ...);

static int wait_and_open(const char *function, int directory, const char *path, int flags, mode_t mode)
{
    const char *slow = getenv("TAMIS_SLOW");
    opener *next = (opener *)dlsym(RTLD_NEXT, function);
    if (slow && strcmp(slow, strlen(path) == 32 ? "reports" : path) == 0)
        sleep(SECONDS);
    return next(directory, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return wait_and_open("openat", directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return wait_and_open("openat64", directory, path, flags, mode);
}
