/* state-directory.c - the folder of what is remembered for a user */
#include "util/state-directory.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

bool state_directory_make(const char *path, struct failure *failure)
{
    struct stat status;
    if (!*path)
        return failure_set(failure, FAILURE_CONFIGURATION, "there is no state directory: see the setting state_dir");
    if (!file_make_directories(path, 0700, failure))
        return false;
    if (stat(path, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at %s", path);
    return status.st_uid == geteuid() ||
           failure_set(failure, FAILURE_PERMISSION, "%s belongs to somebody else: run this as its owner", path);
}
