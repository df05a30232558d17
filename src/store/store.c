/* store.c - opening a store, reading from it, and applying lessons */
#include "config.h"

#include "store/store.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/change.h"
#include "store/companion.h"
#include "store/daybook.h"
#include "store/directory.h"
#include "store/engine.h"
#include "store/history.h"
#include "store/imported.h"
#include "store/journal.h"
#include "store/recovery.h"
#include "store/remote.h"
#include "store/tables.h"
#include "util/clock.h"
#include "util/complaints.h"
#include "util/hash.h"
#include "util/log.h"

/* A journal this long is compacted by the next lesson: one in some 150 takes 0.05 s longer.  Reading it again takes
 * 15 ms. */
#define JOURNAL_BYTES_BEFORE_COMPACTING ((uint64_t)1024 * 1024)
/* In bulk only at the end, or when it has become this long. */
#define JOURNAL_BYTES_IN_BULK ((uint64_t)16 * 1024 * 1024)

struct store {
    const struct store_engine *engine;
    enum store_access access;
    bool only_reads;             /* store_make_ready(): files can no longer be opened, so nothing can be mended */
    bool unsynced;               /* lessons in the journal that need not be on the disk yet */
    struct directory directory;  /* closed when the engine is not on disk */
    char *path;
    struct store_options options; /* as they were given; the directory is `path` */
    struct tables *tables;       /* NULL after damage that could not be mended */
    struct failure why_none;     /* why `tables` is NULL */
    struct meta_row meta;        /* as in the tables */
    int journal_fd;              /* -1 in readers */
    struct history *history;     /* NULL: not asked for yet, or not to be had */
    bool history_tried;
    struct imported *imported;   /* of readers; NULL: nothing, or outgrown */
    struct daybook *daybook;     /* as `history` */
    bool daybook_tried;
};

static const char *const state_names[] = {
    [STORE_READY] = "ready",     [STORE_EMPTY] = "empty",         [STORE_BUSY] = "locked",
    [STORE_DAMAGED] = "damaged", [STORE_NEWER] = "newer",         [STORE_OLDER] = "older",
    [STORE_FORBIDDEN] = "forbidden", [STORE_UNREACHABLE] = "unreachable", [STORE_UNUSABLE] = "unusable",
};

const char *store_state_name(enum store_state state)
{
    return state_names[state];
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

static void close_tables(struct store *store)
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

static bool open_tables(struct store *store, bool of_this_boot, struct failure *failure)
{
    bool writing = store->access == STORE_WRITE;
    store->tables = recovery_open_trusted(&store->directory, store->engine, writing, of_this_boot, &store->meta,
                                          failure);
    if (store->tables && writing)
        store->journal_fd = journal_open(&store->directory, failure);
    if (!store->tables || (writing && store->journal_fd < 0)) {
        close_tables(store);
        return false;
    }
    return true;
}

static int milliseconds_until(int64_t deadline)
{
    int64_t left = deadline - clock_milliseconds();
    return left > 0 ? (int)left : 0;
}

/* Makes the tables again, waiting until `deadline` at most for other readers to leave, and opens them.  `row_damaged`:
 * opening did not show what is wrong with them. */
static bool mend(struct store *store, bool row_damaged, int64_t deadline, enum store_state *state,
                 struct failure *failure)
{
    bool reading = store->access == STORE_READ;
    close_tables(store);
    if (reading && !directory_lock(&store->directory, true, milliseconds_until(deadline), state, failure))
        return false;
    /* Somebody else may have mended it while we waited. */
    bool mended = reading && !row_damaged && open_tables(store, false, failure);
    if (!mended) {
        complain_daily(store->path, LOG_SEVERITY_WARNING, "%s: %s: making the tables again", store->path,
                       failure->reason);
        mended = recovery_rebuild(&store->directory, store->engine, false, NULL, state, failure);
        mended = mended && open_tables(store, true, failure);
    }
    if (mended && reading)
        mended = directory_lock(&store->directory, false, milliseconds_until(deadline), state, failure);
    if (!mended)
        close_tables(store);
    return mended;
}

static enum store_state forbidden_or(enum store_state state, const struct failure *failure)
{
    return failure->kind == FAILURE_PERMISSION ? STORE_FORBIDDEN : state;
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
    if (open_tables(store, false, failure))
        return true;
    *state = forbidden_or(STORE_UNUSABLE, failure);
    if (failure->kind != FAILURE_DAMAGED)
        return false;
    *state = STORE_DAMAGED;
    if (mend(store, false, deadline, state, failure))
        return true;
    if (*state == STORE_EMPTY)
        *state = STORE_DAMAGED;
    *state = forbidden_or(*state, failure);
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

static bool open_remote(struct store *store, enum store_state *state, struct failure *failure)
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
                  : engine_is_remote(store->engine) ? open_remote(store, state, failure)
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
    close_tables(store);
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

/* On a server this was done with the lessons. */
static void count_traces(struct store *store, const struct lesson *lessons, size_t count)
{
    struct failure failure = { 0 };
    for (size_t i = 0; i < count && failure.kind == FAILURE_NONE; i++) {
        const struct lesson *lesson = &lessons[i];
        struct history *history = lesson->trace ? store_history(store, &failure) : NULL;
        if (history)
            history_learn(history, lesson->trace, lesson->entry.label, lesson->retract, lesson->entry.when, &failure);
    }
    if (failure.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "learned, but for relays and hosts: %s", failure.reason);
}

struct companion_mark companion_mark_in(struct store *store)
{
    struct companion_mark mark = { { 0 } };
    struct companion_row row;
    if (engine_is_remote(store->engine) && store->tables &&
        tables_get(store->tables, TABLE_COMPANION, 0, store->meta.key, &row, NULL))
        memcpy(&mark, row.bytes + sizeof(uint64_t), sizeof mark);
    return mark;
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

static bool fail_without_tables(const struct store *store, struct failure *failure)
{
    if (store->why_none.kind != FAILURE_NONE)
        return failure_set(failure, store->why_none.kind, "%s", store->why_none.reason);
    return failure_set(failure, FAILURE_DAMAGED, "the store in %s is damaged", store->path);
}

typedef bool store_work(struct store *store, void *context, struct failure *failure);

/* Runs `work`; when it meets damage, makes the tables again and runs it once more. */
static bool run(struct store *store, store_work *work, void *context, struct failure *failure)
{
    struct failure unread;
    enum store_state state;
    failure = failure ? failure : &unread;
    if (!store->tables)
        return fail_without_tables(store, failure);
    if (work(store, context, failure))
        return true;
    if (failure->kind != FAILURE_DAMAGED || !store->engine->on_disk || store->only_reads)
        return false;
    return mend(store, true, 0, &state, failure) && work(store, context, failure);
}

bool store_mend(struct store *store, struct failure *failure)
{
    enum store_state state;
    failure_set(failure, FAILURE_DAMAGED, "damage was found while reading");
    return mend(store, true, 0, &state, failure);
}

static bool open_pairs(struct store *store, void *context, struct failure *failure)
{
    struct pair_row row;
    (void)context;
    return tables_read(store->tables, TABLE_PAIRS, 0, &row, failure); /* opening read the weights already */
}

bool store_make_ready(struct store *store, struct failure *failure)
{
    bool ready = !store->engine->on_disk || run(store, open_pairs, NULL, failure);
    store->only_reads = true;
    return ready;
}

int store_descriptor(const struct store *store)
{
    bool is_remote = store && store->tables && engine_is_remote(store->engine);
    return is_remote ? store->engine->descriptor(store->tables) : -1;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

bool store_read_totals(struct store *store, struct totals *totals, struct failure *failure)
{
    if (!store->tables)
        return fail_without_tables(store, failure);
    const struct meta_row *meta = &store->meta;
    *totals = (struct totals){ .lessons = { meta->lessons[0], meta->lessons[1] },
                               .pair_lessons = { meta->pair_lessons[0], meta->pair_lessons[1] },
                               .sequence = meta->sequence,
                               .last_lesson = { meta->last_lesson[0], meta->last_lesson[1] },
                               .run = meta->run,
                               .run_label = meta->run_label ? LABEL_SPAM : LABEL_HAM };
    return true;
}

static bool read_scales(struct store *store, void *context, struct failure *failure)
{
    struct scales *scales = context;
    for (uint32_t learner = 0; learner < STORE_LEARNERS; learner++) {
        struct scale_row row;
        if (!tables_get(store->tables, TABLE_WEIGHTS, SCALE_ROW + learner, store->meta.key, &row, failure))
            return false;
        memcpy(scales->counts[learner], row.counts, sizeof row.counts);
    }
    return true;
}

bool store_read_scales(struct store *store, struct scales *scales, struct failure *failure)
{
    return run(store, read_scales, scales, failure);
}

struct weights_wanted {
    const uint32_t *slots;
    size_t count;
    int16_t *weights;
};

static bool read_weights(struct store *store, void *context, struct failure *failure)
{
    const struct weights_wanted *wanted = context;
    uint32_t number = UINT32_MAX;
    struct weight_row room;
    const char *row = NULL;
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->slots[i] / WEIGHTS_PER_ROW != number) {
            number = wanted->slots[i] / WEIGHTS_PER_ROW;
            row = tables_look(store->tables, TABLE_WEIGHTS, number, store->meta.key, &room, failure);
            if (!row)
                return false;
        }
        size_t place = wanted->slots[i] % WEIGHTS_PER_ROW * sizeof(int16_t);
        memcpy(&wanted->weights[i], row + offsetof(struct weight_row, weights) + place, sizeof(int16_t));
    }
    return true;
}

bool store_read_weights(struct store *store, const uint32_t *slots, size_t count, int16_t *weights,
                        struct failure *failure)
{
    struct weights_wanted wanted = { slots, count, weights };
    return run(store, read_weights, &wanted, failure);
}

struct pairs_wanted {
    const uint32_t *pairs;
    size_t count;
    struct pair_counts *counts;
};

/* Sorted hashes come row by row, so that each row is read once. */
static bool read_pairs(struct store *store, void *context, struct failure *failure)
{
    const struct pairs_wanted *wanted = context;
    uint32_t rows = store->meta.pair_rows, number = UINT32_MAX;
    struct pair_row row, room;
    if (!tables_fetch_pairs(store->tables, wanted->pairs, wanted->count, failure))
        return false;
    for (size_t i = 0; i < wanted->count; i++) {
        if (pair_row_of(wanted->pairs[i], rows) != number) {
            number = pair_row_of(wanted->pairs[i], rows);
            const void *found = tables_look(store->tables, TABLE_PAIRS, number, store->meta.key, &room, failure);
            if (!found)
                return false;
            memcpy(&row, found, sizeof row);
        }
        const struct pair_slot *slot = pair_find(&row, pair_check_of(wanted->pairs[i]));
        wanted->counts[i] = slot ? (struct pair_counts){ slot->spam, slot->ham } : (struct pair_counts){ 0, 0 };
    }
    return true;
}

bool store_read_pairs(struct store *store, const uint32_t *pairs, size_t count, struct pair_counts *counts,
                      struct failure *failure)
{
    struct pairs_wanted wanted = { pairs, count, counts };
    return run(store, read_pairs, &wanted, failure);
}

struct entry_wanted {
    const uint8_t *identity;
    struct ledger_entry *entry;
    int found;
};

static bool read_ledger(struct store *store, void *context, struct failure *failure)
{
    struct entry_wanted *wanted = context;
    wanted->found = change_find(store->tables, &store->meta, wanted->identity, wanted->entry, failure);
    return wanted->found >= 0;
}

int store_read_ledger(struct store *store, const uint8_t identity[16], struct ledger_entry *entry,
                      struct failure *failure)
{
    struct entry_wanted wanted = { identity, entry, -1 };
    return run(store, read_ledger, &wanted, failure) ? wanted.found : -1;
}

struct ledger_visit {
    bool (*visit)(void *context, const uint8_t identity[8], const struct ledger_entry *entry);
    void *context;
};

static bool visit_row(const struct ledger_visit *visit, const struct ledger_row *row)
{
    for (int i = 0; i < LEDGER_SLOTS && row->slots[i].flags & LEDGER_USED; i++) {
        struct ledger_entry entry;
        ledger_unpack(&row->slots[i], &entry);
        if (!visit->visit(visit->context, row->slots[i].identity, &entry))
            return false;
    }
    return true;
}

bool store_scan_ledger(struct store *store,
                       bool (*visit)(void *context, const uint8_t identity[8], const struct ledger_entry *entry),
                       void *context, struct failure *failure)
{
    const struct ledger_visit visiting = { visit, context };
    struct ledger_row row;
    if (!store->tables)
        return fail_without_tables(store, failure);
    for (uint32_t number = 0; number < store->meta.ledger_rows; number++) {
        if (!tables_get(store->tables, TABLE_LEDGER, number, store->meta.key, &row, failure))
            return false;
        if (!visit_row(&visiting, &row))
            break;
    }
    return true;
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

struct lessons {
    const struct lesson *lessons;
    size_t count;
};

static bool check_lessons(struct store *store, void *context, struct failure *failure)
{
    const struct lessons *lessons = context;
    return change_check(store->tables, &store->meta, lessons->lessons, lessons->count, failure);
}

static bool change_tables(struct store *store, const struct lessons *lessons, uint64_t sequence, uint64_t journal_bytes,
                          struct failure *failure)
{
    struct meta_row *meta = &store->meta;
    meta->applying = sequence;
    if (store->engine->on_disk)
        directory_boot(meta->boot);
    if ((store->engine->on_disk && !tables_put_meta(store->tables, meta, failure)) ||
        !change_fetch(store->tables, meta, lessons->lessons, lessons->count, failure) ||
        !change_apply(store->tables, meta, lessons->lessons, lessons->count, failure))
        return false;
    meta->applying = 0;
    meta->sequence = sequence;
    meta->journal_bytes = journal_bytes;
    return tables_put_meta(store->tables, meta, failure);
}

/* Between two lessons: the store is whole whether or not this succeeds.  A ledger without room cannot wait for a long
 * journal: thousands of short lessons fit into one, and full rows evict. */
static void compact_when_due(struct store *store, uint64_t long_bytes)
{
    struct failure failure = { 0 };
    enum store_state state;
    if (!store->engine->on_disk || (store->meta.journal_bytes < long_bytes &&
                                    recovery_ledger_has_room(store->meta.ledger_used, store->meta.ledger_rows)))
        return;
    close_tables(store);
    if (recovery_compact(&store->directory, store->engine, &state, &failure))
        store->unsynced = false;
    else
        log_line(LOG_SEVERITY_WARNING, "%s: cannot compact the journal: %s", store->path, failure.reason);
    if (!open_tables(store, true, &failure) && !mend(store, true, 0, &state, &failure))
        log_line(LOG_SEVERITY_WARNING, "%s: %s", store->path, failure.reason);
}

static bool is_sorted(const uint32_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (numbers[i] < numbers[i - 1])
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
    return first < second ? -1 : first > second;
}

/* Makes `*numbers` sorted: as they are, or a copy in `*owned`. */
static bool sort_numbers(const uint32_t **numbers, size_t count, uint32_t **owned)
{
    if (is_sorted(*numbers, count))
        return true;
    *owned = malloc(count * sizeof **owned);
    if (!*owned)
        return false;
    memcpy(*owned, *numbers, count * sizeof **owned);
    qsort(*owned, count, sizeof **owned, by_number);
    *numbers = *owned;
    return true;
}

/* Between two lessons, as compact_when_due(). */
static void grow_remote_ledger(struct store *store)
{
    struct failure failure = { 0 };
    enum store_state state;
    if (recovery_ledger_has_room(store->meta.ledger_used, store->meta.ledger_rows))
        return;
    close_tables(store);
    if (!remote_compact(store->engine, &store->options, &failure))
        log_line(LOG_SEVERITY_WARNING, "cannot make room in the ledger: %s", failure.reason);
    if (!open_remote(store, &state, &failure))
        store->why_none = failure;
}

/* The lesson counts when the server has it.  After a failure nobody knows what it has: nothing more is done with it. */
static bool learn_remotely(struct store *store, const struct lessons *lessons, struct failure *failure)
{
    if (!store->tables)
        return fail_without_tables(store, failure);
    if (!remote_apply(store->tables, &store->meta, lessons->lessons, lessons->count,
                      store->options.lock_wait_milliseconds, failure)) {
        if (failure->kind != FAILURE_DEFECT) {
            store->why_none = *failure;
            close_tables(store);
        }
        return false;
    }
    grow_remote_ledger(store);
    return true;
}

/* From here on a lesson counts: when the tables cannot take it, they are made again from the journal, which has it. */
static bool learn(struct store *store, const struct lessons *lessons, struct failure *failure)
{
    enum store_state state;
    uint64_t sequence = store->meta.sequence + 1, journal_bytes = store->meta.journal_bytes;
    if (store->engine->on_disk &&
        !journal_append(store->journal_fd, &journal_bytes, store->meta.key, sequence, lessons->lessons, lessons->count,
                        !store->options.not_durable, failure))
        return false;
    store->unsynced = store->options.not_durable;
    if (!change_tables(store, lessons, sequence, journal_bytes, failure) &&
        (!store->engine->on_disk || !mend(store, true, 0, &state, failure)))
        return false;
    compact_when_due(store, store->options.not_durable ? JOURNAL_BYTES_IN_BULK : JOURNAL_BYTES_BEFORE_COMPACTING);
    return true;
}

bool store_apply(struct store *store, const struct lesson *lessons, size_t count, struct failure *failure)
{
    struct failure unread;
    struct lesson sorted[JOURNAL_LESSONS_MOST];
    uint32_t *owned[JOURNAL_LESSONS_MOST][2] = { { NULL } };
    bool ready = true;
    failure = failure ? failure : &unread;
    if (store->access != STORE_WRITE || count == 0 || count > JOURNAL_LESSONS_MOST)
        return failure_set(failure, FAILURE_DEFECT,
                           "lessons for a store that is open for reading, or too many at once");
    for (size_t i = 0; i < count; i++) {
        sorted[i] = lessons[i];
        sorted[i].entry.when = ledger_seconds(lessons[i].entry.when);
        ready = ready && sort_numbers(&sorted[i].grams, sorted[i].gram_count, &owned[i][0]) &&
                sort_numbers(&sorted[i].pairs, sorted[i].pair_count, &owned[i][1]);
    }
    struct lessons all = { sorted, count };
    bool remote = engine_is_remote(store->engine);
    bool done = !ready   ? failure_set(failure, FAILURE_TEMPORARY, "no memory for a lesson")
                : remote ? learn_remotely(store, &all, failure)
                         : run(store, check_lessons, &all, failure) && learn(store, &all, failure);
    if (done && !remote)
        count_traces(store, sorted, count);
    for (size_t i = 0; i < count; i++) {
        free(owned[i][0]);
        free(owned[i][1]);
    }
    return done;
}

bool store_sync(struct store *store, struct failure *failure)
{
    if (!store->unsynced || store->journal_fd < 0)
        return true;
    compact_when_due(store, JOURNAL_BYTES_BEFORE_COMPACTING);
    if (!store->unsynced)
        return true;
    if (fdatasync(store->journal_fd) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot put the journal of %s on the disk",
                                 store->path);
    store->unsynced = false;
    return true;
}
