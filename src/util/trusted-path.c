/* trusted-path.c - does a path lead only through what nobody else can change? */
#include "config.h"

#include "util/trusted-path.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as the kernel follows. */
#define LINKS_MOST 40

/* Not zeroed: a page of the stack that is not touched costs nothing. */
struct walk {
    enum path_use use;
    uid_t user, host;    /* who runs this; who owns "/" */
    const char *rest;    /* to be looked at */
    int links;
    struct failure *failure;
    char done[PATH_MAX]; /* looked at, without links; "" is "/" */
};

static bool is_trusted(const struct walk *walk, uid_t owner)
{
    return owner == walk->user || owner == walk->host || owner == 0;
}

static bool is_group_of_user(const struct walk *walk, gid_t group)
{
    const struct group *group_entry = getgrgid(group);
    const struct passwd *user_entry = getpwuid(walk->user);
    if (group_entry && user_entry)
        return strcmp(group_entry->gr_name, user_entry->pw_name) == 0;
    return !group_entry && !user_entry && (unsigned long)group == (unsigned long)walk->user;
}

static bool group_may_write(const struct walk *walk, const struct stat *status)
{
    return status->st_mode & S_IWGRP && status->st_uid != 0 && status->st_uid != walk->host &&
           !is_group_of_user(walk, status->st_gid);
}

static bool folder_is_trusted(const struct walk *walk, const struct stat *status)
{
    const char *name = *walk->done ? walk->done : "/";
    bool is_last = walk->rest[strspn(walk->rest, "/")] == '\0', is_private = walk->use == PATH_PRIVATE;
    bool is_sticky = status->st_mode & S_ISVTX && !is_last;
    if (is_last && !is_private)
        return true;
    if (is_private && !is_trusted(walk, status->st_uid))
        return failure_set(walk->failure, FAILURE_PERMISSION, "%s belongs to user %lu, and this is user %lu", name,
                           (unsigned long)status->st_uid, (unsigned long)walk->user);
    if (status->st_mode & S_IWOTH && !is_sticky)
        return failure_set(walk->failure, FAILURE_PERMISSION, "everybody may write into %s: chmod o-w it", name);
    if (is_private && !is_sticky && group_may_write(walk, status))
        return failure_set(walk->failure, FAILURE_PERMISSION, "group %lu may write into %s: chmod g-w it",
                           (unsigned long)status->st_gid, name);
    return true;
}

/* Moves the first name of the rest behind what is done: 1 done, 0 there is no more, -1 too long. */
static int step(struct walk *walk)
{
    size_t start = strspn(walk->rest, "/"), length = strcspn(walk->rest + start, "/"), used = strlen(walk->done);
    const char *name = walk->rest + start;
    if (length == 0)
        return 0;
    if (length == 2 && strncmp(name, "..", 2) == 0) {
        if (used)
            *strrchr(walk->done, '/') = '\0';
    } else if (length != 1 || *name != '.') {
        if (used + length + 2 > sizeof walk->done)
            return -1;
        walk->done[used] = '/';
        memcpy(walk->done + used + 1, name, length);
        walk->done[used + 1 + length] = '\0';
    }
    walk->rest = name + length;
    return 1;
}

static bool go_on(struct walk *walk);

/* What the link at `done` says stands before the rest now; true as well when that is too long, which opening says
 * better.  A function of its own, for its memory is taken only where there are links. */
__attribute__((noinline)) static bool go_through_link(struct walk *walk)
{
    char target[PATH_MAX], rest[PATH_MAX];
    ssize_t length = readlink(walk->done, target, sizeof target - 1);
    if (length <= 0 || ++walk->links > LINKS_MOST)
        return true;
    target[length] = '\0';
    if (snprintf(rest, sizeof rest, "%s/%s", target, walk->rest) >= (int)sizeof rest)
        return true;
    walk->rest = rest;
    *(target[0] == '/' ? walk->done : strrchr(walk->done, '/')) = '\0';
    return go_on(walk);
}

/* To the end of the path, or to what is not trusted. */
static bool go_on(struct walk *walk)
{
    struct stat status;
    while (step(walk) > 0) {
        if (lstat(*walk->done ? walk->done : "/", &status) != 0)
            return true;
        if (S_ISLNK(status.st_mode) && is_trusted(walk, status.st_uid))
            return go_through_link(walk);
        if (S_ISLNK(status.st_mode))
            return failure_set(walk->failure, FAILURE_PERMISSION, "%s is a link of user %lu, and this is user %lu",
                               walk->done, (unsigned long)status.st_uid, (unsigned long)walk->user);
        if (!folder_is_trusted(walk, &status))
            return false;
    }
    return true;
}

bool trusted_path_check(const char *path, enum path_use use, struct failure *failure)
{
    struct walk walk;
    struct stat status;
    if (strlen(path) >= PATH_MAX || lstat("/", &status) != 0)
        return true; /* opening it will say why it cannot be */
    walk.use = use;
    walk.user = geteuid();
    walk.host = status.st_uid;
    walk.rest = path;
    walk.links = 0;
    walk.failure = failure;
    walk.done[0] = '\0';
    return go_on(&walk);
}
