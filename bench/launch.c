/* launch.c - runs one program once, a file as its standard input, and says what it cost
 *
 *     launch SECONDS INPUT PROGRAM [ARGUMENT ...]
 *
 * writes one line: exit status (or minus the signal), wall time in ns, CPU time in ns, peak memory in KB.  Wall time is
 * the program's; CPU time is that of the program, of the children it has waited for, and of those it left behind at
 * work, which are waited for here; peak memory that of the largest of them.  The bench is written in Python, and does
 * not start what it measures itself: Linux carries the memory of the process that forks over into the peak of the one
 * it starts (exec_mmap(), setmax_mm_hiwater_rss()), and that of Python is 15 MB.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static pid_t program; /* for the alarm: 0 until it runs */

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t nanoseconds(struct timeval time)
{
    return ((int64_t)time.tv_sec * 1000000 + time.tv_usec) * 1000;
}

static int64_t processor_time(const struct rusage *usage)
{
    return nanoseconds(usage->ru_utime) + nanoseconds(usage->ru_stime);
}

static void kill_program(int signal_number)
{
    (void)signal_number;
    if (program > 0)
        kill(-program, SIGKILL);
}

static void become_program(const char *input, char **arguments)
{
    int in = open(input, O_RDONLY), out = open("/dev/null", O_RDWR);
    setpgid(0, 0);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(EX_NOINPUT);
    close(in);
    close(out);
    execvp(arguments[0], arguments);
    _exit(EX_UNAVAILABLE);
}

int main(int count, char **arguments)
{
    if (count < 4) {
        fprintf(stderr, "usage: launch SECONDS INPUT PROGRAM [ARGUMENT ...]\n");
        return EX_USAGE;
    }
    struct rusage usage, left;
    int status;
    signal(SIGALRM, kill_program);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int64_t start = now();
    program = fork();
    if (program == 0)
        become_program(arguments[2], arguments + 3);
    if (program < 0)
        return EX_OSERR;
    setpgid(program, program); /* whichever of the two comes first */
    alarm((unsigned)atoi(arguments[1]));
    while (wait4(program, &status, 0, &usage) != program)
        ;
    int64_t wall = now() - start, processor = processor_time(&usage);
    int code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    signal(SIGALRM, SIG_DFL); /* whoever stays for ever is not waited for as long: this program fails */
    for (; wait4(-1, NULL, 0, &left) > 0; processor += processor_time(&left))
        if (left.ru_maxrss > usage.ru_maxrss)
            usage.ru_maxrss = left.ru_maxrss;
    printf("%d %lld %lld %ld\n", code, (long long)wall, (long long)processor, usage.ru_maxrss);
    return EX_OK;
}
