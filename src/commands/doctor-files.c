/* doctor-files.c - `tamis doctor`: are state directory and Maildir there, and the user's own */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/doctor.h"
#include "mailbox/other-store.h"
#include "util/file.h"
#include "util/translate.h"
#include "util/trusted-path.h"

/* Whose a directory is, and who may write it; true when the rest can be looked at. */
static bool check_directory(struct doctor *doctor, const char *what, const char *path, mode_t forbidden)
{
    struct stat status;
    unsigned long user = geteuid();
    if (stat(path, &status) != 0) {
        if (errno == ENOENT)
            return false;
        doctor_find(doctor, STATE_PROBLEM, "%s %s cannot be looked at: %s", what, path, strerror(errno));
        doctor_advise(doctor, "let user %lu read it", user);
        return false;
    }
    if (status.st_uid != user) {
        doctor_find(doctor, STATE_PROBLEM, "%s %s belongs to user %lu, and this is user %lu", what, path,
                    (unsigned long)status.st_uid, user);
        doctor_advise(doctor, "run tamis as the owner of the mail, or chown -R %lu %s", user, path);
        return false;
    }
    if (status.st_mode & forbidden) {
        doctor_find(doctor, STATE_PROBLEM, "%s %s is open to others (mode %03o)", what, path,
                    (unsigned)(status.st_mode & 0777));
        doctor_advise(doctor, "chmod %s %s", forbidden & S_IRGRP ? "go-rwx" : "o-w", path);
    }
    return true;
}

/* What others could put in its place, above it. */
static void check_way(struct doctor *doctor, const char *path, enum path_use use)
{
    struct failure failure;
    if (trusted_path_check(path, use, &failure))
        return;
    doctor_find(doctor, STATE_PROBLEM, "%s is not used: %s", path, failure.reason);
    doctor_advise(doctor, "let every folder and link on the way be root's or user %lu's, and nobody else write there",
                  (unsigned long)geteuid());
}

/* --- state directory ---------------------------------------------------------------------------------------------- */

static bool is_the_users(int directory_fd, const char *name)
{
    struct stat status;
    return name[0] == '.' || fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
           (status.st_uid == geteuid() && faccessat(directory_fd, name, R_OK | W_OK, AT_EACCESS) == 0);
}

/* Files that belong to somebody else: what a run as root leaves behind, and the end of all learning. */
static void check_state_files(struct doctor *doctor, const char *path)
{
    DIR *directory = opendir(path);
    size_t foreign = 0;
    char example[NAME_MAX + 1] = "";
    if (!directory) {
        doctor_find(doctor, STATE_PROBLEM, "%s cannot be listed: %s", path, strerror(errno));
        doctor_advise(doctor, "let user %lu read it", (unsigned long)geteuid());
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory));) {
        if (is_the_users(dirfd(directory), entry->d_name))
            continue;
        foreign++;
        snprintf(example, sizeof example, "%s", entry->d_name);
    }
    closedir(directory);
    if (!foreign)
        return;
    doctor_find(doctor, STATE_PROBLEM, "%zu files in %s cannot be written by their user, such as %s", foreign, path,
                example);
    doctor_advise(doctor, "chown -R %lu %s; chmod -R u+rwX %s", (unsigned long)geteuid(), path, path);
}

void doctor_check_state(struct doctor *doctor)
{
    const char *refused = doctor->settings->refused_state;
    const char *path = refused ? refused : doctor->settings->state_directory;
    size_t before = doctor->count;
    if (!*path) {
        doctor_find(doctor, STATE_PROBLEM,
                    "this user has no home directory, so there is no place for what is learned");
        doctor_advise(doctor, "set state_dir, for example to /var/lib/tamis/%%u");
        return;
    }
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        doctor_find(doctor, STATE_NOTE, "%s does not exist yet; the first lesson makes it", path);
        return;
    }
    if (check_directory(doctor, _("the state directory"), path, S_IRWXG | S_IRWXO))
        check_state_files(doctor, path);
    if (doctor->count == before && refused)
        check_way(doctor, path, PATH_PRIVATE);
    if (doctor->count == before)
        doctor_find(doctor, STATE_FINE, "%s is the user's own", path);
}

/* --- Maildir ------------------------------------------------------------------------------------------------------ */

static void check_inner_directory(struct doctor *doctor, const char *maildir, const char *name)
{
    char path[PATH_MAX];
    bool fits = file_join(path, sizeof path, maildir, name);
    if (fits && access(path, R_OK | W_OK | X_OK) == 0)
        return;
    doctor_find(doctor, STATE_PROBLEM, "%s/%s: %s", maildir, name, strerror(fits ? errno : ENAMETOOLONG));
    doctor_advise(doctor, "is %s a Maildir? set maildir to where the mail is", maildir);
}

/* Mail in another format, where the mail server sees nothing of what tamis would do in a Maildir.  True: none. */
static bool check_format(struct doctor *doctor, const char *maildir)
{
    struct failure failure;
    int fd = open(maildir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool none = fd < 0 || other_store_none(fd, maildir, &failure);
    if (fd >= 0)
        close(fd);
    if (none)
        return true;
    doctor_find(doctor, STATE_PROBLEM, "%s", failure.reason);
    if (failure.kind == FAILURE_INPUT)
        doctor_advise(doctor, "set maildir to where a Maildir is; or leave delivery and folders to the mail server: "
                              "tamis filter judges, and moves that it reports are learned (tamis-integration(7))");
    return false;
}

void doctor_check_maildir(struct doctor *doctor)
{
    const char *path = doctor->settings->maildir.path;
    size_t before = doctor->count;
    static const char *const needed[] = { "cur", "new", "tmp" };
    bool there = check_directory(doctor, "Maildir", path, S_IWOTH);
    if (!there && doctor->count == before) {
        doctor_find(doctor, STATE_PROBLEM, "there is no Maildir at \"%s\"", path);
        doctor_advise(doctor, "set maildir to where the mail is, or give --maildir");
    }
    there = there && check_format(doctor, path);
    for (size_t i = 0; there && i < sizeof needed / sizeof needed[0]; i++)
        check_inner_directory(doctor, path, needed[i]);
    if (there && doctor->count == before)
        check_way(doctor, path, PATH_OF_MAIL);
    if (doctor->count == before)
        doctor_find(doctor, STATE_FINE, "%s is the user's own", path);
}
