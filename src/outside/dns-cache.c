/* dns-cache.c - what the DNS lists of this user's mail answered of late: one small file in the state directory */
#include "config.h"

#include "outside/dns-cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/slot-file.h"
#include "util/hash.h"

/* As drawn in dns-cache.h. */
struct header {
    char mark[8];
    uint32_t version, slots;
    uint64_t key, sum;
};
_Static_assert(sizeof(struct header) == 32, "as drawn in dns-cache.h");

struct slot {
    uint64_t name;
    int64_t until;
    uint32_t count, addresses[DNS_CACHE_ADDRESSES];
    uint64_t sum;
};
_Static_assert(sizeof(struct slot) == 48, "as drawn in dns-cache.h");

static const struct slot_file_kind kind = {
    .name = DNS_CACHE_FILE,
    .mark = { 't', 'a', 'm', 'i', 's', '-', 'd', 'n' },
    .version = 1,
    .header_bytes = sizeof(struct header),
    .bytes = sizeof(struct header) + DNS_CACHE_SLOTS * sizeof(struct slot),
    .is_cache = true,
};

struct dns_cache {
    int fd;
    struct header header;
};

static void fill_header(void *header)
{
    *(struct header *)header = (struct header){ .slots = DNS_CACHE_SLOTS, .key = hash_new_key() };
}

/* Nobody waits for a lock: two who begin the file at once lose what the slower one has not noted yet. */
struct dns_cache *dns_cache_open(const char *directory)
{
    struct dns_cache *cache = malloc(sizeof *cache);
    if (!cache)
        return NULL;
    cache->fd = slot_file_open(&kind, directory, O_RDWR | O_CREAT, NULL);
    if (cache->fd < 0 || !slot_file_load_or_begin(&kind, cache->fd, &cache->header, fill_header, NULL))
        dns_cache_close(&cache);
    return cache;
}

void dns_cache_close(struct dns_cache **cache)
{
    if (*cache && (*cache)->fd >= 0)
        close((*cache)->fd);
    free(*cache);
    *cache = NULL;
}

static uint64_t name_of(const struct dns_cache *cache, const struct dns_query *query)
{
    uint64_t name = hash_bytes(query->name, strlen(query->name), cache->header.key);
    return name ? name : 1;
}

static size_t place_of(uint64_t name)
{
    return sizeof(struct header) + name % DNS_CACHE_SLOTS * sizeof(struct slot);
}

static uint64_t slot_sum(const struct dns_cache *cache, const struct slot *slot, size_t place)
{
    return hash_bytes(slot, offsetof(struct slot, sum), cache->header.key + place);
}

bool dns_cache_find(const struct dns_cache *cache, struct dns_query *query, int64_t now)
{
    struct slot slot;
    if (!cache)
        return false;
    uint64_t name = name_of(cache, query);
    size_t place = place_of(name);
    if (!slot_file_read(&kind, cache->fd, &slot, sizeof slot, place, NULL) ||
        slot.sum != slot_sum(cache, &slot, place) || slot.name != name || slot.until <= now ||
        slot.until > now + DNS_CACHE_MOST_SECONDS || slot.count > DNS_CACHE_ADDRESSES)
        return false;
    query->outcome = slot.count ? DNS_RECORDS : DNS_NO_RECORD;
    query->address_count = slot.count;
    memcpy(query->addresses, slot.addresses, slot.count * sizeof *slot.addresses);
    query->seconds = (uint32_t)(slot.until - now);
    return true;
}

static int64_t seconds_to_keep(const struct dns_query *query)
{
    if (query->outcome == DNS_NO_RECORD)
        return DNS_CACHE_NO_RECORD_SECONDS;
    return query->seconds < DNS_CACHE_LEAST_SECONDS  ? DNS_CACHE_LEAST_SECONDS
         : query->seconds > DNS_CACHE_MOST_SECONDS ? DNS_CACHE_MOST_SECONDS
                                                     : (int64_t)query->seconds;
}

void dns_cache_note(struct dns_cache *cache, const struct dns_query *query, int64_t now)
{
    if (!cache || query->outcome == DNS_NOT_TOLD)
        return;
    struct slot slot = { .name = name_of(cache, query), .until = now + seconds_to_keep(query) };
    size_t place = place_of(slot.name);
    slot.count = (uint32_t)(query->address_count < DNS_CACHE_ADDRESSES ? query->address_count : DNS_CACHE_ADDRESSES);
    memcpy(slot.addresses, query->addresses, slot.count * sizeof *slot.addresses);
    slot.sum = slot_sum(cache, &slot, place);
    slot_file_write(&kind, cache->fd, &slot, sizeof slot, place, NULL); /* a full disk: the question is asked again */
}
