/* system-call-filter.h - which system calls a process in the sandbox may still do, told to the kernel
 *
 * A program for the kernel's packet filter machine (seccomp(2), linux/filter.h), written here instruction by
 * instruction: building the same with libseccomp takes 2.5 ms, this 0.05.  sandbox.h says what is allowed and why.
 *
 * The list is by number, so that a call that a later kernel adds is refused, and one of the x32 interface, whose
 * numbers have a bit of their own.  A 32-bit call of a 64-bit process ends it.
 */
#ifndef TAMIS_UTIL_SYSTEM_CALL_FILTER_H
#define TAMIS_UTIL_SYSTEM_CALL_FILTER_H

#include <stdbool.h>

#include "util/sandbox.h"

/* False where the kernel has no such filter, or does not let us, or we have no list for the machine. */
bool system_call_filter_install(const struct sandbox_limits *limits);

#endif
