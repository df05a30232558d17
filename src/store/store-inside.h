/* store-inside.h - what the files of the store have in common: the open store, and how its tables come and go
 *
 * For store*.c, and for what is read of the same tables beside them (companion.c).
 */
#ifndef TAMIS_STORE_STORE_INSIDE_H
#define TAMIS_STORE_STORE_INSIDE_H

#include "store/directory.h"
#include "store/engine.h"
#include "store/record.h"
#include "store/store.h"

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

/* Opens the tables on the disk as recovery_open_trusted() does, and for a writer the journal. */
bool store_open_tables(struct store *store, bool of_this_boot, struct failure *failure);

/* Opens those on a server, and makes them where there are none. */
bool store_open_remote(struct store *store, enum store_state *state, struct failure *failure);

/* Also what is read from them: the journal, and on a server the history. */
void store_close_tables(struct store *store);

/* Makes the tables again, waiting until `deadline` at most for other readers to leave, and opens them.  `row_damaged`:
 * opening did not show what is wrong with them.  `failure` says that already. */
bool store_mend_tables(struct store *store, bool row_damaged, int64_t deadline, enum store_state *state,
                       struct failure *failure);

/* Says why there are no tables; false. */
bool store_fail_without_tables(const struct store *store, struct failure *failure);

typedef bool store_work(struct store *store, void *context, struct failure *failure);

/* Runs `work`; when it meets damage, makes the tables again and runs it once more. */
bool store_run(struct store *store, store_work *work, void *context, struct failure *failure);

#endif
