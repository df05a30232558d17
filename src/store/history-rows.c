/* history-rows.c - the history in the tables of a store on a server: a row for each bucket, and one for the header */
#include "config.h"

#include <stdlib.h>

#include "store/history-layout.h"
#include "store/tables.h"

_Static_assert(HISTORY_ROW_BYTES == HISTORY_BUCKET * sizeof(struct history_slot), "a row is a bucket");
_Static_assert(HISTORY_HEADER_ROW == HISTORY_BUCKETS, "the header stands behind the buckets");
_Static_assert(sizeof(struct history_header) <= HISTORY_ROW_BYTES, "and has room in a row");

/* Of some bytes of the file, those that are in one row. */
struct piece {
    uint32_t row;
    size_t offset, length;
};

static struct piece piece_at(size_t at, size_t length)
{
    size_t header = sizeof(struct history_header);
    struct piece piece = { .row = HISTORY_HEADER_ROW, .offset = at, .length = header - at };
    if (at >= header)
        piece = (struct piece){ .row = (uint32_t)((at - header) / HISTORY_ROW_BYTES),
                                .offset = (at - header) % HISTORY_ROW_BYTES,
                                .length = HISTORY_ROW_BYTES - (at - header) % HISTORY_ROW_BYTES };
    if (piece.length > length)
        piece.length = length;
    return piece;
}

/* A damaged row is one in which nothing is: its slots were hints. */
static bool get_row(const struct history *history, uint32_t number, struct history_row *row, struct failure *failure)
{
    struct failure why = { 0 };
    if (tables_get(history->tables, TABLE_HISTORY, number, history->tables_key, row, &why))
        return true;
    *row = (struct history_row){ 0 };
    return why.kind == FAILURE_DAMAGED || failure_set(failure, why.kind, "%s", why.reason);
}

static void fetch(const struct history *history, const uint32_t *rows, size_t count)
{
    const struct store_engine *engine = history->tables->engine;
    if (engine->fetch && count > 0)
        engine->fetch(history->tables, TABLE_HISTORY, rows, count, NULL);
}

static void fetch_all(const struct history *history)
{
    uint32_t rows[HISTORY_ROWS];
    for (uint32_t i = 0; i < HISTORY_ROWS; i++)
        rows[i] = i;
    fetch(history, rows, HISTORY_ROWS);
}

bool history_rows_read(const struct history *history, void *into, size_t length, size_t at, struct failure *failure)
{
    char *to = into;
    if (length > HISTORY_ROW_BYTES)
        fetch_all(history);
    while (length) {
        struct piece piece = piece_at(at, length);
        struct history_row row;
        if (!get_row(history, piece.row, &row, failure))
            return false;
        memcpy(to, row.bytes + piece.offset, piece.length);
        to += piece.length;
        at += piece.length;
        length -= piece.length;
    }
    return true;
}

bool history_rows_write(struct history *history, const void *from, size_t length, size_t at, struct failure *failure)
{
    const char *bytes = from;
    while (length) {
        struct piece piece = piece_at(at, length);
        struct history_row row;
        bool is_whole = piece.length == HISTORY_ROW_BYTES;
        if (!is_whole && !get_row(history, piece.row, &row, failure))
            return false;
        memcpy(row.bytes + piece.offset, bytes, piece.length);
        if (!tables_put(history->tables, TABLE_HISTORY, piece.row, history->tables_key, &row, failure))
            return false;
        bytes += piece.length;
        at += piece.length;
        length -= piece.length;
    }
    return true;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static bool is_absent(const struct history_header *header)
{
    static const struct history_header nothing;
    return memcmp(header, &nothing, sizeof nothing) == 0;
}

static bool begin(struct history *history, struct failure *failure)
{
    history_new_header(&history->header, hash_new_key());
    return history_rows_write(history, &history->header, sizeof history->header, 0, failure);
}

/* The header, as it is or begun; false with no failure when there is none. */
static bool load_or_begin(struct history *history, bool make, struct failure *failure)
{
    struct history_header *header = &history->header;
    if (!history_rows_read(history, header, sizeof *header, 0, failure))
        return false;
    if (slot_file_header_is_sound(&history_kind, header))
        return true;
    if (slot_file_header_is_newer(&history_kind, header))
        return failure_set(failure, FAILURE_DAMAGED, "the history was written by a newer version of tamis");
    if (make)
        return begin(history, failure);
    return !is_absent(header) && failure_set(failure, FAILURE_DAMAGED, "the history is damaged");
}

struct history *history_open_rows(struct tables *tables, uint64_t key, bool make, struct failure *failure)
{
    struct history *history = calloc(1, sizeof *history);
    if (!history) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the history of relays and hosts");
        return NULL;
    }
    *history = (struct history){ .fd = -1, .tables = tables, .tables_key = key };
    if (!load_or_begin(history, make, failure))
        history_close(&history);
    return history;
}

/* --- reading ahead ------------------------------------------------------------------------------------------------ */

void history_read_ahead(const struct history *history, const struct trace *trace)
{
    uint32_t rows[1 + HISTORY_HOSTS];
    size_t count = 0;
    if (!history || !history->tables)
        return;
    uint64_t key = history->header.key;
    if (trace->relay)
        rows[count++] = (uint32_t)history_bucket_of(history_hash(trace->relay, key));
    for (size_t i = 0; i < trace->host_count && i < HISTORY_HOSTS; i++)
        rows[count++] = (uint32_t)history_bucket_of(history_hash(trace->hosts[i], key));
    fetch(history, rows, count);
}
