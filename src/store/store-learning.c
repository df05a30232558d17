/* store-learning.c - lessons applied, to journal and tables or on a server, and what comes between two of them */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/change.h"
#include "store/history.h"
#include "store/journal.h"
#include "store/recovery.h"
#include "store/remote.h"
#include "store/store-inside.h"
#include "store/tables.h"
#include "util/log.h"

/* A journal this long is compacted by the next lesson: one in some 150 takes 0.05 s longer.  Reading it again takes
 * 15 ms. */
#define JOURNAL_BYTES_BEFORE_COMPACTING ((uint64_t)1024 * 1024)
/* In bulk only at the end, or when it has become this long. */
#define JOURNAL_BYTES_IN_BULK ((uint64_t)16 * 1024 * 1024)

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
    store_close_tables(store);
    if (recovery_compact(&store->directory, store->engine, &state, &failure))
        store->unsynced = false;
    else
        log_line(LOG_SEVERITY_WARNING, "%s: cannot compact the journal: %s", store->path, failure.reason);
    if (store_open_tables(store, true, &failure) || store_mend_tables(store, true, 0, &state, &failure))
        return;
    store->why_none = failure;
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
    store_close_tables(store);
    if (!remote_compact(store->engine, &store->options, &failure))
        log_line(LOG_SEVERITY_WARNING, "cannot make room in the ledger: %s", failure.reason);
    if (!store_open_remote(store, &state, &failure))
        store->why_none = failure;
}

/* The lesson counts when the server has it.  After a failure nobody knows what it has: nothing more is done with it. */
static bool learn_remotely(struct store *store, const struct lessons *lessons, struct failure *failure)
{
    if (!store->tables)
        return store_fail_without_tables(store, failure);
    if (!remote_apply(store->tables, &store->meta, lessons->lessons, lessons->count,
                      store->options.lock_wait_milliseconds, failure)) {
        if (failure->kind != FAILURE_DEFECT) {
            store->why_none = *failure;
            store_close_tables(store);
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
        (!store->engine->on_disk || !store_mend_tables(store, true, 0, &state, failure)))
        return false;
    compact_when_due(store, store->options.not_durable ? JOURNAL_BYTES_IN_BULK : JOURNAL_BYTES_BEFORE_COMPACTING);
    return true;
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
                         : store_run(store, check_lessons, &all, failure) && learn(store, &all, failure);
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
    if (!store->unsynced || !store->engine->on_disk)
        return true;
    if (store->tables)
        compact_when_due(store, JOURNAL_BYTES_BEFORE_COMPACTING);
    if (!store->unsynced)
        return true;
    if (store->journal_fd < 0)
        return store_fail_without_tables(store, failure);
    if (fdatasync(store->journal_fd) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot put the journal of %s on the disk",
                                 store->path);
    store->unsynced = false;
    return true;
}
