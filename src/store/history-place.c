/* history-place.c - a store's history, wherever it is: in a file of the directory, or with the store on a server */
#include "store/engine.h"
#include "store/history.h"
#include "store/remote.h"

static const char *directory_of(const struct store_options *options)
{
    return options->directory ? options->directory : "";
}

/* NULL and no failure: the store is not there. */
static struct tables *open_tables(const struct store_options *options, bool writing, struct meta_row *meta,
                                  struct failure *failure)
{
    enum store_state state;
    struct failure why = { 0 };
    const struct store_engine *engine = store_engine_of(options, failure);
    struct tables *tables = engine ? remote_open(engine, options, writing, meta, &state, &why) : NULL;
    if (engine && !tables && state != STORE_EMPTY)
        failure_set(failure, why.kind, "%s", why.reason);
    return tables;
}

struct history_text *store_read_history(const struct store_options *options, struct failure *failure)
{
    struct meta_row meta;
    struct tables *tables = NULL;
    struct history *history = NULL;
    if (!store_is_remote(options))
        history = history_open(directory_of(options), failure);
    else if ((tables = open_tables(options, false, &meta, failure)))
        history = history_open_rows(tables, meta.key, false, failure);
    struct history_text *text = history ? history_text_of(history, failure) : NULL;
    history_close(&history);
    tables_close(&tables);
    return text;
}

bool store_write_history(const struct store_options *options, const struct history_text *text,
                         struct failure *failure)
{
    struct meta_row meta;
    if (!store_is_remote(options))
        return history_save_text(text, directory_of(options), failure);
    struct tables *tables = open_tables(options, true, &meta, failure);
    bool done = tables && remote_write_history(tables, &meta, text, failure);
    tables_close(&tables);
    return done;
}

bool store_note_arrival(const struct store_options *options, uint64_t relay, int64_t when, struct failure *failure)
{
    if (store_is_remote(options)) {
        const struct store_engine *engine = store_engine_of(options, failure);
        return engine && remote_note_arrival(engine, options, relay, when, failure);
    }
    struct history *history = history_open_to_write(directory_of(options), false, failure);
    bool done = history && history_note_arrival(history, relay, when, failure);
    history_close(&history);
    return done;
}
