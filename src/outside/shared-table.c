/* shared-table.c - what several users of a host agree on: one file that deliveries look things up in */
#include "outside/shared-table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outside/shared-place.h"
#include "util/file.h"
#include "util/hash.h"

#define FORMAT_VERSION 1
#define BUCKET_ENTRIES 15
#define ENTRIES_A_BUCKET 5 /* on average: one in 14,000 finds its bucket full */
#define BUCKETS_MOST (1u << 22)

static const char file_mark[8] = { 't', 'a', 'm', 'i', 's', '-', 's', 'h' };

/* As drawn in shared-table.h. */
struct header {
    char mark[8];
    uint32_t version, buckets;
    int64_t made;
    uint32_t users, reports, texts, relays, hosts, unused;
    uint64_t key, sum;
};
_Static_assert(sizeof(struct header) == 64, "as drawn in shared-table.h");

struct bucket {
    struct shared_entry entries[BUCKET_ENTRIES];
    uint64_t unused, sum;
};
_Static_assert(sizeof(struct bucket) == 256, "as drawn in shared-table.h");

static uint64_t header_sum(const struct header *header)
{
    return hash_bytes(header, offsetof(struct header, sum), FORMAT_VERSION);
}

static uint64_t bucket_sum(const struct bucket *bucket, uint64_t key, uint32_t place)
{
    return hash_bytes(bucket, offsetof(struct bucket, sum), hash_mix(key ^ (place + 1)));
}

unsigned shared_entry_voices(const struct shared_entry *entry, unsigned least)
{
    if (entry->spam < SHARED_USERS_LEAST || entry->spam < entry->ham + least)
        return 0;
    return (unsigned)entry->spam + entry->trapped - entry->ham;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static bool load_header(struct shared_table *table, struct failure *failure)
{
    struct header header;
    off_t size = lseek(table->fd, 0, SEEK_END);
    bool read = pread(table->fd, &header, sizeof header, 0) == (ssize_t)sizeof header;
    bool has_mark = read && memcmp(header.mark, file_mark, sizeof file_mark) == 0;
    bool sound = has_mark && header.version == FORMAT_VERSION && header.sum == header_sum(&header) &&
                 header.buckets && header.buckets <= BUCKETS_MOST && (header.buckets & (header.buckets - 1)) == 0 &&
                 size == (off_t)sizeof header + (off_t)header.buckets * (off_t)sizeof(struct bucket);
    if (!sound)
        return failure_set(failure, FAILURE_DAMAGED, "the shared table is damaged, or of another version");
    if (header.key != hash_mix(table->key))
        return failure_set(failure, FAILURE_DAMAGED, "the shared table was made under another key");
    table->buckets = header.buckets;
    table->facts = (struct shared_facts){ .made = header.made, .users = header.users, .reports = header.reports,
                                          .texts = header.texts, .relays = header.relays, .hosts = header.hosts };
    return true;
}

bool shared_table_open(const char *directory, struct shared_table *table, struct failure *failure)
{
    *table = (struct shared_table){ .fd = -1 };
    int folder = shared_place_open(directory, false, failure);
    if (folder < 0)
        return false;
    if (shared_place_read_key(folder, &table->key, failure))
        table->fd = shared_place_open_file(folder, SHARED_TABLE, O_RDONLY, failure);
    close(folder);
    if (table->fd >= 0 && load_header(table, failure))
        return true;
    shared_table_close(table);
    return false;
}

void shared_table_close(struct shared_table *table)
{
    if (table->fd >= 0)
        close(table->fd);
    table->fd = -1;
}

enum shared_found shared_table_find(const struct shared_table *table, enum shared_kind kind, uint64_t name,
                                    struct shared_entry *entry)
{
    struct bucket bucket;
    uint32_t place = (uint32_t)(name & (table->buckets - 1));
    off_t at = (off_t)sizeof(struct header) + (off_t)place * (off_t)sizeof bucket;
    if (pread(table->fd, &bucket, sizeof bucket, at) != (ssize_t)sizeof bucket ||
        bucket.sum != bucket_sum(&bucket, table->key, place))
        return SHARED_CANNOT_TELL;
    for (size_t i = 0; i < BUCKET_ENTRIES && name; i++)
        if (bucket.entries[i].name == name && bucket.entries[i].kind == kind) {
            *entry = bucket.entries[i];
            return SHARED_FOUND;
        }
    return SHARED_UNKNOWN;
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static void put_entry(struct bucket *bucket, const struct shared_entry *entry)
{
    struct shared_entry *least = &bucket->entries[0];
    for (size_t i = 0; i < BUCKET_ENTRIES; i++) {
        if (bucket->entries[i].name == 0) {
            bucket->entries[i] = *entry;
            return;
        }
        if (bucket->entries[i].spam < least->spam)
            least = &bucket->entries[i];
    }
    if (least->spam < entry->spam)
        *least = *entry;
}

static void fill(struct bucket *buckets, uint32_t bucket_count, uint64_t key, const struct shared_entry *entries,
                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_entry(&buckets[entries[i].name & (bucket_count - 1)], &entries[i]);
    for (uint32_t i = 0; i < bucket_count; i++)
        buckets[i].sum = bucket_sum(&buckets[i], key, i);
}

bool shared_table_write(const char *directory, uint64_t key, const struct shared_facts *facts,
                        const struct shared_entry *entries, size_t count, struct failure *failure)
{
    char path[PATH_MAX];
    struct header header = { .version = FORMAT_VERSION, .buckets = 1, .made = facts->made, .users = facts->users,
                             .reports = facts->reports, .texts = facts->texts, .relays = facts->relays,
                             .hosts = facts->hosts, .key = hash_mix(key) };
    memcpy(header.mark, file_mark, sizeof file_mark);
    while (header.buckets < BUCKETS_MOST && header.buckets < count / ENTRIES_A_BUCKET)
        header.buckets *= 2;
    header.sum = header_sum(&header);
    size_t bytes = sizeof header + header.buckets * sizeof(struct bucket);
    char *file = calloc(1, bytes);
    if (!file || !file_join(path, sizeof path, directory, SHARED_TABLE)) {
        free(file);
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the shared table");
    }
    memcpy(file, &header, sizeof header);
    fill((struct bucket *)(file + sizeof header), header.buckets, key, entries, count);
    bool good = file_replace(path, span_make(file, bytes), 0644, failure);
    free(file);
    return good;
}
