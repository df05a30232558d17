/* sandbox.c - the one place where a process gives up what it will not need */
#include "config.h"

#include "util/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/compute-only.h"
#include "util/system-call-filter.h"

/* 4,000 nested address groups overflow 512 KB of stack in GMime; what is tested is tested with this. */
#define STACK_BYTES ((rlim_t)8 * 1024 * 1024)
/* Taken for what is mapped at the start when /proc is not mounted: program, libraries, gconv modules and a 50 MB
 * message. */
#define MAPPED_WHEN_UNKNOWN ((size_t)256 * 1024 * 1024)

#ifdef TAMIS_SANITIZERS
static bool is_instrumented(void)
{
    return true;
}
#else
/* valgrind gets into a program by this variable.  Whoever sets the variables of our process owns it. */
static bool is_instrumented(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded && strstr(preloaded, "/vgpreload_core");
}
#endif

/* --- limits ----------------------------------------------------------------------------------------------------- */

/* Sets the soft limit, and with `for_good` the hard limit too; never asks for more than the hard limit allows. */
static bool set_limit(int resource, rlim_t value, bool for_good)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return false;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || value < limit.rlim_max ? value : limit.rlim_max;
    if (for_good)
        limit.rlim_max = limit.rlim_cur;
    return setrlimit(resource, &limit) == 0;
}

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

/* poll(2) refuses more than RLIMIT_NOFILE at once; a connection is waited for alone.  0 is open, and no new one. */
static rlim_t descriptors_polled(const struct sandbox_limits *limits)
{
    for (size_t i = 0; i < limits->descriptor_count; i++)
        if (limits->descriptors[i].uses == (SANDBOX_READ | SANDBOX_WRITE))
            return 1;
    return 0;
}

/* AddressSanitizer maps terabytes for its shadow; it and valgrind open files. */
void sandbox_limit(const struct sandbox_limits *limits)
{
    if (!is_instrumented())
        set_limit(RLIMIT_AS, mapped_bytes() + limits->memory_bytes, true);
    /* The hard limit is one second later and kills for sure. */
    set_limit(RLIMIT_CPU, (rlim_t)limits->cpu_seconds + 1, true);
    set_limit(RLIMIT_CPU, (rlim_t)limits->cpu_seconds, false);
    set_limit(RLIMIT_CORE, 0, true);
    set_limit(RLIMIT_STACK, STACK_BYTES, false);
}

static bool forbid_files_and_processes(const struct sandbox_limits *limits)
{
    bool no_process = set_limit(RLIMIT_NPROC, 0, true), no_file = set_limit(RLIMIT_FSIZE, 0, true);
    return set_limit(RLIMIT_NOFILE, descriptors_polled(limits), true) && no_process && no_file;
}

/* --- files ------------------------------------------------------------------------------------------------------ */

/* The first version of Landlock (linux/landlock.h), whose thirteen rights every later one has.  Handling them all and
 * allowing none leaves no file to open, make, rename or remove. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
#define LANDLOCK_RIGHTS ((UINT64_C(1) << 13) - 1)

static bool leave_all_files(void)
{
    const uint64_t handled = LANDLOCK_RIGHTS;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        return false;
    bool left = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return left;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

void sandbox_allow(struct sandbox_limits *limits, int fd, unsigned uses)
{
    if (fd < 0 || limits->descriptor_count == SANDBOX_DESCRIPTORS)
        return;
    limits->descriptors[limits->descriptor_count].fd = fd;
    limits->descriptors[limits->descriptor_count++].uses = uses;
}

/* Only in this process, which has entered the sandbox for good. */
static bool is_computing_only;

static bool leave_all_but_computing(const struct sandbox_limits *limits)
{
    is_computing_only = limits->computes_only && limits->descriptor_count == 1 &&
                        limits->descriptors[0].uses == SANDBOX_WRITE &&
                        compute_only_enter(limits->descriptors[0].fd, limits->memory_bytes / 2);
    return is_computing_only;
}

unsigned sandbox_enter(const struct sandbox_limits *limits)
{
    bool locked_up = !is_instrumented() && !limits->reaches_out;
    unsigned walls = 0;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    walls |= prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? SANDBOX_PRIVILEGES : 0;
    if (!locked_up)
        return walls;
    walls |= leave_all_files() ? SANDBOX_FILES : 0; /* needs a descriptor: before the limits */
    walls |= forbid_files_and_processes(limits) ? SANDBOX_LIMITS : 0;
    walls |= leave_all_but_computing(limits) || system_call_filter_install(limits) ? SANDBOX_SYSTEM_CALLS : 0;
    return walls;
}

_Noreturn void sandbox_end(int status)
{
    if (is_computing_only)
        compute_only_end(status);
    _exit(status);
}

unsigned sandbox_walls(void)
{
    const struct sandbox_limits limits = { .cpu_seconds = 1, .memory_bytes = (size_t)16 * 1024 * 1024 };
    int status = 0;
    pid_t process = fork();
    if (process == 0)
        _exit((int)sandbox_enter(&limits));
    while (process > 0 && waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return process > 0 && WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;
}
