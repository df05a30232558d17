/* main.c - argv[1] names a command of the table; an unexpected death is temporary, so that no caller loses mail */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "commands/command-line.h"
#include "util/failure.h"

/* A standard stream that the caller closed would be the first file we open, and what we print would go into the store.
 * Its place is taken by what cannot be read from or written to, so that it fails as a closed one does; but for stderr,
 * whose loss is no failure. */
static void occupy_closed_streams(void)
{
    static const int modes[] = { [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY };
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", modes[fd]); /* gives the lowest free number: `fd` */
}

int main(int argc, char **argv)
{
    occupy_closed_streams();
    failure_make_death_temporary();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is a write error with a reason, not a death */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that has reached its limit */
    signal(SIGCHLD, SIG_DFL); /* where the caller ignores it, the exit status of our children would be lost */
    return command_line_run(argc, argv);
}
