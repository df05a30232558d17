/* stream.c - a connection to a service on this host or network, under one deadline for everything */
#include "config.h"

#include "outside/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/network.h"

struct socket_address {
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_in6 internet;
        struct sockaddr_in internet4;
    };
    socklen_t length;
};

/* --- addresses -------------------------------------------------------------------------------------------------- */

static bool read_local(struct span path, struct socket_address *address)
{
    if (path.length < 2 || path.data[0] != '/' || path.length >= sizeof address->local.sun_path)
        return false;
    address->local = (struct sockaddr_un){ .sun_family = AF_UNIX };
    memcpy(address->local.sun_path, path.data, path.length);
    address->length = sizeof address->local;
    return true;
}

static bool read_internet(struct span text, struct socket_address *address)
{
    struct network_address number;
    unsigned port;
    if (!network_read_endpoint(text, &number, &port) || port == 0)
        return false;
    in_port_t port_number = htons((in_port_t)port);
    if (network_address_is_ipv4(&number)) {
        address->internet4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = port_number };
        memcpy(&address->internet4.sin_addr, number.bytes + sizeof number.bytes - 4, 4);
        address->length = sizeof address->internet4;
        return true;
    }
    address->internet = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = port_number };
    memcpy(&address->internet.sin6_addr, number.bytes, sizeof number.bytes);
    address->length = sizeof address->internet;
    return true;
}

static bool read_address(const char *text, struct socket_address *address)
{
    struct span whole = span_of(text);
    memset(address, 0, sizeof *address);
    if (span_starts_nocase(whole, "unix:"))
        return read_local(span_from(whole, strlen("unix:")), address);
    return *text == '/' ? read_local(whole, address) : read_internet(whole, address);
}

bool stream_address_is_sound(const char *text)
{
    struct socket_address address;
    return !*text || read_address(text, &address);
}

/* --- the connection --------------------------------------------------------------------------------------------- */

/* Waits for `events`; false when the deadline comes first. */
static bool wait_for(const struct stream *stream, short events)
{
    for (;;) {
        int64_t left = stream->deadline - clock_milliseconds();
        struct pollfd polled = { .fd = stream->fd, .events = events };
        int ready = left > 0 ? poll(&polled, 1, (int)left) : 0;
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

static bool connect_in_time(struct stream *stream, const struct socket_address *address)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(stream->fd, &address->any, address->length) == 0)
        return true;
    if (errno != EINPROGRESS)
        return false; /* EAGAIN of a local socket too: its queue is full */
    errno = ETIMEDOUT;
    if (!wait_for(stream, POLLOUT))
        return false;
    if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return false;
    errno = error;
    return error == 0;
}

bool stream_open(struct stream *stream, const char *text, int milliseconds, struct failure *failure)
{
    struct socket_address address;
    *stream = (struct stream){ .fd = -1, .deadline = clock_milliseconds() + milliseconds };
    if (!read_address(text, &address))
        return failure_set(failure, FAILURE_CONFIGURATION, "%s: %s is accepted", text,
                           translate_reason(STREAM_ADDRESS_ACCEPTED));
    stream->fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->fd >= 0 && connect_in_time(stream, &address))
        return true;
    failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot connect to %s", text);
    stream_close(stream);
    return false;
}

void stream_close(struct stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

bool stream_send(struct stream *stream, struct span bytes, struct failure *failure)
{
    while (bytes.length) {
        ssize_t sent = send(stream->fd, bytes.data, bytes.length, MSG_NOSIGNAL);
        if (sent > 0)
            bytes = span_from(bytes, (size_t)sent);
        else if (sent < 0 && errno == EAGAIN && !wait_for(stream, POLLOUT))
            return failure_set(failure, FAILURE_TEMPORARY, "it took too long");
        else if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "it takes no more");
    }
    return true;
}

size_t stream_receive(struct stream *stream, char *out, size_t size, char end)
{
    size_t length = 0;
    while (length < size) {
        ssize_t received = recv(stream->fd, out + length, size - length, 0);
        if (received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR))
            break;
        if (received < 0) {
            if (errno == EAGAIN && !wait_for(stream, POLLIN))
                break;
            continue;
        }
        const char *found = memchr(out + length, end, (size_t)received);
        if (found)
            return (size_t)(found - out);
        length += (size_t)received;
    }
    return length;
}
