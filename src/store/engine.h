/* engine.h - tables of rows, and what keeps them
 *
 * An engine keeps tables of numbered rows of fixed size and knows nothing of what is in them: checksums, slots
 * and the journal lie above it.  To add one: write engine-NAME.c with a `const struct store_engine store_engine_NAME`
 * and add a line to the table in engine.c, or make a module of it (module.h); the contract tests
 * (tests/unit/store/test-engine.c) run over all of them.
 *
 * There are three kinds.  One in memory keeps nothing.  One on disk has a directory, and durability from the journal
 * and the snapshot in it (recovery.h); its lock says who may use the tables.  A remote one (with commit()) is a server
 * that many hosts use at the same time: it is durable by itself, has no lock, and takes what was written since the last
 * commit() all at once, if nobody else has changed the store since its meta row was read (remote.h).
 *
 * An engine promises
 *  - what write() put, read() gives, also through another handle opened after close() when the engine is on disk, also
 *    after the writing process was killed between two calls;
 *  - a file that is not the table it should be (empty, cut, foreign, another size) is told by name at the first use and
 *    never mapped; damage inside of rows it need not notice;
 *  - no waiting: who may use the tables is settled by the store's lock.  A remote one waits at most as long as its
 *    settings say.
 * It does not promise that a killed write() is whole, nor that anything is on the disk: that the journal and the
 * snapshot are.  A remote engine promises instead that a commit() is done whole or not at all.
 */
#ifndef TAMIS_STORE_ENGINE_H
#define TAMIS_STORE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "util/failure.h"

/* The history (history.h) and the file that goes with the store (companion.h) have rows on a server only; elsewhere
 * they are files of their own, and have none here. */
enum table { TABLE_WEIGHTS, TABLE_PAIRS, TABLE_LEDGER, TABLE_HISTORY, TABLE_COMPANION, TABLE_COUNT };

/* Bytes in a row of each table (record.h). */
extern const uint32_t table_row_bytes[TABLE_COUNT];

enum tables_access {
    TABLES_READ,
    TABLES_WRITE,
    TABLES_MAKE, /* new, in the place of any that are there; rows are zeros */
    TABLES_TOUCH /* of a remote engine: few rows are read, and commit() is about those alone that were written */
};

struct store_engine;

/* As many bits as a store of the usual size has rows; rows beyond are never known. */
#define TABLES_KNOWN_BYTES ((256u + 2048u + 65536u) / 8)

/* The tables of one store: what every engine's own handle begins with. */
struct tables {
    const struct store_engine *engine;
    /* how many; set before a table's first use (the meta row in the first table tells the others') */
    uint32_t rows[TABLE_COUNT];
    bool is_new; /* of a remote engine: nothing is kept there yet */
    /* A bit for each row that this handle has found sound or has sealed, TABLES_KNOWN_BYTES of them; NULL where others
     * may change rows as well, or there was no memory.  Only tables.c looks at it. */
    uint8_t *known;
};

enum commit_result {
    COMMIT_DONE,
    COMMIT_CONFLICT, /* somebody else changed the store: refresh() and do it again */
    COMMIT_FAILED    /* `failure` says why; whether it was done is not known when the answer did not come */
};

struct store_engine {
    const char *name;
    bool on_disk; /* has a directory, and so a lock, a journal and a snapshot */
    bool sealed;  /* its rows carry checksums: whatever leaves the process */
    bool sparse;  /* a row in which nothing is may be absent, and is read as zeros, checksum included */

    /* NULL and `failure` when there is no memory, or no answer; tables on disk are opened at their first use.
     * `options` must outlive the handle. */
    struct tables *(*open)(const struct store_options *options, enum tables_access access, struct failure *failure);

    /* Reads `count` rows by number into `rows`, one behind the other. */
    bool (*read)(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                 struct failure *failure);

    bool (*write)(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, const void *rows,
                  struct failure *failure);

    /* Where the row lies in memory, at any address, until it is written or the tables are closed; NULL: read it.  May
     * be NULL. */
    const void *(*view)(struct tables *tables, enum table table, uint32_t number);

    void (*close)(struct tables *tables);

    /* Reads these rows ahead, all at once, where reading one after the other would be a wait each: for a journey to a
     * server, or for memory.  May be NULL. */
    bool (*fetch)(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                  struct failure *failure);

    /* --- of remote engines only; else NULL --- */

    /* Forgets all that was read, and written since the last commit(), and begins anew. */
    bool (*refresh)(struct tables *tables, struct failure *failure);

    /* Does all that was written since open(), refresh() or the last commit(), which must include the meta row, if that
     * is still as it was read.  After TABLES_MAKE it puts what was written in the place of the store.  After
     * TABLES_TOUCH the meta row is not among it, and the rows that are must still be as they were read: whoever has
     * the meta row and works on other things is not disturbed. */
    enum commit_result (*commit)(struct tables *tables, struct failure *failure);

    /* The socket of the open connection, on which alone poll(2), send(2) and recv(2) are used; -1: it is lost. */
    int (*descriptor)(const struct tables *tables);
};

static inline bool engine_is_remote(const struct store_engine *engine)
{
    return engine->commit != NULL;
}

extern const struct store_engine store_engine_tokyocabinet;
extern const struct store_engine store_engine_memory;

/* The engine that `options` ask for (no name: the default), loaded when it is in a module; NULL and `failure`. */
const struct store_engine *store_engine_of(const struct store_options *options, struct failure *failure);

/* All engines that are linked in, ending with NULL. */
extern const struct store_engine *const store_engine_table[];

static inline bool tables_read(struct tables *tables, enum table table, uint32_t number, void *row,
                               struct failure *failure)
{
    return tables->engine->read(tables, table, &number, 1, row, failure);
}

static inline bool tables_write(struct tables *tables, enum table table, uint32_t number, const void *row,
                                struct failure *failure)
{
    return tables->engine->write(tables, table, &number, 1, row, failure);
}

/* Closes and clears the caller's pointer. NULL inside is allowed. */
static inline void tables_close(struct tables **tables)
{
    if (*tables)
        (*tables)->engine->close(*tables);
    *tables = NULL;
}

#endif
