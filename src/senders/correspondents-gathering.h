/* correspondents-gathering.h - what is known of correspondents while it is added to; for correspondents-*.c only
 *
 * All of it is in one arena and is written anew as a whole (correspondents-layout.h).
 */
#ifndef TAMIS_SENDERS_CORRESPONDENTS_GATHERING_H
#define TAMIS_SENDERS_CORRESPONDENTS_GATHERING_H

#include "senders/correspondents.h"
#include "util/arena.h"

struct known_person {
    uint64_t hash;
    struct span mailbox;
    uint32_t day, sent_to, sent_from;
};

struct known_message {
    uint64_t hash;
    uint32_t day;
};

struct known_file {
    uint64_t hash;
    bool present; /* asked for in this run */
};

/* Records that begin with their hashes, in the order they came, and a table to find them by. */
struct records {
    char *items;
    size_t size, count, capacity;
    uint32_t *slots; /* number of the item plus one; 0: free */
    size_t slot_count; /* a power of two, at least twice the capacity */
};

struct correspondents_gathering {
    struct arena *arena;
    const char *directory;
    uint64_t key;
    struct records people, messages, files;
    uint32_t oldest_day; /* messages of that day and before are known, seen or not: memory was full */
    bool changed;
};

/* The record of that hash; NULL: there is none.  It may move when another one is added. */
void *records_find(const struct records *records, uint64_t hash);

/* A new record, zeroed but for its hash, which no other has. */
void *records_add(struct records *records, uint64_t hash, struct arena *arena);

/* Leaves the first `most` in the order `compare`, and these in the order of their hashes. */
void records_keep_best(struct records *records, size_t most, int (*compare)(const void *, const void *));

/* The order of hashes, for qsort(). */
int records_by_hash(const void *left, const void *right);

/* Of nobody yet. */
struct correspondents_gathering *gathering_new(const char *directory);

/* The record of that mailbox, which may be new; NULL when it is too long, or its hash is that of another one. */
struct known_person *gathering_person(struct correspondents_gathering *gathering, struct span mailbox);

#endif
