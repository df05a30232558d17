/* redis-channel.h - bytes to and from one Redis server, within a deadline
 *
 * A connected socket that never blocks, and TLS over it when the module was built with that (redis-tls.c; the module
 * without it has redis-plain.c in its place, so that a host without TLS does not load OpenSSL for each message).  Once
 * connected, it uses poll(), send() and recv() on one descriptor and nothing else of the system: that is what the
 * sandbox of the process that judges messages allows.
 */
#ifndef TAMIS_STORE_REDIS_CHANNEL_H
#define TAMIS_STORE_REDIS_CHANNEL_H

#include <stdint.h>

#include "store/redis-address.h"
#include "store/store.h"

/* Sends all of it, or receives at least one byte (the count, 0 on failure), on a plain socket; FAILURE_TEMPORARY when
 * `deadline`, by clock_milliseconds(), comes first. */
bool channel_send(int fd, const void *bytes, size_t length, int64_t deadline, struct failure *failure);
size_t channel_receive(int fd, void *bytes, size_t room, int64_t deadline, struct failure *failure);

/* A connected socket of the address; -1 and `failure`. */
int channel_connect(const struct redis_address *address, int64_t deadline, struct failure *failure);

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

struct redis_tls;

/* The handshake, and who is at the other end: its certificate must be signed by one of `remote->certificates` (NULL or
 * "": the system's) and name the address, or `remote->tls_name` where that is set.  NULL and `failure`. */
struct redis_tls *redis_tls_start(int fd, const struct redis_address *address, const struct store_remote *remote,
                                  int64_t deadline, struct failure *failure);

/* As channel_send() and channel_receive(). */
bool redis_tls_send(struct redis_tls *tls, const void *bytes, size_t length, int64_t deadline, struct failure *failure);
size_t redis_tls_receive(struct redis_tls *tls, void *bytes, size_t room, int64_t deadline, struct failure *failure);

/* NULL is allowed. */
void redis_tls_free(struct redis_tls *tls);

#endif
