/* no-memory.c - preloaded: one allocation of the program finds no memory, or all from there on
 *
 * Allocations are counted apart in the process that was started and in its children, in a file that is mapped and so
 * tells its reader how far each came:
 *
 *     0  u64 allocations of the parent      16  u64 how often one was refused
 *     8  u64 allocations of the children
 *
 * TAMIS_NO_MEMORY = "FILE parent|child NUMBER once|on".  Counting begins with main(): what constructors of libraries do
 * without memory is theirs (GLib's waits for ever for a lock of its own).  Only for the GNU C library, whose own
 * functions are behind the names __libc_malloc and so on; memory that is mapped directly is what calls.py refuses.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

struct counts {
    uint64_t of[2]; /* parent, children */
    uint64_t refused;
};

static struct {
    struct counts *counts; /* NULL: nothing is counted yet */
    pid_t parent;
    int role;
    uint64_t number;
    bool from_there_on;
} plan;

static void begin(void)
{
    char path[512], role[16], lasting[16];
    unsigned long long number;
    const char *text = getenv("TAMIS_NO_MEMORY");
    if (!text || sscanf(text, "%511s %15s %llu %15s", path, role, &number, lasting) != 4)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *counts = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *plan.counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    plan.parent = getpid();
    plan.role = strcmp(role, "child") == 0;
    plan.number = number;
    plan.from_there_on = strcmp(lasting, "on") == 0;
    plan.counts = counts == MAP_FAILED ? NULL : counts;
}

/* --- the start of the program ------------------------------------------------------------------------------------ */

typedef int main_function(int argc, char **argv, char **environment);
typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static main_function *program_main;

static int counted_main(int argc, char **argv, char **environment)
{
    begin();
    return program_main(argc, argv, environment);
}

/* In the place of the C library's, which calls constructors and then main(). */
start_function __libc_start_main;

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    start_function *start;
    void *found = dlsym(RTLD_NEXT, "__libc_start_main");
    memcpy(&start, &found, sizeof start);
    program_main = main;
    return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

/* --- allocations -------------------------------------------------------------------------------------------------- */

static bool refused(void)
{
    if (!plan.counts)
        return false;
    int role = getpid() != plan.parent;
    uint64_t number = __atomic_add_fetch(&plan.counts->of[role], 1, __ATOMIC_SEQ_CST);
    bool refuse = role == plan.role && (number == plan.number || (plan.from_there_on && number > plan.number));
    if (refuse) {
        __atomic_add_fetch(&plan.counts->refused, 1, __ATOMIC_SEQ_CST);
        errno = ENOMEM;
    }
    return refuse;
}

void *malloc(size_t size)
{
    return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return refused() ? NULL : __libc_realloc(memory, size);
}
