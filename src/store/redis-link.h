/* redis-link.h - questions to a Redis server or cluster, and its answers
 *
 * A link is one connection.  Questions are gathered and go out together, their answers come back in the same order:
 * one journey for each redis_link_ask().  What a cluster says of a key that lives elsewhere (MOVED, ASK) is followed by
 * asking all of it again there; this is safe because what is asked together is about one slot, and of questions that
 * change something each stands alone, or may be done twice.
 *
 * Of hiredis only the protocol is used, its formatter and its parser: its own connections bound each read, not the
 * whole, and know neither TLS (in Debian's version) nor a socket that may not be opened again.
 *
 * The server is not believed more than needed: an answer over LINK_ANSWER_MOST, of another shape than the protocol's,
 * or not there in time is FAILURE_TEMPORARY and ends the link.
 */
#ifndef TAMIS_STORE_REDIS_LINK_H
#define TAMIS_STORE_REDIS_LINK_H

#include <stdint.h>

#include <hiredis/hiredis.h>

#include "store/store.h"

/* All pairs of a store have 4.6 MB. */
#define LINK_ANSWER_MOST ((size_t)32 * 1024 * 1024)

struct redis_link;

/* Connects to the first server of remote->server that takes the connection; the password goes with the first question.
 * `milliseconds`: for connecting and that first answer, later for each redis_link_ask(). */
struct redis_link *redis_link_open(const struct store_remote *remote, int milliseconds, struct failure *failure);

/* Closes and clears the caller's pointer.  NULL inside is allowed. */
void redis_link_close(struct redis_link **link);

/* The socket; -1: not connected. */
int redis_link_descriptor(const struct redis_link *link);

/* Adds a question of `count` words; they are copied.  Four at most are asked together. */
bool redis_link_add(struct redis_link *link, size_t count, const char *const *words, const size_t *lengths,
                    struct failure *failure);

/* Sends what was added and reads an answer to each into `answers` (freeReplyObject(); all NULL on failure).  Answers
 * that are errors of the server are answers. */
bool redis_link_ask(struct redis_link *link, redisReply **answers, size_t count, struct failure *failure);

/* Sets `failure` from an answer that is an error of the server. */
bool redis_link_fail(const struct redis_link *link, const redisReply *answer, struct failure *failure);

#endif
