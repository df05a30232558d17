/* remote.h - a store on a server that many hosts share
 *
 * What differs from a store in a directory (recovery.h):
 *  - The server is what is durable: there is no journal, no snapshot, and nothing to make the tables again from.
 *    Damage is noticed by the same checksums, and told; remote_rebuild() empties the rows that are damaged.
 *  - There is no lock.  A lesson is worked out on the rows as they were read, and done by the server in one step if the
 *    meta row is still the same; if not, the rows are read again and the lesson is worked out once more.  That is sound
 *    because what a lesson adds does not depend on the rows, and because it is checked against the ledger each time:
 *    what two hosts learn from the same message at once is learned once.
 *  - A lesson whose answer did not come may have been learned.  Whoever learns it again finds it in the ledger.
 *  - The key of a store is made with it, when it is first opened for writing.
 */
#ifndef TAMIS_STORE_REMOTE_H
#define TAMIS_STORE_REMOTE_H

#include "store/engine.h"
#include "store/record.h"
#include "store/store.h"
#include "store/tables.h"

/* Opens the tables and reads their meta row.  Writing, a store that is not there is made; reading, it is NULL and
 * STORE_EMPTY.  NULL: `state` and `failure` say why.  `options` must outlive the tables. */
struct tables *remote_open(const struct store_engine *engine, const struct store_options *options, bool writing,
                           struct meta_row *meta, enum store_state *state, struct failure *failure);

/* Applies lessons as store_apply() does; they are sorted.  While others are faster each time, it tries for so many
 * milliseconds.  After a failure other than FAILURE_DEFECT the tables are of no
 * use any more. */
bool remote_apply(struct tables *tables, struct meta_row *meta, const struct lesson *lessons, size_t count,
                  int milliseconds, struct failure *failure);

/* As store_note_arrival(): without the lock that a server has not, and without reading more than it needs. */
bool remote_note_arrival(const struct store_engine *engine, const struct store_options *options, uint64_t relay,
                         int64_t when, struct failure *failure);

/* Puts a history in the place of what the store has. */
bool remote_write_history(struct tables *tables, struct meta_row *meta, const struct history_text *text,
                          struct failure *failure);

/* The whole store in memory, but for its history. */
struct tables *remote_read(const struct store_engine *engine, const struct store_options *options,
                           struct meta_row *meta, enum store_state *state, struct failure *failure);

/* Makes `tables` (in memory) the state of a store that is not there, or in which nothing has been learned; or of any,
 * to `put_in_place` of what it has. */
bool remote_adopt(const struct store_engine *engine, const struct store_options *options, struct tables *tables,
                  struct meta_row *meta, bool put_in_place, struct failure *failure);

/* Care for it: store.h says what each does. */
bool remote_check(const struct store_engine *engine, const struct store_options *options, tables_visit *count_row,
                  struct store_check_result *result, struct failure *failure);
bool remote_rebuild(const struct store_engine *engine, const struct store_options *options, uint64_t *lost_r,
                    struct failure *failure);
bool remote_compact(const struct store_engine *engine, const struct store_options *options, struct failure *failure);

#endif
