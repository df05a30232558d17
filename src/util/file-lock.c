/* file-lock.c - a lock on an open file, waited for until a deadline */
#include "util/file-lock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/file.h>
#include <time.h>

#include "util/clock.h"

/* Gives errno.  A signal says nothing of who has the lock, so it is asked again. */
static int try_lock(int fd, bool exclusive)
{
    int error;
    do
        error = flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 ? 0 : errno;
    while (error == EINTR);
    return error;
}

bool file_lock(int fd, bool exclusive, int milliseconds, int pause_milliseconds)
{
    const struct timespec pause = { .tv_nsec = pause_milliseconds * 1000000L };
    int64_t deadline = 0;
    for (int error; (error = try_lock(fd, exclusive)) != 0;) {
        /* Changing a shared lock to an exclusive one must not hold on to the shared one: two who try would wait for
         * each other. */
        flock(fd, LOCK_UN);
        /* Pauses cannot be counted instead: on a busy machine each of them is much longer than it should be. */
        if (deadline == 0)
            deadline = clock_milliseconds() + milliseconds;
        if (error != EWOULDBLOCK || clock_milliseconds() >= deadline) {
            errno = error;
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}
