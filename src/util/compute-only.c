/* compute-only.c - the smallest sandbox there is: a process that computes, writes its answer, and ends */
#include "config.h"

#include "util/compute-only.h"

#include <limits.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- memory ------------------------------------------------------------------------------------------------------- */

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* What a message of usual size takes, or a little less. */
#define USUAL_MEMORY ((size_t)96 * 1024)

#ifdef M_MMAP_MAX
/* From now on from the heap alone, which never shrinks; or as it was. */
static bool use_heap_alone(bool alone)
{
    return mallopt(M_MMAP_MAX, alone ? 0 : 65536) && mallopt(M_TRIM_THRESHOLD, alone ? -1 : 128 * 1024);
}

/* What was one piece of the heap is still there when it is free again.  Its beginning, which every message uses, is had
 * from the kernel at once, where it can (Linux 5.14): a page costs a third then of what it does when it is touched. */
static bool grow_heap(size_t bytes)
{
    void *volatile piece = malloc(bytes); /* volatile: or the compiler does without */
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = ((uintptr_t)piece + page - 1) / page * page;
    if (piece && bytes > USUAL_MEMORY + page)
        (void)madvise((void *)first, USUAL_MEMORY, MADV_POPULATE_WRITE);
    free(piece);
    return piece != NULL;
}

static bool reserve_memory(size_t bytes)
{
    if (use_heap_alone(true) && grow_heap(bytes))
        return true;
    use_heap_alone(false);
    return false;
}
#else
static bool reserve_memory(size_t bytes)
{
    (void)bytes;
    return false;
}
#endif

/* qsort() of more than a kilobyte asks once how large the memory is. */
static int as_they_are(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return 0;
}

static void sort_once(void)
{
    char pieces[2][1024] = { { 0 } };
    qsort(pieces, 2, sizeof pieces[0], as_they_are);
}

/* --- descriptors -------------------------------------------------------------------------------------------------- */

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static bool close_all_but(int fd)
{
    return (fd == 0 || syscall(SYS_close_range, 0u, (unsigned)fd - 1, 0u) == 0) &&
           syscall(SYS_close_range, (unsigned)fd + 1, UINT_MAX, 0u) == 0;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

bool compute_only_enter(int answer_fd, size_t memory_bytes)
{
    sort_once();
    return reserve_memory(memory_bytes) && close_all_but(answer_fd) &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) == 0;
}

_Noreturn void compute_only_end(int status)
{
    for (;;)
        syscall(SYS_exit, status);
}
