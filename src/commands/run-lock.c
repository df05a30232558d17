/* run-lock.c - one run at a time of what works through a user's mailbox */
#include "commands/run-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "util/file.h"
#include "util/file-lock.h"
#include "util/state-directory.h"

/* A run takes seconds, or minutes. */
#define PAUSE_MILLISECONDS 100

int run_lock_take(const char *directory, const char *name, int wait_milliseconds, struct failure *failure)
{
    char path[PATH_MAX];
    if (!state_directory_make(directory, failure))
        return RUN_LOCK_FAILED;
    int fd = file_join(path, sizeof path, directory, name)
                 ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)
                 : -1;
    if (fd < 0) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open the lock in %s", directory);
        return RUN_LOCK_FAILED;
    }
    if (file_lock(fd, true, wait_milliseconds, PAUSE_MILLISECONDS))
        return fd;
    int error = errno;
    close(fd);
    if (error == EWOULDBLOCK)
        return RUN_LOCK_BUSY;
    failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot lock in %s", directory);
    return RUN_LOCK_FAILED;
}
