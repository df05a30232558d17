/* child.h - run a function in a process of its own, and outlive whatever happens to it
 *
 * Messages and learned state are read in a child: if it crashes, hangs, or eats memory, the caller still has
 * the message and learns which of these it was.  The child first prepares: it opens every file it will need.  Then it
 * goes into the sandbox (sandbox.h), for good, and only there does it look at what strangers have written.
 *
 * The child answers through a pipe; the parent treats the answer as untrusted bytes, also the byte in shared memory by
 * which the child says how far it has come.  Lines for the log go through the pipe too, since a child has neither
 * stderr nor syslog: the parent writes them, control characters escaped, at most CHILD_LOG_LINES of them.
 *
 * Limits (limits.h): CPU, wall clock, size of the answer, address space, no core file.  It keeps the descriptors that
 * were open, but cannot use them, and its stdin, stdout and stderr are /dev/null: the message that waits there is none
 * of its business, and who reads to their end waits for the parent alone.  It dies with its parent, which has SIGCHLD
 * at its default (main.c), or how it ended could not be told.
 *
 * A process that waits in the kernel for a disk or a file server that does not answer dies of nothing, not of SIGKILL
 * either, until that answers.  Its parent has a message to pass on and does not wait for it longer than
 * LIMIT_CHILD_DEATH_MILLISECONDS: the child is left to the kernel, which ends it once it can, and to init, which then
 * buries it, since the parent's own end is near.  Until then it keeps what it had: a shared lock on the store at most,
 * which makes those who learn wait and try again.
 */
#ifndef TAMIS_UTIL_CHILD_H
#define TAMIS_UTIL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/failure.h"
#include "util/sandbox.h"

/* More lines than this are not the log of one message, but an attempt to fill the disk. */
#define CHILD_LOG_LINES 40

enum child_end {
    CHILD_ANSWERED,   /* it ended well, or has said its last word; the answer is whole */
    CHILD_DIED,       /* a signal or a non-zero exit status */
    CHILD_MUDDLED,    /* it ended well, but what it wrote are no records of child_write() */
    CHILD_LATE,       /* the deadline passed, or its CPU time was used up; it was killed */
    CHILD_TOO_MUCH,   /* it answered more than LIMIT_CHILD_ANSWER; it was killed */
    CHILD_NOT_HEARD,  /* this process had no memory for its answer; it was killed */
    CHILD_NOT_STARTED /* pipe or fork failed */
};

struct child_answer {
    enum child_end end;
    char *bytes; /* owned by the caller: child_answer_free(); whatever came, also when end is not CHILD_ANSWERED */
    size_t length;
    unsigned char stage; /* the last that child_stage() was told; 0: none */
    struct failure why; /* a reason for every end but CHILD_ANSWERED ("killed by signal 11", "no answer within 5 s") */
};

/* A child, as it sees itself. */
struct child {
    int answer_fd;
    volatile unsigned char *stage; /* a byte that it shares with its parent */
};

/* What runs in the child before it goes into the sandbox: opens what `work` will need, and names the descriptors that
 * are to be read from (sandbox_allow()).  Parses no message.  The deadline and the limits on CPU time and memory hold
 * already. */
typedef void child_preparation(struct child *child, void *context, struct sandbox_limits *sandbox);

/* What runs in the sandbox: writes its answer and returns the exit status (0: the answer is whole).  Signal handlers
 * are back to their defaults, SIGPIPE is ignored, nothing registered with atexit() runs at its end. */
typedef int child_work(struct child *child, void *context);

struct child_limits {
    int wall_milliseconds; /* 0: LIMIT_CHILD_WALL_MILLISECONDS */
    int cpu_seconds;       /* 0: LIMIT_CHILD_CPU_SECONDS */
    size_t memory_bytes;   /* RLIMIT_AS on top of what is mapped at the start; 0: 192 MB */
    size_t ahead_bytes;    /* of its answer it can write so much before child_wait() is called, if the kernel lets it;
                              0: what a pipe holds, 64 KB */
    bool reaches_out;      /* as in sandbox.h: it asks others about a message that it does not parse */
};

/* Runs `prepare` (may be NULL) and `work` in a forked child and waits for its end, or for its last word
 * (child_write_last()); leaves no process behind but one that cannot be killed.  `limits` NULL: defaults. */
struct child_answer child_run(child_preparation *prepare, child_work *work, void *context,
                              const struct child_limits *limits);

/* A child that was started and is not waited for yet.  The fields are child.c's own. */
struct running_child {
    pid_t process; /* 0: it could not be started, and `answer` says why */
    int answer_fd;
    int wall_milliseconds;
    volatile unsigned char *stage;
    struct child_answer answer;
};

/* The same in two steps, for a caller that has work of its own meanwhile.  What `context` points to is the child's from
 * child_start() on as it was then.  The wall clock runs from child_wait(), so that a child is never late because its
 * parent was busy; its CPU time is limited from the start.  Each child that was started is either waited for or
 * stopped, once; several may run side by side, and end in any order. */
struct running_child child_start(child_preparation *prepare, child_work *work, void *context,
                                 const struct child_limits *limits);
struct child_answer child_wait(struct running_child *running);

/* Sees to the end of children that have said their last word, by force where they have not ended by now.  Done before
 * another is started, and at exit(3). */
void child_reap(void);

/* Waits for a process that the caller has forked itself, and ends it by force after so long: then false, and it may
 * still be there when not even that ends it. */
bool child_await(pid_t process, int milliseconds, int *status_r);

/* Ends it by force; whatever it had to say is lost. */
void child_stop(struct running_child *running);

void child_answer_free(struct child_answer *answer);

/* Writes all of it; false when the parent is gone.  For use in `work`. */
bool child_write(struct child *child, const void *bytes, size_t length);

/* The same, and it is the last word: the answer is whole, and the parent goes on at once, for ending a process takes
 * the kernel a tenth of a delivery's time.  `work` returns then; how it ended is not told. */
bool child_write_last(struct child *child, const void *bytes, size_t length);

/* Says, in `prepare` or `work`, what begins now: what the child dies of after that is told by answer.stage.  Costs a
 * store into memory. */
static inline void child_stage(struct child *child, unsigned char stage)
{
    *child->stage = stage;
}

#endif
