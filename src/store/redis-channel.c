/* redis-channel.c - bytes to and from one Redis server, within a deadline */
#include "config.h"

#include "store/redis-channel.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include "util/clock.h"

/* Waits until the socket can be read (or written). */
static bool channel_wait(int fd, bool to_write, int64_t deadline, struct failure *failure)
{
    struct pollfd ready = { .fd = fd, .events = to_write ? POLLOUT : POLLIN };
    for (;;) {
        int64_t left = deadline - clock_milliseconds();
        int found = left > 0 ? poll(&ready, 1, left > INT_MAX ? INT_MAX : (int)left) : 0;
        if (found > 0)
            return true;
        if (found == 0)
            return failure_set(failure, FAILURE_TEMPORARY, "no answer in time");
        if (errno != EINTR)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot wait for the server");
    }
}

bool channel_send(int fd, const void *bytes, size_t length, int64_t deadline, struct failure *failure)
{
    const char *rest = bytes;
    while (length > 0) {
        ssize_t sent = send(fd, rest, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot send");
        if (sent < 0 && !channel_wait(fd, true, deadline, failure))
            return false;
        rest += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

size_t channel_receive(int fd, void *bytes, size_t room, int64_t deadline, struct failure *failure)
{
    for (;;) {
        /* Also when bytes come without a pause, one at a time. */
        if (clock_milliseconds() >= deadline) {
            failure_set(failure, FAILURE_TEMPORARY, "no answer in time");
            return 0;
        }
        ssize_t got = recv(fd, bytes, room, 0);
        if (got > 0)
            return (size_t)got;
        if (got == 0) {
            failure_set(failure, FAILURE_TEMPORARY, "the server closed the connection");
            return 0;
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot receive");
            return 0;
        }
        if (errno != EINTR && !channel_wait(fd, false, deadline, failure))
            return 0;
    }
}

/* What became of connect(); a full backlog of a Unix socket is EAGAIN, and there is nothing to wait for. */
static bool finish_connecting(int fd, const struct redis_address *address, int64_t deadline, struct failure *failure)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, &address->socket.any, address->socket_length) == 0)
        return true;
    if (errno != EINPROGRESS)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot connect");
    if (!channel_wait(fd, true, deadline, failure))
        return false;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error)
        return failure_set_errno(failure, FAILURE_TEMPORARY, error ? error : errno, "cannot connect");
    return true;
}

int channel_connect(const struct redis_address *address, int64_t deadline, struct failure *failure)
{
    int yes = 1;
    int fd = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make a socket");
        return -1;
    }
    if (!finish_connecting(fd, address, deadline, failure)) {
        close(fd);
        return -1;
    }
    if (!address->of_unix)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}
