/* trusted-path.h - does a path lead only through what nobody else can change?
 *
 * Who may write a folder on the way may put another in the place of what is in it, and a link leads where its owner
 * wants.  So a path is walked part by part, links and what they lead to included (as OpenSSH's safe_path() does, but
 * with links).  What is trusted: the user who runs this, root, and whoever owns "/", which is root under another number
 * where user numbers are mapped.  Refused are
 *
 *     a link of anybody else
 *     a folder that everybody may write, without the sticky bit
 *     for PATH_PRIVATE also: a folder of anybody else; and one that a group may write, unless root made it so, or the
 *     group is the user's own, by its name (where neither has one: by its number)
 *
 * The walk ends well where something is not there yet: who makes it makes it in a folder that was looked at.  It costs
 * one system call a part, and holds for as long as what is trusted stays away from the path.
 */
#ifndef TAMIS_UTIL_TRUSTED_PATH_H
#define TAMIS_UTIL_TRUSTED_PATH_H

#include <stdbool.h>

#include "util/failure.h"

enum path_use {
    PATH_OF_MAIL, /* a Maildir, whose own owner and mode the caller looks at once it is open: hosts give the folders
                     above to many users and groups */
    PATH_PRIVATE  /* a folder whose files are opened by path; its own owner and mode count as well */
};

/* `path` is absolute.  False: `failure` says which part of it is whose. */
bool trusted_path_check(const char *path, enum path_use use, struct failure *failure);

#endif
