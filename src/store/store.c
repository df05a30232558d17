/* store.c - opening a store, making it again when it is damaged, and what lies beside it */
#include "config.h"

#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/daybook.h"
#include "store/history.h"
#include "store/imported.h"
#include "store/journal.h"
#include "store/recovery.h"
#include "store/remote.h"
#include "store/store-inside.h"
#include "store/tables.h"
#include "util/clock.h"
#include "util/complaints.h"
#include "util/hash.h"
#include "util/log.h"

static const char *const state_names[] = {
    [STORE_READY] = "ready",     [STORE_EMPTY] = "empty",         [STORE_BUSY] = "locked",
    [STORE_DAMAGED] = "damaged", [STORE_NEWER] = "newer",         [STORE_OLDER] = "older",
    [STORE_FORBIDDEN] = "forbidden", [STORE_UNREACHABLE] = "unreachable", [STORE_UNUSABLE] = "unusable",
};

const char *store_state_name(enum store_state state)
{
    return state_names[state];
}

enum store_state store_state_after(const struct store *store, const struct failure *failure)
{
    switch (failure->kind) {
    case FAILURE_DAMAGED:
        return STORE_DAMAGED;
    case FAILURE_PERMISSION:
        return STORE_FORBIDDEN;
    case FAILURE_TEMPORARY:
        return engine_is_remote(store->engine) ? STORE_UNREACHABLE : STORE_UNUSABLE;
    default:
        return STORE_UNUSABLE;
    }
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

#define KEY_IN_MEMORY UINT64_C(0x74616d697321)

static bool open_in_memory(struct store *store, struct failure *failure)
{
    /* Nothing is kept, so there is nobody to keep tokens from, and a measurement is the same each time. */
    record_new_meta(&store->meta, KEY_IN_MEMORY, PAIR_ROWS, LEDGER_ROWS_MOST);
    store->tables = tables_new_in_memory(&store->meta, failure);
    return store->tables != NULL;
}

/* Is there nothing of a store but its lock?  A snapshot that went missing must not pass for that. */
static bool directory_is_new(const struct directory *directory)
{
    return directory_lacks(directory, STORE_FILE_SNAPSHOT) && directory_lacks(directory, STORE_FILE_JOURNAL) &&
           directory_lacks(directory, STORE_FILE_WEIGHTS);
}

static bool make_new(struct store *store, struct failure *failure)
{
    record_new_meta(&store->meta, hash_new_key(), PAIR_ROWS, LEDGER_ROWS_FIRST);
    struct tables *empty = tables_new_in_memory(&store->meta, failure);
    bool done = empty && recovery_adopt(&store->directory, store->engine, empty, &store->meta, failure);
    tables_close(&empty);
    return done;
}

void store_close_tables(struct store *store)
{
    if (engine_is_remote(store->engine)) {
        history_close(&store->history); /* it is in them */
        store->history_tried = false;
    }
    tables_close(&store->tables);
    if (store->journal_fd >= 0)
        close(store->journal_fd);
    store->journal_fd = -1;
}

bool store_open_tables(struct store *store, bool of_this_boot, struct failure *failure)
{
    bool writing = store->access == STORE_WRITE;
    store->tables = recovery_open_trusted(&store->directory, store->engine, writing, of_this_boot, &store->meta,
                                          failure);
    if (store->tables && writing)
        store->journal_fd = journal_open(&store->directory, failure);
    if (!store->tables || (writing && store->journal_fd < 0)) {
        store_close_tables(store);
        return false;
    }
    return true;
}

static int milliseconds_until(int64_t deadline)
{
    int64_t left = deadline - clock_milliseconds();
    return left > 0 ? (int)left : 0;
}

bool store_mend_tables(struct store *store, bool row_damaged, int64_t deadline, enum store_state *state,
                 struct failure *failure)
{
    bool reading = store->access == STORE_READ;
    store_close_tables(store);
    if (reading && !directory_lock(&store->directory, true, milliseconds_until(deadline), state, failure))
        return false;
    /* Somebody else may have mended it while we waited. */
    bool mended = reading && !row_damaged && store_open_tables(store, false, failure);
    if (!mended && failure->kind == FAILURE_DAMAGED) {
        complain_daily(store->path, LOG_SEVERITY_WARNING, "%s: %s: making the tables again", store->path,
                       failure->reason);
        mended = recovery_rebuild(&store->directory, store->engine, false, NULL, state, failure);
        mended = mended && store_open_tables(store, true, failure);
    }
    if (mended && reading)
        mended = directory_lock(&store->directory, false, milliseconds_until(deadline), state, failure);
    if (!mended)
        store_close_tables(store);
    return mended;
}

static bool open_on_disk(struct store *store, enum store_state *state, struct failure *failure)
{
    bool writing = store->access == STORE_WRITE;
    int64_t deadline = clock_milliseconds() + store->options.lock_wait_milliseconds; /* of all waits together */
    if (!directory_open(&store->directory, store->path, writing, state, failure) ||
        !directory_lock(&store->directory, writing, milliseconds_until(deadline), state, failure))
        return false;
    *state = STORE_UNUSABLE;
    if (directory_is_new(&store->directory)) {
        if (!writing) {
            *state = STORE_EMPTY;
            return failure_set(failure, FAILURE_INPUT, "nothing has been learned yet in %s", store->path);
        }
        if (!make_new(store, failure))
            return false;
    }
    if (store_open_tables(store, false, failure))
        return true;
    *state = store_state_after(store, failure);
    if (*state != STORE_DAMAGED)
        return false;
    if (store_mend_tables(store, false, deadline, state, failure))
        return true;
    if (*state == STORE_EMPTY)
        *state = STORE_DAMAGED;
    else if (failure->kind == FAILURE_PERMISSION || failure->kind == FAILURE_TEMPORARY)
        *state = *state == STORE_BUSY ? STORE_BUSY : store_state_after(store, failure);
    return false;
}

static struct store *new_store(const struct store_options *options, enum store_access access, struct failure *failure)
{
    const struct store_engine *engine = store_engine_of(options, failure);
    if (!engine)
        return NULL;
    struct store *store = calloc(1, sizeof *store);
    char *path = strdup(options->directory ? options->directory : "");
    if (!store || !path) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for a store");
        free(store);
        free(path);
        return NULL;
    }
    store->engine = engine;
    store->access = access;
    store->directory = DIRECTORY_CLOSED;
    store->journal_fd = -1;
    store->path = path;
    store->options = *options;
    store->options.directory = path;
    return store;
}

bool store_open_remote(struct store *store, enum store_state *state, struct failure *failure)
{
    bool writing = store->access == STORE_WRITE;
    store->tables = remote_open(store->engine, &store->options, writing, &store->meta, state, failure);
    return store->tables != NULL;
}

/* Damage costs some evidence, and nothing of what the user has taught. */
static void open_imported(struct store *store)
{
    struct failure failure = { 0 };
    if (store->meta.lessons[LABEL_HAM] + store->meta.lessons[LABEL_SPAM] < IMPORTED_LESSONS_UNTIL_GONE)
        store->imported = imported_open(store->path, store->meta.key, &failure);
    if (failure.kind != FAILURE_NONE)
        complain_daily(store->path, LOG_SEVERITY_WARNING, "judging without what was imported: %s", failure.reason);
}

struct store *store_open(const struct store_options *options, enum store_access access, enum store_state *state,
                         struct failure *failure)
{
    struct failure unread;
    failure = failure ? failure : &unread;
    *state = STORE_UNUSABLE;
    struct store *store = new_store(options, access, failure);
    if (!store)
        return NULL;
    bool opened = store->engine->on_disk            ? open_on_disk(store, state, failure)
                  : engine_is_remote(store->engine) ? store_open_remote(store, state, failure)
                                                    : open_in_memory(store, failure);
    if (!opened) {
        store_close(&store);
        return NULL;
    }
    if (access == STORE_READ && (store->engine->on_disk || engine_is_remote(store->engine)))
        open_imported(store);
    *state = STORE_READY;
    return store;
}

void store_close(struct store **store_pointer)
{
    struct store *store = *store_pointer;
    if (!store)
        return;
    store_close_tables(store);
    history_close(&store->history);
    imported_close(&store->imported);
    daybook_close(&store->daybook);
    directory_close(&store->directory);
    free(store->path);
    free(store);
    *store_pointer = NULL;
}

struct history *store_history(struct store *store, struct failure *failure)
{
    if (store->history_tried)
        return store->history;
    store->history_tried = true;
    if (engine_is_remote(store->engine))
        store->history = store->tables ? history_open_rows(store->tables, store->meta.key, false, failure) : NULL;
    else if (store->access == STORE_READ)
        store->history = history_open(store->path, failure);
    else
        store->history = store->directory.fd < 0 ? history_new_in_memory()
                                                 : history_open_to_write(store->directory.path, true, failure);
    return store->history;
}

struct history *store_history_as_it_is(struct store *store)
{
    struct history *history = NULL;
    if (!engine_is_remote(store->engine))
        return history_open_as_it_is(store->path, NULL);
    if (store->tables)
        history = history_open_rows(store->tables, store->meta.key, false, NULL);
    history_keep_as_it_is(&history, NULL);
    return history;
}

const char *store_directory(const struct store *store)
{
    return store->engine->on_disk || engine_is_remote(store->engine) ? store->path : "";
}

const struct imported *store_imported(const struct store *store)
{
    return store->imported;
}

struct daybook *store_daybook(struct store *store, struct failure *failure)
{
    const char *directory = store_directory(store);
    if (!store->daybook_tried && store->options.statistics && store->access == STORE_WRITE && *directory)
        store->daybook = daybook_open(directory, failure);
    store->daybook_tried = true;
    return store->daybook;
}

uint64_t store_key(const struct store *store)
{
    return store->meta.key;
}

/* --- damage found on the way -------------------------------------------------------------------------------------- */

bool store_fail_without_tables(const struct store *store, struct failure *failure)
{
    if (store->why_none.kind != FAILURE_NONE)
        return failure_set(failure, store->why_none.kind, "%s", store->why_none.reason);
    return failure_set(failure, FAILURE_DAMAGED, "the store in %s is damaged", store->path);
}

bool store_run(struct store *store, store_work *work, void *context, struct failure *failure)
{
    struct failure unread;
    enum store_state state;
    failure = failure ? failure : &unread;
    if (!store->tables)
        return store_fail_without_tables(store, failure);
    if (work(store, context, failure))
        return true;
    if (failure->kind != FAILURE_DAMAGED || !store->engine->on_disk || store->only_reads)
        return false;
    return store_mend_tables(store, true, 0, &state, failure) && work(store, context, failure);
}

bool store_mend(struct store *store, struct failure *failure)
{
    enum store_state state;
    failure_set(failure, FAILURE_DAMAGED, "damage was found while reading");
    return store_mend_tables(store, true, 0, &state, failure);
}

static bool open_pairs(struct store *store, void *context, struct failure *failure)
{
    struct pair_row row;
    (void)context;
    return tables_read(store->tables, TABLE_PAIRS, 0, &row, failure); /* opening read the weights already */
}

bool store_make_ready(struct store *store, struct failure *failure)
{
    bool ready = !store->engine->on_disk || store_run(store, open_pairs, NULL, failure);
    store->only_reads = true;
    return ready;
}

int store_descriptor(const struct store *store)
{
    bool is_remote = store && store->tables && engine_is_remote(store->engine);
    return is_remote ? store->engine->descriptor(store->tables) : -1;
}
