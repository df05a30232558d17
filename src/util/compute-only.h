/* compute-only.h - the smallest sandbox there is: a process that computes, writes its answer, and ends
 *
 * seccomp(2) in its strict mode leaves read(2), write(2), exit(2) and sigreturn(2); any other system call is the end by
 * SIGKILL.  Nothing has to be told to the kernel for that, and nothing be compiled by it: entering takes it 3
 * microseconds, where a filter of our own (system-call-filter.h) takes 70, a twelfth of what a delivery costs.
 *
 * What such a process needs is there before it begins:
 *
 *     memory       all it may use is one piece of the heap, reserved now and touched when it is used.  malloc() gives
 *                  nothing back and asks for nothing.  When it is used up, the process ends.
 *     descriptors  of its own only the answer; all others are closed, since strict mode does not look at which one is
 *                  read or written.  What is mapped stays.
 *     the time     must have been asked before: the kernel takes the processor's clock away as well.
 */
#ifndef TAMIS_UTIL_COMPUTE_ONLY_H
#define TAMIS_UTIL_COMPUTE_ONLY_H

#include <stdbool.h>
#include <stddef.h>

/* Enters it, for good; `memory_bytes` of heap will do.  False: the kernel or the C library does not offer it, or the
 * memory cannot be had, and the process can do what it could, but for the descriptors, which may be gone. */
bool compute_only_enter(int answer_fd, size_t memory_bytes);

/* Ends the process as exit(2) does, which is what strict mode leaves of all ways to end. */
_Noreturn void compute_only_end(int status);

#endif
