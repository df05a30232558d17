/* background.c - work that nobody waits for */
#include "util/background.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void work_alone(background_work *work, void *context)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    setsid();
    if (nothing < 0)
        _exit(EXIT_FAILURE);
    for (int fd = 0; fd <= 2; fd++)
        dup2(nothing, fd);
    work(context);
    _exit(EXIT_SUCCESS);
}

void background_start(background_work *work, void *context)
{
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0)
            work_alone(work, context);
        _exit(EXIT_SUCCESS);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}
