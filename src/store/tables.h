/* tables.h - whole tables: rows with their checksums, and all rows in turn
 *
 * Rows that leave the process are sealed when they are written and checked when they are read; rows in memory are
 * neither, which makes working on a whole store in memory (rebuilding, evaluating) twice as fast.  A writer of tables
 * on disk, whom the store's lock makes the only one, checks a row the first time only; tables_each() checks all,
 * always.
 */
#ifndef TAMIS_STORE_TABLES_H
#define TAMIS_STORE_TABLES_H

#include "store/engine.h"
#include "store/record.h"

/* Where one row is: in the tables' own memory, at any address, until they are changed; or in `room`, which is for where
 * it is not in memory.  NULL as tables_get(). */
const void *tables_look(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *room,
                        struct failure *failure);

/* Reads one row; FAILURE_DAMAGED when its checksum is wrong and was not looked at before. */
bool tables_get(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *row,
                struct failure *failure);

/* Writes one row; `row` gets its checksum. */
bool tables_put(struct tables *tables, enum table table, uint32_t number, uint64_t key, void *row,
                struct failure *failure);

/* Reads the meta row, and sets the row counts of the other tables from it. */
bool tables_get_meta(struct tables *tables, struct meta_row *meta, struct failure *failure);
bool tables_put_meta(struct tables *tables, struct meta_row *meta, struct failure *failure);

/* Sets all row counts, also of the tables that only a server has. */
void tables_set_rows(struct tables *tables, uint32_t pair_rows, uint32_t ledger_rows);

/* Gives `to` the tables that only a server has, when `from` has them. */
void tables_take_servers_own(struct tables *to, const struct tables *from);

/* Does without them: they are not copied. */
void tables_leave_servers_own(struct tables *tables);

/* An empty store in memory.  NULL and `failure` when there is no memory. */
struct tables *tables_new_in_memory(struct meta_row *meta, struct failure *failure);

/* Says what is wrong with a row. */
bool tables_fail_damaged(enum table table, uint32_t number, struct failure *failure);

/* Calls `visit` for every row in order, the meta row last in its table's order like any other; `sound` tells whether
 * its checksum is right (always, in memory).  Stops with false when `visit` gives false (which then has set `failure`)
 * or a row cannot be read. */
typedef bool tables_visit(void *context, enum table table, uint32_t number, const void *row, bool sound,
                          struct failure *failure);
bool tables_each(struct tables *tables, uint64_t key, tables_visit *visit, void *context, struct failure *failure);

/* Reads ahead the rows of these pairs, where that is of use. */
bool tables_fetch_pairs(struct tables *tables, const uint32_t *pairs, size_t count, struct failure *failure);

/* Copies every row, sealing or unsealing on the way.  False when one of `from` is damaged. */
bool tables_copy(struct tables *from, struct tables *to, uint64_t key, struct failure *failure);

#endif
