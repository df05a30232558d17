/* owner.c - work for a user is done with the rights of that user, never with root's */
#include "config.h"

#include "commands/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_only(uid_t uid, gid_t gid)
{
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    return getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid && saved == uid &&
           getresgid(&real_group, &effective_group, &saved_group) == 0 && real_group == gid &&
           effective_group == gid && saved_group == gid;
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

/* The group that the user database says, since a home may belong to any. */
static gid_t group_of(const struct stat *place)
{
    const struct passwd *entry = getpwuid(place->st_uid);
    return entry ? entry->pw_gid : place->st_gid;
}

/* False: it is not there, so it is nobody's yet. */
static bool look_at_place(const struct config_sources *sources, struct stat *status)
{
    const char *place = sources->state_directory ? sources->state_directory
                        : sources->maildir       ? sources->maildir
                                                 : getenv("HOME");
    return place && stat(place, status) == 0;
}

enum owner_work owner_of_work(const struct config_sources *sources)
{
    struct stat place;
    return geteuid() == 0 && look_at_place(sources, &place) && place.st_uid != 0 ? OWNER_IS_OTHER : OWNER_IS_SELF;
}

bool owner_drop_to(const struct config_sources *sources, struct failure *failure)
{
    struct stat place;
    return look_at_place(sources, &place)
               ? owner_become(place.st_uid, group_of(&place), failure)
               : failure_set(failure, FAILURE_PERMISSION, "whose mailbox it is cannot be seen");
}
