/* dns-query.c - the address records of many names at once, under one deadline; the only place that includes c-ares */
#include "outside/dns-query.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>

#include "util/clock.h"
#include "util/network.h"

bool dns_server_is_sound(const char *text)
{
    struct network_address address;
    unsigned port;
    return !*text || network_read_endpoint(span_of(text), &address, &port);
}

static void take_addresses(struct dns_query *query, const unsigned char *answer, int length)
{
    struct ares_addrttl records[DNS_ADDRESSES_MOST];
    int count = DNS_ADDRESSES_MOST;
    if (ares_parse_a_reply(answer, length, NULL, records, &count) != ARES_SUCCESS || count < 1)
        return;
    query->outcome = DNS_RECORDS;
    query->seconds = UINT32_MAX;
    for (int i = 0; i < count; i++) {
        uint32_t seconds = records[i].ttl > 0 ? (uint32_t)records[i].ttl : 0;
        query->addresses[query->address_count++] = ntohl(records[i].ipaddr.s_addr);
        query->seconds = seconds < query->seconds ? seconds : query->seconds;
    }
}

/* What c-ares calls with each answer, or with none. */
static void take_answer(void *context, int status, int timeouts, unsigned char *answer, int length)
{
    struct dns_query *query = context;
    (void)timeouts;
    if (status == ARES_SUCCESS)
        take_addresses(query, answer, length);
    else if (status == ARES_ENOTFOUND || status == ARES_ENODATA)
        query->outcome = DNS_NO_RECORD;
}

/* Lets c-ares read and write what is ready.  Gives false when nothing is waited for any more. */
static bool attend(ares_channel channel, int milliseconds)
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    struct pollfd polled[ARES_GETSOCK_MAXNUM];
    int bits = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    nfds_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        short events = (short)((ARES_GETSOCK_READABLE(bits, i) ? POLLIN : 0) |
                               (ARES_GETSOCK_WRITABLE(bits, i) ? POLLOUT : 0));
        if (events)
            polled[count++] = (struct pollfd){ .fd = sockets[i], .events = events };
    }
    if (count == 0)
        return false;
    struct timeval most = { milliseconds / 1000, milliseconds % 1000 * 1000 }, soonest;
    struct timeval *wait = ares_timeout(channel, &most, &soonest);
    poll(polled, count, (int)(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000));
    for (nfds_t i = 0; i < count; i++)
        if (polled[i].revents)
            ares_process_fd(channel, polled[i].fd, polled[i].events & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD);
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what has timed out */
    return true;
}

static bool open_channel(ares_channel *channel, const char *server, int milliseconds, struct failure *failure)
{
    struct ares_options options = { .timeout = milliseconds, .tries = 1, .lookups = (char[]){ "b" } };
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status == ARES_SUCCESS)
        status = ares_init_options(channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS);
    if (status != ARES_SUCCESS)
        return failure_set(failure, FAILURE_TEMPORARY, "the resolver cannot be used: %s", ares_strerror(status));
    status = *server ? ares_set_servers_ports_csv(*channel, server) : ARES_SUCCESS;
    if (status == ARES_SUCCESS)
        return true;
    ares_destroy(*channel);
    return failure_set(failure, FAILURE_CONFIGURATION, "no DNS server can be named \"%s\": %s", server,
                       ares_strerror(status));
}

bool dns_ask(struct dns_query *queries, size_t count, const char *server, int milliseconds, struct failure *failure)
{
    ares_channel channel;
    int64_t deadline = clock_milliseconds() + milliseconds;
    for (size_t i = 0; i < count; i++)
        queries[i] = (struct dns_query){ .name = queries[i].name };
    if (!open_channel(&channel, server, milliseconds, failure))
        return false;
    for (size_t i = 0; i < count; i++)
        ares_query(channel, queries[i].name, ns_c_in, ns_t_a, take_answer, &queries[i]);
    for (int64_t left = milliseconds; left > 0 && attend(channel, (int)left); left = deadline - clock_milliseconds())
        ;
    ares_cancel(channel);
    ares_destroy(channel);
    return true;
}
