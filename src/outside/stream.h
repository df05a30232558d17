/* stream.h - a connection to a service on this host or network, under one deadline for everything
 *
 * Addresses are written "unix:/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl", "127.0.0.1:3310" or "[::1]:3310"; names
 * are not looked up, for that has no deadline.
 */
#ifndef TAMIS_OUTSIDE_STREAM_H
#define TAMIS_OUTSIDE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"
#include "util/span.h"
#include "util/translate.h"

struct stream {
    int fd;           /* -1: not connected */
    int64_t deadline; /* monotonic milliseconds */
};

/* Is `text` such an address?  Empty is: it means nobody. */
bool stream_address_is_sound(const char *text);
#define STREAM_ADDRESS_ACCEPTED N_("a socket (unix:/run/clamav/clamd.ctl) or an address with a port (127.0.0.1:3310)")

/* Connects; everything on this stream ends `milliseconds` from now. */
bool stream_open(struct stream *stream, const char *address, int milliseconds, struct failure *failure);

void stream_close(struct stream *stream);

/* Sends all of it.  False: the deadline passed, or the other side does not take any more; what it has said can still be
 * received. */
bool stream_send(struct stream *stream, struct span bytes, struct failure *failure);

/* Receives until the other side closes, `size` bytes have come, or one of them is `end`.  Gives how many there are,
 * `end` not counted. */
size_t stream_receive(struct stream *stream, char *out, size_t size, char end);

#endif
