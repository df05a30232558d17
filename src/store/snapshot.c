/* snapshot.c - a whole store in one file, written in one step */
#include "config.h"

#include "store/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hash.h"

/* Every row of the largest store there can be is some 280 MB; an ordinary one has 5. */
#define SNAPSHOT_BYTES_MOST ((size_t)512 * 1024 * 1024)

static const char snapshot_magic[8] = { 't', 'a', 'm', 'i', 's', 's', 'n', 'p' };

struct snapshot_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t key, sequence;
    uint32_t pair_rows, ledger_rows;
    uint64_t row_count, length, checksum;
};

struct row_header {
    uint32_t place, zero;
};

static_assert(sizeof(struct snapshot_header) == 64 && sizeof(struct row_header) == 8, "drawn in record.h");

static uint64_t header_checksum(const struct snapshot_header *header)
{
    return hash_bytes(header, offsetof(struct snapshot_header, checksum), 0);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct writing {
    unsigned char *bytes;
    size_t length;
    uint64_t key, rows;
};

static bool add_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                    struct failure *failure)
{
    struct writing *writing = context;
    struct row_header header = { .place = (uint32_t)table << 28 | number };
    if (!sound)
        return tables_fail_damaged(table, number, failure);
    if (record_is_empty(row, table))
        return true;
    memcpy(writing->bytes + writing->length, &header, sizeof header);
    writing->length += sizeof header;
    /* Sealed again, since rows in memory are not: on an odd address none of the row structs could be used directly. */
    uint64_t bytes[ROW_BYTES_MOST / sizeof(uint64_t)];
    memcpy(bytes, row, table_row_bytes[table]);
    record_seal(bytes, table, number, writing->key);
    memcpy(writing->bytes + writing->length, bytes, table_row_bytes[table]);
    writing->length += table_row_bytes[table];
    writing->rows++;
    return true;
}

static size_t bytes_at_most(const struct tables *tables)
{
    size_t bytes = sizeof(struct snapshot_header) + sizeof(uint64_t);
    for (int table = 0; table < TABLE_COUNT; table++)
        bytes += tables->rows[table] * (sizeof(struct row_header) + table_row_bytes[table]);
    return bytes;
}

static void finish(struct writing *writing, const struct meta_row *meta)
{
    size_t start = sizeof(struct snapshot_header);
    uint64_t checksum = hash_bytes(writing->bytes + start, writing->length - start, meta->key);
    memcpy(writing->bytes + writing->length, &checksum, sizeof checksum);
    writing->length += sizeof checksum;
    struct snapshot_header header = { .version = RECORD_VERSION, .byte_order = RECORD_BYTE_ORDER, .key = meta->key,
                                      .sequence = meta->sequence, .pair_rows = meta->pair_rows,
                                      .ledger_rows = meta->ledger_rows, .row_count = writing->rows,
                                      .length = writing->length };
    memcpy(header.magic, snapshot_magic, sizeof header.magic);
    header.checksum = header_checksum(&header);
    memcpy(writing->bytes, &header, sizeof header);
}

bool snapshot_write(const struct directory *directory, struct tables *tables, const struct meta_row *meta,
                    struct failure *failure)
{
    char path[PATH_MAX];
    struct writing writing = { .bytes = malloc(bytes_at_most(tables)), .key = meta->key,
                               .length = sizeof(struct snapshot_header) };
    if (!writing.bytes)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a snapshot");
    bool done = tables_each(tables, meta->key, add_row, &writing, failure) &&
                directory_join(directory, STORE_FILE_SNAPSHOT, path, sizeof path, failure);
    if (done) {
        finish(&writing, meta);
        done = file_replace(path, span_make((const char *)writing.bytes, writing.length), 0600, failure);
    }
    free(writing.bytes);
    return done;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool check_header(const struct file_bytes *bytes, struct snapshot_header *header, enum store_state *state,
                         struct failure *failure)
{
    *state = STORE_DAMAGED;
    if (bytes->length < sizeof *header)
        return failure_set(failure, FAILURE_DAMAGED, "the snapshot is cut short: %zu bytes", bytes->length);
    memcpy(header, bytes->data, sizeof *header);
    if (memcmp(header->magic, snapshot_magic, sizeof header->magic) != 0)
        return failure_set(failure, FAILURE_DAMAGED, "the snapshot is not a snapshot");
    if (header->checksum != header_checksum(header))
        return failure_set(failure, FAILURE_DAMAGED, "the snapshot's header is damaged");
    if (header->byte_order != RECORD_BYTE_ORDER)
        return failure_set(failure, FAILURE_DAMAGED, "the snapshot was written on another kind of machine");
    if (header->version != RECORD_VERSION) {
        *state = header->version > RECORD_VERSION ? STORE_NEWER : STORE_DAMAGED;
        return failure_set(failure, FAILURE_DAMAGED, "the snapshot is of version %u, this program knows %u",
                           header->version, RECORD_VERSION);
    }
    return record_rows_are_possible(header->pair_rows, header->ledger_rows) ||
           failure_set(failure, FAILURE_DAMAGED, "the snapshot is of an impossible size");
}

static bool body_is_sound(const struct file_bytes *bytes, const struct snapshot_header *header)
{
    uint64_t checksum;
    if (bytes->length != header->length || bytes->length < sizeof *header + sizeof checksum)
        return false;
    size_t length = bytes->length - sizeof *header - sizeof checksum;
    memcpy(&checksum, bytes->data + bytes->length - sizeof checksum, sizeof checksum);
    return checksum == hash_bytes(bytes->data + sizeof *header, length, header->key);
}

/* Puts the row at `*at` into `tables`; false at the end of what can be read. */
static bool take_row(const struct file_bytes *bytes, size_t *at, uint64_t key, struct tables *tables, uint64_t *taken)
{
    struct row_header header;
    uint64_t row[ROW_BYTES_MOST / sizeof(uint64_t)];
    if (bytes->length - *at < sizeof header + sizeof(uint64_t))
        return false;
    memcpy(&header, bytes->data + *at, sizeof header);
    uint32_t table = header.place >> 28, number = header.place & 0x0FFFFFFF;
    if (table >= TABLE_COUNT || number >= tables->rows[table] ||
        bytes->length - *at < sizeof header + table_row_bytes[table])
        return false;
    memcpy(row, bytes->data + *at + sizeof header, table_row_bytes[table]);
    *at += sizeof header + table_row_bytes[table];
    struct failure ignored;
    if (record_is_sound(row, (enum table)table, number, key) &&
        tables_write(tables, (enum table)table, number, row, &ignored))
        (*taken)++;
    return true;
}

static struct tables *take_rows(const struct file_bytes *bytes, const struct snapshot_header *header,
                                struct meta_row *meta, uint64_t *lost, struct failure *failure)
{
    size_t at = sizeof *header;
    uint64_t taken = 0;
    record_new_meta(meta, header->key, header->pair_rows, header->ledger_rows);
    meta->sequence = header->sequence;
    struct tables *tables = tables_new_in_memory(meta, failure);
    if (!tables)
        return NULL;
    while (take_row(bytes, &at, header->key, tables, &taken))
        ;
    *lost = header->row_count > taken ? header->row_count - taken : 0;
    if (!tables_get_meta(tables, meta, failure))
        tables_close(&tables);
    return tables;
}

static bool read_snapshot(const struct directory *directory, struct file_bytes *bytes, enum store_state *state,
                          struct failure *failure)
{
    int fd = directory_open_file(directory, STORE_FILE_SNAPSHOT, O_RDONLY, failure);
    *state = fd >= 0 ? STORE_UNUSABLE : errno == ENOENT ? STORE_EMPTY
             : failure->kind == FAILURE_PERMISSION      ? STORE_FORBIDDEN
                                                        : STORE_UNUSABLE;
    bool done = fd >= 0 && file_read_descriptor(fd, SNAPSHOT_BYTES_MOST, bytes, failure);
    if (fd >= 0)
        close(fd);
    return done;
}

struct tables *snapshot_read(const struct directory *directory, struct meta_row *meta, uint64_t *lost_r,
                             enum store_state *state, struct failure *failure)
{
    struct file_bytes bytes;
    struct snapshot_header header;
    struct tables *tables = NULL;
    uint64_t lost = 0;
    if (!read_snapshot(directory, &bytes, state, failure))
        return NULL;
    if (check_header(&bytes, &header, state, failure)) {
        if (lost_r || body_is_sound(&bytes, &header))
            tables = take_rows(&bytes, &header, meta, &lost, failure);
        else
            failure_set(failure, FAILURE_DAMAGED, "the snapshot is damaged or cut short");
    }
    if (tables && lost && !lost_r) {
        failure_set(failure, FAILURE_DAMAGED, "the snapshot lacks %llu rows", (unsigned long long)lost);
        tables_close(&tables);
    }
    if (lost_r)
        *lost_r = lost;
    file_bytes_free(&bytes);
    return tables;
}
