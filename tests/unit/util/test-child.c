/* test-child.c - every way a child can end, and that the parent outlives each of them */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/child.h"
#include "util/limits.h"
#include "util/log.h"

static int answer_five(struct child *child, void *context)
{
    return child_write(child, "hello", 5) ? 0 : 1;
}

static int answer_nothing(struct child *child, void *context)
{
    return 0;
}

static int answer_with_nothing_in_it(struct child *child, void *context)
{
    return child_write(child, NULL, 0) ? 0 : 1;
}

static int say_the_last_word(struct child *child, void *context)
{
    return child_write(child, "hel", 3) && child_write_last(child, "lo", 2) ? 0 : 1;
}

static int say_a_long_last_word(struct child *child, void *context)
{
    static char bytes[200000];
    memset(bytes, 'w', sizeof bytes);
    return child_write_last(child, bytes, sizeof bytes) ? 0 : 1;
}

/* One byte more than is written together with the head of a record. */
static int answer_in_two_pieces(struct child *child, void *context)
{
    char bytes[1025];
    memset(bytes, 'b', sizeof bytes);
    return child_write(child, bytes, sizeof bytes) ? 0 : 1;
}

static int answer_a_megabyte(struct child *child, void *context)
{
    char block[1024];
    memset(block, 'm', sizeof block);
    for (int i = 0; i < 1024; i++)
        if (!child_write(child, block, sizeof block))
            return 1;
    return 0;
}

static int answer_and_exit_three(struct child *child, void *context)
{
    child_write(child, "half", 4);
    return 3;
}

static int crash(struct child *child, void *context)
{
    child_write(child, "half", 4);
    raise(SIGSEGV);
    return 0;
}

static int sleep_for_ever(struct child *child, void *context)
{
    for (;;)
        pause();
    return 0;
}

static int sleep_for_ever_deaf(struct child *child, void *context)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGXCPU, SIG_IGN);
    return sleep_for_ever(child, context);
}

static int burn_time(struct child *child, void *context)
{
    for (volatile unsigned long i = 0;; i++)
        ;
    return 0;
}

static int answer_without_end(struct child *child, void *context)
{
    char block[4096];
    memset(block, 'x', sizeof block);
    while (child_write(child, block, sizeof block))
        ;
    return 0;
}

static int answer_close_and_hang(struct child *child, void *context)
{
    child_write(child, "early", 5);
    close(child->answer_fd);
    return sleep_for_ever(child, context);
}

static int say_the_last_word_and_hang(struct child *child, void *context)
{
    child_write_last(child, "bye", 3);
    return sleep_for_ever_deaf(child, context);
}

static int answer_drop_by_drop(struct child *child, void *context)
{
    for (;;) {
        child_write(child, ".", 1);
        usleep(10000);
    }
    return 0;
}

static const struct ending {
    const char *name;
    child_work *work;
    struct child_limits limits;
    enum child_end end;
    size_t length;   /* of the answer; SIZE_MAX: any */
    const char *why; /* part of the reason */
    int most_milliseconds;
} endings[] = {
    { "an answer", answer_five, { 0 }, CHILD_ANSWERED, 5, "", 1000 },
    { "no answer, but a good end", answer_nothing, { 0 }, CHILD_ANSWERED, 0, "", 1000 },
    { "an answer with nothing in it", answer_with_nothing_in_it, { 0 }, CHILD_ANSWERED, 0, "", 1000 },
    { "an answer in two pieces", answer_in_two_pieces, { 0 }, CHILD_ANSWERED, 1025, "", 1000 },
    { "an answer of many pipes full", answer_a_megabyte, { 0 }, CHILD_ANSWERED, 1 << 20, "", 3000 },
    { "a last word", say_the_last_word, { 0 }, CHILD_ANSWERED, 5, "", 1000 },
    { "a last word of many pieces", say_a_long_last_word, { 0 }, CHILD_ANSWERED, 200000, "", 1000 },
    { "a last word, then asleep and deaf", say_the_last_word_and_hang, { 0 }, CHILD_ANSWERED, 3, "", 1000 },
    { "exit status 3", answer_and_exit_three, { 0 }, CHILD_DIED, 4, "exit status 3", 1000 },
    { "a crash", crash, { 0 }, CHILD_DIED, 4, "signal 11", 1000 },
    { "asleep", sleep_for_ever, { .wall_milliseconds = 100 }, CHILD_LATE, 0, "in time", 1000 },
    { "asleep and deaf to signals", sleep_for_ever_deaf, { .wall_milliseconds = 100 }, CHILD_LATE, 0, "in time", 1000 },
    { "busy for ever, wall clock", burn_time, { .wall_milliseconds = 100 }, CHILD_LATE, 0, "in time", 1000 },
    { "busy for ever, CPU time", burn_time, { .wall_milliseconds = 60000, .cpu_seconds = 1 }, CHILD_LATE, 0,
      "CPU time", 30000 },
    { "an answer without end", answer_without_end, { 0 }, CHILD_TOO_MUCH, SIZE_MAX, "too long", 4000 },
    { "an answer without end, drop by drop", answer_drop_by_drop, { .wall_milliseconds = 150 }, CHILD_LATE, SIZE_MAX,
      "in time", 1000 },
    { "an answer, then asleep", answer_close_and_hang, { .wall_milliseconds = 100 }, CHILD_LATE, 5, "did not end",
      1000 },
};

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void assert_no_child_is_left(const char *name)
{
    if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        fail_msg("%s: a process was left behind", name);
}

static void every_end_is_told(void **state)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const struct ending *ending = &endings[i];
        int64_t start = milliseconds();
        struct child_answer answer = child_run(NULL, ending->work, NULL, &ending->limits);
        int64_t taken = milliseconds() - start;
        child_reap();
        assert_no_child_is_left(ending->name);
        if (answer.end != ending->end)
            fail_msg("%s: got end %d (%s), want %d", ending->name, answer.end, answer.why.reason, ending->end);
        if (ending->length != SIZE_MAX && answer.length != ending->length)
            fail_msg("%s: got %zu bytes, want %zu", ending->name, answer.length, ending->length);
        if (!strstr(answer.why.reason, ending->why) || (answer.end == CHILD_ANSWERED) != (answer.why.reason[0] == '\0'))
            fail_msg("%s: got reason \"%s\", want \"%s\"", ending->name, answer.why.reason, ending->why);
        if (taken > ending->most_milliseconds)
            fail_msg("%s: took %ld ms, want at most %d", ending->name, (long)taken, ending->most_milliseconds);
        child_answer_free(&answer);
        assert_null(answer.bytes);
    }
}

static void answers_arrive_whole(void **state)
{
    struct child_answer answer = child_run(NULL, answer_five, NULL, NULL);
    assert_span_is(span_make(answer.bytes, answer.length), "hello");
    child_answer_free(&answer);
}

/* --- answers of a child that was taken over ----------------------------------------------------------------------- */

struct raw {
    const char *name, *bytes;
    size_t length;
    enum child_end end;
    const char *want; /* what is left as the answer */
};

#define RAW(bytes) bytes, sizeof(bytes) - 1

/* Lengths are in the machine's byte order, which is little-endian where the sandbox is complete. */
static const struct raw raws[] = {
    { "nothing", RAW(""), CHILD_ANSWERED, "" },
    { "a record", RAW("A\2\0\0\0ok"), CHILD_ANSWERED, "ok" },
    { "an empty record", RAW("A\0\0\0\0"), CHILD_ANSWERED, "" },
    { "two records", RAW("A\2\0\0\0okA\1\0\0\0!"), CHILD_ANSWERED, "ok!" },
    { "half a head", RAW("A\2\0"), CHILD_MUDDLED, "" },
    { "a record and half a head", RAW("A\2\0\0\0okA"), CHILD_MUDDLED, "ok" },
    { "longer than what came", RAW("A\3\0\0\0ok"), CHILD_MUDDLED, "" },
    { "as long as can be", RAW("A\377\377\377\377ok"), CHILD_MUDDLED, "" },
    { "a last word", RAW("Z\2\0\0\0ok"), CHILD_ANSWERED, "ok" },
    { "an empty last word", RAW("A\2\0\0\0okZ\0\0\0\0"), CHILD_ANSWERED, "ok" },
    { "a last word longer than what came", RAW("Z\3\0\0\0ok"), CHILD_MUDDLED, "" },
    { "a word after the last", RAW("Z\2\0\0\0okA\1\0\0\0!"), CHILD_MUDDLED, "ok" },
    { "two last words", RAW("Z\2\0\0\0okZ\1\0\0\0!"), CHILD_MUDDLED, "ok" },
    { "half a head after the last word", RAW("Z\2\0\0\0okA\1"), CHILD_MUDDLED, "ok" },
    { "an unknown kind", RAW("B\2\0\0\0ok"), CHILD_MUDDLED, "" },
    { "no kind", RAW("\0\0\0\0\0"), CHILD_MUDDLED, "" },
    { "an empty log line", RAW("L\0\0\0\0A\2\0\0\0ok"), CHILD_ANSWERED, "ok" },
    { "a log line of no severity", RAW("L\2\0\0\0\377xA\2\0\0\0ok"), CHILD_ANSWERED, "ok" },
    { "a log line longer than what came", RAW("L\377\0\0\0\0x"), CHILD_MUDDLED, "" },
};

static int write_raw(struct child *child, void *context)
{
    const struct raw *raw = context;
    return raw->length == 0 || write(child->answer_fd, raw->bytes, raw->length) == (ssize_t)raw->length ? 0 : 1;
}

static void records_are_not_trusted(void **state)
{
    for (size_t i = 0; i < sizeof raws / sizeof raws[0]; i++) {
        struct raw raw = raws[i];
        struct child_answer answer = child_run(NULL, write_raw, &raw, NULL);
        if (answer.end != raw.end || !span_is(span_make(answer.bytes, answer.length), raw.want))
            fail_msg("%s: got end %d, %zu bytes, want end %d, \"%s\"", raw.name, answer.end, answer.length, raw.end,
                     raw.want);
        child_answer_free(&answer);
    }
}

/* A small generator, so that a failure can be found again. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_records_never_give_more_than_was_written(void **state)
{
    uint32_t seed = 20261122;
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    for (int round = 0; round < 300; round++) {
        char bytes[200];
        struct raw raw = { .bytes = bytes, .length = next_random(&seed) % sizeof bytes };
        for (size_t i = 0; i < raw.length; i++) {
            char of_heads = "AL\0\1\4"[next_random(&seed) % 5];
            bytes[i] = next_random(&seed) % 3 ? (char)next_random(&seed) : of_heads;
        }
        struct child_answer answer = child_run(NULL, write_raw, &raw, NULL);
        assert_true(answer.end == CHILD_ANSWERED || answer.end == CHILD_MUDDLED);
        assert_true(answer.length <= raw.length);
        child_answer_free(&answer);
    }
    log_open(LOG_TARGET_STDERR, LOG_SEVERITY_WARNING);
}

static struct {
    unsigned count;
    char last[LOG_LINE_MOST];
} logged;

static void note_line(void *context, enum log_severity severity, const char *line)
{
    logged.count++;
    snprintf(logged.last, sizeof logged.last, "%d %s", severity, line);
}

static int log_much(struct child *child, void *context)
{
    for (int i = 0; i < 1000; i++)
        log_line(LOG_SEVERITY_ERROR, "line %d", i);
    return 0;
}

static int log_badly(struct child *child, void *context)
{
    static const char record[] = "L\22\0\0\0\1a\nforged: line\33[H";
    return write(child->answer_fd, record, sizeof record - 1) == sizeof record - 1 ? 0 : 1;
}

static void log_lines_come_through_the_parent(void **state)
{
    log_divert(note_line, NULL);
    struct child_answer answer = child_run(NULL, log_much, NULL, NULL);
    assert_int_equal(answer.end, CHILD_ANSWERED);
    assert_int_equal(answer.length, 0);
    assert_int_equal(logged.count, CHILD_LOG_LINES);
    child_answer_free(&answer);
    answer = child_run(NULL, log_badly, NULL, NULL);
    log_divert(NULL, NULL);
    assert_int_equal(answer.end, CHILD_ANSWERED);
    assert_string_equal(logged.last, "1 a\\x0Aforged: line\\x1B[H");
    child_answer_free(&answer);
}

static int stages[] = { 'P', 'W' };

static void prepare_stage(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    child_stage(child, 'P');
}

static int die_in_work(struct child *child, void *context)
{
    child_stage(child, 'W');
    raise(SIGSEGV);
    return 0;
}

static void die_in_preparation(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    child_stage(child, 'P');
    raise(SIGSEGV);
}

static void the_last_stage_is_known(void **state)
{
    static const struct {
        child_preparation *prepare;
        child_work *work;
    } cases[] = { { die_in_preparation, answer_five }, { prepare_stage, die_in_work } };
    for (size_t i = 0; i < 2; i++) {
        struct child_answer answer = child_run(cases[i].prepare, cases[i].work, NULL, NULL);
        assert_int_equal(answer.end, CHILD_DIED);
        assert_int_equal(answer.stage, stages[i]);
        child_answer_free(&answer);
    }
}

#ifndef TAMIS_SANITIZERS
static int open_socket(struct child *child, void *context)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? 0 : 1;
}

static void an_intruder_is_named(void **state)
{
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS))
        skip();
    struct child_answer answer = child_run(NULL, open_socket, NULL, NULL);
    assert_int_equal(answer.end, CHILD_DIED);
    assert_non_null(strstr(answer.why.reason, "forbidden system call"));
    child_answer_free(&answer);
}

static int eat_memory(struct child *child, void *context)
{
    for (size_t eaten = 0; eaten < (size_t)1 << 30; eaten += 1 << 20)
        if (!malloc(1 << 20))
            return child_write(child, &eaten, sizeof eaten) ? 0 : 1;
    return 7;
}

static void memory_ends_at_the_limit_on_top_of_what_was_mapped(void **state)
{
    size_t ballast_size = (size_t)100 << 20, eaten = 0;
    char *ballast = malloc(ballast_size);
    assert_non_null(ballast);
    const struct child_limits limits = { .memory_bytes = (size_t)32 << 20 };
    struct child_answer answer = child_run(NULL, eat_memory, NULL, &limits);
    assert_int_equal(answer.end, CHILD_ANSWERED);
    assert_int_equal(answer.length, sizeof eaten);
    memcpy(&eaten, answer.bytes, sizeof eaten);
    /* A little over the limit: the heap had free memory of its own. */
    assert_in_range(eaten, (size_t)24 << 20, (size_t)48 << 20);
    child_answer_free(&answer);
    free(ballast);
}
#endif

/* What a child finds when it looks around itself; the limits are looked at in test-sandbox. */
struct surroundings {
    ssize_t stdin_count;
    bool signals_default, signals_unblocked;
};

static void look_around(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct surroundings seen = { 0 };
    char byte;
    seen.stdin_count = read(STDIN_FILENO, &byte, 1);
    struct sigaction action;
    seen.signals_default = sigaction(SIGSEGV, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    seen.signals_unblocked = !sigismember(&blocked, SIGTERM);
    printf("this must not come out of the parent\n");
    fflush(stdout);
#ifndef TAMIS_SANITIZERS
    fprintf(stderr, "nor this\n");
#endif
    child_write(child, &seen, sizeof seen);
}

static void a_child_has_no_part_in_the_message(void **state)
{
    int message[2], output[2];
    assert_int_equal(pipe(message), 0);
    assert_int_equal(pipe(output), 0);
    int saved_in = dup(STDIN_FILENO), saved_out = dup(STDOUT_FILENO), saved_error = dup(STDERR_FILENO);
    fflush(stdout);
    assert_int_equal(write(message[1], "m", 1), 1);
    dup2(message[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    dup2(output[1], STDERR_FILENO);
    failure_make_death_temporary();
    sigset_t term, before;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &before);

    struct child_answer answer = child_run(look_around, answer_nothing, NULL, NULL);

    sigprocmask(SIG_SETMASK, &before, NULL);
    dup2(saved_in, STDIN_FILENO);
    dup2(saved_out, STDOUT_FILENO);
    dup2(saved_error, STDERR_FILENO);
    close(output[1]);
    char byte;
    ssize_t printed = read(output[0], &byte, 1);
    ssize_t kept = read(message[0], &byte, 1);
    close(saved_in), close(saved_out), close(saved_error), close(message[0]), close(message[1]), close(output[0]);
    assert_int_equal(answer.end, CHILD_ANSWERED);
    assert_int_equal(printed, 0);
    assert_int_equal(kept, 1);
    struct surroundings seen;
    assert_int_equal(answer.length, sizeof seen);
    memcpy(&seen, answer.bytes, sizeof seen);
    assert_int_equal(seen.stdin_count, 0);
    assert_true(seen.signals_default);
    assert_true(seen.signals_unblocked);
    child_answer_free(&answer);
}

static void children_side_by_side_have_each_its_own_end(void **state)
{
    struct running_child first = child_start(NULL, answer_and_exit_three, NULL, NULL);
    struct running_child second = child_start(NULL, answer_five, NULL, NULL);
    struct child_answer of_second = child_wait(&second), of_first = child_wait(&first);
    assert_non_null(strstr(of_first.why.reason, "exit status 3"));
    assert_span_is(span_make(of_second.bytes, of_second.length), "hello");
    child_answer_free(&of_first);
    child_answer_free(&of_second);
}

#define MUCH (400 * 1024)

static int answer_much(struct child *child, void *context)
{
    char *bytes = malloc(MUCH);
    if (!bytes)
        return 1;
    memset(bytes, *(const char *)context, MUCH);
    bool written = child_write(child, bytes, MUCH);
    free(bytes);
    return written ? 0 : 1;
}

/* Has the child ended by itself, without anybody reading its answer, within so many milliseconds? */
static bool ends_alone(const struct running_child *running, int within)
{
    for (int64_t start = milliseconds(); milliseconds() - start < within; poll(NULL, 0, 5)) {
        siginfo_t ended = { 0 };
        if (waitid(P_PID, (id_t)running->process, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid)
            return true;
    }
    return false;
}

/* It sees what its context was when it was started, and can work ahead as far as its pipe reaches. */
static void a_child_works_while_its_parent_does_something_else(void **state)
{
    const struct {
        size_t ahead_bytes;
        bool ends_alone;
    } cases[] = { { 512 * 1024, true }, { 0, false } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct child_limits limits = { .ahead_bytes = cases[i].ahead_bytes };
        char fill = 'a';
        struct running_child running = child_start(NULL, answer_much, &fill, &limits);
        fill = 'b';
        assert_int_equal(ends_alone(&running, cases[i].ends_alone ? 5000 : 200), cases[i].ends_alone);
        struct child_answer answer = child_wait(&running);
        assert_int_equal(answer.end, CHILD_ANSWERED);
        assert_int_equal(answer.length, MUCH);
        assert_int_equal(answer.bytes[0], 'a');
        assert_int_equal(answer.bytes[MUCH - 1], 'a');
        child_answer_free(&answer);
    }
}

static void a_child_is_not_late_because_its_parent_was_busy(void **state)
{
    const struct child_limits limits = { .wall_milliseconds = 300 };
    struct running_child running = child_start(NULL, answer_five, NULL, &limits);
    poll(NULL, 0, 500);
    struct child_answer answer = child_wait(&running);
    assert_int_equal(answer.end, CHILD_ANSWERED);
    child_answer_free(&answer);

    running = child_start(NULL, sleep_for_ever, NULL, &limits);
    poll(NULL, 0, 100);
    int64_t start = milliseconds();
    answer = child_wait(&running);
    assert_int_equal(answer.end, CHILD_LATE);
    assert_in_range(milliseconds() - start, 290, 1500);
    child_answer_free(&answer);
}

static void what_is_stopped_is_gone(void **state)
{
    int before = dup(STDIN_FILENO);
    close(before);
    struct running_child running = child_start(NULL, sleep_for_ever, NULL, NULL);
    pid_t process = running.process;
    assert_int_equal(kill(process, 0), 0);
    child_stop(&running);
    assert_int_equal(kill(process, 0), -1);
    assert_int_equal(errno, ESRCH);
    int after = dup(STDIN_FILENO);
    close(after);
    assert_int_equal(after, before);
}

/* In the place of the C library's: processes that wait in the kernel for what does not come. */
static bool kills_nothing;

int kill(pid_t process, int signal)
{
    return kills_nothing ? 0 : (int)syscall(SYS_kill, process, signal);
}

/* It is there still, and is ended here. */
static void expect_alive(pid_t process)
{
    kills_nothing = false;
    assert_int_equal(waitpid(process, NULL, WNOHANG), 0);
    kill(process, SIGKILL);
    assert_int_equal(waitpid(process, NULL, 0), process);
    assert_no_child_is_left("one that could not be killed");
}

static void what_cannot_be_killed_is_not_waited_for(void **state)
{
    static const struct {
        const char *name;
        child_work *work;
        size_t length; /* of what it said before */
    } cases[] = { { "no answer", sleep_for_ever, 0 }, { "an answer, and no end", answer_close_and_hang, 5 } };
    const struct child_limits limits = { .wall_milliseconds = 100 };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct running_child running = child_start(NULL, cases[i].work, NULL, &limits);
        pid_t process = running.process;
        kills_nothing = true;
        struct child_answer answer = child_wait(&running);
        expect_alive(process);
        if (answer.end != CHILD_LATE || answer.length != cases[i].length ||
            !strstr(answer.why.reason, "cannot be ended"))
            fail_msg("%s: end %d, %zu bytes, %s", cases[i].name, answer.end, answer.length, answer.why.reason);
        child_answer_free(&answer);
    }
    struct running_child running = child_start(NULL, sleep_for_ever, NULL, NULL);
    pid_t process = running.process;
    kills_nothing = true;
    child_stop(&running);
    expect_alive(process);
}

#ifndef TAMIS_SANITIZERS
static int answer_and_sleep(struct child *child, void *context)
{
    child_write(child, "there", 5);
    return sleep_for_ever(child, context);
}

/* Whoever reads what the parent says to its end, as mail systems do, does not wait for one that is left behind. */
static void what_is_left_behind_keeps_nobody_waiting(void **state)
{
    int said[2];
    struct pollfd end = { .events = POLLIN };
    assert_int_equal(pipe(said), 0);
    int saved_out = dup(STDOUT_FILENO), saved_error = dup(STDERR_FILENO);
    fflush(stdout);
    dup2(said[1], STDOUT_FILENO);
    dup2(said[1], STDERR_FILENO);
    close(said[1]);
    struct running_child running = child_start(NULL, answer_and_sleep, NULL, NULL);
    dup2(saved_out, STDOUT_FILENO);
    dup2(saved_error, STDERR_FILENO);
    close(saved_out), close(saved_error);
    struct pollfd answer = { .fd = running.answer_fd, .events = POLLIN };
    assert_int_equal(poll(&answer, 1, 5000), 1); /* it has left the streams by then */
    end.fd = said[0];
    assert_int_equal(poll(&end, 1, 5000), 1);
    assert_int_equal(end.revents & (POLLIN | POLLHUP), POLLHUP);
    child_stop(&running);
    close(said[0]);
}
#endif

static void ignore_signal(int number)
{
    (void)number;
}

/* Signals that arrive while the parent waits neither end the wait nor stretch the deadline. */
/* It has said its last word to its parent; the parent's forks neither wait for it nor end it. */
static void forks_have_nothing_to_do_with_who_is_leaving(void **state)
{
    int status;
    struct child_answer answer = child_run(NULL, say_the_last_word_and_hang, NULL, NULL);
    child_answer_free(&answer);
    int64_t start = milliseconds();
    pid_t process = fork();
    if (process == 0) {
        child_reap();
        struct child_answer own = child_run(NULL, say_the_last_word, NULL, NULL);
        child_reap();
        _exit(own.end == CHILD_ANSWERED && milliseconds() - start < 800 ? 0 : 1);
    }
    assert_true(child_await(process, 5000, &status));
    assert_int_equal(status, 0);
    start = milliseconds();
    child_reap();
    assert_in_range(milliseconds() - start, 500, 5000); /* it was still there, and had its second */
    assert_no_child_is_left("one that had said its last word");
}

static void who_is_forked_is_waited_for_so_long(void **state)
{
    static const struct {
        const char *name;
        int sleeps, waits;
        bool want;
    } rows[] = { { "it ends at once", 0, 5000, true }, { "it ends in time", 100, 5000, true },
                 { "it does not", 60000, 100, false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status = -1;
        pid_t process = fork();
        if (process == 0) {
            poll(NULL, 0, rows[i].sleeps);
            _exit(3);
        }
        if (child_await(process, rows[i].waits, &status) != rows[i].want)
            fail_msg("%s: want %d", rows[i].name, rows[i].want);
        if (rows[i].want && WEXITSTATUS(status) != 3)
            fail_msg("%s: status %d", rows[i].name, status);
        assert_no_child_is_left(rows[i].name);
    }
}

static void signals_do_not_disturb(void **state)
{
    struct sigaction action = { .sa_handler = ignore_signal }, before; /* without SA_RESTART */
    sigaction(SIGALRM, &action, &before);
    timer_t timer;
    assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
    struct itimerspec every = { .it_value.tv_nsec = 5000000, .it_interval.tv_nsec = 5000000 };
    timer_settime(timer, 0, &every, NULL);
    const struct child_limits limits = { .wall_milliseconds = 300 };
    int64_t start = milliseconds();
    struct child_answer answer = child_run(NULL, sleep_for_ever, NULL, &limits);
    int64_t taken = milliseconds() - start;
    timer_delete(timer);
    sigaction(SIGALRM, &before, NULL);
    assert_int_equal(answer.end, CHILD_LATE);
    assert_in_range(taken, 290, 1500);
    child_answer_free(&answer);
}

static void no_descriptor_leaks(void **state)
{
    int before = dup(STDIN_FILENO);
    close(before);
    for (int i = 0; i < 20; i++) {
        struct child_answer answer = child_run(NULL, answer_five, NULL, NULL);
        child_answer_free(&answer);
    }
    int after = dup(STDIN_FILENO);
    close(after);
    assert_int_equal(after, before);
}

static void no_process_and_no_pipe_are_told(void **state)
{
    struct rlimit files, none;
    getrlimit(RLIMIT_NOFILE, &files);
    none = (struct rlimit){ .rlim_cur = 3, .rlim_max = files.rlim_max };
    setrlimit(RLIMIT_NOFILE, &none);
    struct child_answer answer = child_run(NULL, answer_five, NULL, NULL);
    setrlimit(RLIMIT_NOFILE, &files);
    assert_int_equal(answer.end, CHILD_NOT_STARTED);
    assert_int_equal(answer.why.kind, FAILURE_TEMPORARY);
    assert_non_null(strstr(answer.why.reason, "cannot make a pipe"));
    child_answer_free(&answer);
}

static void tell_process(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    pid_t self = getpid();
    if (write(*(int *)context, &self, sizeof self) != sizeof self)
        _exit(1);
}

/* procmail may kill us: nothing of ours may stay behind. */
static void a_child_dies_with_its_parent(void **state)
{
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t parent = fork();
    if (parent == 0) {
        const struct child_limits limits = { .wall_milliseconds = 20000 };
        struct child_answer answer = child_run(tell_process, sleep_for_ever, &told[1], &limits);
        _exit(answer.end == CHILD_LATE ? 0 : 1);
    }
    pid_t child = 0;
    assert_int_equal(read(told[0], &child, sizeof child), sizeof child);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    close(told[1]); /* the child held the other copies: its end is the end of this pipe */
    char byte;
    int64_t start = milliseconds();
    assert_int_equal(read(told[0], &byte, 1), 0);
    assert_in_range(milliseconds() - start, 0, 2000);
    close(told[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_is_told),
        cmocka_unit_test(answers_arrive_whole),
        cmocka_unit_test(records_are_not_trusted),
        cmocka_unit_test(random_records_never_give_more_than_was_written),
        cmocka_unit_test(log_lines_come_through_the_parent),
        cmocka_unit_test(the_last_stage_is_known),
#ifndef TAMIS_SANITIZERS
        cmocka_unit_test(an_intruder_is_named),
        cmocka_unit_test(memory_ends_at_the_limit_on_top_of_what_was_mapped),
#endif
        cmocka_unit_test(a_child_has_no_part_in_the_message),
        cmocka_unit_test(children_side_by_side_have_each_its_own_end),
        cmocka_unit_test(a_child_works_while_its_parent_does_something_else),
        cmocka_unit_test(a_child_is_not_late_because_its_parent_was_busy),
        cmocka_unit_test(what_is_stopped_is_gone),
        cmocka_unit_test(what_cannot_be_killed_is_not_waited_for),
#ifndef TAMIS_SANITIZERS
        cmocka_unit_test(what_is_left_behind_keeps_nobody_waiting),
#endif
        cmocka_unit_test(forks_have_nothing_to_do_with_who_is_leaving),
        cmocka_unit_test(who_is_forked_is_waited_for_so_long),
        cmocka_unit_test(signals_do_not_disturb),
        cmocka_unit_test(no_descriptor_leaks),
        cmocka_unit_test(no_process_and_no_pipe_are_told),
        cmocka_unit_test(a_child_dies_with_its_parent),
    };
    return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
