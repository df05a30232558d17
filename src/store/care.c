/* care.c - looking after a whole store: check, rebuild, compact, dump, load */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/directory.h"
#include "store/journal.h"
#include "store/recovery.h"
#include "store/remote.h"
#include "store/snapshot.h"
#include "store/store.h"
#include "store/text.h"
#include "util/limits.h"
#include "util/log.h"

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
static bool check_tables(const struct directory *directory, const struct store_engine *engine,
                         struct store_check_result *result, struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = recovery_open_trusted(directory, engine, false, false, &meta, failure);
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

static bool check_directory(const char *path, const struct store_engine *engine, struct store_check_result *result,
                            struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    struct failure why = { 0 };
    bool good = enter(&directory, path, false, false, &result->state, &why);
    if (good) {
        struct failure tables_failure = { 0 };
        add_sizes(&directory, result);
        good = check_truth(&directory, result, &why);
        if (!check_tables(&directory, engine, result, &tables_failure)) {
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

bool store_check(const struct store_options *options, struct store_check_result *result, struct failure *failure)
{
    struct failure unread;
    failure = failure ? failure : &unread;
    *result = (struct store_check_result){ .state = STORE_UNUSABLE };
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return false;
    return engine_is_remote(engine) ? remote_check(engine, options, count_row, result, failure)
                                    : check_directory(options->directory, engine, result, failure);
}

/* --- looking after ------------------------------------------------------------------------------------------------ */

/* Is the truth damaged or missing?  One of another version is neither: it is left alone. */
static bool is_damaged(const struct directory *directory, struct failure *damage, struct failure *failure)
{
    struct store_check_result result = { .state = STORE_UNUSABLE };
    struct failure why = { 0 };
    if (check_truth(directory, &result, &why))
        return false;
    bool damaged = why.kind == FAILURE_DAMAGED && (result.state == STORE_DAMAGED || result.state == STORE_EMPTY);
    *(damaged ? damage : failure) = why;
    return damaged;
}

/* With the exclusive lock.  Somebody else may have mended it before we had that. */
static void renew(const struct directory *directory, const struct store_engine *engine, struct failure *damage,
                  struct failure *failure)
{
    struct failure why = { 0 };
    *damage = (struct failure){ .kind = FAILURE_NONE };
    if (is_damaged(directory, damage, failure) && !recovery_renew(directory, engine, &why))
        *failure = why.kind == FAILURE_TEMPORARY ? why : *damage;
}

static bool look_after_directory(const char *path, const struct store_engine *engine, struct failure *damage,
                                 struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct failure why = { 0 };
    if (enter(&directory, path, false, false, &state, &why) && is_damaged(&directory, damage, &why) &&
        directory_lock(&directory, true, LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS, &state, &why))
        renew(&directory, engine, damage, &why);
    directory_close(&directory);
    if (why.kind == FAILURE_NONE)
        return true;
    *damage = (struct failure){ .kind = FAILURE_NONE };
    *failure = why;
    return false;
}

bool store_look_after(const struct store_options *options, struct failure *damage, struct failure *failure)
{
    struct failure unread;
    enum store_state state;
    failure = failure ? failure : &unread;
    *damage = (struct failure){ .kind = FAILURE_NONE };
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine || !engine->on_disk)
        return engine != NULL;
    struct store_options patient = *options;
    patient.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    /* Tables that cannot be trusted are made again by that, as by a delivery. */
    struct store *store = store_open(&patient, STORE_READ, &state, failure);
    bool there = store != NULL;
    store_close(&store);
    return there ? look_after_directory(options->directory, engine, damage, failure) : state == STORE_EMPTY;
}

/* --- rebuild, compact --------------------------------------------------------------------------------------------- */

static bool rebuild_directory(const char *path, const struct store_engine *engine, uint64_t *lost_r,
                              struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    bool entered = enter(&directory, path, false, true, &state, failure);
    if (!entered && state == STORE_DAMAGED && directory_empty_lock(path))
        entered = enter(&directory, path, false, true, &state, failure);
    bool done = entered && recovery_rebuild(&directory, engine, true, lost_r, &state, failure);
    directory_close(&directory);
    return done;
}

bool store_rebuild(const struct store_options *options, uint64_t *lost_r, struct failure *failure)
{
    struct failure unread;
    failure = failure ? failure : &unread;
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return false;
    return engine_is_remote(engine) ? remote_rebuild(engine, options, lost_r, failure)
                                    : rebuild_directory(options->directory, engine, lost_r, failure);
}

static bool compact_directory(const char *path, const struct store_engine *engine, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    bool done = enter(&directory, path, false, true, &state, failure) &&
                recovery_compact(&directory, engine, &state, failure);
    directory_close(&directory);
    return done;
}

bool store_compact(const struct store_options *options, struct failure *failure)
{
    struct failure unread;
    failure = failure ? failure : &unread;
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return false;
    return engine_is_remote(engine) ? remote_compact(engine, options, failure)
                                    : compact_directory(options->directory, engine, failure);
}

/* --- dump, load, copy --------------------------------------------------------------------------------------------- */

/* The whole state in memory.  `lost`: as recovery_read() has it. */
static struct tables *read_whole(const struct store_options *options, struct meta_row *meta, uint64_t *lost,
                                 struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct tables *tables = NULL;
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return NULL;
    if (engine_is_remote(engine))
        return remote_read(engine, options, meta, &state, failure);
    if (enter(&directory, options->directory, false, false, &state, failure))
        tables = recovery_read(&directory, engine, meta, lost, &state, failure);
    directory_close(&directory);
    return tables;
}

bool store_dump(const struct store_options *options, int fd, struct failure *failure)
{
    struct meta_row meta;
    struct failure unread;
    failure = failure ? failure : &unread;
    uint64_t lost = 0;
    struct tables *tables = read_whole(options, &meta, &lost, failure);
    bool done = tables && text_write(fd, tables, &meta, failure);
    tables_close(&tables);
    if (done && lost)
        done = recovery_fail_lost(options->directory, lost, failure);
    return done;
}

/* Has nothing been learned there yet? */
static bool is_unused(const struct directory *directory, struct failure *failure)
{
    struct meta_row meta;
    enum store_state state;
    struct failure why = { 0 };
    int64_t journal_bytes = directory_file_size(directory, STORE_FILE_JOURNAL);
    if (journal_bytes < 0 && errno != ENOENT)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at the journal in %s",
                                 directory->path);
    struct tables *tables = snapshot_read(directory, &meta, NULL, &state, &why);
    if (!tables && state != STORE_EMPTY && why.kind != FAILURE_DAMAGED)
        return failure_set(failure, FAILURE_TEMPORARY, "%s", why.reason); /* it cannot be told just now */
    bool unused = tables ? meta.sequence == 0 && meta.lessons[LABEL_HAM] + meta.lessons[LABEL_SPAM] == 0 &&
                               journal_bytes <= JOURNAL_EMPTY_BYTES
                         : state == STORE_EMPTY && journal_bytes < 0;
    tables_close(&tables);
    return unused || failure_set(failure, FAILURE_USAGE, "%s is not an empty store: load a dump into a new one",
                                 directory->path);
}

/* What is to be written: read only when the place for it is known to be empty. */
typedef struct tables *store_source(void *context, struct meta_row *meta, struct failure *failure);

/* What is put in the place of a store goes on with its numbers: whoever dies before the old journal is emptied must not
 * find lessons in it that come after the new snapshot. */
static bool go_on_with_numbers(const struct directory *directory, const struct store_engine *engine,
                               struct meta_row *meta, struct failure *failure)
{
    struct meta_row old;
    enum store_state state;
    uint64_t lost; /* goes, as all of it */
    struct tables *tables = recovery_read(directory, engine, &old, &lost, &state, failure);
    if (!tables)
        return state == STORE_EMPTY;
    tables_close(&tables);
    meta->sequence = old.sequence > meta->sequence ? old.sequence : meta->sequence;
    return true;
}

static bool fill_directory(const char *path, const struct store_engine *engine, store_source *source, void *context,
                           bool replace, struct failure *failure)
{
    struct directory directory = DIRECTORY_CLOSED;
    enum store_state state;
    struct meta_row meta;
    struct tables *tables = NULL;
    if (enter(&directory, path, true, true, &state, failure) && (replace || is_unused(&directory, failure)))
        tables = source(context, &meta, failure);
    if (tables && replace && !go_on_with_numbers(&directory, engine, &meta, failure))
        tables_close(&tables);
    bool done = tables && recovery_adopt(&directory, engine, tables, &meta, failure);
    tables_close(&tables);
    directory_close(&directory);
    return done;
}

/* An empty store gets what `source` gives. */
static bool fill(const struct store_options *options, store_source *source, void *context, bool replace,
                 struct failure *failure)
{
    struct meta_row meta;
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return false;
    if (!engine_is_remote(engine))
        return fill_directory(options->directory, engine, source, context, replace, failure);
    struct tables *tables = source(context, &meta, failure);
    bool done = tables && remote_adopt(engine, options, tables, &meta, replace, failure);
    tables_close(&tables);
    return done;
}

static struct tables *read_text(void *context, struct meta_row *meta, struct failure *failure)
{
    struct tables *tables = text_read(context, meta, failure);
    return tables ? recovery_fit_ledger(tables, meta, LEDGER_ROWS_FIRST, failure) : NULL;
}

bool store_load(const struct store_options *options, struct text_lines *lines, bool replace, struct failure *failure)
{
    struct failure unread;
    return fill(options, read_text, lines, replace, failure ? failure : &unread);
}

static struct tables *read_other(void *context, struct meta_row *meta, struct failure *failure)
{
    const struct store_options *const *from = context;
    return read_whole(*from, meta, NULL, failure);
}

/* What of it cannot be copied costs no more than itself. */
static void copy_history(const struct store_options *from, const struct store_options *to)
{
    struct failure failure = { 0 };
    struct history_text *text = store_read_history(from, &failure);
    if (text)
        store_write_history(to, text, &failure);
    free(text);
    if (failure.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "copied, but for relays and hosts: %s", failure.reason);
}

bool store_copy(const struct store_options *from, const struct store_options *to, struct failure *failure)
{
    struct failure unread;
    if (!fill(to, read_other, &from, false, failure ? failure : &unread))
        return false;
    copy_history(from, to);
    return true;
}

bool store_keep(const struct store_options *options, struct failure *failure)
{
    struct failure unread;
    failure = failure ? failure : &unread;
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine || !engine_is_remote(engine) || options->remote.days == 0)
        return engine != NULL;
    struct tables *tables = engine->open(options, TABLES_WRITE, failure);
    bool kept = tables != NULL;
    tables_close(&tables);
    return kept;
}
