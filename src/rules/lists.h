/* lists.h - known hosts: free mailboxes, free web space, shorteners, and the brands that phishing borrows */
#ifndef TAMIS_RULES_LISTS_H
#define TAMIS_RULES_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/span.h"

/* Anybody gets a mailbox there for nothing. */
bool list_is_free_mail(struct span domain);

/* Anybody puts up a page there for nothing, under a name of that host. */
bool list_is_free_hosting(struct span host);

/* Hides the true address behind a short one. */
bool list_is_shortener(struct span host);

/* A firm whose name phishing borrows, and the domains it mails and links from. */
struct brand {
    const char *word;           /* lower case, one word as it stands in names and hosts */
    const char *const *domains; /* NULL-terminated */
};

/* The brand that stands as a word of its own in `text`, or NULL. */
const struct brand *list_brand_in(struct span text);

/* Does the host belong to the brand?  National domains count: amazon.de, paypal.fr. */
bool list_brand_owns(const struct brand *brand, struct span host);

#endif
