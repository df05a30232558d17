/* sandbox.h - the one place where a process gives up what it will not need
 *
 * Entered by the child that reads messages (child.h) before it looks at the first byte of one.  What is given up: new
 * privileges by executing set-id programs, being traced or dumped (its memory holds mail), core files, new processes,
 * CPU time and address space beyond the limits.  What a kernel does not offer is left out silently: the sandbox is the
 * second line behind parsers that hold. Files already open stay open; later restrictions (system call filter, Landlock)
 * go into sandbox_enter() too.
 *
 * The stack is set to 8 MB where the caller had less and may have it: GMime's recursion on nested groups needs it.
 */
#ifndef TAMIS_UTIL_SANDBOX_H
#define TAMIS_UTIL_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_limits {
    int cpu_seconds;     /* then SIGXCPU */
    size_t memory_bytes; /* address space on top of what is mapped now; no limit in a build with sanitizers */
    bool reaches_out;    /* may talk to others and start programs: only limits hold */
};

/* Gives up for good; there is no way back for this process. */
void sandbox_enter(const struct sandbox_limits *limits);

#endif
