/* child.c - run a function in a process of its own, and outlive whatever happens to it
 *
 * Through the pipe come records: u8 kind, u32 length in the machine's byte order, so many bytes.  What a child in
 * somebody else's hands may do with them is to answer wrongly, which its parent expects, and to log lies.
 */
#include "config.h"

#include "util/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/span.h"

/* A judgement is a few KB of answer; its reading is one system call. */
#define FIRST_ANSWER ((size_t)16 * 1024)
/* A judgement takes 2 MB; twelve come from the arena, the rest is what libraries allocate on hostile input. */
#define DEFAULT_MEMORY ((size_t)192 * 1024 * 1024)
/* What the pipe may bring: an answer, and what stands around its records. */
#define LIMIT_RECORDS (LIMIT_CHILD_ANSWER + 256 * 1024)
/* So much of a record is written together with its head: a judgement without many reasons. */
#define SMALL_RECORD 1024
/* Children that were not reaped yet; a command that asks for one judgement has one. */
#define LEAVING_MOST 4
/* They compute nothing any more. */
#define LEAVING_MILLISECONDS 1000
/* How often we look for the end of a child where the kernel cannot tell us (before Linux 5.3). */
#define LOOK_AGAIN_MILLISECONDS 2

enum record_kind {
    RECORD_ANSWER = 'A',
    RECORD_LAST = 'Z',  /* as RECORD_ANSWER, and the answer is whole; nothing follows */
    RECORD_LOG = 'L'    /* severity in one byte, text */
};

struct __attribute__((packed)) record_head {
    uint8_t kind;
    uint32_t length;
};

/* The child while its parent waits for it. */
struct attended {
    pid_t process;
    int answer_fd;
    int64_t deadline; /* monotonic milliseconds */
};

/* --- in the child ----------------------------------------------------------------------------------------------- */

/* Handlers of the parent would tell lies about this process; caught and ignored signals alike go back to their
 * defaults. */
static void restore_signals(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS,  SIGABRT, SIGILL,  SIGFPE,  SIGHUP,  SIGINT,  SIGQUIT,
                                   SIGTERM, SIGALRM, SIGCHLD, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2, SIGSYS };
    struct sigaction action = { .sa_handler = SIG_DFL };
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
    action.sa_handler = SIG_IGN; /* child_write() says so instead */
    sigaction(SIGPIPE, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

#ifdef TAMIS_SANITIZERS
#define LAST_STREAM_LEFT STDOUT_FILENO /* they say there what they have found */
#else
#define LAST_STREAM_LEFT STDERR_FILENO
#endif

/* A library that prints must not print into the message, nor take bytes of it that the parent has still to read; and a
 * mail system that reads what we say to its end (Postfix's pipe(8) does) must not wait for a child that is left behind.
 * Where there is nothing to put in its place stderr stays: a file that is opened later would come there. */
static void leave_standard_streams(int answer_fd)
{
    int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= LAST_STREAM_LEFT; fd++) {
        if (fd == answer_fd || fd == null_fd)
            continue;
        if (null_fd >= 0)
            dup2(null_fd, fd);
        else if (fd != STDERR_FILENO)
            close(fd);
    }
    if (null_fd > STDERR_FILENO)
        close(null_fd);
}

/* With write(2), the one call that the strictest sandbox leaves for it. */
static bool write_whole(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* A small record goes at once, so that the parent wakes once. */
static bool write_record(const struct child *child, enum record_kind kind, const void *bytes, size_t length)
{
    const struct record_head head = { .kind = (uint8_t)kind, .length = (uint32_t)length };
    const char *rest = length ? bytes : ""; /* nothing may be NULL */
    char begin[sizeof head + SMALL_RECORD];
    size_t first = length < SMALL_RECORD ? length : SMALL_RECORD;
    memcpy(begin, &head, sizeof head);
    memcpy(begin + sizeof head, rest, first);
    return write_whole(child->answer_fd, begin, sizeof head + first) &&
           write_whole(child->answer_fd, rest + first, length - first);
}

static void log_to_parent(void *context, enum log_severity severity, const char *line)
{
    char record[1 + LOG_LINE_MOST];
    size_t length = strlen(line);
    record[0] = (char)severity;
    memcpy(record + 1, line, length);
    write_record(context, RECORD_LOG, record, 1 + length);
}

struct start {
    child_preparation *prepare;
    child_work *work;
    void *context;
    const struct child_limits *limits;
};

static _Noreturn void be_the_child(const struct start *start, struct child child, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(EXIT_FAILURE); /* it died before it could take us along */
    restore_signals();
    leave_standard_streams(child.answer_fd);
    log_divert(log_to_parent, &child);
    struct sandbox_limits sandbox = { .cpu_seconds = start->limits->cpu_seconds,
                                      .memory_bytes = start->limits->memory_bytes,
                                      .reaches_out = start->limits->reaches_out };
    sandbox_allow(&sandbox, child.answer_fd, SANDBOX_WRITE);
    sandbox_limit(&sandbox);
    if (start->prepare)
        start->prepare(&child, start->context, &sandbox);
    sandbox_enter(&sandbox);
    sandbox_end(start->work(&child, start->context));
}

bool child_write(struct child *child, const void *bytes, size_t length)
{
    return write_record(child, RECORD_ANSWER, bytes, length);
}

bool child_write_last(struct child *child, const void *bytes, size_t length)
{
    return write_record(child, RECORD_LAST, bytes, length);
}

/* --- in the parent ---------------------------------------------------------------------------------------------- */

static enum child_end end_with(struct child_answer *answer, enum child_end end, const char *reason)
{
    failure_set(&answer->why, FAILURE_TEMPORARY, "%s", reason);
    return end;
}

static int milliseconds_left(const struct attended *child)
{
    int64_t left = child->deadline - clock_milliseconds();
    return left > 0 ? (int)left : 0;
}

/* Waits for `fd` to be readable or closed; false when the deadline came first. */
static bool wait_for(const struct attended *child, int fd)
{
    for (;;) {
        struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
        int left = milliseconds_left(child);
        int ready = poll(&poll_fd, 1, left);
        if (ready > 0)
            return true;
        if (ready == 0 && left == 0)
            return false;
        if (ready < 0 && errno != EINTR && errno != EAGAIN)
            return false;
    }
}

static bool make_room(struct child_answer *answer, size_t *capacity)
{
    if (answer->length < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : FIRST_ANSWER;
    char *bytes = realloc(answer->bytes, wanted);
    if (!bytes)
        return false;
    answer->bytes = bytes;
    *capacity = wanted;
    return true;
}

/* Follows the records that have come, from `at` on, where one begins, to the first that has not come whole.  True when
 * the answer is whole, and nothing stands behind it. */
static bool has_last_record(const struct child_answer *answer, size_t *at)
{
    struct record_head head;
    while (answer->length - *at >= sizeof head) {
        memcpy(&head, answer->bytes + *at, sizeof head);
        if (head.length > answer->length - *at - sizeof head)
            return false;
        *at += sizeof head + head.length;
        if (head.kind == RECORD_LAST)
            return *at == answer->length;
    }
    return false;
}

/* Reads the answer to its end.  CHILD_ANSWERED means that the pipe was closed in time, or, with `whole`, that nothing
 * more is to come. */
static enum child_end read_answer(const struct attended *child, struct child_answer *answer, bool *whole)
{
    size_t capacity = 0, at = 0;
    for (;;) {
        if (!make_room(answer, &capacity))
            return end_with(answer, CHILD_NOT_HEARD, "no memory for the answer");
        if (!wait_for(child, child->answer_fd))
            return end_with(answer, CHILD_LATE, "no answer in time");
        ssize_t count = read(child->answer_fd, answer->bytes + answer->length, capacity - answer->length);
        if (count == 0)
            return CHILD_ANSWERED;
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return end_with(answer, CHILD_DIED, "its answer could not be read");
        answer->length += count > 0 ? (size_t)count : 0;
        if (answer->length > LIMIT_RECORDS)
            return end_with(answer, CHILD_TOO_MUCH, "its answer was too long");
        *whole = has_last_record(answer, &at);
        if (*whole)
            return CHILD_ANSWERED;
    }
}

/* waitpid() without signals in its way; true when the child is reaped, or is another process's. */
static bool reap(pid_t process, int flags, int *status)
{
    pid_t result;
    do
        result = waitpid(process, status, flags);
    while (result < 0 && errno == EINTR);
    return result != 0;
}

/* Waits for the end of the process, which may have closed the pipe long before; false when the deadline came first. */
static bool reap_in_time(const struct attended *child, int *status)
{
    if (reap(child->process, WNOHANG, status))
        return true;
    int process_fd = (int)syscall(SYS_pidfd_open, child->process, 0);
    if (process_fd >= 0) {
        bool ended = wait_for(child, process_fd);
        close(process_fd);
        return ended && reap(child->process, 0, status);
    }
    while (milliseconds_left(child) > 0) {
        poll(NULL, 0, LOOK_AGAIN_MILLISECONDS);
        if (reap(child->process, WNOHANG, status))
            return true;
    }
    return false;
}

/* What the status of a child that ended by itself says. */
static enum child_end judge_status(int status, struct child_answer *answer)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return CHILD_ANSWERED;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return end_with(answer, CHILD_LATE, "its CPU time was used up");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return end_with(answer, CHILD_DIED, "killed for a forbidden system call: it may have been taken over");
    if (WIFSIGNALED(status))
        failure_set(&answer->why, FAILURE_TEMPORARY, "killed by signal %d (%s)", WTERMSIG(status),
                    strsignal(WTERMSIG(status)));
    else
        failure_set(&answer->why, FAILURE_TEMPORARY, "ended with exit status %d", WEXITSTATUS(status));
    return CHILD_DIED;
}

/* False when it is not gone in time: it waits in the kernel, where SIGKILL does not reach it. */
static bool end_by_force(pid_t process)
{
    const struct attended child = { .process = process,
                                    .deadline = clock_milliseconds() + LIMIT_CHILD_DEATH_MILLISECONDS };
    int status;
    kill(process, SIGKILL);
    return reap_in_time(&child, &status);
}

bool child_await(pid_t process, int milliseconds, int *status_r)
{
    const struct attended child = { .process = process, .deadline = clock_milliseconds() + milliseconds };
    if (reap_in_time(&child, status_r))
        return true;
    end_by_force(process);
    return false;
}

/* Children that have said all, and whose end is not seen to yet. */
static pid_t leaving[LEAVING_MOST];
static size_t leaving_count;

void child_reap(void)
{
    int status;
    for (; leaving_count; leaving_count--)
        child_await(leaving[leaving_count - 1], LEAVING_MILLISECONDS, &status);
}

/* It ends while its parent goes on. */
static void leave_behind(pid_t process)
{
    static bool is_registered;
    is_registered = is_registered || atexit(child_reap) == 0;
    if (leaving_count == LEAVING_MOST)
        child_reap();
    leaving[leaving_count++] = process;
    if (!is_registered)
        child_reap();
}

/* Sees the child to its end, by force where it must be. */
static enum child_end attend(const struct attended *child, struct child_answer *answer)
{
    int status = 0;
    bool whole = false;
    enum child_end end = read_answer(child, answer, &whole);
    if (whole) {
        leave_behind(child->process);
        return end;
    }
    if (end == CHILD_ANSWERED) {
        if (reap_in_time(child, &status))
            return judge_status(status, answer);
        end = end_with(answer, CHILD_LATE, "it answered but did not end in time");
    }
    if (!end_by_force(child->process))
        return end_with(answer, end, "it cannot be ended: what it waits for, a disk or a file server, does not answer");
    return end;
}

/* --- records ---------------------------------------------------------------------------------------------------- */

static void take_log_line(struct span text, unsigned *lines)
{
    if (text.length == 0 || (unsigned char)text.data[0] > LOG_SEVERITY_DEBUG || ++*lines > CHILD_LOG_LINES)
        return;
    struct span line = span_head(span_from(text, 1), LOG_LINE_MOST);
    log_line((enum log_severity)text.data[0], "%.*s", (int)line.length, line.data);
}

/* Leaves of the records only what is the answer, in its place; false when something else lies between them or at the
 * end. */
static bool take_records(struct child_answer *answer)
{
    struct span rest = span_make(answer->bytes, answer->length);
    struct record_head head;
    unsigned lines = 0;
    answer->length = 0;
    while (rest.length >= sizeof head) {
        memcpy(&head, rest.data, sizeof head);
        rest = span_from(rest, sizeof head);
        if (head.length > rest.length)
            return false;
        struct span bytes = span_head(rest, head.length);
        rest = span_from(rest, head.length);
        if (head.kind == RECORD_LOG) {
            take_log_line(bytes, &lines);
            continue;
        }
        if (head.kind != RECORD_ANSWER && head.kind != RECORD_LAST)
            return false;
        if (bytes.length)
            memmove(answer->bytes + answer->length, bytes.data, bytes.length);
        answer->length += bytes.length;
        if (head.kind == RECORD_LAST)
            return rest.length == 0;
    }
    return rest.length == 0;
}

static enum child_end read_records(enum child_end end, struct child_answer *answer)
{
    bool sound = take_records(answer);
    if (end == CHILD_ANSWERED && !sound)
        return end_with(answer, CHILD_MUDDLED, "its answer is not well-formed");
    if (end == CHILD_ANSWERED && answer->length > LIMIT_CHILD_ANSWER)
        return end_with(answer, CHILD_TOO_MUCH, "its answer was too long");
    return end;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

/* Pipe and fork; `running` gets what the parent keeps of them, or the reason why one could not be had. */
static void fork_child(const struct start *start, struct running_child *running)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        failure_set_errno(&running->answer.why, FAILURE_TEMPORARY, errno, "cannot make a pipe");
        return;
    }
    if (start->limits->ahead_bytes)
        fcntl(ends[1], F_SETPIPE_SZ, (int)start->limits->ahead_bytes); /* without, the child waits for its reader */
    pid_t parent = getpid();
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        leaving_count = 0;
        be_the_child(start, (struct child){ .answer_fd = ends[1], .stage = running->stage }, parent);
    }
    int error = errno;
    close(ends[1]);
    if (process < 0) {
        failure_set_errno(&running->answer.why, FAILURE_TEMPORARY, error, "cannot start a process");
        close(ends[0]);
        return;
    }
    running->process = process;
    running->answer_fd = ends[0];
}

static struct child_limits with_defaults(const struct child_limits *limits)
{
    struct child_limits effective = limits ? *limits : (struct child_limits){ 0 };
    if (effective.wall_milliseconds == 0)
        effective.wall_milliseconds = LIMIT_CHILD_WALL_MILLISECONDS;
    if (effective.cpu_seconds == 0)
        effective.cpu_seconds = LIMIT_CHILD_CPU_SECONDS;
    if (effective.memory_bytes == 0)
        effective.memory_bytes = DEFAULT_MEMORY;
    return effective;
}

struct running_child child_start(child_preparation *prepare, child_work *work, void *context,
                                 const struct child_limits *limits)
{
    const struct child_limits effective = with_defaults(limits);
    child_reap();
    struct running_child running = { .wall_milliseconds = effective.wall_milliseconds,
                                     .answer.end = CHILD_NOT_STARTED };
    void *shared = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        failure_set_errno(&running.answer.why, FAILURE_TEMPORARY, errno, "no memory for a child");
        return running;
    }
    running.stage = shared;
    const struct start start = { .prepare = prepare, .work = work, .context = context, .limits = &effective };
    fork_child(&start, &running);
    return running;
}

static void let_go(struct running_child *running)
{
    if (running->process)
        close(running->answer_fd);
    if (running->stage)
        munmap((void *)(uintptr_t)running->stage, 1);
    running->process = 0;
    running->stage = NULL;
}

struct child_answer child_wait(struct running_child *running)
{
    struct child_answer answer = running->answer;
    if (running->process) {
        const struct attended child = {
            .process = running->process,
            .answer_fd = running->answer_fd,
            .deadline = clock_milliseconds() + running->wall_milliseconds,
        };
        answer.end = read_records(attend(&child, &answer), &answer);
        answer.stage = *running->stage;
    }
    let_go(running);
    return answer;
}

void child_stop(struct running_child *running)
{
    if (running->process)
        end_by_force(running->process);
    let_go(running);
}

struct child_answer child_run(child_preparation *prepare, child_work *work, void *context,
                              const struct child_limits *limits)
{
    struct running_child running = child_start(prepare, work, context, limits);
    return child_wait(&running);
}

void child_answer_free(struct child_answer *answer)
{
    free(answer->bytes);
    *answer = (struct child_answer){ 0 };
}
