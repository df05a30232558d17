/* stats-lines.h - the figures of one user as lines, and many users' lines added up
 *
 * Each user's own process writes them (`tamis stats --lines`), with that user's rights; the administrator's reads them
 * and trusts nothing: a user can make his process say what he likes.  Lines that are not of this form are passed over,
 * numbers are bounded, and so are the lists.  Whatever one process writes are the figures of one user.
 *
 *     tamis-stats 1 FIRST LAST        the first line; days since 1970
 *     times BEGAN LAST                seconds since 1970
 *     all COUNTS                      33 numbers, as in struct daybook_counts
 *     day DAY COUNTS
 *     rule NAME POINTS HAM UNSURE SPAM CALLED-HAM CALLED-SPAM
 *     relay ADDRESS HAM SPAM DAY
 *     junk MESSAGES BYTES
 *     learned HAM SPAM LAST-HAM LAST-SPAM
 */
#ifndef TAMIS_COMMANDS_STATS_LINES_H
#define TAMIS_COMMANDS_STATS_LINES_H

#include <stdio.h>

#include "commands/stats-summary.h"
#include "util/span.h"

void stats_lines_write(const struct stats *stats, FILE *out);

/* Adds what one user's process wrote to the summary; it may hold anything. */
void stats_lines_add(struct stats *stats, struct span output);

#endif
