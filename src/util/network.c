/* network.c - Internet addresses and networks in CIDR notation (RFC 4632, RFC 4291 section 2.3) */
#include "util/network.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>

#define MAPPED_BITS 96 /* of ::ffff:0:0/96, before the IPv4 address */

static const unsigned char mapped[MAPPED_BITS / 8] = { [10] = 0xFF, [11] = 0xFF };

static bool is_ipv4(struct span text)
{
    return span_find_byte(text, ':') == text.length;
}

bool network_read_address(struct span text, struct network_address *address)
{
    char string[INET6_ADDRSTRLEN];
    if (text.length == 0 || text.length >= sizeof string || span_find_byte(text, '\0') < text.length)
        return false;
    memcpy(string, text.data, text.length);
    string[text.length] = '\0';
    if (!is_ipv4(text))
        return inet_pton(AF_INET6, string, address->bytes) == 1;
    memcpy(address->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, string, address->bytes + sizeof mapped) == 1;
}

bool network_address_is_ipv4(const struct network_address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

#define IPV4(a, b, c, d, prefix) { { { [10] = 0xFF, [11] = 0xFF, [12] = a, b, c, d } }, MAPPED_BITS + (prefix) }

bool network_address_is_private(const struct network_address *address)
{
    static const struct network networks[] = {
        IPV4(0, 0, 0, 0, 8),      IPV4(10, 0, 0, 0, 8),    IPV4(100, 64, 0, 0, 10),
        IPV4(127, 0, 0, 0, 8),    IPV4(169, 254, 0, 0, 16), IPV4(172, 16, 0, 0, 12),
        IPV4(192, 168, 0, 0, 16), { { { 0xFC } }, 7 },     { { { 0xFE, 0x80 } }, 10 },
        { { { [15] = 1 } }, 128 },
    };
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        if (network_has(&networks[i], address))
            return true;
    return false;
}

static bool read_port(struct span text, unsigned *port)
{
    *port = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || *port > UINT16_MAX)
            return false;
        *port = *port * 10 + (unsigned)(text.data[i] - '0');
    }
    return *port > 0 && *port <= UINT16_MAX;
}

bool network_read_endpoint(struct span text, struct network_address *address, unsigned *port)
{
    *port = 0;
    if (network_read_address(text, address))
        return true;
    bool is_bracketed = text.length && text.data[0] == '[';
    size_t end = span_find_byte(text, is_bracketed ? ']' : ':');
    if (end == text.length || !network_read_address(span_from(span_head(text, end), is_bracketed), address))
        return false;
    struct span rest = span_from(text, is_bracketed ? end + 1 : end);
    if (rest.length == 0)
        return true;
    return rest.data[0] == ':' && read_port(span_from(rest, 1), port);
}

/* The number of bits behind the slash: decimal, without sign or leading zero. */
static bool read_bits(struct span text, unsigned most, unsigned *bits)
{
    if (text.length == 0 || text.length > 3 || (text.length > 1 && text.data[0] == '0'))
        return false;
    *bits = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *bits = *bits * 10 + (unsigned)(text.data[i] - '0');
    }
    return *bits <= most;
}

/* The bits of byte `index` that belong to a prefix of `bits` bits. */
static unsigned char prefix_mask(unsigned bits, unsigned index)
{
    unsigned before = 8 * index;
    if (bits <= before)
        return 0;
    return bits >= before + 8 ? 0xFF : (unsigned char)(0xFF << (8 - (bits - before)));
}

static void clear_behind_prefix(struct network *network)
{
    for (unsigned i = 0; i < sizeof network->address.bytes; i++)
        network->address.bytes[i] &= prefix_mask(network->bits, i);
}

bool network_read(struct span text, struct network *network)
{
    size_t slash = span_find_byte(text, '/');
    struct span address = span_head(text, slash);
    unsigned most = is_ipv4(address) ? 128 - MAPPED_BITS : 128, bits = most;
    if (!network_read_address(address, &network->address)
        || (slash < text.length && !read_bits(span_from(text, slash + 1), most, &bits)))
        return false;
    network->bits = bits + 128 - most;
    clear_behind_prefix(network);
    return true;
}

struct network network_of(const struct network_address *address, unsigned ipv4_bits, unsigned ipv6_bits)
{
    bool ipv4 = network_address_is_ipv4(address);
    struct network network = { *address, ipv4 ? MAPPED_BITS + ipv4_bits : ipv6_bits };
    clear_behind_prefix(&network);
    return network;
}

bool network_is_ipv4(const struct network *network)
{
    return network->bits >= MAPPED_BITS && network_address_is_ipv4(&network->address);
}

const char *network_write(const struct network *network, char out[NETWORK_TEXT])
{
    char address[INET6_ADDRSTRLEN] = "";
    bool ipv4 = network_is_ipv4(network);
    unsigned most = ipv4 ? 128 - MAPPED_BITS : 128, bits = ipv4 ? network->bits - MAPPED_BITS : network->bits;
    inet_ntop(ipv4 ? AF_INET : AF_INET6, network->address.bytes + (ipv4 ? sizeof mapped : 0), address, sizeof address);
    if (bits == most)
        snprintf(out, NETWORK_TEXT, "%s", address);
    else
        snprintf(out, NETWORK_TEXT, "%s/%u", address, bits);
    return out;
}

bool network_read_list(struct span text, struct network_list *list)
{
    size_t count = 0;
    if (list)
        list->count = 0;
    for (struct span word = span_take_word(&text, " \t,"); word.length; word = span_take_word(&text, " \t,")) {
        struct network network;
        if (count == NETWORK_LIST_MOST || !network_read(word, &network))
            return false;
        if (list)
            list->items[count] = network;
        count++;
    }
    if (list)
        list->count = count;
    return true;
}

bool network_has(const struct network *network, const struct network_address *address)
{
    for (unsigned i = 0; 8 * i < network->bits; i++)
        if ((address->bytes[i] & prefix_mask(network->bits, i)) != network->address.bytes[i])
            return false;
    return true;
}

bool network_list_has(const struct network_list *list, struct span address)
{
    struct network_address wanted;
    if (list->count == 0 || !network_read_address(address, &wanted))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (network_has(&list->items[i], &wanted))
            return true;
    return false;
}
