/* target-snapshot.c - snapshots: raw bytes, and rows whose checksums hold whatever is in them
 *
 * First byte even: the input is the file.  Odd: the rest is rows, each a byte of table, two of number, and a content of
 * ROW_BYTES bytes that is repeated to the row's length; header and sums are made sound.
 */
#include "config.h"

#include "fuzz.h"

#include "store/snapshot.h"
#include "stores.h"

#define FILE_BYTES ((size_t)1024 * 1024)
#define ROW_BYTES 40
#define ROWS_AT_MOST 64

static void append_row(struct buffer *file, struct span *input)
{
    unsigned table = fuzz_take_byte(input) % TABLE_COUNT;
    unsigned number = fuzz_take_byte(input) << 8;
    number |= fuzz_take_byte(input);
    uint64_t row[ROW_BYTES_MOST / sizeof(uint64_t)] = { 0 };
    for (size_t i = 8; i < table_row_bytes[table] && input->length; i++)
        ((char *)row)[i] = input->data[(i - 8) % (input->length < ROW_BYTES ? input->length : ROW_BYTES)];
    *input = span_from(*input, ROW_BYTES);
    record_seal(row, (enum table)table, number, STORES_KEY);
    stores_put(file, table << 28 | number, 4);
    stores_put(file, 0, 4);
    buffer_append(file, span_make((const char *)row, table_row_bytes[table]));
}

static struct span sealed_snapshot(struct span input, struct arena *arena)
{
    struct buffer rows = buffer_new(arena, FILE_BYTES), file = buffer_new(arena, FILE_BYTES);
    uint64_t count = 0;
    for (; input.length && count < ROWS_AT_MOST; count++)
        append_row(&rows, &input);
    buffer_append_string(&file, "tamissnp");
    stores_put(&file, RECORD_VERSION, 4);
    stores_put(&file, RECORD_BYTE_ORDER, 4);
    stores_put(&file, STORES_KEY, 8);
    stores_put(&file, 7, 8);
    stores_put(&file, 1u << 10, 4);
    stores_put(&file, LEDGER_ROWS_FIRST, 4);
    stores_put(&file, count, 8);
    stores_put(&file, 64 + rows.length + 8, 8);
    stores_put(&file, hash_bytes(file.data, file.length, 0), 8);
    buffer_append(&file, buffer_span(&rows));
    stores_put(&file, hash_bytes(rows.data, rows.length, STORES_KEY), 8);
    return buffer_span(&file);
}

/* A snapshot that was read is written and read again the same. */
static void check_again(const struct directory *directory, struct tables *tables, struct meta_row *meta)
{
    struct failure failure = { 0 };
    enum store_state state;
    struct meta_row again;
    if (!record_meta_is_ours(meta) || !snapshot_write(directory, tables, meta, &failure))
        return;
    struct tables *read = snapshot_read(directory, &again, NULL, &state, &failure);
    fuzz_require(read);
    fuzz_require(again.sequence == meta->sequence && again.ledger_used == meta->ledger_used);
    tables_close(&read);
}

FUZZ_TARGET(snapshot, "snapshots of a store are read")
{
    unsigned kind = fuzz_take_byte(&input);
    fuzz_file(STORE_FILE_SNAPSHOT, kind & 1 ? sealed_snapshot(input, arena) : input, arena);
    struct directory directory = stores_open();
    struct meta_row meta;
    struct failure failure = { 0 };
    enum store_state state;
    uint64_t lost = 0;
    struct tables *tables = snapshot_read(&directory, &meta, kind & 2 ? &lost : NULL, &state, &failure);
    fuzz_require(tables || failure.kind != FAILURE_NONE);
    if (tables)
        check_again(&directory, tables, &meta);
    tables_close(&tables);
    directory_close(&directory);
}
