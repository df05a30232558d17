/* places.h - where this user's files are: home directory, XDG directories, and paths with %u and %h in them
 *
 * The user's name becomes part of a path, and a mail system may take it from an address that a stranger wrote: a name
 * that is empty, begins with a dot, or holds a slash or a control byte is refused, never repaired.
 *
 * Sources: XDG Base Directory Specification 0.8 (a relative path in one of its variables is to be ignored).
 */
#ifndef TAMIS_CONFIG_PLACES_H
#define TAMIS_CONFIG_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/failure.h"

struct places {
    struct arena *arena; /* borrowed; holds every text that is handed out */
    const char *user;    /* NULL: asked of the system when first needed, which costs a look into the user database */
    const char *home;    /* absolute, or NULL when there is none */
};

/* `user` NULL: USER, LOGNAME, then the system's user database, then the number.  Home: HOME when absolute, else the
 * database. */
struct places places_find(struct arena *arena, const char *user);

/* "~/" and %u %n %d %h %% in `path` expanded.  NULL with `failure` set when that gives no absolute path, or when the
 * user's name is no good for one.  %n is what stands before the @ of the user's name, %d what stands behind it. */
const char *places_expand(struct places *places, const char *path, struct failure *failure);

/* The same for a path that somebody wrote on the command line, which may also be one below the current directory. */
const char *places_expand_given(struct places *places, const char *path, struct failure *failure);

/* What places_expand_given() makes the absolute `path` of: each % doubled. */
const char *places_quote(struct arena *arena, const char *path);

/* The same letters in what is no path. */
const char *places_expand_word(struct places *places, const char *word, struct failure *failure);

/* $VARIABLE/tail when the variable holds an absolute path, else ~/fallback/tail; NULL when there is no home either. */
const char *places_by_xdg(const struct places *places, const char *variable, const char *fallback, const char *tail);

/* `path` itself when absolute, else below the current directory; NULL when that is gone. */
const char *places_absolute(const struct places *places, const char *path);

#endif
