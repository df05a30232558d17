/* engine-memory.c - tables that end with their process: for tests, `evaluate`, and work on a whole store at once */
#include <stdlib.h>
#include <string.h>

#include "store/engine.h"

struct memory_tables {
    struct tables tables;
    unsigned char *bytes[TABLE_COUNT]; /* made at a table's first use, zeroed */
};

static struct tables *memory_open(const struct store_options *options, enum tables_access access,
                                  struct failure *failure)
{
    (void)options;
    (void)access;
    struct memory_tables *memory = calloc(1, sizeof *memory);
    if (!memory) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the tables");
        return NULL;
    }
    memory->tables.engine = &store_engine_memory;
    return &memory->tables;
}

static unsigned char *row_at(struct tables *tables, enum table table, uint32_t number, struct failure *failure)
{
    struct memory_tables *memory = (struct memory_tables *)tables;
    if (number >= tables->rows[table]) {
        failure_set(failure, FAILURE_DEFECT, "row %u of table %d asked for, which has %u", number, (int)table,
                    tables->rows[table]);
        return NULL;
    }
    if (!memory->bytes[table])
        memory->bytes[table] = calloc(tables->rows[table], table_row_bytes[table]);
    if (!memory->bytes[table]) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for a table of %u rows", tables->rows[table]);
        return NULL;
    }
    return memory->bytes[table] + (size_t)number * table_row_bytes[table];
}

static bool memory_read(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                        struct failure *failure)
{
    size_t size = table_row_bytes[table];
    for (size_t i = 0; i < count; i++) {
        const unsigned char *row = row_at(tables, table, numbers[i], failure);
        if (!row)
            return false;
        memcpy((char *)rows + i * size, row, size);
    }
    return true;
}

static bool memory_write(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                         const void *rows, struct failure *failure)
{
    size_t size = table_row_bytes[table];
    for (size_t i = 0; i < count; i++) {
        unsigned char *row = row_at(tables, table, numbers[i], failure);
        if (!row)
            return false;
        memcpy(row, (const char *)rows + i * size, size);
    }
    return true;
}

static const void *memory_view(struct tables *tables, enum table table, uint32_t number)
{
    return row_at(tables, table, number, NULL);
}

static void memory_close(struct tables *tables)
{
    struct memory_tables *memory = (struct memory_tables *)tables;
    for (int table = 0; table < TABLE_COUNT; table++)
        free(memory->bytes[table]);
    free(memory);
}

const struct store_engine store_engine_memory = {
    .name = "memory",
    .on_disk = false,
    .open = memory_open,
    .read = memory_read,
    .write = memory_write,
    .view = memory_view,
    .close = memory_close,
};
