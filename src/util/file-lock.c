/* file-lock.c - a lock on an open file, waited for until a deadline */
#include "util/file-lock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/file.h>
#include <time.h>

#include "util/clock.h"

bool file_lock(int fd, bool exclusive, int milliseconds, int pause_milliseconds)
{
    const struct timespec pause = { .tv_nsec = pause_milliseconds * 1000000L };
    int64_t deadline = 0;
    while (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        int error = errno;
        /* Changing a shared lock to an exclusive one must not hold on to the shared one: two who try would wait for
         * each other. */
        flock(fd, LOCK_UN);
        /* Pauses cannot be counted instead: on a busy machine each of them is much longer than it should be. */
        if (deadline == 0)
            deadline = clock_milliseconds() + milliseconds;
        bool may_come = error == EWOULDBLOCK || error == EINTR;
        if (!may_come || clock_milliseconds() >= deadline) {
            errno = may_come ? EWOULDBLOCK : error;
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}
