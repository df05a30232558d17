/* opened-folder.c - a folder of the user's own Maildir, open for work on its files */
#include "config.h"

#include "mailbox/opened-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/maildir-folder.h"
#include "mailbox/other-store.h"
#include "util/file.h"
#include "util/trusted-path.h"

static int open_directory_at(int parent_fd, const char *name)
{
    return openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* Opens new/ and cur/ of the directory `name` below the Maildir. */
static bool open_inside(struct opened_folder *folder, const char *name)
{
    int fd = open_directory_at(folder->root_fd, name);
    if (fd < 0)
        return false;
    folder->new_fd = open_directory_at(fd, "new");
    folder->cur_fd = folder->new_fd < 0 ? -1 : open_directory_at(fd, "cur");
    int error = errno;
    close(fd);
    errno = error;
    return folder->cur_fd >= 0;
}

static bool is_ours(const struct opened_folder *folder, const char *maildir, struct failure *failure)
{
    struct stat status;
    if (fstat(folder->root_fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at Maildir %s", maildir);
    if (status.st_uid == geteuid())
        return true;
    return failure_set(failure, FAILURE_PERMISSION,
                       "Maildir %s belongs to user %lu and this is user %lu: run it as its owner, or as root with "
                       "--all-users",
                       maildir, (unsigned long)status.st_uid, (unsigned long)geteuid());
}

static enum folder_opened open_layouts(const char *maildir, const char *folder_name, struct opened_folder *folder,
                                       struct failure *failure)
{
    char name[NAME_MAX + 2];
    snprintf(name, sizeof name, ".%s", folder_name ? folder_name : "");
    bool open = open_inside(folder, name);
    if (!open && errno == ENOENT && folder_name) {
        memmove(name, name + 1, strlen(name));
        open = open_inside(folder, name);
    }
    if (!open && errno == ENOENT)
        return FOLDER_MISSING;
    int length = folder_name ? snprintf(folder->path, sizeof folder->path, "%s/%s", maildir, name)
                             : snprintf(folder->path, sizeof folder->path, "%s", maildir);
    if (open && length > 0 && (size_t)length < sizeof folder->path)
        return FOLDER_OPENED;
    failure_set_errno(failure, FAILURE_INPUT, open ? ENAMETOOLONG : errno, "cannot open the folder %s of Maildir %s",
                      folder_name ? folder_name : "INBOX", maildir);
    return FOLDER_FAILED;
}

enum folder_opened opened_folder_open(const char *maildir, const char *name, struct opened_folder *folder,
                                      struct failure *failure)
{
    *folder = (struct opened_folder){ .root_fd = -1, .new_fd = -1, .cur_fd = -1 };
    if (name && !maildir_folder_name_is_valid(name)) {
        failure_set(failure, FAILURE_CONFIGURATION, "\"%s\" cannot be the name of a Maildir folder", name);
        return FOLDER_FAILED;
    }
    if (!trusted_path_check(maildir, PATH_OF_MAIL, failure))
        return FOLDER_FAILED;
    folder->root_fd = open(maildir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum folder_opened opened = FOLDER_FAILED;
    if (folder->root_fd < 0)
        failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open Maildir %s", maildir);
    else if (is_ours(folder, maildir, failure) && other_store_none(folder->root_fd, maildir, failure))
        opened = open_layouts(maildir, name, folder, failure);
    if (opened != FOLDER_OPENED)
        opened_folder_close(folder);
    return opened;
}

void opened_folder_close(struct opened_folder *folder)
{
    int *fds[] = { &folder->root_fd, &folder->new_fd, &folder->cur_fd };
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

bool opened_folder_path(const struct opened_folder *folder, bool is_new, const char *name, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/%s/%s", folder->path, is_new ? "new" : "cur", name);
    return length > 0 && length < PATH_MAX;
}

static bool visit_directory(const struct opened_folder *folder, bool is_new,
                            void (*visit)(void *context, int directory_fd, const char *name, bool is_new),
                            void *context, struct failure *failure)
{
    int fd = openat(is_new ? folder->new_fd : folder->cur_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot list the folder %s", folder->path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory)); errno = 0)
        if (entry->d_name[0] != '.')
            visit(context, dirfd(directory), entry->d_name, is_new);
    int error = errno;
    closedir(directory);
    return error == 0
           || failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot list the folder %s", folder->path);
}

bool opened_folder_visit(const struct opened_folder *folder,
                         void (*visit)(void *context, int directory_fd, const char *name, bool is_new), void *context,
                         struct failure *failure)
{
    return visit_directory(folder, true, visit, context, failure)
           && visit_directory(folder, false, visit, context, failure);
}
