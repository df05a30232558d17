/* shared-count.h - the reports of many users, counted: how many of them say so of each text, relay and host
 *
 * Users are counted, never reports: whoever reports a text a hundred times is one, and whoever called it spam in one
 * message and ham in another called it ham.  Who left one of them alone speaks for ham as well, with half the weight:
 * mailing lists and providers hand over everybody's spam, but hardly anybody says of the rest that it is none.
 * Counting is told when a user ends; what came until then is that user's.
 *
 * Reports are dropped that are older than so many days or from tomorrow.  Of one user at most SHARED_USER_NAMES names
 * are heard, all that his files can hold, and of all together SHARED_NAMES_MOST, as some 900 users with full files and
 * nothing in common have: once hardly any room comes free by putting together what is the same, nobody is heard who
 * comes behind, and it is said that some were left out.
 */
#ifndef TAMIS_OUTSIDE_SHARED_COUNT_H
#define TAMIS_OUTSIDE_SHARED_COUNT_H

#include "outside/shared-spool.h"
#include "outside/shared-table.h"

#define SHARED_USER_FILES 4 /* of one user: several state directories, or a store that was made anew */
#define SHARED_USER_NAMES ((size_t)SHARED_USER_FILES * SHARED_SPOOL_SLOTS * (TEXT_PRINTS + SHARED_REPORT_HOSTS + 1))
#define SHARED_NAMES_MOST ((size_t)1 << 24) /* 256 MB */

struct shared_count;

/* NULL without memory.  `now`: seconds since 1970; `names_most`: of all together, SHARED_NAMES_MOST. */
struct shared_count *shared_count_new(int64_t now, int days, size_t names_most);
void shared_count_free(struct shared_count **count);

void shared_count_end_user(struct shared_count *count);
/* A shared_spool_visit() whose context is the counting. */
void shared_count_report(void *count, const struct shared_report *report);

/* `table`: what at least SHARED_USERS_LEAST users called spam, rising by name; belongs to the counting.  `full`:
 * something was left out, for there is more than SHARED_NAMES_MOST.  False without memory for what came: then there is
 * none of this, as a table without half of the users would be taken for what they say. */
bool shared_count_finish(struct shared_count *count, const struct shared_entry **table, size_t *entries,
                         struct shared_facts *facts, bool *full);

#endif
