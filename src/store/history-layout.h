/* history-layout.h - the file of relays, hosts and scripts, byte for byte as drawn in history.h; for history*.c only */
#ifndef TAMIS_STORE_HISTORY_LAYOUT_H
#define TAMIS_STORE_HISTORY_LAYOUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store/history.h"
#include "store/slot-file.h"
#include "util/hash.h"

#define HISTORY_VERSION 1

struct history_header {
    char mark[8];
    uint32_t version, slots;
    uint64_t key;
    uint32_t ham, reserved;
    uint32_t by_script[HISTORY_SCRIPTS];
    uint8_t unused[24];
    uint64_t sum;
};
_Static_assert(sizeof(struct history_header) == 128, "as drawn in history.h");

struct history_slot {
    uint64_t name;
    uint32_t seen;
    uint16_t ham, spam;
    uint32_t cell;
    uint8_t arrivals[HISTORY_CELLS], unused[3];
    uint32_t sum;
};
_Static_assert(sizeof(struct history_slot) == 32, "as drawn in history.h");

/* As it is read: from a file, from memory, or from the tables of a store on a server. */
struct history {
    int fd;       /* -1: not a file */
    char *memory; /* the file's bytes, or NULL */
    bool is_mapped; /* they are the file, to be read */
    struct tables *tables; /* NULL unless it is in these */
    uint64_t tables_key;   /* the store's */
    struct history_header header;
};

#define HISTORY_BYTES (sizeof(struct history_header) + HISTORY_SLOTS * sizeof(struct history_slot))

extern const struct slot_file_kind history_kind;

/* The bytes of the file, whole. */
struct history_text {
    struct history_header header;
    struct history_slot slots[HISTORY_SLOTS];
};
_Static_assert(sizeof(struct history_text) == HISTORY_BYTES, "no holes");

/* Bytes of a history in tables, by their place in the file (history-rows.c). */
bool history_rows_read(const struct history *history, void *into, size_t length, size_t at, struct failure *failure);
bool history_rows_write(struct history *history, const void *from, size_t length, size_t at, struct failure *failure);

/* Where names are: the bucket of a name under the header's key, and what stands there for it. */
#define HISTORY_BUCKETS (HISTORY_SLOTS / HISTORY_BUCKET)

static inline uint64_t history_hash(uint64_t name, uint64_t key)
{
    return hash_bytes(&name, sizeof name, key);
}

static inline size_t history_bucket_of(uint64_t hash)
{
    return (size_t)(hash & (HISTORY_BUCKETS - 1));
}

static inline uint32_t history_slot_sum(const struct history_slot *slot, uint64_t key, size_t place)
{
    return (uint32_t)hash_bytes(slot, offsetof(struct history_slot, sum), key + place);
}

/* A header of a file in which nothing is. */
static inline void history_new_header(struct history_header *header, uint64_t key)
{
    *header = (struct history_header){ .slots = HISTORY_SLOTS, .key = key };
    slot_file_seal(&history_kind, header);
}

#endif
