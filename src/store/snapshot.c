/* snapshot.c - a whole store in one file, written in one step */
#include "config.h"

#include "store/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/packing.h"
#include "util/file.h"
#include "util/hash.h"

/* Every row of the largest store there can be is some 280 MB unpacked; an ordinary one has 3 packed. */
#define SNAPSHOT_BYTES_MOST ((size_t)512 * 1024 * 1024)
#define BLOCK_MAGIC 0x424E5354u

static const char snapshot_magic[8] = { 't', 'a', 'm', 'i', 's', 's', 'n', 'p' };

struct snapshot_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t key, sequence;
    uint32_t pair_rows, ledger_rows;
    uint64_t row_count, length, checksum;
};

struct block_header {
    uint32_t magic, length, place, rows;
    uint64_t checksum;
};

static_assert(sizeof(struct snapshot_header) == 64 && sizeof(struct block_header) == 24, "drawn in record.h");

/* How the rows of a table are packed: so many at a time, as records of so many bytes. */
static const struct {
    uint32_t rows;
    size_t record;
} blocks[TABLE_COUNT] = {
    [TABLE_WEIGHTS] = { 32, sizeof(int16_t) },
    [TABLE_PAIRS] = { 1024, sizeof(struct pair_slot) },
    [TABLE_LEDGER] = { 64, sizeof(struct ledger_slot) },
    [TABLE_HISTORY] = { 0, 1 }, /* a file of its own */
    [TABLE_COMPANION] = { 0, 1 },
};

static_assert(32 * (ROW_BYTES_MOST - sizeof(uint64_t)) <= PACKING_BYTES_MOST &&
                  1024 * sizeof(struct pair_row) <= PACKING_BYTES_MOST &&
                  64 * sizeof(struct ledger_row) <= PACKING_BYTES_MOST,
              "a block is packed at once");

/* Bytes of a row without its checksum. */
static size_t body_bytes(enum table table)
{
    return table_row_bytes[table] - sizeof(uint64_t);
}

static uint64_t header_checksum(const struct snapshot_header *header)
{
    return hash_bytes(header, offsetof(struct snapshot_header, checksum), 0);
}

static uint64_t block_checksum(const struct block_header *header, const void *packed, uint64_t key)
{
    return hash_bytes(packed, header->length, hash_bytes(header, offsetof(struct block_header, checksum), key));
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct writing {
    unsigned char *bytes;
    size_t length, room;
    uint64_t key, rows;
    /* the block that is being gathered */
    enum table table;
    uint32_t first, count, used;
    unsigned char bodies[PACKING_BYTES_MOST];
};

static bool make_room(struct writing *writing, size_t more, struct failure *failure)
{
    if (writing->length + more <= writing->room)
        return true;
    size_t room = 2 * writing->room + more;
    unsigned char *bytes = realloc(writing->bytes, room);
    if (!bytes)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a snapshot");
    writing->bytes = bytes;
    writing->room = room;
    return true;
}

static bool end_block(struct writing *writing, struct failure *failure)
{
    size_t bodies = writing->count * body_bytes(writing->table), room = packing_room(bodies);
    struct block_header header = { .magic = BLOCK_MAGIC, .place = (uint32_t)writing->table << 28 | writing->first,
                                   .rows = writing->count };
    bool empty = writing->used == 0;
    writing->rows += writing->used;
    writing->count = writing->used = 0;
    if (empty)
        return true;
    if (!make_room(writing, sizeof header + room, failure))
        return false;
    unsigned char *packed = writing->bytes + writing->length + sizeof header;
    header.length = (uint32_t)packing_pack(writing->bodies, bodies, blocks[writing->table].record, packed, room);
    if (header.length == 0)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for packing a snapshot");
    header.checksum = block_checksum(&header, packed, writing->key);
    memcpy(writing->bytes + writing->length, &header, sizeof header);
    writing->length += sizeof header + header.length;
    return true;
}

static bool add_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                    struct failure *failure)
{
    struct writing *writing = context;
    if (!sound)
        return tables_fail_damaged(table, number, failure);
    if ((writing->table != table || writing->count == blocks[writing->table].rows) && !end_block(writing, failure))
        return false;
    if (writing->count == 0)
        writing->first = number;
    writing->table = table;
    writing->used += !record_is_empty(row, table);
    memcpy(writing->bodies + writing->count++ * body_bytes(table), (const char *)row + sizeof(uint64_t),
           body_bytes(table));
    return true;
}

static void write_header(struct writing *writing, const struct meta_row *meta)
{
    struct snapshot_header header = { .version = RECORD_VERSION, .byte_order = RECORD_BYTE_ORDER, .key = meta->key,
                                      .sequence = meta->sequence, .pair_rows = meta->pair_rows,
                                      .ledger_rows = meta->ledger_rows, .row_count = writing->rows,
                                      .length = writing->length };
    memcpy(header.magic, snapshot_magic, sizeof header.magic);
    header.checksum = header_checksum(&header);
    memcpy(writing->bytes, &header, sizeof header);
}

static bool pack_tables(struct writing *writing, struct tables *tables, const struct meta_row *meta,
                        struct failure *failure)
{
    if (!make_room(writing, sizeof(struct snapshot_header), failure))
        return false;
    writing->length = sizeof(struct snapshot_header);
    if (!tables_each(tables, meta->key, add_row, writing, failure) || !end_block(writing, failure))
        return false;
    write_header(writing, meta);
    return true;
}

bool snapshot_write(const struct directory *directory, struct tables *tables, const struct meta_row *meta,
                    struct failure *failure)
{
    char path[PATH_MAX];
    struct writing *writing = calloc(1, sizeof *writing);
    if (!writing)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a snapshot");
    writing->key = meta->key;
    bool done = pack_tables(writing, tables, meta, failure) &&
                directory_join(directory, STORE_FILE_SNAPSHOT, path, sizeof path, failure) &&
                file_replace(path, span_make((const char *)writing->bytes, writing->length), 0600, failure);
    free(writing->bytes);
    free(writing);
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
    if (header->version != RECORD_VERSION)
        return record_refuse_version("the snapshot", header->version, state, failure);
    return record_rows_are_possible(header->pair_rows, header->ledger_rows) ||
           failure_set(failure, FAILURE_DAMAGED, "the snapshot is of an impossible size");
}

struct taking {
    const unsigned char *bytes;
    size_t length;
    uint64_t key;
    struct tables *tables;
    uint64_t taken; /* rows that are not empty */
};

/* Is there a whole, sound block of these tables at `at`? */
static bool block_at(const struct taking *taking, size_t at, struct block_header *header)
{
    if (taking->length - at < sizeof *header)
        return false;
    memcpy(header, taking->bytes + at, sizeof *header);
    uint32_t table = header->place >> 28, first = header->place & 0x0FFFFFFF;
    return header->magic == BLOCK_MAGIC && header->length <= taking->length - at - sizeof *header &&
           table < TABLE_COUNT && header->rows <= blocks[table].rows && first < taking->tables->rows[table] &&
           header->rows <= taking->tables->rows[table] - first &&
           header->checksum == block_checksum(header, taking->bytes + at + sizeof *header, taking->key);
}

static bool take_block(struct taking *taking, const struct block_header *header, const unsigned char *packed,
                       struct failure *failure)
{
    enum table table = (enum table)(header->place >> 28);
    uint32_t first = header->place & 0x0FFFFFFF;
    size_t body = body_bytes(table);
    unsigned char bodies[PACKING_BYTES_MOST];
    uint64_t row[ROW_BYTES_MOST / sizeof(uint64_t)] = { 0 };
    if (!packing_unpack(packed, header->length, blocks[table].record, bodies, header->rows * body))
        return true;
    for (uint32_t i = 0; i < header->rows; i++) {
        memcpy(row + 1, bodies + i * body, body);
        if (record_is_empty(row, table))
            continue;
        if (!tables_write(taking->tables, table, first + i, row, failure))
            return false;
        taking->taken++;
    }
    return true;
}

/* Goes through all blocks; where one is damaged, looks for the next sound one byte by byte. */
static bool take_blocks(struct taking *taking, struct failure *failure)
{
    struct block_header header;
    for (size_t at = sizeof(struct snapshot_header); at < taking->length;) {
        if (!block_at(taking, at, &header)) {
            at++;
            continue;
        }
        if (!take_block(taking, &header, taking->bytes + at + sizeof header, failure))
            return false;
        at += sizeof header + header.length;
    }
    return true;
}

static struct tables *take_rows(const struct file_bytes *bytes, const struct snapshot_header *header,
                                struct meta_row *meta, uint64_t *lost, struct failure *failure)
{
    record_new_meta(meta, header->key, header->pair_rows, header->ledger_rows);
    meta->sequence = header->sequence;
    struct taking taking = { .bytes = (const unsigned char *)bytes->data, .length = bytes->length,
                             .key = header->key, .tables = tables_new_in_memory(meta, failure) };
    if (taking.tables && (!take_blocks(&taking, failure) || !tables_get_meta(taking.tables, meta, failure)))
        tables_close(&taking.tables);
    *lost = header->row_count > taking.taken ? header->row_count - taking.taken : 0;
    return taking.tables;
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
    if (check_header(&bytes, &header, state, failure))
        tables = take_rows(&bytes, &header, meta, &lost, failure);
    if (tables && !lost_r && (lost || bytes.length != header.length)) {
        failure_set(failure, FAILURE_DAMAGED, "the snapshot is damaged or cut short: it lacks %llu rows",
                    (unsigned long long)lost);
        tables_close(&tables);
    }
    if (!tables && failure->kind == FAILURE_TEMPORARY)
        *state = STORE_UNUSABLE; /* the snapshot may be whole */
    if (lost_r)
        *lost_r = lost;
    file_bytes_free(&bytes);
    return tables;
}
