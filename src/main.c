/* main.c - argv[1] names a command of the table; an unexpected death is temporary, so that no caller loses mail */
#include <signal.h>

#include "commands/command-line.h"
#include "util/failure.h"

int main(int argc, char **argv)
{
    failure_make_death_temporary();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is a write error with a reason, not a death */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that has reached its limit */
    return command_line_run(argc, argv);
}
