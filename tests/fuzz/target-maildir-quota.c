/* target-maildir-quota.c - maildirsize, and the sizes that file names say, which others write
 *
 * The first line is the name of a file in new/, the rest is maildirsize; its time is long ago, so that what says "over
 * quota" is counted again.
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/maildir-quota.h"

#define MESSAGE_BYTES 100

/* A name that the folder can have. */
static char *file_name(struct span line, struct arena *arena)
{
    char *name = fuzz_string(span_head(line, NAME_MAX), arena);
    for (char *at = name; *at; at++)
        if (*at == '/')
            *at = '_';
    return strcmp(name, "") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? NULL : name;
}

static int64_t length_of(int root_fd)
{
    struct stat status;
    return fstatat(root_fd, "maildirsize", &status, 0) == 0 ? status.st_size : -1;
}

FUZZ_TARGET(maildir_quota, "maildirsize is read, counted again and added to")
{
    int root_fd = open(fuzz_scratch(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fuzz_require(root_fd >= 0);
    mkdirat(root_fd, "new", 0700);
    mkdirat(root_fd, "tmp", 0700);
    int new_fd = openat(root_fd, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *name = file_name(fuzz_take_line(&input), arena);
    int fd = name ? openat(new_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd >= 0)
        close(fd);
    fuzz_require(!name || maildir_quota_size(new_fd, name) >= 0);
    fuzz_file("maildirsize", input, arena);
    const struct timespec long_ago[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
    utimensat(root_fd, "maildirsize", long_ago, 0);
    enum maildir_quota first = maildir_quota_check(root_fd, MESSAGE_BYTES);
    fuzz_require(maildir_quota_check(root_fd, MESSAGE_BYTES) == first);
    int64_t length = length_of(root_fd);
    fuzz_require(length >= 0);
    maildir_quota_take(root_fd, MESSAGE_BYTES, 1);
    fuzz_require(length_of(root_fd) > length);
    fuzz_file_remove("maildirsize");
    fuzz_require(maildir_quota_check(root_fd, MESSAGE_BYTES) == MAILDIR_QUOTA_NONE);
    if (fd >= 0)
        unlinkat(new_fd, name, 0);
    close(new_fd);
    close(root_fd);
}
