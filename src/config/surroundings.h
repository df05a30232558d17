/* surroundings.h - what the settings say about this site, as the checks take it: networks, domains, addresses */
#ifndef TAMIS_CONFIG_SURROUNDINGS_H
#define TAMIS_CONFIG_SURROUNDINGS_H

#include "config/config.h"
#include "util/arena.h"

/* Fills settings->rule_context from the texts beside it; everything lives in `arena`.  `user` is the name the program
 * was started for, or NULL.  It is the mailbox owner's address when it has an '@'; a bare name is an address at the
 * first of the site's own domains, when there are any. */
void surroundings_settle(struct settings *settings, const char *user, struct arena *arena);

#endif
