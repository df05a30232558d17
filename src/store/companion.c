/* companion.c - a file that goes with a store on a server, so that every host has it */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "store/companion.h"
#include "store/engine.h"
#include "store/store-inside.h"
#include "store/tables.h"

#define ROWS_FOR(length) (uint32_t)(((length) + COMPANION_ROW_BYTES - 1) / COMPANION_ROW_BYTES)

struct head {
    uint64_t length;
    struct companion_mark mark;
};
_Static_assert(sizeof(struct head) <= COMPANION_ROW_BYTES, "the head has room in a row");

struct companion_mark companion_mark_of(struct span file)
{
    struct companion_mark mark = { { 0 } };
    if (file.length >= sizeof mark)
        memcpy(&mark, file.data, sizeof mark);
    return mark;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* As it was fetched with the beginning; zeros when there is none. */
static bool get_head(struct tables *tables, uint64_t key, struct head *head, struct failure *failure)
{
    struct companion_row row;
    if (!tables_get(tables, TABLE_COMPANION, 0, key, &row, failure))
        return false;
    memcpy(head, row.bytes, sizeof *head);
    return head->length <= COMPANION_BYTES_MOST ||
           failure_set(failure, FAILURE_DAMAGED, "the file that goes with the store has an impossible length");
}

struct companion_mark companion_mark_in(struct store *store)
{
    struct head head;
    bool known = engine_is_remote(store->engine) && store->tables &&
                 get_head(store->tables, store->meta.key, &head, NULL);
    return known ? head.mark : (struct companion_mark){ { 0 } };
}

static bool fetch(struct tables *tables, uint32_t count, struct failure *failure)
{
    uint32_t rows[COMPANION_ROWS];
    for (uint32_t i = 0; i <= count; i++)
        rows[i] = i;
    return !tables->engine->fetch || tables->engine->fetch(tables, TABLE_COMPANION, rows, count + 1, failure);
}

static size_t part_of(size_t length, uint32_t row)
{
    size_t at = (size_t)(row - 1) * COMPANION_ROW_BYTES;
    return at >= length ? 0 : length - at < COMPANION_ROW_BYTES ? length - at : COMPANION_ROW_BYTES;
}

static bool get_bytes(struct tables *tables, uint64_t key, size_t length, char *file, struct failure *failure)
{
    bool good = fetch(tables, ROWS_FOR(length), failure);
    for (uint32_t number = 1; good && number <= ROWS_FOR(length); number++) {
        struct companion_row row;
        good = tables_get(tables, TABLE_COMPANION, number, key, &row, failure);
        if (good)
            memcpy(file + (size_t)(number - 1) * COMPANION_ROW_BYTES, row.bytes, part_of(length, number));
    }
    return good;
}

/* What is the same already is not sent again. */
static bool put_row(struct tables *tables, uint64_t key, uint32_t number, const void *bytes, size_t length,
                    struct failure *failure)
{
    struct companion_row row = { .checksum = 0 }, old;
    if (length)
        memcpy(row.bytes, bytes, length);
    bool sound = tables_get(tables, TABLE_COMPANION, number, key, &old, NULL);
    return (sound && memcmp(old.bytes, row.bytes, sizeof row.bytes) == 0) ||
           tables_put(tables, TABLE_COMPANION, number, key, &row, failure);
}

/* --- on a server -------------------------------------------------------------------------------------------------- */

/* NULL and no failure: the store is not there. */
static struct tables *open_tables(const struct store_options *options, struct meta_row *meta, struct failure *failure)
{
    const struct store_engine *engine = store_engine_of(options, failure);
    struct tables *tables = engine ? engine->open(options, TABLES_TOUCH, failure) : NULL;
    if (tables && (tables->is_new || !tables_get_meta(tables, meta, failure)))
        tables_close(&tables);
    return tables;
}

/* The file of that head, to be freed; NULL and `failure`. */
static char *read_file(struct tables *tables, uint64_t key, const struct head *head, struct failure *failure)
{
    char *file = malloc(head->length);
    if (!file) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for a file of %llu bytes", (unsigned long long)head->length);
        return NULL;
    }
    bool good = get_bytes(tables, key, head->length, file, failure);
    struct companion_mark mark = companion_mark_of(span_make(file, good ? head->length : 0));
    if (good && companion_is_same(&mark, &head->mark))
        return file;
    if (good)
        failure_set(failure, FAILURE_TEMPORARY, "it was changed while it was read");
    free(file);
    return NULL;
}

bool companion_read(const struct store_options *options, struct companion_mark *mark, char **file, size_t *length,
                    struct failure *failure)
{
    struct meta_row meta;
    struct head head = { 0 };
    struct failure why = { 0 };
    struct tables *tables = open_tables(options, &meta, &why);
    *file = NULL;
    bool known = tables && get_head(tables, meta.key, &head, &why);
    if (known && head.length > 0 && !companion_is_same(mark, &head.mark))
        *file = read_file(tables, meta.key, &head, &why);
    *length = head.length;
    *mark = head.mark;
    tables_close(&tables);
    return why.kind == FAILURE_NONE || failure_set(failure, why.kind, "%s", why.reason);
}

static bool make_store(const struct store_options *options, struct failure *failure)
{
    enum store_state state;
    struct store *store = store_open(options, STORE_WRITE, &state, failure);
    bool made = store != NULL;
    store_close(&store);
    return made;
}

static bool fail_late(struct failure *failure)
{
    return failure_set(failure, FAILURE_TEMPORARY, "another host was faster: try again");
}

static bool replace(struct tables *tables, uint64_t key, const struct companion_mark *before, struct span file,
                    struct failure *failure)
{
    struct head old, head = { .length = file.length, .mark = companion_mark_of(file) };
    if (!get_head(tables, key, &old, failure))
        return false;
    if (!companion_is_same(&old.mark, before))
        return fail_late(failure);
    uint32_t rows = ROWS_FOR(old.length > file.length ? old.length : file.length);
    bool good = fetch(tables, rows, failure) && put_row(tables, key, 0, &head, sizeof head, failure);
    for (uint32_t row = 1; good && row <= rows; row++)
        good = put_row(tables, key, row, file.data + (size_t)(row - 1) * COMPANION_ROW_BYTES,
                       part_of(file.length, row), failure);
    enum commit_result result = good ? tables->engine->commit(tables, failure) : COMMIT_FAILED;
    return result == COMMIT_DONE || (result == COMMIT_CONFLICT && fail_late(failure));
}

bool companion_write(const struct store_options *options, const struct companion_mark *before, struct span file,
                     struct failure *failure)
{
    struct meta_row meta;
    struct failure why = { 0 };
    if (file.length < COMPANION_MARK || file.length > COMPANION_BYTES_MOST)
        return failure_set(failure, FAILURE_INPUT, "a file of %zu bytes does not go with a store", file.length);
    struct tables *tables = open_tables(options, &meta, &why);
    if (!tables && why.kind == FAILURE_NONE && make_store(options, &why))
        tables = open_tables(options, &meta, &why);
    bool done = tables && replace(tables, meta.key, before, file, &why);
    tables_close(&tables);
    return done || failure_set(failure, why.kind, "%s", why.reason);
}
