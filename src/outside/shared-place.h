/* shared-place.h - the folder in which users of a host tell each other what they call spam
 *
 *     DIR/             made by `tamis shared setup`, 0755, of root or of the owner of virtual mailboxes
 *     DIR/key          0644: the host's key
 *     DIR/reports/     01733: each user's file of reports (shared-spool.h); nobody but the owner of DIR can list it
 *     DIR/table        0644: what several users agree on (shared-table.h), made anew each night from the reports
 *
 * Nothing in it holds text or addresses: texts are prints (mail/text-prints.h), relays and hosts are hashes, all under
 * the host's key, so that files of one host say nothing on another one.  Users of the host can read the key, and with
 * it can ask of a text they have whether several others called it spam; a delivery tells them the same.
 *
 * The file key: mark "tamis-sk", key, sum of both; 8 bytes each, in the machine's byte order.
 */
#ifndef TAMIS_OUTSIDE_SHARED_PLACE_H
#define TAMIS_OUTSIDE_SHARED_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/failure.h"

#define SHARED_KEY "key"
#define SHARED_REPORTS "reports"
#define SHARED_TABLE "table"
#define SHARED_REPORTS_MODE 01733 /* everybody may put a file there, nobody lists them or takes away another's */

/* Makes what is missing of the folder, but for the table; what is there stays as it is.  Refuses a folder of somebody
 * else's, or that others may write to. */
bool shared_place_make(const char *directory, struct failure *failure);

/* Reads the key, never 0.  Like all of these it waits for a folder on a server that does not answer as long as the
 * system does: who has mail to deliver or a lock to give back calls them in a process under a deadline. */
bool shared_place_key(const char *directory, uint64_t *key, struct failure *failure);
/* The same for who has the folder open. */
bool shared_place_read_key(int directory_fd, uint64_t *key, struct failure *failure);

/* How long anybody waits for such a folder. */
#define SHARED_ANSWER_MILLISECONDS 3000

/* Is there an answer at all, were it an error?  Asked under that deadline, for who then has something to do there that
 * may take longer. */
bool shared_place_answers(const char *directory, struct failure *failure);

/* Opens the folder, or the reports' in it, for openat() and nothing else; -1 and `failure`. */
int shared_place_open(const char *directory, bool reports, struct failure *failure);

/* Opens a file below `directory_fd` that must be a regular one with one name; never waits and follows no link.  -1 and
 * `failure`, with errno as open() left it, or 0 when it is refused. */
int shared_place_open_file(int directory_fd, const char *name, int flags, struct failure *failure);

/* What stands for the relay ('R') or host ('H') of that name (history_name()) in reports and table; never 0. */
uint64_t shared_place_name(uint64_t key, char kind, uint64_t name);

#endif
