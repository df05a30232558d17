/* remote.c - a store on a server that many hosts share */
#include "store/remote.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/change.h"
#include "store/history.h"
#include "store/recovery.h"
#include "util/clock.h"
#include "util/hash.h"

/* Of reading a whole store while others learn, and of noting an arrival while others do. */
#define ATTEMPTS_MOST 20

/* --- opening ------------------------------------------------------------------------------------------------------ */

static enum store_state state_of(const struct failure *failure)
{
    switch (failure->kind) {
    case FAILURE_PERMISSION:
        return STORE_FORBIDDEN;
    case FAILURE_DAMAGED:
        return STORE_DAMAGED;
    case FAILURE_TEMPORARY:
        return STORE_UNREACHABLE;
    default:
        return STORE_UNUSABLE;
    }
}

static bool fail_with_state(enum store_state *state, const struct failure *failure)
{
    *state = state_of(failure);
    return false;
}

/* Its version is looked at before its checksum, which another version may do in another way. */
static bool take_meta(struct tables *tables, struct meta_row *meta, enum store_state *state, struct failure *failure)
{
    struct meta_row known;
    record_new_meta(&known, 0, PAIR_ROWS, LEDGER_ROWS_FIRST);
    tables->rows[TABLE_WEIGHTS] = WEIGHT_TABLE_ROWS;
    if (!tables_read(tables, TABLE_WEIGHTS, META_ROW, meta, failure))
        return fail_with_state(state, failure);
    if (memcmp(meta->magic, known.magic, sizeof known.magic) == 0 && meta->byte_order == known.byte_order &&
        meta->version != known.version)
        return record_refuse_version("the store", meta->version, state, failure);
    return tables_get_meta(tables, meta, failure) || fail_with_state(state, failure);
}

/* An empty store with a key of its own.  When somebody else makes it at the same time, theirs is taken. */
static bool make_new(struct tables *tables, struct meta_row *meta, enum store_state *state, struct failure *failure)
{
    record_new_meta(meta, hash_new_key(), PAIR_ROWS, LEDGER_ROWS_FIRST);
    tables_set_rows(tables, meta->pair_rows, meta->ledger_rows);
    if (!tables_put_meta(tables, meta, failure))
        return fail_with_state(state, failure);
    switch (tables->engine->commit(tables, failure)) {
    case COMMIT_DONE:
        return true;
    case COMMIT_CONFLICT:
        if (tables->engine->refresh(tables, failure))
            return take_meta(tables, meta, state, failure);
        break;
    case COMMIT_FAILED:
        break;
    }
    return fail_with_state(state, failure);
}

struct tables *remote_open(const struct store_engine *engine, const struct store_options *options, bool writing,
                           struct meta_row *meta, enum store_state *state, struct failure *failure)
{
    struct tables *tables = engine->open(options, writing ? TABLES_WRITE : TABLES_READ, failure);
    if (!tables) {
        *state = state_of(failure);
        return NULL;
    }
    bool ready;
    if (!tables->is_new)
        ready = take_meta(tables, meta, state, failure);
    else if (writing)
        ready = make_new(tables, meta, state, failure);
    else {
        *state = STORE_EMPTY;
        ready = failure_set(failure, FAILURE_INPUT, "nothing has been learned yet for %s", options->remote.name);
    }
    if (!ready)
        tables_close(&tables);
    return tables;
}

/* --- lessons ------------------------------------------------------------------------------------------------------ */

/* What the history cannot take costs some evidence, and no lesson; but a server that is gone ends all of it. */
static bool count_traces(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t count,
                         struct failure *failure)
{
    struct failure why = { 0 };
    struct history *history = NULL;
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        const struct lesson *lesson = &lessons[i];
        if (!lesson->trace)
            continue;
        if (!history)
            history = history_open_rows(tables, meta->key, true, &why);
        history_read_ahead(history, lesson->trace);
        good = history && history_learn(history, lesson->trace, lesson->entry.label, lesson->retract,
                                        lesson->entry.when, &why);
    }
    history_close(&history);
    return why.kind != FAILURE_TEMPORARY || failure_set(failure, why.kind, "%s", why.reason);
}

static bool work_out(struct tables *tables, struct meta_row *meta, const struct lesson *lessons, size_t count,
                     struct failure *failure)
{
    if (!change_fetch(tables, meta, lessons, count, failure) ||
        !change_check(tables, meta, lessons, count, failure) ||
        !change_apply(tables, meta, lessons, count, failure) ||
        !count_traces(tables, meta, lessons, count, failure))
        return false;
    meta->sequence++;
    return tables_put_meta(tables, meta, failure);
}

static bool begin_again(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    uint64_t key = meta->key;
    if (!tables->engine->refresh(tables, failure))
        return false;
    if (!tables->is_new && !tables_get_meta(tables, meta, failure))
        return false;
    return (!tables->is_new && meta->key == key) ||
           failure_set(failure, FAILURE_TEMPORARY, "the store was removed or replaced just now");
}

/* Rows of the ledger are read when they are needed: a lesson may not fit because another host has learned since the
 * meta row was read, and that is no defect. */
static bool look_again(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    uint64_t sequence = meta->sequence;
    struct failure why;
    if (failure->kind != FAILURE_DEFECT)
        return false;
    if (!begin_again(tables, meta, &why))
        *failure = why;
    else if (meta->sequence != sequence)
        failure_set(failure, FAILURE_TEMPORARY, "another host learned the same message just now");
    return false;
}

/* Longer each time and for each process another time, so that of several writers none is always the last. */
static void pause_before(int attempt)
{
    uint64_t random = hash_mix((uint64_t)getpid() << 32 | (uint64_t)attempt);
    uint64_t most = (uint64_t)(attempt < 10 ? attempt : 10) * 2000000;
    struct timespec pause = { .tv_nsec = (long)(random % most) };
    nanosleep(&pause, NULL);
}

bool remote_apply(struct tables *tables, struct meta_row *meta, const struct lesson *lessons, size_t count,
                  int milliseconds, struct failure *failure)
{
    int64_t end = clock_milliseconds() + milliseconds;
    for (int attempt = 0; attempt == 0 || clock_milliseconds() < end; attempt++) {
        if (attempt > 0)
            pause_before(attempt);
        if (attempt > 0 && !begin_again(tables, meta, failure))
            return false;
        uint64_t sequence = meta->sequence;
        if (!work_out(tables, meta, lessons, count, failure)) {
            meta->sequence = sequence;
            return attempt > 0 && failure->kind == FAILURE_DEFECT
                       ? failure_set(failure, FAILURE_TEMPORARY, "another host learned the same message just now")
                       : look_again(tables, meta, failure);
        }
        switch (tables->engine->commit(tables, failure)) {
        case COMMIT_DONE:
            return true;
        case COMMIT_FAILED:
            return false;
        case COMMIT_CONFLICT:
            break;
        }
    }
    return failure_set(failure, FAILURE_TEMPORARY, "others change the store all the time");
}

/* --- the history -------------------------------------------------------------------------------------------------- */

/* On what was just read.  Where nothing was learned there is nothing to note it in. */
static enum commit_result try_to_note(struct tables *tables, uint64_t relay, int64_t when, struct failure *failure)
{
    struct meta_row meta;
    struct failure why = { 0 };
    struct history *history = NULL;
    enum store_state state;
    if (tables->is_new)
        return COMMIT_DONE;
    if (take_meta(tables, &meta, &state, &why))
        history = history_open_rows(tables, meta.key, false, &why);
    enum commit_result result = why.kind == FAILURE_NONE ? COMMIT_DONE : COMMIT_FAILED;
    if (history)
        result = history_note_arrival(history, relay, when, &why) ? tables->engine->commit(tables, &why)
                                                                  : COMMIT_FAILED;
    history_close(&history);
    if (result == COMMIT_FAILED)
        failure_set(failure, why.kind, "%s", why.reason);
    return result;
}

/* Messages of a burst come at the same time. */
bool remote_note_arrival(const struct store_engine *engine, const struct store_options *options, uint64_t relay,
                         int64_t when, struct failure *failure)
{
    struct tables *tables = engine->open(options, TABLES_TOUCH, failure);
    enum commit_result result = tables ? COMMIT_CONFLICT : COMMIT_FAILED;
    for (int attempt = 0; result == COMMIT_CONFLICT && attempt < ATTEMPTS_MOST; attempt++) {
        if (attempt > 0)
            pause_before(attempt);
        result = attempt > 0 && !engine->refresh(tables, failure) ? COMMIT_FAILED
                                                                  : try_to_note(tables, relay, when, failure);
    }
    tables_close(&tables);
    return result != COMMIT_FAILED;
}

bool remote_write_history(struct tables *tables, struct meta_row *meta, const struct history_text *text,
                          struct failure *failure)
{
    struct history *history = history_open_rows(tables, meta->key, true, failure);
    enum commit_result committed = COMMIT_FAILED;
    meta->sequence++;
    bool done = history && history_put_text(history, text, failure) && tables_put_meta(tables, meta, failure) &&
                (committed = tables->engine->commit(tables, failure)) == COMMIT_DONE;
    history_close(&history);
    return done || (committed == COMMIT_CONFLICT &&
                    failure_set(failure, FAILURE_TEMPORARY, "something was learned meanwhile: try again"));
}

/* --- the whole store ---------------------------------------------------------------------------------------------- */

static struct tables *copy_to_memory(struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    struct tables *copy = tables_new_in_memory(meta, failure);
    tables_leave_servers_own(tables);
    if (copy && !tables_copy(tables, copy, meta->key, failure))
        tables_close(&copy);
    return copy;
}

/* The rows come in several journeys: between two of them others may have learned something. */
static bool is_unchanged(struct tables *tables, const struct meta_row *meta, struct failure *failure)
{
    struct meta_row now;
    if (!tables->engine->refresh(tables, failure) || tables->is_new || !tables_get_meta(tables, &now, failure))
        return false;
    return memcmp(&now, meta, sizeof now) == 0;
}

struct tables *remote_read(const struct store_engine *engine, const struct store_options *options,
                           struct meta_row *meta, enum store_state *state, struct failure *failure)
{
    for (int attempt = 0; attempt < ATTEMPTS_MOST; attempt++) {
        struct tables *tables = remote_open(engine, options, false, meta, state, failure);
        struct tables *copy = tables ? copy_to_memory(tables, meta, failure) : NULL;
        bool unchanged = copy && is_unchanged(tables, meta, failure);
        if (tables && !copy)
            *state = state_of(failure);
        bool absent = !tables;
        tables_close(&tables);
        if (unchanged)
            return copy;
        bool damaged = !copy;
        tables_close(&copy);
        if (absent || damaged)
            return NULL;
    }
    *state = STORE_BUSY;
    failure_set(failure, FAILURE_TEMPORARY, "others change the store all the time");
    return NULL;
}

/* Puts `tables` in the place of what was there when `target` was opened. */
static bool replace(struct tables *target, struct tables *tables, struct meta_row *meta, struct failure *failure)
{
    tables_set_rows(target, meta->pair_rows, meta->ledger_rows);
    meta->applying = meta->journal_bytes = 0;
    memset(meta->boot, 0, sizeof meta->boot);
    if (!tables_put_meta(tables, meta, failure) || !tables_copy(tables, target, meta->key, failure))
        return false;
    switch (target->engine->commit(target, failure)) {
    case COMMIT_DONE:
        return true;
    case COMMIT_CONFLICT:
        return failure_set(failure, FAILURE_TEMPORARY, "something was learned meanwhile: try again");
    default:
        return false;
    }
}

/* Has nothing been learned there yet? */
static bool is_unused(const struct store_engine *engine, const struct store_options *options, struct failure *failure)
{
    struct meta_row meta;
    enum store_state state;
    struct tables *tables = remote_open(engine, options, false, &meta, &state, failure);
    bool unused = tables ? meta.sequence == 0 && meta.lessons[LABEL_HAM] + meta.lessons[LABEL_SPAM] == 0
                         : state == STORE_EMPTY;
    if (tables && !unused)
        failure_set(failure, FAILURE_USAGE, "the store of %s in Redis is not empty", options->remote.name);
    tables_close(&tables);
    return unused;
}

bool remote_adopt(const struct store_engine *engine, const struct store_options *options, struct tables *tables,
                  struct meta_row *meta, bool put_in_place, struct failure *failure)
{
    /* Opened before it is looked at: what comes in between is a conflict. */
    struct tables *target = engine->open(options, TABLES_MAKE, failure);
    bool done = target && (put_in_place || is_unused(engine, options, failure)) &&
                replace(target, tables, meta, failure);
    tables_close(&target);
    return done;
}

/* --- care --------------------------------------------------------------------------------------------------------- */

bool remote_check(const struct store_engine *engine, const struct store_options *options, tables_visit *count_row,
                  struct store_check_result *result, struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = remote_open(engine, options, false, &meta, &result->state, failure);
    bool read = tables && tables_each(tables, meta.key, count_row, result, failure);
    if (tables && !read)
        result->state = state_of(failure);
    tables_close(&tables);
    result->rebuild_needed = read && result->bad_rows > 0;
    if (read)
        result->state = result->bad_rows ? STORE_DAMAGED : STORE_READY;
    if (result->rebuild_needed)
        failure_set(failure, FAILURE_DAMAGED, "%llu rows of the store of %s in Redis are damaged",
                    (unsigned long long)result->bad_rows, options->remote.name);
    return read && !result->rebuild_needed;
}

struct salvaging {
    struct tables *to;
    struct meta_row *meta;
    uint64_t lost;
};

static bool keep_sound_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                           struct failure *failure)
{
    struct salvaging *salvaging = context;
    salvaging->lost += !sound;
    if (!sound)
        return true;
    for (int i = 0; table == TABLE_LEDGER && i < LEDGER_SLOTS; i++)
        salvaging->meta->ledger_used += ((const struct ledger_row *)row)->slots[i].flags & LEDGER_USED;
    return tables_write(salvaging->to, table, number, row, failure);
}

/* Reads what is sound of it, has it fitted, and puts that in its place. */
static bool renew(const struct store_engine *engine, const struct store_options *options, uint64_t *lost_r,
                  struct failure *failure)
{
    struct meta_row meta;
    enum store_state state;
    /* Opened before the other is read: what comes in between is a conflict. */
    struct tables *target = engine->open(options, TABLES_MAKE, failure), *copy = NULL;
    struct tables *from = target ? remote_open(engine, options, false, &meta, &state, failure) : NULL;
    struct salvaging salvaging = { .meta = &meta };
    if (from)
        copy = salvaging.to = tables_new_in_memory(&meta, failure);
    if (copy)
        tables_take_servers_own(copy, from);
    meta.ledger_used = 0;
    bool done = copy && tables_each(from, meta.key, keep_sound_row, &salvaging, failure);
    if (done && salvaging.lost > 0 && !lost_r)
        done = failure_set(failure, FAILURE_DAMAGED, "%llu rows are damaged: see `tamis db rebuild`",
                           (unsigned long long)salvaging.lost);
    if (done)
        copy = recovery_fit_ledger(copy, &meta, meta.ledger_rows, failure);
    done = done && copy && replace(target, copy, &meta, failure);
    if (done && lost_r)
        *lost_r = salvaging.lost;
    tables_close(&copy);
    tables_close(&target);
    tables_close(&from);
    return done;
}

bool remote_rebuild(const struct store_engine *engine, const struct store_options *options, uint64_t *lost_r,
                    struct failure *failure)
{
    uint64_t unread;
    return renew(engine, options, lost_r ? lost_r : &unread, failure);
}

bool remote_compact(const struct store_engine *engine, const struct store_options *options, struct failure *failure)
{
    return renew(engine, options, NULL, failure);
}
