/* system-call-filter.c - which system calls a process in the sandbox may still do, told to the kernel */
#include "config.h"

#include "util/system-call-filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__) && !defined(__ILP32__)
#define OUR_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__LP64__) && defined(__AARCH64EL__)
#define OUR_MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_MACHINE

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000u
#endif
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1u << 2)
#endif

/* What becomes of a call. */
enum action { ALLOW, REFUSE, KILL, MEMORY, PROTECTION, READING, WRITING, SIGNAL };
#define ACTIONS 8

struct call {
    uint32_t number;
    enum action action;
};

/* All that are not refused.  sysinfo() is for qsort(), which would else take what is on the stack for the size of the
 * memory. */
static const struct call calls[] = {
    /* memory */
    { SYS_brk, ALLOW },
    { SYS_munmap, ALLOW },
    { SYS_mremap, ALLOW },
    { SYS_madvise, ALLOW },
    { SYS_mmap, MEMORY },
    { SYS_mprotect, PROTECTION },
    /* descriptors */
    { SYS_read, READING },
    { SYS_pread64, READING },
    { SYS_recvfrom, READING },
    { SYS_write, WRITING },
    { SYS_writev, WRITING },
    { SYS_sendto, WRITING },
    { SYS_close, ALLOW },
    { SYS_ppoll, ALLOW },
    /* time */
    { SYS_clock_gettime, ALLOW },
    { SYS_gettimeofday, ALLOW },
    { SYS_clock_nanosleep, ALLOW },
    { SYS_nanosleep, ALLOW },
    /* the process itself */
    { SYS_exit, ALLOW },
    { SYS_exit_group, ALLOW },
    { SYS_futex, ALLOW },
    { SYS_getrandom, ALLOW },
    { SYS_getpid, ALLOW },
    { SYS_gettid, ALLOW },
    { SYS_getppid, ALLOW },
    { SYS_getuid, ALLOW },
    { SYS_geteuid, ALLOW },
    { SYS_getgid, ALLOW },
    { SYS_getegid, ALLOW },
    { SYS_sysinfo, ALLOW },
    { SYS_tgkill, SIGNAL },
    { SYS_rt_sigaction, ALLOW },
    { SYS_rt_sigprocmask, ALLOW },
    { SYS_rt_sigreturn, ALLOW },
    { SYS_restart_syscall, ALLOW },
#ifdef SYS_pause /* calls that the newer machine no longer has */
    { SYS_pause, ALLOW },
    { SYS_poll, ALLOW },
    { SYS_time, ALLOW },
    { SYS_fork, KILL },
    { SYS_vfork, KILL },
#endif
    /* what no library does unasked */
    { SYS_execve, KILL },
    { SYS_execveat, KILL },
    { SYS_clone, KILL },
#ifdef SYS_clone3
    { SYS_clone3, KILL },
#endif
    { SYS_socket, KILL },
    { SYS_connect, KILL },
    { SYS_ptrace, KILL },
    { SYS_process_vm_writev, KILL },
};

/* --- the program ------------------------------------------------------------------------------------------------ */

/* Installing a program costs what the kernel makes of each of its instructions.  So neighbours of the same fate are one
 * run of numbers, and runs are searched for in a tree. */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MOST_INSTRUCTIONS 240 /* a jump is told in a byte */
#define NUMBER ((uint32_t)offsetof(struct seccomp_data, nr))
#define MACHINE ((uint32_t)offsetof(struct seccomp_data, arch))
#define ADDRESS ((uint32_t)offsetof(struct seccomp_data, instruction_pointer))

/* System calls from this number to the next run's. */
struct run {
    uint32_t first;
    enum action action;
};

/* Each call has a run of its own, and one between it and the next. */
#define MOST_RUNS (2 * COUNT(calls) + 1)

struct program {
    struct sock_filter instructions[MOST_INSTRUCTIONS];
    unsigned char length;
    unsigned char starts[ACTIONS]; /* of the instructions of an action */
};

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t skip_if, uint8_t skip_else)
{
    program->instructions[program->length++] =
        (struct sock_filter){ .code = code, .k = value, .jt = skip_if, .jf = skip_else };
}

static void load(struct program *program, uint32_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void give(struct program *program, uint32_t result)
{
    add(program, BPF_RET | BPF_K, result, 0, 0);
}

/* The low half of an argument (both machines are little-endian); descriptors and flags have no other. */
static uint32_t argument(unsigned number)
{
    return (uint32_t)(offsetof(struct seccomp_data, args) + 8 * number);
}

/* Allowed when the value loaded is `value`; else what follows decides. */
static void allow_if(struct program *program, uint32_t value)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    give(program, SECCOMP_RET_ALLOW);
}

/* Refused when one of these bits is set, or is not; else what follows decides. */
static void refuse_bits(struct program *program, unsigned number, uint32_t bits, bool set)
{
    load(program, argument(number));
    add(program, BPF_JMP | BPF_JSET | BPF_K, bits, set ? 0 : 1, set ? 1 : 0);
    give(program, SECCOMP_RET_ERRNO | EPERM);
}

static void allow_descriptors(struct program *program, const struct sandbox_limits *limits, enum sandbox_use use)
{
    load(program, argument(0));
    for (size_t i = 0; i < limits->descriptor_count; i++)
        if (limits->descriptors[i].uses & use)
            allow_if(program, (uint32_t)limits->descriptors[i].fd);
    give(program, SECCOMP_RET_ERRNO | EPERM);
}

static void add_action(struct program *program, enum action action, const struct sandbox_limits *limits)
{
    program->starts[action] = program->length;
    switch (action) {
    case ALLOW:
        give(program, SECCOMP_RET_ALLOW);
        break;
    case REFUSE:
        give(program, SECCOMP_RET_ERRNO | EPERM);
        break;
    case KILL:
        give(program, SECCOMP_RET_KILL_PROCESS);
        break;
    case MEMORY: /* of no file, and never to be executed */
        refuse_bits(program, 3, MAP_ANONYMOUS, false);
        refuse_bits(program, 2, PROT_EXEC, true);
        give(program, SECCOMP_RET_ALLOW);
        break;
    case PROTECTION:
        refuse_bits(program, 2, PROT_EXEC, true);
        give(program, SECCOMP_RET_ALLOW);
        break;
    case READING:
        allow_descriptors(program, limits, SANDBOX_READ);
        break;
    case WRITING:
        allow_descriptors(program, limits, SANDBOX_WRITE);
        break;
    case SIGNAL: /* to this process alone: abort() raises one */
        load(program, argument(0));
        allow_if(program, (uint32_t)getpid());
        give(program, SECCOMP_RET_ERRNO | EPERM);
        break;
    }
}

/* A jump says TO_ACTION and an action until aim() knows where that begins. */
#define TO_ACTION (UINT8_MAX - ACTIONS)

static void add_tree(struct program *program, const struct run *runs, size_t count);

/* What lies behind the jump at `node`; how far that is. */
static uint8_t add_branch(struct program *program, unsigned node, const struct run *runs, size_t count)
{
    if (count == 1)
        return (uint8_t)(TO_ACTION + runs->action);
    unsigned char start = program->length;
    add_tree(program, runs, count);
    return (uint8_t)(start - (node + 1));
}

/* The tree over so many runs, at least two. */
static void add_tree(struct program *program, const struct run *runs, size_t count)
{
    const struct run *middle = runs + count / 2;
    unsigned node = program->length;
    add(program, BPF_JMP | BPF_JGE | BPF_K, middle->first, 0, 0);
    program->instructions[node].jf = add_branch(program, node, runs, count / 2);
    program->instructions[node].jt = add_branch(program, node, middle, count - count / 2);
}

static void aim_jump(const struct program *program, unsigned from, uint8_t *distance)
{
    if (*distance >= TO_ACTION)
        *distance = (uint8_t)(program->starts[*distance - TO_ACTION] - (from + 1));
}

static void aim(struct program *program, unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++) {
        aim_jump(program, i, &program->instructions[i].jt);
        aim_jump(program, i, &program->instructions[i].jf);
    }
}

static int by_number(const void *a, const void *b)
{
    const struct call *left = a, *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

static size_t add_run(struct run *runs, size_t count, uint32_t first, enum action action)
{
    if (count > 0 && runs[count - 1].action == action)
        return count;
    runs[count] = (struct run){ first, action };
    return count + 1;
}

/* What becomes of each number there can be, in order; gives how many runs they are. */
static size_t find_runs(struct run runs[MOST_RUNS])
{
    struct call sorted[COUNT(calls)];
    size_t count = 0;
    uint32_t next = 0;
    memcpy(sorted, calls, sizeof sorted);
    qsort(sorted, COUNT(sorted), sizeof sorted[0], by_number);
    for (size_t i = 0; i < COUNT(sorted); i++) {
        if (sorted[i].number > next)
            count = add_run(runs, count, next, REFUSE);
        count = add_run(runs, count, sorted[i].number, sorted[i].action);
        next = sorted[i].number + 1;
    }
    return add_run(runs, count, next, REFUSE);
}

static void write_program(struct program *program, const struct sandbox_limits *limits)
{
    struct run runs[MOST_RUNS];
    size_t count = find_runs(runs);
    program->length = 0;
    /* Kernels since 5.11 run the program for each system call there is, to know which they need not ask about: more
     * work than all that a process that judges one message will call.  They leave it where they meet what only the call
     * itself can tell (seccomp_is_const_allow()). */
    load(program, ADDRESS);
    load(program, MACHINE);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, OUR_MACHINE, 1, 0);
    give(program, SECCOMP_RET_KILL_PROCESS);
    load(program, NUMBER);
    unsigned first = program->length;
    add_tree(program, runs, count);
    unsigned end = program->length;
    for (unsigned action = 0; action < ACTIONS; action++)
        add_action(program, (enum action)action, limits);
    aim(program, first, end);
}

/* An instruction a run, and some 35 with SANDBOX_DESCRIPTORS that may be both read and written. */
_Static_assert(MOST_RUNS + 40 + 4 * SANDBOX_DESCRIPTORS < MOST_INSTRUCTIONS, "jumps reach");
_Static_assert(MOST_INSTRUCTIONS <= TO_ACTION, "a jump is no action");

bool system_call_filter_install(const struct sandbox_limits *limits)
{
    struct program program;
    write_program(&program, limits);
    const struct sock_fprog told = { .len = program.length, .filter = program.instructions };
    /* Without that flag, kernels before 5.16 slow memory accesses down for what others might guess of our memory;
     * kernels before 4.17 do not know it. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &told) == 0 ||
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &told) == 0;
}

#else

bool system_call_filter_install(const struct sandbox_limits *limits)
{
    (void)limits;
    return false;
}

#endif
