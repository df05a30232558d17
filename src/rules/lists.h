/* lists.h - known hosts: free mailboxes, free web space, shorteners, and the brands that phishing borrows */
#ifndef TAMIS_RULES_LISTS_H
#define TAMIS_RULES_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/host-table.h"
#include "util/span.h"

/* What the lists say of the host and of the domains above it: bits of enum host_mark. */
unsigned list_marks(struct span host);

/* Anybody gets a mailbox there for nothing. */
static inline bool list_is_free_mail(struct span domain)
{
    return (list_marks(domain) & HOST_FREE_MAIL) != 0;
}

/* Does an address with that host and path lead on to wherever its writer wants? */
bool list_is_redirector(struct span host, struct span path);

/* A firm whose name phishing borrows, and the domains it mails and links from. */
struct brand {
    struct span word;           /* lower case, one word as it stands in names and hosts */
    const char *const *domains; /* NULL-terminated */
    bool is_surname;            /* people are called that too */
};

/* The brand that stands as a word of its own in `text`, or NULL. */
const struct brand *list_brand_in(struct span text);

/* The brand that a word of the host is written to look like without being it: "paypa1", "rnicrosoft"; or NULL. */
const struct brand *list_brand_like(struct span host);

/* Does the host belong to the brand?  National domains count: amazon.de, paypal.fr. */
bool list_brand_owns(const struct brand *brand, struct span host);

/* Does everybody link to it, so that nothing follows from who else did?  Free mail, shorteners, the door of free web
 * space, known firms, and what spam takes its logos and its footer from. */
bool list_is_of_everybody(struct span host);

#endif
