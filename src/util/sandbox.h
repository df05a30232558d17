/* sandbox.h - the one place where a process gives up what it will not need
 *
 * Entered by the child that reads messages (child.h) after it has opened the files it needs and before it looks at the
 * first byte of one.  From then on it can compute, ask the time, use memory up to its limit, write its answer, and end.
 * Four walls, one behind the other; what a kernel does not offer is left out silently, since the sandbox is the second
 * line behind parsers that hold, and mail has to be read on every kernel:
 *
 *     limits       setrlimit(2): no new descriptor (RLIMIT_NOFILE 0), so nothing is opened and nothing connected; no
 *                  byte into any file (RLIMIT_FSIZE 0; pipes are none); no process (RLIMIT_NPROC 0, which does not
 *                  bind root); CPU time and address space; no core file.  On every kernel.
 *     privileges   prctl(2): none gained by executing set-id programs; not to be traced or dumped (it holds mail)
 *     system calls seccomp(2), a filter of our own (Linux 3.17; x86-64 and arm64): what is not on a list of some forty
 *                  calls is refused.  It also keeps to its descriptors: writes only its answer, reads only what
 *                  sandbox_allow() named, and nothing it maps or makes writable can be executed.  Or, for work that
 *                  has all it needs, seccomp's strict mode (compute-only.h): any call but to write the answer and to
 *                  end is the end, by SIGKILL.
 *     files        landlock(7) (Linux 5.13): no file has a name any more
 *
 * What a refused system call gives.  EPERM for most: a C library that asks what we did not think of (a time zone, the
 * size of the memory) goes on as it does without it, mail is still judged, and an intruder gets nothing either way.
 * The end of the process by SIGSYS for what no library does unasked and only an intruder has a use for: to execute, to
 * fork, to open a socket, to trace or to write into another process.  The caller then sees a child that died ("a
 * forbidden system call"), the message goes on unchecked, and the log says so, which EPERM would hide.
 *
 * Looser in a build with sanitizers (they open files and write reports) and under valgrind (which does its own system
 * calls in the same process): there, limits of CPU time and core files alone.
 *
 * The stack is set to 8 MB where the caller had less and may have it: GMime's recursion on nested groups needs it.
 */
#ifndef TAMIS_UTIL_SANDBOX_H
#define TAMIS_UTIL_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* What may still be done with a descriptor that is open. */
enum sandbox_use { SANDBOX_READ = 1, SANDBOX_WRITE = 2 };

/* An answer, a database file, and a connection to a server that keeps learned state. */
#define SANDBOX_DESCRIPTORS 4

struct sandbox_limits {
    int cpu_seconds;     /* then SIGXCPU */
    size_t memory_bytes; /* address space on top of what is mapped now; no limit in a build with sanitizers */
    bool computes_only;  /* has all it needs: nothing will be asked of the kernel but to write the answer, the one
                            descriptor that is allowed; not even the time.  For small work, half of the memory */
    bool reaches_out;    /* may talk to others (network, programs): of the walls only `privileges` stands, of the limits
                            those on CPU time, address space and core files */
    struct {
        int fd;
        unsigned uses; /* bits of enum sandbox_use */
    } descriptors[SANDBOX_DESCRIPTORS];
    size_t descriptor_count;
};

/* Leaves `fd` usable: read(2), pread(2), recv(2); write(2), send(2).  -1 is allowed and nothing.  More than
 * SANDBOX_DESCRIPTORS are not usable. */
void sandbox_allow(struct sandbox_limits *limits, int fd, unsigned uses);

/* Before the first file is opened: CPU time, address space, core file, stack. */
void sandbox_limit(const struct sandbox_limits *limits);

enum sandbox_wall {
    SANDBOX_LIMITS = 1,
    SANDBOX_PRIVILEGES = 2,
    SANDBOX_SYSTEM_CALLS = 4,
    SANDBOX_FILES = 8,
    SANDBOX_ALL = 15
};

/* Gives up for good; there is no way back for this process.  The walls that stand, as bits. */
unsigned sandbox_enter(const struct sandbox_limits *limits);

/* Ends a process in the sandbox, as _exit(2) does. */
_Noreturn void sandbox_end(int status);

/* The walls that this kernel offers: tried in a process of its own. */
unsigned sandbox_walls(void);

#endif
