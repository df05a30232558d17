/* correspondents-records.c - records found by their hashes, while what is known of correspondents is added to */
#include "senders/correspondents-gathering.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of_item(const struct records *records, size_t number)
{
    uint64_t hash;
    memcpy(&hash, records->items + number * records->size, sizeof hash);
    return hash;
}

/* Where the hash stands in the table, or would stand. */
static size_t slot_of(const struct records *records, uint64_t hash)
{
    size_t slot = (size_t)hash & (records->slot_count - 1);
    while (records->slots[slot] && hash_of_item(records, records->slots[slot] - 1) != hash)
        slot = (slot + 1) & (records->slot_count - 1);
    return slot;
}

void *records_find(const struct records *records, uint64_t hash)
{
    size_t slot = records->slot_count ? slot_of(records, hash) : 0;
    bool found = records->slot_count && records->slots[slot];
    return found ? records->items + (records->slots[slot] - 1) * records->size : NULL;
}

static void grow(struct records *records, struct arena *arena)
{
    size_t capacity = records->capacity ? records->capacity * 2 : 1024;
    char *items = arena_alloc_array(arena, capacity, records->size);
    if (records->count)
        memcpy(items, records->items, records->count * records->size);
    records->items = items;
    records->capacity = capacity;
    records->slot_count = capacity * 2;
    records->slots = arena_new_array(arena, uint32_t, records->slot_count);
    for (size_t i = 0; i < records->count; i++)
        records->slots[slot_of(records, hash_of_item(records, i))] = (uint32_t)i + 1;
}

void *records_add(struct records *records, uint64_t hash, struct arena *arena)
{
    if (records->count == records->capacity)
        grow(records, arena);
    char *item = records->items + records->count * records->size;
    memcpy(item, &hash, sizeof hash);
    records->slots[slot_of(records, hash)] = (uint32_t)++records->count;
    return item;
}

int records_by_hash(const void *left, const void *right)
{
    uint64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return a < b ? -1 : a > b;
}

void records_keep_best(struct records *records, size_t most, int (*compare)(const void *, const void *))
{
    if (records->count > most) {
        qsort(records->items, records->count, records->size, compare);
        records->count = most;
    }
    if (records->count)
        qsort(records->items, records->count, records->size, records_by_hash);
    /* Who goes on adding looks things up. */
    if (records->slot_count)
        memset(records->slots, 0, records->slot_count * sizeof *records->slots);
    for (size_t i = 0; i < records->count; i++)
        records->slots[slot_of(records, hash_of_item(records, i))] = (uint32_t)i + 1;
}
