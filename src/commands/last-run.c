/* last-run.c - when a nightly command last ran with success */
#include "commands/last-run.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool mark_path(const char *state_directory, const char *name, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/last-run.%s", state_directory, name);
    return length > 0 && length < PATH_MAX;
}

void last_run_note(const char *state_directory, const char *name)
{
    char path[PATH_MAX];
    if (!mark_path(state_directory, name, path))
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0)
        return;
    futimens(fd, NULL);
    close(fd);
}

int64_t last_run_time(const char *state_directory, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    return mark_path(state_directory, name, path) && lstat(path, &status) == 0 ? (int64_t)status.st_mtime : 0;
}
