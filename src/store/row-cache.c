/* row-cache.c - rows that are held in memory: an open hash table of indexes into a list */
#include "store/row-cache.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/hash.h"

#define SLOTS_FIRST 4096u
#define BLOCK_BYTES ((size_t)256 * 1024)

struct block {
    struct block *next;
    size_t used;
    max_align_t bytes[BLOCK_BYTES / sizeof(max_align_t)];
};

struct row_cache {
    struct cached_row *rows;
    size_t count, room;
    uint32_t *slots; /* index into rows plus 1; 0: free */
    uint32_t slot_count; /* a power of two, at least twice the rows */
    struct block *blocks;
};

struct row_cache *row_cache_new(void)
{
    struct row_cache *cache = calloc(1, sizeof *cache);
    if (cache && !(cache->slots = calloc(SLOTS_FIRST, sizeof *cache->slots))) {
        free(cache);
        return NULL;
    }
    if (cache)
        cache->slot_count = SLOTS_FIRST;
    return cache;
}

void row_cache_free(struct row_cache *cache)
{
    if (!cache)
        return;
    while (cache->blocks) {
        struct block *next = cache->blocks->next;
        free(cache->blocks);
        cache->blocks = next;
    }
    free(cache->rows);
    free(cache->slots);
    free(cache);
}

/* Where the row is, or where it would go. */
static uint32_t *find_slot(const struct row_cache *cache, enum table table, uint32_t number)
{
    uint32_t at = (uint32_t)hash_mix((uint64_t)table << 32 | number) & (cache->slot_count - 1);
    for (;; at = (at + 1) & (cache->slot_count - 1)) {
        uint32_t index = cache->slots[at];
        if (index == 0 || (cache->rows[index - 1].number == number && cache->rows[index - 1].table == table))
            return &cache->slots[at];
    }
}

struct cached_row *row_cache_find(const struct row_cache *cache, enum table table, uint32_t number)
{
    uint32_t index = *find_slot(cache, table, number);
    return index ? &cache->rows[index - 1] : NULL;
}

static bool grow_slots(struct row_cache *cache)
{
    uint32_t *old = cache->slots, *slots = calloc((size_t)cache->slot_count * 2, sizeof *slots);
    if (!slots)
        return false;
    cache->slots = slots;
    cache->slot_count *= 2;
    for (size_t i = 0; i < cache->count; i++)
        *find_slot(cache, (enum table)cache->rows[i].table, cache->rows[i].number) = (uint32_t)i + 1;
    free(old);
    return true;
}

static void *take_bytes(struct row_cache *cache, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!cache->blocks || BLOCK_BYTES - cache->blocks->used < size) {
        struct block *block = malloc(sizeof *block);
        if (!block)
            return NULL;
        block->next = cache->blocks;
        block->used = 0;
        cache->blocks = block;
    }
    void *bytes = (char *)cache->blocks->bytes + cache->blocks->used;
    cache->blocks->used += size;
    return memset(bytes, 0, size);
}

struct cached_row *row_cache_add(struct row_cache *cache, enum table table, uint32_t number)
{
    struct cached_row *row = row_cache_find(cache, table, number);
    if (row)
        return row;
    if (cache->count * 2 >= cache->slot_count && !grow_slots(cache))
        return NULL;
    struct cached_row *rows = array_grow(cache->rows, cache->count, &cache->room, sizeof *rows);
    if (!rows)
        return NULL;
    cache->rows = rows;
    void *bytes = take_bytes(cache, table_row_bytes[table]);
    if (!bytes)
        return NULL;
    uint32_t *slot = find_slot(cache, table, number);
    cache->rows[cache->count] = (struct cached_row){ .number = number, .table = (uint8_t)table, .bytes = bytes };
    *slot = (uint32_t)++cache->count;
    return &cache->rows[cache->count - 1];
}

struct cached_row *row_cache_rows(struct row_cache *cache, size_t *count)
{
    *count = cache->count;
    return cache->rows;
}
