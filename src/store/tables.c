/* tables.c - whole tables: rows with their checksums, and all rows in turn */
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

/* Rows read at a time: 64 KB of the widest. */
#define BATCH 32

/* Rows of a remote engine that are read ahead at a time; a multiple of it. */
#define BATCH_AHEAD 2048u

bool tables_fail_damaged(enum table table, uint32_t number, struct failure *failure)
{
    static const char *const names[] = { "weights", "pairs", "ledger", "history",
                                        "file that goes with the store" };
    return failure_set(failure, FAILURE_DAMAGED, "row %u of the %s is damaged", number, names[table]);
}

/* Is it an absent row of an engine that keeps none in which nothing is? */
static bool is_absent(const struct tables *tables, const void *row, enum table table)
{
    uint64_t checksum;
    memcpy(&checksum, row, sizeof checksum);
    return tables->engine->sparse && checksum == 0 && record_is_empty(row, table);
}

/* Is a row that was read what was written there? */
static bool is_sound(const struct tables *tables, const void *row, enum table table, uint32_t number, uint64_t key)
{
    return !tables->engine->sealed || record_is_sound(row, table, number, key) || is_absent(tables, row, table);
}

/* The place of a row among the bits of `known`; false when it has none. */
static bool find_known_bit(const struct tables *tables, enum table table, uint32_t number, uint32_t *bit)
{
    static const uint32_t first[TABLE_COUNT + 1] = { 0, 256, 256 + 65536, TABLES_KNOWN_BYTES * 8,
                                                       TABLES_KNOWN_BYTES * 8, TABLES_KNOWN_BYTES * 8 };
    *bit = first[table] + number;
    return tables->known && number < first[table + 1] - first[table];
}

static bool is_known(const struct tables *tables, enum table table, uint32_t number)
{
    uint32_t bit;
    return find_known_bit(tables, table, number, &bit) && tables->known[bit / 8] >> bit % 8 & 1;
}

static void note_known(struct tables *tables, enum table table, uint32_t number)
{
    uint32_t bit;
    if (find_known_bit(tables, table, number, &bit))
        tables->known[bit / 8] |= (uint8_t)(1u << bit % 8);
}

const void *tables_look(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *room,
                        struct failure *failure)
{
    const void *row = tables->engine->view ? tables->engine->view(tables, table, number) : NULL;
    if (!row) {
        if (!tables_read(tables, table, number, room, failure))
            return NULL;
        row = room;
    }
    if (is_known(tables, table, number))
        return row;
    if (!is_sound(tables, row, table, number, key)) {
        tables_fail_damaged(table, number, failure);
        return NULL;
    }
    note_known(tables, table, number);
    return row;
}

bool tables_get(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *row,
                struct failure *failure)
{
    const void *found = tables_look(tables, table, number, key, row, failure);
    if (found && found != row)
        memcpy(row, found, table_row_bytes[table]);
    return found != NULL;
}

bool tables_put(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *row,
                struct failure *failure)
{
    if (tables->engine->sparse && record_is_empty(row, table))
        memset(row, 0, sizeof(uint64_t));
    else if (tables->engine->sealed)
        record_seal(row, table, number, key);
    if (!tables_write(tables, table, number, row, failure))
        return false;
    note_known(tables, table, number);
    return true;
}

void tables_set_rows(struct tables *tables, uint32_t pair_rows, uint32_t ledger_rows)
{
    tables->rows[TABLE_WEIGHTS] = WEIGHT_TABLE_ROWS;
    tables->rows[TABLE_PAIRS] = pair_rows;
    tables->rows[TABLE_LEDGER] = ledger_rows;
    tables->rows[TABLE_HISTORY] = engine_is_remote(tables->engine) ? HISTORY_ROWS : 0;
    tables->rows[TABLE_COMPANION] = engine_is_remote(tables->engine) ? COMPANION_ROWS : 0;
}

void tables_take_servers_own(struct tables *to, const struct tables *from)
{
    to->rows[TABLE_HISTORY] = from->rows[TABLE_HISTORY];
    to->rows[TABLE_COMPANION] = from->rows[TABLE_COMPANION];
}

void tables_leave_servers_own(struct tables *tables)
{
    tables->rows[TABLE_HISTORY] = tables->rows[TABLE_COMPANION] = 0;
}

bool tables_get_meta(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    tables->rows[TABLE_WEIGHTS] = WEIGHT_TABLE_ROWS;
    if (!tables_get(tables, TABLE_WEIGHTS, META_ROW, 0, meta, failure))
        return false;
    if (!record_meta_is_ours(meta))
        return failure_set(failure, FAILURE_DAMAGED,
                           "the tables were made by another version or on another kind of machine");
    tables_set_rows(tables, meta->pair_rows, meta->ledger_rows);
    return true;
}

bool tables_put_meta(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    return tables_put(tables, TABLE_WEIGHTS, META_ROW, 0, meta, failure);
}

struct tables *tables_new_in_memory(struct meta_row *meta, struct failure *failure)
{
    struct tables *tables = store_engine_memory.open(NULL, TABLES_MAKE, failure);
    if (!tables)
        return NULL;
    tables_set_rows(tables, meta->pair_rows, meta->ledger_rows);
    if (!tables_put_meta(tables, meta, failure))
        tables_close(&tables);
    return tables;
}

bool tables_fetch_pairs(struct tables *tables, const uint32_t *pairs, size_t count, struct failure *failure)
{
    uint32_t rows = tables->rows[TABLE_PAIRS], *numbers;
    size_t used = 0;
    if (!tables->engine->fetch || count == 0)
        return true;
    numbers = malloc(count * sizeof *numbers);
    if (!numbers)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a list of rows");
    for (size_t i = 0; i < count; i++)
        if (used == 0 || numbers[used - 1] != pair_row_of(pairs[i], rows))
            numbers[used++] = pair_row_of(pairs[i], rows);
    bool fetched = tables->engine->fetch(tables, TABLE_PAIRS, numbers, used, failure);
    free(numbers);
    return fetched;
}

static bool read_ahead(struct tables *tables, enum table table, uint32_t first, struct failure *failure)
{
    uint32_t numbers[BATCH_AHEAD], count = 0;
    if (!tables->engine->fetch || first % BATCH_AHEAD != 0)
        return true;
    while (count < BATCH_AHEAD && first + count < tables->rows[table]) {
        numbers[count] = first + count;
        count++;
    }
    return tables->engine->fetch(tables, table, numbers, count, failure);
}

static bool each_of_table(struct tables *tables, enum table table, uint64_t key, tables_visit *visit, void *context,
                          struct failure *failure)
{
    uint32_t numbers[BATCH];
    uint64_t rows[BATCH * ROW_BYTES_MOST / sizeof(uint64_t)];
    for (uint32_t first = 0; first < tables->rows[table]; first += BATCH) {
        uint32_t left = tables->rows[table] - first, count = left < BATCH ? left : BATCH;
        for (uint32_t i = 0; i < count; i++)
            numbers[i] = first + i;
        if (!read_ahead(tables, table, first, failure) ||
            !tables->engine->read(tables, table, numbers, count, rows, failure))
            return false;
        for (uint32_t i = 0; i < count; i++) {
            const char *row = (const char *)rows + i * table_row_bytes[table];
            bool sound = is_sound(tables, row, table, first + i, key);
            if (!visit(context, table, first + i, row, sound, failure))
                return false;
        }
    }
    return true;
}

bool tables_each(struct tables *tables, uint64_t key, tables_visit *visit, void *context, struct failure *failure)
{
    for (int table = 0; table < TABLE_COUNT; table++)
        if (!each_of_table(tables, (enum table)table, key, visit, context, failure))
            return false;
    return true;
}

struct copy {
    struct tables *to;
    uint64_t key;
};

static bool copy_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                     struct failure *failure)
{
    struct copy *copy = context;
    uint64_t bytes[ROW_BYTES_MOST / sizeof(uint64_t)];
    if (!sound)
        return tables_fail_damaged(table, number, failure);
    memcpy(bytes, row, table_row_bytes[table]);
    return tables_put(copy->to, table, number, copy->key, bytes, failure);
}

bool tables_copy(struct tables *from, struct tables *to, uint64_t key, struct failure *failure)
{
    struct copy copy = { to, key };
    return tables_each(from, key, copy_row, &copy, failure);
}
