/* recovery.c - from snapshot and journal to tables, and when that is needed */
#include "store/recovery.h"

#include <errno.h>
#include <string.h>

#include "store/change.h"
#include "store/journal.h"
#include "store/snapshot.h"
#include "util/log.h"

/* --- trust -------------------------------------------------------------------------------------------------------- */

/* Has everything that was written to them arrived? */
static bool is_whole(const struct meta_row *meta, bool of_this_boot, struct failure *failure)
{
    uint8_t boot[16];
    if (meta->applying)
        return failure_set(failure, FAILURE_DAMAGED, "a lesson was left half learned");
    if (!of_this_boot && !directory_boot(boot))
        return failure_set_errno(failure, FAILURE_DAMAGED, errno, "cannot tell when the machine was started");
    if (!of_this_boot && memcmp(boot, meta->boot, sizeof boot) != 0)
        return failure_set(failure, FAILURE_DAMAGED, "the machine was started since the tables were written");
    return true;
}

static bool is_trusted(const struct directory *directory, const struct meta_row *meta, bool of_this_boot,
                       struct failure *failure)
{
    if (!is_whole(meta, of_this_boot, failure))
        return false;
    int64_t journal_bytes = directory_file_size(directory, STORE_FILE_JOURNAL);
    if (journal_bytes < 0)
        return failure_set_errno(failure, FAILURE_DAMAGED, errno, "cannot look at the journal in %s", directory->path);
    if (journal_bytes != (int64_t)meta->journal_bytes)
        return failure_set(failure, FAILURE_DAMAGED, "the journal has %lld bytes, the tables know of %llu",
                           (long long)journal_bytes, (unsigned long long)meta->journal_bytes);
    return true;
}

/* Opens the other tables too, so that one that is missing or misshapen is known at once.  Deliveries never ask the
 * ledger. */
static bool open_others(struct tables *tables, const struct meta_row *meta, bool writing, struct failure *failure)
{
    uint64_t row[ROW_BYTES_MOST / sizeof(uint64_t)];
    return tables_get(tables, TABLE_PAIRS, 0, meta->key, row, failure) &&
           (!writing || tables_get(tables, TABLE_LEDGER, 0, meta->key, row, failure));
}

struct tables *recovery_open_trusted(const struct directory *directory, const struct store_engine *engine, bool writing,
                                     bool of_this_boot, struct meta_row *meta, struct failure *failure)
{
    struct tables *tables = engine->open(&(struct store_options){ .directory = directory->path },
                                         writing ? TABLES_WRITE : TABLES_READ, failure);
    if (tables && (!tables_get_meta(tables, meta, failure) || !is_trusted(directory, meta, of_this_boot, failure) ||
                   !open_others(tables, meta, writing, failure)))
        tables_close(&tables);
    return tables;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

bool recovery_adopt(const struct directory *directory, const struct store_engine *engine, struct tables *tables,
                    struct meta_row *meta, struct failure *failure)
{
    meta->applying = 0;
    if (!tables_put_meta(tables, meta, failure) || !snapshot_write(directory, tables, meta, failure) ||
        !journal_begin(directory, meta->key, meta->sequence, &meta->journal_bytes, failure))
        return false;
    struct tables *made = engine->open(&(struct store_options){ .directory = directory->path }, TABLES_MAKE, failure);
    if (!made)
        return false;
    tables_set_rows(made, meta->pair_rows, meta->ledger_rows);
    /* What is copied has no boot id and is not believed; the true meta row comes last. */
    memset(meta->boot, 0, sizeof meta->boot);
    bool done = tables_put_meta(tables, meta, failure) && tables_copy(tables, made, meta->key, failure);
    directory_boot(meta->boot);
    done = done && tables_put_meta(made, meta, failure);
    tables_close(&made);
    return done;
}

/* --- rebuilding --------------------------------------------------------------------------------------------------- */

struct relearning {
    struct tables *tables;
    struct meta_row *meta;
};

static bool relearn(void *context, uint64_t sequence, const struct lesson *lessons, size_t count,
                    struct failure *failure)
{
    struct relearning *relearning = context;
    if (!change_check(relearning->tables, relearning->meta, lessons, count, failure) ||
        !change_apply(relearning->tables, relearning->meta, lessons, count, failure))
        return false;
    relearning->meta->sequence = sequence;
    return true;
}

/* Its maker was killed behind the first snapshot: nothing was learned yet, and nothing else is there. */
static bool is_half_made(const struct directory *directory, const struct meta_row *meta)
{
    return meta->sequence == 0 && directory_lacks(directory, STORE_FILE_JOURNAL) &&
           directory_lacks(directory, STORE_FILE_WEIGHTS);
}

/* `whole_r`: nothing of the journal was damaged. */
static bool replay(const struct directory *directory, struct tables *tables, struct meta_row *meta, bool *whole_r,
                   uint64_t *lost, struct failure *failure)
{
    struct journal_found found;
    struct relearning relearning = { tables, meta };
    *whole_r = true;
    if (is_half_made(directory, meta))
        return true;
    bool done = journal_replay(directory, meta->key, meta->sequence, relearn, &relearning, &found, failure);
    *whole_r = found.lost == 0 && !found.cut_short;
    *lost += found.lost;
    return done;
}

/* Copies tables from the disk that are sound in every row; closes them. */
static struct tables *take_tables(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    struct tables *copy = tables ? tables_new_in_memory(meta, failure) : NULL;
    if (copy && !tables_copy(tables, copy, meta->key, failure))
        tables_close(&copy);
    tables_close(&tables);
    return copy;
}

static struct tables *read_tables(const struct directory *directory, const struct store_engine *engine,
                                  struct meta_row *meta, struct failure *failure)
{
    return take_tables(recovery_open_trusted(directory, engine, false, false, meta, failure), meta, failure);
}

static bool is_cut_below_header(const struct directory *directory)
{
    int64_t bytes = directory_file_size(directory, STORE_FILE_JOURNAL);
    return bytes >= 0 && bytes < JOURNAL_EMPTY_BYTES;
}

/* A journal of which not even the header is left says nothing against tables that are whole in all else and go on from
 * the snapshot: no writer leaves one behind, so it was cut after they had taken in all of it. */
static struct tables *read_without_journal(const struct directory *directory, const struct store_engine *engine,
                                           const struct meta_row *snapshot, struct meta_row *meta,
                                           struct failure *failure)
{
    struct tables *tables = engine->open(&(struct store_options){ .directory = directory->path }, TABLES_READ, failure);
    bool good = tables && tables_get_meta(tables, meta, failure) && is_whole(meta, false, failure);
    if (good && (meta->key != snapshot->key || meta->sequence < snapshot->sequence))
        good = failure_set(failure, FAILURE_DAMAGED, "the tables in %s are not of this snapshot", directory->path);
    if (!good)
        tables_close(&tables);
    return take_tables(tables, meta, failure);
}

/* Tables that nobody can vouch for, but sound in every row: all that is left when the snapshot is damaged after a
 * restart. */
static struct tables *salvage_tables(const struct directory *directory, const struct store_engine *engine,
                                     struct meta_row *meta, struct failure *failure)
{
    struct tables *tables = engine->open(&(struct store_options){ .directory = directory->path }, TABLES_READ, failure);
    if (tables && (!tables_get_meta(tables, meta, failure) || meta->applying))
        tables_close(&tables);
    return take_tables(tables, meta, failure);
}

/* Was memory lacking, or a descriptor?  Then what could not be read may be whole, and is there in a minute: nothing
 * worse is put in its place.  What the disk does not give is another matter. */
static bool is_lack(const struct failure *failure)
{
    return failure->kind == FAILURE_TEMPORARY && failure->error != EIO;
}

/* What is left of a store whose snapshot or journal is damaged, and whose tables are not to be trusted. */
static struct tables *salvage(const struct directory *directory, const struct store_engine *engine,
                              struct meta_row *meta, uint64_t *lost, enum store_state *state, struct failure *failure)
{
    struct failure why = { 0 };
    struct tables *tables = salvage_tables(directory, engine, meta, &why);
    if (!tables && !is_lack(&why))
        tables = snapshot_read(directory, meta, lost, state, failure);
    bool whole, replayed = tables && replay(directory, tables, meta, &whole, lost, &why);
    if (!replayed && is_lack(&why)) {
        tables_close(&tables);
        *state = STORE_UNUSABLE;
        *failure = why;
    } else if (tables && !replayed)
        log_line(LOG_SEVERITY_WARNING, "%s: went on without the journal: %s", directory->path, why.reason);
    return tables;
}

/* Snapshot and journal; where one of them is damaged, trusted tables, which have all of both. */
static struct tables *read_truth(const struct directory *directory, const struct store_engine *engine,
                                 bool at_any_price, struct meta_row *meta, uint64_t *lost, enum store_state *state,
                                 struct failure *failure)
{
    struct failure other = { 0 };
    struct meta_row meta_there;
    uint64_t lost_here = 0;
    bool whole = false;
    struct tables *tables = snapshot_read(directory, meta, NULL, state, failure);
    bool read = tables && replay(directory, tables, meta, &whole, &lost_here, failure);
    if (whole && read)
        return tables;
    if (!tables && (*state == STORE_NEWER || *state == STORE_OLDER || *state == STORE_FORBIDDEN))
        return NULL;
    if (tables && !read)
        *state = failure->kind == FAILURE_TEMPORARY ? STORE_UNUSABLE : STORE_DAMAGED;
    struct tables *there = read_tables(directory, engine, &meta_there, &other);
    if (!there && !is_lack(&other) && tables && !read && is_cut_below_header(directory)) {
        there = read_without_journal(directory, engine, meta, &meta_there, &other);
        if (there)
            log_line(LOG_SEVERITY_WARNING, "%s: %s: the tables have all that was in it, nothing is lost",
                     directory->path, failure->reason);
    }
    if (!there && !is_lack(&other) && read) {
        *lost += lost_here;
        return tables;
    }
    tables_close(&tables);
    if (there) {
        *meta = meta_there;
    } else if (is_lack(&other)) {
        *state = STORE_UNUSABLE;
        *failure = other;
    } else if (at_any_price && !is_lack(failure)) {
        there = salvage(directory, engine, meta, lost, state, failure);
    }
    return there;
}

bool recovery_fail_lost(const char *path, uint64_t lost, struct failure *failure)
{
    return failure_set(failure, FAILURE_DAMAGED,
                       "%llu records of the journal in %s are damaged: `tamis db rebuild` goes on without them",
                       (unsigned long long)lost, path);
}

struct tables *recovery_read(const struct directory *directory, const struct store_engine *engine,
                             struct meta_row *meta, uint64_t *lost_r, enum store_state *state,
                             struct failure *failure)
{
    uint64_t lost = 0;
    struct failure distrust;
    struct tables *tables = read_tables(directory, engine, meta, &distrust);
    if (!tables)
        tables = read_truth(directory, engine, false, meta, &lost, state, failure);
    if (lost_r)
        *lost_r = lost;
    if (tables && lost && !lost_r) {
        *state = STORE_DAMAGED;
        recovery_fail_lost(directory->path, lost, failure);
        tables_close(&tables);
    }
    return tables;
}

bool recovery_rebuild(const struct directory *directory, const struct store_engine *engine, bool at_any_price,
                      uint64_t *lost_r, enum store_state *state, struct failure *failure)
{
    struct meta_row meta;
    uint64_t lost = 0;
    struct tables *tables = read_truth(directory, engine, at_any_price, &meta, &lost, state, failure);
    if (lost_r)
        *lost_r = lost;
    if (!tables)
        return false;
    *state = STORE_UNUSABLE;
    bool done = recovery_adopt(directory, engine, tables, &meta, failure);
    tables_close(&tables);
    if (done && lost)
        log_line(LOG_SEVERITY_WARNING, "%s: %llu records or rows of what was learned were damaged and are lost",
                 directory->path, (unsigned long long)lost);
    return done;
}

bool recovery_renew(const struct directory *directory, const struct store_engine *engine, struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = read_tables(directory, engine, &meta, failure);
    bool done = tables && recovery_adopt(directory, engine, tables, &meta, failure);
    tables_close(&tables);
    return done;
}

/* --- compacting --------------------------------------------------------------------------------------------------- */

struct resizing {
    struct tables *to;
    struct meta_row *meta;
};

static bool resize_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                       struct failure *failure)
{
    struct resizing *resizing = context;
    if (!sound)
        return tables_fail_damaged(table, number, failure);
    if (table != TABLE_LEDGER)
        return tables_write(resizing->to, table, number, row, failure);
    const struct ledger_slot *slots = ((const struct ledger_row *)row)->slots;
    for (int i = 0; i < LEDGER_SLOTS && slots[i].flags & LEDGER_USED; i++) {
        struct ledger_row target;
        uint32_t at = ledger_row_of(slots[i].identity, resizing->meta->key, resizing->meta->ledger_rows);
        if (!tables_read(resizing->to, TABLE_LEDGER, at, &target, failure))
            return false;
        resizing->meta->ledger_used += ledger_add(&target, &slots[i]);
        if (!tables_write(resizing->to, TABLE_LEDGER, at, &target, failure))
            return false;
    }
    return true;
}

/* The same store with a ledger of another size. */
static struct tables *resize_ledger(struct tables *tables, struct meta_row *meta, uint32_t rows,
                                    struct failure *failure)
{
    struct resizing resizing = { .meta = meta };
    meta->ledger_rows = rows;
    meta->ledger_used = 0;
    resizing.to = tables_new_in_memory(meta, failure);
    if (resizing.to)
        tables_take_servers_own(resizing.to, tables);
    if (resizing.to && !tables_each(tables, meta->key, resize_row, &resizing, failure))
        tables_close(&resizing.to);
    return resizing.to;
}

/* Three eighths full: 12 of 32 slots of a row on average, and more than 32 in one of 5 million rows (Poisson). */
bool recovery_ledger_has_room(uint64_t used, uint32_t rows)
{
    return rows >= LEDGER_ROWS_MOST || used * 8 <= (uint64_t)rows * LEDGER_SLOTS * 3;
}

struct tables *recovery_fit_ledger(struct tables *tables, struct meta_row *meta, uint32_t least,
                                   struct failure *failure)
{
    uint64_t used = meta->ledger_used;
    uint32_t rows = least, had = meta->ledger_rows;
    while (!recovery_ledger_has_room(used, rows))
        rows *= 2;
    struct tables *fitting = rows == had ? tables : resize_ledger(tables, meta, rows, failure);
    while (fitting && fitting != tables && meta->ledger_used < used && rows < LEDGER_ROWS_MOST) {
        tables_close(&fitting);
        rows *= 2;
        fitting = resize_ledger(tables, meta, rows, failure);
    }
    if (fitting != tables)
        tables_close(&tables);
    return fitting;
}

bool recovery_compact(const struct directory *directory, const struct store_engine *engine, enum store_state *state,
                      struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = recovery_read(directory, engine, &meta, NULL, state, failure);
    if (tables)
        tables = recovery_fit_ledger(tables, &meta, meta.ledger_rows, failure);
    if (!tables)
        return false;
    *state = STORE_UNUSABLE;
    bool done = recovery_adopt(directory, engine, tables, &meta, failure);
    tables_close(&tables);
    return done;
}
