/* care.c - looking after a whole store: check, rebuild, compact, dump, load */
#include "config.h"

#include <string.h>

#include "store/directory.h"
#include "store/journal.h"
#include "store/recovery.h"
#include "store/snapshot.h"
#include "store/store.h"
#include "store/text.h"
#include "util/limits.h"

/* Opens and locks the directory of a store that is there. */
static bool enter(struct directory *directory, const char *path, bool make, bool exclusive, enum store_state *state,
                  struct failure *failure)
{
    return directory_open(directory, path, make, state, failure) &&
           directory_lock(directory, exclusive, LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS, state, failure);
}

/* --- check -------------------------------------------------------------------------------------------------------- */

static bool count_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                      struct failure *failure)
{
    struct store_check_result *result = context;
    (void)number;
    (void)failure;
    result->rows++;
    result->bad_rows += !sound;
    if (table == TABLE_PAIRS)
        result->pair_slots += PAIR_SLOTS;
    if (!sound)
        return true;
    for (int i = 0; table == TABLE_PAIRS && i < PAIR_SLOTS; i++)
        result->pairs_used += pair_slot_used(&((const struct pair_row *)row)->slots[i]);
    for (int i = 0; table == TABLE_LEDGER && i < LEDGER_SLOTS; i++)
        result->ledger_entries += ((const struct ledger_row *)row)->slots[i].flags & LEDGER_USED;
    return true;
}

static bool count_record(void *context, uint64_t sequence, const struct lesson *lessons, size_t count,
                         struct failure *failure)
{
    (void)context;
    (void)sequence;
    (void)lessons;
    (void)count;
    (void)failure;
    return true;
}

static void add_sizes(const struct directory *directory, struct store_check_result *result)
{
    static const char *const names[] = { STORE_FILE_LOCK,    STORE_FILE_SNAPSHOT, STORE_FILE_JOURNAL,
                                         STORE_FILE_WEIGHTS, STORE_FILE_PAIRS,    STORE_FILE_LEDGER };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int64_t size = directory_file_size(directory, names[i]);
        result->bytes += size > 0 ? (uint64_t)size : 0;
    }
}

/* The tables: gives whether they can be read through and are sound. */
static bool check_tables(const struct directory *directory, struct store_check_result *result, struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = recovery_open_trusted(directory, store_engine_named(NULL), false, false, &meta, failure);
    bool read = tables && tables_each(tables, meta.key, count_row, result, failure);
    tables_close(&tables);
    if (read && result->bad_rows)
        return failure_set(failure, FAILURE_DAMAGED, "%llu rows of the tables in %s are damaged",
                           (unsigned long long)result->bad_rows, directory->path);
    return read;
}

/* The truth: snapshot and journal. */
static bool check_truth(const struct directory *directory, struct store_check_result *result, struct failure *failure)
{
    struct meta_row meta;
    struct journal_found found;
    struct tables *snapshot = snapshot_read(directory, &meta, NULL, &result->state, failure);
    if (!snapshot)
        return false;
    tables_close(&snapshot);
    result->state = STORE_DAMAGED;
    if (!journal_replay(directory, meta.key, meta.sequence, count_record, NULL, &found, failure))
        return false;
    result->journal_records = found.records;
    result->journal_bytes = found.bytes;
    return (found.lost == 0 && !found.cut_short) ||
           failure_set(failure, FAILURE_DAMAGED, "%llu records of the journal in %s are damaged",
                       (unsigned long long)found.lost + found.cut_short, directory->path);
}

bool store_check(const char *path, struct store_check_result *result, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    struct failure why = { 0 };
    *result = (struct store_check_result){ 0 };
    bool good = enter(&directory, path, false, false, &result->state, &why);
    if (good) {
        struct failure tables_failure = { 0 };
        add_sizes(&directory, result);
        good = check_truth(&directory, result, &why);
        if (!check_tables(&directory, result, &tables_failure)) {
            result->rebuild_needed = true;
            if (good)
                why = tables_failure;
        }
    }
    directory_close(&directory);
    if (good)
        result->state = result->rebuild_needed ? STORE_DAMAGED : STORE_READY;
    if (why.kind && failure)
        *failure = why;
    return good && !result->rebuild_needed;
}

/* --- rebuild, compact --------------------------------------------------------------------------------------------- */

bool store_rebuild(const char *path, uint64_t *lost_r, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct failure unread;
    failure = failure ? failure : &unread;
    bool entered = enter(&directory, path, false, true, &state, failure);
    if (!entered && state == STORE_DAMAGED && directory_empty_lock(path))
        entered = enter(&directory, path, false, true, &state, failure);
    bool done = entered && recovery_rebuild(&directory, store_engine_named(NULL), true, lost_r, &state, failure);
    directory_close(&directory);
    return done;
}

bool store_compact(const char *path, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct failure unread;
    failure = failure ? failure : &unread;
    bool done = enter(&directory, path, false, true, &state, failure) &&
                recovery_compact(&directory, store_engine_named(NULL), &state, failure);
    directory_close(&directory);
    return done;
}

/* --- dump, load --------------------------------------------------------------------------------------------------- */

bool store_dump(const char *path, int fd, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct meta_row meta;
    struct failure unread;
    struct tables *tables = NULL;
    failure = failure ? failure : &unread;
    if (enter(&directory, path, false, false, &state, failure))
        tables = recovery_read(&directory, store_engine_named(NULL), &meta, &state, failure);
    bool done = tables && text_write(fd, tables, &meta, failure);
    tables_close(&tables);
    directory_close(&directory);
    return done;
}

/* Has nothing been learned there yet? */
static bool is_unused(const struct directory *directory, struct failure *failure)
{
    struct meta_row meta;
    enum store_state state;
    struct tables *tables = snapshot_read(directory, &meta, NULL, &state, failure);
    int64_t journal_bytes = directory_file_size(directory, STORE_FILE_JOURNAL);
    bool unused = tables ? meta.sequence == 0 && meta.lessons[LABEL_HAM] + meta.lessons[LABEL_SPAM] == 0 &&
                               journal_bytes <= JOURNAL_EMPTY_BYTES
                         : state == STORE_EMPTY && journal_bytes < 0;
    tables_close(&tables);
    return unused || failure_set(failure, FAILURE_USAGE, "%s is not an empty store: load a dump into a new one",
                                 directory->path);
}

bool store_load(const char *path, int fd, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct meta_row meta;
    struct failure unread;
    struct tables *tables = NULL;
    failure = failure ? failure : &unread;
    if (enter(&directory, path, true, true, &state, failure) && is_unused(&directory, failure))
        tables = text_read(fd, &meta, failure);
    if (tables)
        tables = recovery_fit_ledger(tables, &meta, LEDGER_ROWS_FIRST, failure);
    bool done = tables && recovery_adopt(&directory, store_engine_named(NULL), tables, &meta, failure);
    tables_close(&tables);
    directory_close(&directory);
    return done;
}
