/* owner.c - work for a user is done with the rights of that user, never with root's */
#include "config.h"

#include "commands/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/places.h"

/* Of groups no other than this one; none at all is what some containers leave. */
static bool has_no_other_group(gid_t gid)
{
    gid_t group = gid;
    int count = getgroups(1, &group); /* fails when there are more */
    return count == 0 || (count == 1 && group == gid);
}

static bool has_only(uid_t uid, gid_t gid)
{
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    return getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid && saved == uid &&
           getresgid(&real_group, &effective_group, &saved_group) == 0 && real_group == gid &&
           effective_group == gid && saved_group == gid && has_no_other_group(gid);
}

/* Succeeds only where rights are left that should be gone. */
static bool can_be_root_again(gid_t gid)
{
    return setuid(0) == 0 || seteuid(0) == 0 || (gid != 0 && setgid(0) == 0);
}

bool owner_become(uid_t uid, gid_t gid, struct failure *failure)
{
    if (geteuid() != 0)
        return (getuid() == uid && geteuid() == uid) ||
               failure_set(failure, FAILURE_PERMISSION, "this is user %lu, not user %lu", (unsigned long)geteuid(),
                           (unsigned long)uid);
    if (uid == 0)
        return failure_set(failure, FAILURE_PERMISSION, "root is nobody to become");
    if (setgroups(1, &gid) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
        return failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot become user %lu", (unsigned long)uid);
    return (has_only(uid, gid) && !can_be_root_again(gid)) ||
           failure_set(failure, FAILURE_PERMISSION, "rights of root are left after becoming user %lu",
                       (unsigned long)uid);
}

/* What getpwuid(3) may leave in errno where there is no such user.  All else says that it could not be asked. */
static bool says_none(int error)
{
    return error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
}

/* The group that the user database says, since a home may belong to any, root's among them. */
static bool find_group(const struct stat *place, gid_t *group, struct failure *failure)
{
    errno = 0;
    const struct passwd *entry = getpwuid(place->st_uid);
    *group = entry ? entry->pw_gid : place->st_gid;
    return entry || says_none(errno) ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "the group of user %lu cannot be looked up",
                             (unsigned long)place->st_uid);
}

enum look { LOOK_SEEN, LOOK_NOT_THERE, LOOK_FAILED };

static enum look look_at(const char *path, struct stat *status, struct failure *failure)
{
    if (stat(path, status) == 0)
        return LOOK_SEEN;
    if (errno == ENOENT || errno == ENOTDIR)
        return LOOK_NOT_THERE;
    failure_set_errno(failure, FAILURE_TEMPORARY, errno, "whose mailbox it is cannot be seen: %s", path);
    return LOOK_FAILED;
}

#define PLACE_ARENA ((size_t)64 * 1024)

/* At the first that is there: what is not there is nobody's yet.  An option that cannot be expanded says nothing:
 * config_load() refuses it. */
static enum look look_at_place(const struct config_sources *sources, struct stat *status, struct failure *failure)
{
    struct arena *arena = arena_new(PLACE_ARENA);
    struct places places = places_find(arena, sources->user);
    const char *const given[] = { sources->state_directory, sources->maildir };
    enum look look = LOOK_NOT_THERE;
    for (size_t i = 0; i < sizeof given / sizeof given[0] && look == LOOK_NOT_THERE; i++) {
        struct failure refused;
        const char *path = given[i] ? places_expand_given(&places, given[i], &refused) : NULL;
        if (path)
            look = look_at(path, status, failure);
    }
    if (look == LOOK_NOT_THERE && getenv("HOME"))
        look = look_at(getenv("HOME"), status, failure);
    arena_free(arena);
    return look;
}

enum owner_work owner_of_work(const struct config_sources *sources, struct failure *failure)
{
    struct stat place;
    if (geteuid() != 0)
        return OWNER_IS_SELF;
    switch (look_at_place(sources, &place, failure)) {
    case LOOK_SEEN:
        return place.st_uid == 0 ? OWNER_IS_SELF : OWNER_IS_OTHER;
    case LOOK_FAILED:
        return OWNER_IS_UNKNOWN;
    case LOOK_NOT_THERE:
        break;
    }
    return OWNER_IS_SELF;
}

bool owner_drop_to(const struct config_sources *sources, struct failure *failure)
{
    struct stat place;
    gid_t group;
    switch (look_at_place(sources, &place, failure)) {
    case LOOK_SEEN:
        return find_group(&place, &group, failure) && owner_become(place.st_uid, group, failure);
    case LOOK_NOT_THERE:
        failure_set(failure, FAILURE_TEMPORARY, "whose mailbox it is cannot be seen any more");
        break;
    case LOOK_FAILED:
        break;
    }
    return false;
}
