/* redis-address.c - where a Redis server listens, as an administrator writes it */
#include "store/redis-address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define UNIX_PREFIX "unix:"
#define TLS_PREFIX "tls://"
#define SEPARATORS " \t,"

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool read_unix(const char *path, struct redis_address *address)
{
    struct sockaddr_un *local = &address->socket.local;
    size_t length = strlen(path);
    if (*path != '/' || length >= sizeof local->sun_path)
        return false;
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, path, length + 1);
    address->of_unix = true;
    address->socket_length = sizeof *local;
    return true;
}

static bool read_port(const char *text, in_port_t *port)
{
    unsigned number = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits])
        return false;
    for (; *text; text++)
        number = number * 10 + (unsigned)(*text - '0');
    *port = htons((uint16_t)number);
    return number > 0 && number <= 65535;
}

/* "[2001:db8::7]:6379", or as Redis Cluster writes it, "2001:db8::7:6379". */
static bool read_network(const char *text, struct redis_address *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&address->socket.network;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address->socket.network;
    const char *colon = strrchr(text, ':'), *start = text, *end = colon;
    if (colon && *text == '[' && colon > text + 1 && colon[-1] == ']') {
        start++;
        end--;
    }
    if (!colon || (size_t)(end - start) >= sizeof address->host)
        return false;
    memcpy(address->host, start, (size_t)(end - start));
    address->host[end - start] = '\0';
    if (inet_pton(AF_INET, address->host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        address->socket_length = sizeof *four;
        return read_port(colon + 1, &four->sin_port);
    }
    memset(&address->socket, 0, sizeof address->socket);
    six->sin6_family = AF_INET6;
    address->socket_length = sizeof *six;
    return inet_pton(AF_INET6, address->host, &six->sin6_addr) == 1 && read_port(colon + 1, &six->sin6_port);
}

bool redis_address_read(const char *text, size_t length, struct redis_address *address)
{
    *address = (struct redis_address){ 0 };
    if (length >= sizeof address->text || memchr(text, '\0', length))
        return false;
    memcpy(address->text, text, length);
    const char *rest = address->text;
    if (starts_with(rest, UNIX_PREFIX))
        return read_unix(rest + strlen(UNIX_PREFIX), address);
    address->tls = starts_with(rest, TLS_PREFIX);
    return read_network(rest + (address->tls ? strlen(TLS_PREFIX) : 0), address);
}

int redis_address_next(const char **list, struct redis_address *address)
{
    const char *start = *list + strspn(*list, SEPARATORS);
    size_t length = strcspn(start, SEPARATORS);
    *list = start + length;
    if (length == 0)
        return 0;
    return redis_address_read(start, length, address) ? 1 : -1;
}

bool redis_address_list_is_sound(const char *list)
{
    struct redis_address address;
    int count = 0, found;
    while ((found = redis_address_next(&list, &address)) > 0)
        count++;
    return found == 0 && count > 0;
}

bool redis_address_list_wants_tls(const char *list)
{
    struct redis_address address;
    while (redis_address_next(&list, &address) > 0)
        if (address.tls)
            return true;
    return false;
}
