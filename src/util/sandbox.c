/* sandbox.c - the one place where a process gives up what it will not need */
#include "config.h"

#include "util/sandbox.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* 4,000 nested address groups overflow 512 KB of stack in GMime; what is tested is tested with this. */
#define STACK_BYTES ((rlim_t)8 * 1024 * 1024)
/* Taken for what is mapped at the start when /proc is not mounted: program, libraries, gconv modules and a 50 MB
 * message. */
#define MAPPED_WHEN_UNKNOWN ((size_t)256 * 1024 * 1024)

/* Sets the soft limit, and with `for_good` the hard limit too; never asks for more than the hard limit allows. */
static void set_limit(int resource, rlim_t value, int for_good)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || value < limit.rlim_max ? value : limit.rlim_max;
    if (for_good)
        limit.rlim_max = limit.rlim_cur;
    setrlimit(resource, &limit);
}

#ifndef TAMIS_SANITIZERS
/* Bytes of address space in use: the first number in /proc/self/statm, in pages (proc(5)). */
static size_t mapped_bytes(void)
{
    char text[64];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return MAPPED_WHEN_UNKNOWN;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0)
        return MAPPED_WHEN_UNKNOWN;
    text[length] = '\0';
    return (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}
#endif

void sandbox_enter(const struct sandbox_limits *limits)
{
#ifndef TAMIS_SANITIZERS
    /* AddressSanitizer maps terabytes for its shadow. */
    set_limit(RLIMIT_AS, mapped_bytes() + limits->memory_bytes, 1);
#endif
    /* The hard limit is one second later and kills for sure. */
    set_limit(RLIMIT_CPU, (rlim_t)limits->cpu_seconds + 1, 1);
    set_limit(RLIMIT_CPU, (rlim_t)limits->cpu_seconds, 0);
    set_limit(RLIMIT_CORE, 0, 1);
    if (!limits->reaches_out)
        set_limit(RLIMIT_NPROC, 0, 1);
    set_limit(RLIMIT_STACK, STACK_BYTES, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
