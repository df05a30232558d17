/* dns-cache.c - what the DNS lists of this user's mail answered of late: one small file in the state directory */
#include "config.h"

#include "outside/dns-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hash.h"

#define FORMAT_VERSION 1

static const char file_mark[8] = { 't', 'a', 'm', 'i', 's', '-', 'd', 'n' };

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

struct dns_cache {
    int fd;
    struct header header;
};

static uint64_t header_sum(const struct header *header)
{
    return hash_bytes(header, offsetof(struct header, sum), FORMAT_VERSION);
}

static bool header_is_sound(const struct header *header)
{
    return memcmp(header->mark, file_mark, sizeof header->mark) == 0 && header->version == FORMAT_VERSION &&
           header->slots == DNS_CACHE_SLOTS && header->sum == header_sum(header);
}

/* Takes the header of a file there is, or starts the file anew. */
static bool settle_header(struct dns_cache *cache)
{
    struct header *header = &cache->header;
    if (pread(cache->fd, header, sizeof *header, 0) == (ssize_t)sizeof *header && header_is_sound(header))
        return true;
    *header = (struct header){ .version = FORMAT_VERSION, .slots = DNS_CACHE_SLOTS };
    memcpy(header->mark, file_mark, sizeof header->mark);
    if (getrandom(&header->key, sizeof header->key, GRND_NONBLOCK) != (ssize_t)sizeof header->key)
        return false;
    header->sum = header_sum(header);
    return ftruncate(cache->fd, 0) == 0 && pwrite(cache->fd, header, sizeof *header, 0) == (ssize_t)sizeof *header;
}

/* The first message of a user whom nothing has been learned of finds no directory. */
static int open_file(const char *directory, const char *path)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(path, flags, 0600);
    if (fd < 0 && errno == ENOENT && file_make_directories(directory, 0700, NULL))
        fd = open(path, flags, 0600);
    return fd;
}

struct dns_cache *dns_cache_open(const char *directory)
{
    char path[4096];
    struct stat status;
    struct dns_cache *cache = *directory ? malloc(sizeof *cache) : NULL;
    if (!cache)
        return NULL;
    bool fits = file_join(path, sizeof path, directory, DNS_CACHE_FILE);
    cache->fd = fits ? open_file(directory, path) : -1;
    bool is_file = cache->fd >= 0 && fstat(cache->fd, &status) == 0 && S_ISREG(status.st_mode);
    if (!is_file || !settle_header(cache))
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

static off_t place_of(uint64_t name)
{
    return (off_t)(sizeof(struct header) + name % DNS_CACHE_SLOTS * sizeof(struct slot));
}

static uint64_t slot_sum(const struct dns_cache *cache, const struct slot *slot, off_t place)
{
    return hash_bytes(slot, offsetof(struct slot, sum), cache->header.key + (uint64_t)place);
}

bool dns_cache_find(const struct dns_cache *cache, struct dns_query *query, int64_t now)
{
    struct slot slot;
    if (!cache)
        return false;
    uint64_t name = name_of(cache, query);
    off_t place = place_of(name);
    if (pread(cache->fd, &slot, sizeof slot, place) != (ssize_t)sizeof slot || slot.sum != slot_sum(cache, &slot, place) ||
        slot.name != name || slot.until <= now || slot.until > now + DNS_CACHE_MOST_SECONDS ||
        slot.count > DNS_CACHE_ADDRESSES)
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
    off_t place = place_of(slot.name);
    slot.count = (uint32_t)(query->address_count < DNS_CACHE_ADDRESSES ? query->address_count : DNS_CACHE_ADDRESSES);
    memcpy(slot.addresses, query->addresses, slot.count * sizeof *slot.addresses);
    slot.sum = slot_sum(cache, &slot, place);
    if (pwrite(cache->fd, &slot, sizeof slot, place) != (ssize_t)sizeof slot)
        return; /* a full disk: the question is asked again */
}
