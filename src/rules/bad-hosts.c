/* bad-hosts.c - the local list of bad hosts */
#include "rules/bad-hosts.h"

#include <stdint.h>

#include "rules/sightings.h"
#include "util/hash.h"

/* Longest name of RFC 1035; and how many labels of a host are asked for, from the top-level domain down. */
#define NAME_BYTES 253
#define NAMES_ASKED 8

/* The hosts of a message and the domains above them, as an open hash table. */
struct names {
    struct span *items;
    const struct url **urls; /* whose host each is, or is above */
    size_t slots;            /* a power of two */
};

static size_t slot_of(const struct names *names, struct span name)
{
    size_t slot = (size_t)hash_bytes(name.data, name.length, 0) & (names->slots - 1);
    while (names->items[slot].length && !span_equal(names->items[slot], name))
        slot = (slot + 1) & (names->slots - 1);
    return slot;
}

static void add_names(struct names *names, const struct url *url)
{
    size_t asked = 0;
    for (size_t i = url->host.length; i > 0 && asked < NAMES_ASKED; i--) {
        if (i > 1 && (url->host_is_address || url->host.data[i - 2] != '.'))
            continue;
        size_t slot = slot_of(names, span_from(url->host, i - 1));
        names->items[slot] = span_from(url->host, i - 1);
        names->urls[slot] = names->urls[slot] ? names->urls[slot] : url;
        asked++;
    }
}

static void collect(struct names *names, const struct message *message, struct arena *arena)
{
    names->slots = 2;
    while (names->slots < 2 * NAMES_ASKED * message->url_count)
        names->slots *= 2;
    names->items = arena_new_array(arena, struct span, names->slots);
    names->urls = arena_new_array(arena, const struct url *, names->slots);
    for (size_t i = 0; i < message->url_count; i++)
        add_names(names, &message->urls[i]);
}

/* The host a line names, in lower case, in `room`; letters outside ASCII as URLs have them.  Empty when there is none.
 */
static struct span host_of_line(struct span line, char room[NAME_BYTES], struct arena *arena)
{
    line = span_trim(span_head(line, span_find_byte(line, '#')));
    bool is_plain = line.length <= NAME_BYTES;
    for (size_t i = 0; i < line.length && is_plain; i++) {
        char byte = line.data[i];
        is_plain = !(byte & 0x80) && byte != '/' && byte != ':';
        room[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
    }
    if (is_plain)
        return span_make(room, line.length);
    struct url url;
    struct buffer whole = buffer_new(arena, line.length + 7);
    if (!memchr(line.data, ':', line.length))
        buffer_append_string(&whole, "http://");
    buffer_append(&whole, line);
    return url_parse(buffer_span(&whole), arena, &url) ? url.host : SPAN_EMPTY;
}

bool bad_hosts_find(struct span list, const struct message *message, struct arena *arena, const struct url **url,
                    struct span *listed, unsigned *sightings)
{
    struct names names;
    *sightings = 0;
    if (list.length == 0 || message->url_count == 0)
        return false;
    collect(&names, message, arena);
    for (size_t length; list.length; list = span_from(list, length + 1)) {
        char room[NAME_BYTES];
        length = span_find_byte(list, '\n');
        struct span line = span_head(list, length), host = host_of_line(line, room, arena);
        size_t slot = slot_of(&names, host);
        if (host.length == 0 || names.items[slot].length == 0 || sightings_of_line(line) <= *sightings)
            continue;
        *url = names.urls[slot];
        *listed = names.items[slot];
        *sightings = sightings_of_line(line);
    }
    return *sightings > 0;
}
