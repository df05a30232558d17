/* redis-address.h - where a Redis server listens, as an administrator writes it
 *
 *   unix:/run/redis/redis.sock        192.0.2.7:6379        [2001:db8::7]:6379        tls://192.0.2.7:6379
 *
 * One or several, apart by blanks or commas.  Addresses, not names: a name server that does not answer would hold up
 * mail, and the process that judges a message has no business with one.
 */
#ifndef TAMIS_STORE_REDIS_ADDRESS_H
#define TAMIS_STORE_REDIS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

struct redis_address {
    bool tls;
    bool of_unix;
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_storage network;
    } socket;
    socklen_t socket_length;
    char host[64]; /* the address without its port, for the name in a certificate; "" of a Unix socket */
    char text[140]; /* as it was written, for messages */
};

/* Reads one of the forms above; false when it is none. */
bool redis_address_read(const char *text, size_t length, struct redis_address *address);

/* Reads the next of a list and moves `*list` behind it.  1 read, 0 at the end, -1 when what stands there is none. */
int redis_address_next(const char **list, struct redis_address *address);

/* Is it a list of one or more? */
bool redis_address_list_is_sound(const char *list);

/* Does one of them ask for TLS?  Any of them does then: what is worth encrypting is so everywhere. */
bool redis_address_list_wants_tls(const char *list);

#endif
