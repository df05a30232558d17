/* target-dns-cache.c - the cache of DNS answers: what it gives is what was noted, or nothing
 *
 * The input is changes to a file with one answer: of two bytes of place (times 8), eight to write, at the front of the
 * file or, with the third bit of the first byte, around the answer.
 */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "outside/dns-cache.h"

#define NOW INT64_C(1767225600)

static const struct dns_query noted = { .name = "2.0.0.127.list.example", .outcome = DNS_RECORDS, .address_count = 2,
                                        .addresses = { 0x7F000002, 0x7F000004 }, .seconds = 3600 };

static void change(struct span file, struct span changes)
{
    char *bytes = (char *)(uintptr_t)file.data;
    for (; changes.length >= 10; changes = span_from(changes, 10)) {
        size_t place = ((unsigned char)changes.data[0] << 8 | (unsigned char)changes.data[1]) * 8u;
        memcpy(bytes + place % (file.length - 8), changes.data + 2, 8);
    }
}

/* The last slot that is not empty begins with the first byte of it that is not 0. */
static size_t place_of_answer(struct span file)
{
    size_t place = 32;
    while (place < file.length && !file.data[place])
        place++;
    return place < file.length ? 32 + (place - 32) / 48 * 48 : 0;
}

/* A file of a version to come is left alone. */
static bool is_newer(struct span file)
{
    uint32_t version = 0;
    if (file.length >= 12)
        memcpy(&version, file.data + 8, sizeof version);
    return version > 1;
}

FUZZ_TARGET(dns_cache, "the cache of DNS answers is read, whatever is in it")
{
    unsigned kind = fuzz_take_byte(&input);
    struct dns_query query = { .name = noted.name };
    fuzz_file_remove(DNS_CACHE_FILE);
    struct dns_cache *cache = dns_cache_open(fuzz_scratch());
    fuzz_require(cache);
    dns_cache_note(cache, &noted, NOW);
    fuzz_require(dns_cache_find(cache, &query, NOW + 1));
    dns_cache_close(&cache);
    struct span file = fuzz_file_read(DNS_CACHE_FILE, arena);
    size_t place = place_of_answer(file);
    fuzz_require(place);
    change(kind & 4 ? span_head(span_from(file, place), 56) : file, input);
    file = kind & 2 ? span_head(file, input.length * 100) : file;
    fuzz_file(DNS_CACHE_FILE, file, arena);
    cache = dns_cache_open(fuzz_scratch());
    fuzz_require(cache || is_newer(file));
    if (!cache)
        return;
    query = (struct dns_query){ .name = noted.name };
    if (dns_cache_find(cache, &query, NOW + 1))
        fuzz_require(query.outcome == DNS_RECORDS && query.address_count == noted.address_count &&
                     memcmp(query.addresses, noted.addresses, sizeof noted.addresses) == 0);
    dns_cache_note(cache, &noted, NOW);
    fuzz_require(dns_cache_find(cache, &query, NOW + 1));
    dns_cache_close(&cache);
}
