/* child.h - run a function in a process of its own, and outlive whatever happens to it
 *
 * Messages and learned state are read in a child: if it crashes, hangs, or eats memory, the caller still has
 * the message and learns which of these it was.  The child answers through a pipe; the parent treats the answer as
 * untrusted bytes.  Limits (limits.h): CPU, wall clock, size of the answer, address space, no core file; what else the
 * child may not do is in sandbox.h.  It keeps the descriptors that were open, except that its stdin and stdout are
 * /dev/null: the message that waits there is none of its business.  It dies with its parent.
 */
#ifndef TAMIS_UTIL_CHILD_H
#define TAMIS_UTIL_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"

enum child_end {
    CHILD_ANSWERED,   /* it ended well; the answer is whole */
    CHILD_DIED,       /* a signal or a non-zero exit status */
    CHILD_LATE,       /* the deadline passed, or its CPU time was used up; it was killed */
    CHILD_TOO_MUCH,   /* it answered more than LIMIT_CHILD_ANSWER; it was killed */
    CHILD_NOT_STARTED /* pipe or fork failed */
};

struct child_answer {
    enum child_end end;
    char *bytes; /* owned by the caller: child_answer_free(); whatever came, also when end is not CHILD_ANSWERED */
    size_t length;
    struct failure why; /* a reason for every end but CHILD_ANSWERED ("killed by signal 11", "no answer within 5 s") */
};

/* What runs in the child: writes its answer to `answer_fd` and returns the exit status (0: the answer is whole). Signal
 * handlers are back to their defaults, SIGPIPE is ignored, nothing registered with atexit() runs at its end. */
typedef int child_work(int answer_fd, void *context);

struct child_limits {
    int wall_milliseconds; /* 0: LIMIT_CHILD_WALL_MILLISECONDS */
    int cpu_seconds;       /* 0: LIMIT_CHILD_CPU_SECONDS */
    size_t memory_bytes;   /* RLIMIT_AS on top of what is mapped at the start; 0: 192 MB */
    bool reaches_out;      /* it asks others (network, other programs) about a message that it does not parse: of the
                              sandbox only the limits on CPU time, memory and core files hold */
};

/* Runs `work(fd, context)` in a forked child and waits for its end; never leaves a process behind.  `limits` NULL:
 * defaults. */
struct child_answer child_run(child_work *work, void *context, const struct child_limits *limits);

void child_answer_free(struct child_answer *answer);

/* Writes all of it; false when the parent is gone.  For use in `work`. */
bool child_write(int answer_fd, const void *bytes, size_t length);

#endif
