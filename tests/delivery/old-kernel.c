/* old-kernel.c - runs a command as on a kernel without the sandbox's system calls: old-kernel ENOSYS|EPERM|EINVAL
 * COMMAND... */
#include <stdio.h>
#include <string.h>

#include "tests/old-kernel.h"

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int error;
    } errors[] = { { "ENOSYS", ENOSYS }, { "EPERM", EPERM }, { "EINVAL", EINVAL } };
    for (size_t i = 0; count > 2 && i < sizeof errors / sizeof errors[0]; i++) {
        if (strcmp(arguments[1], errors[i].name) != 0)
            continue;
        if (!play_old_kernel(errors[i].error))
            return 77;
        execvp(arguments[2], arguments + 2);
    }
    fprintf(stderr, "old-kernel: cannot run the command\n");
    return 99;
}
