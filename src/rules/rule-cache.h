/* rule-cache.h - the rule files of a user: found, compiled when they have changed, kept compiled in a file
 *
 * A delivery looks at the names, sizes and times of the rule files (a stamp of them stands in the image) and maps the
 * image it finds; nothing is read or compiled.  When the stamp is another, the files are compiled in a child of its own
 * (child.h), because a file that breaks the compiler must not break the delivery, and the image is written for the next
 * time.  Where it cannot be written, it is used from memory, which costs every delivery some milliseconds, and said.
 *
 * An image holds compiled code of PCRE2, which is believed, so that it is taken from a regular file only that belongs
 * to root or to this user and that nobody else may write to.
 */
#ifndef TAMIS_RULES_RULE_CACHE_H
#define TAMIS_RULES_RULE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rule-compile.h"
#include "rules/rule-set.h"
#include "util/arena.h"
#include "util/failure.h"
#include "util/log.h"

/* Where rules are, in the order in which they are read; "" or NULL: nowhere. */
struct rule_sources {
    const char *shipped;       /* folders whose files *.rules are read */
    const char *administrator;
    const char *user;          /* its files must belong to root or this user, as an image must */
    const char *shared_cache;  /* files an image may be in: of the machine, read only... */
    const char *user_cache;    /* ...and of this user, which is written */
};

/* The rules of this user, opened.  It must outlive what refers to names and descriptions of rules. */
struct rule_cache;

/* What the caller should log. */
typedef void rule_cache_notice(void *context, enum log_severity severity, const char *text);

/* Never fails: what cannot be read or compiled is told to `notice` (which may be NULL) and is missing.  Of what could
 * not be read just now no image is kept, so that it is missing this time and not for good. */
struct rule_cache *rule_cache_open(const struct rule_sources *sources, rule_cache_notice *notice, void *context);
void rule_cache_close(struct rule_cache **cache);

/* NULL when there are no rules. */
const struct rule_set *rule_cache_set(const struct rule_cache *cache);

/* Compiles and writes the image to `path`, whether it is needed or not.  `count` is the number of rules. */
bool rule_cache_write(const struct rule_sources *sources, const char *path, rule_cache_notice *notice, void *context,
                      size_t *count, struct failure *failure);

/* Reads all files of the sources into `list`, for who wants to look at them: `rules check`. */
void rule_cache_read_files(const struct rule_sources *sources, struct rule_list *list);

#endif
