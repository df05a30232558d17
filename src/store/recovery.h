/* recovery.h - from snapshot and journal to tables, and when that is needed
 *
 * Everything here that writes wants the store's exclusive lock.  A process killed at any instruction of it leaves a
 * store that the next one can recover: the snapshot is replaced in one step and says up to which lesson it goes, so
 * that a journal from before it does no harm; tables agree with a journal of one length only, and their meta row is
 * written last.
 */
#ifndef TAMIS_STORE_RECOVERY_H
#define TAMIS_STORE_RECOVERY_H

#include "store/directory.h"
#include "store/tables.h"

/* Opens the tables on the disk and says whether they can be trusted: whole, left by no one in the middle of a change or
 * before the machine last started, in accord with the journal.  NULL and `failure` with the reason when not.
 * `of_this_boot`: the caller has just made them and vouches for that part. */
struct tables *recovery_open_trusted(const struct directory *directory, const struct store_engine *engine, bool writing,
                                     bool of_this_boot, struct meta_row *meta, struct failure *failure);

/* Makes `tables` (in memory; `meta` is their meta row) the state of the store: snapshot, an empty journal, tables on
 * the disk. */
bool recovery_adopt(const struct directory *directory, const struct store_engine *engine, struct tables *tables,
                    struct meta_row *meta, struct failure *failure);

/* Makes the tables again.  Where snapshot or journal is damaged, trusted tables stand in for both; where the journal
 * was cut below its header, so do tables that are not trusted for its length alone, and the log says so.
 * `at_any_price`: where nothing whole is left, takes sound tables that cannot be trusted, or what is sound of the
 * snapshot.  `lost_r` (may be NULL) gets the number of journal records and rows that could not be used.  An absent
 * store is STORE_EMPTY. */
bool recovery_rebuild(const struct directory *directory, const struct store_engine *engine, bool at_any_price,
                      uint64_t *lost_r, enum store_state *state, struct failure *failure);

/* Writes snapshot and journal anew from the tables; false and `failure` when these are not whole and trusted. */
bool recovery_renew(const struct directory *directory, const struct store_engine *engine, struct failure *failure);

/* The state of the store in memory: its tables when they are sound and trusted, else snapshot and journal.  Changes
 * nothing; the shared lock is enough.  NULL, `*state` and `failure` when there is none.  `lost_r` gets the number of
 * records of the journal that are damaged and not in it; where it is NULL that is a failure, which names db rebuild. */
struct tables *recovery_read(const struct directory *directory, const struct store_engine *engine,
                             struct meta_row *meta, uint64_t *lost_r, enum store_state *state,
                             struct failure *failure);

/* That failure; false. */
bool recovery_fail_lost(const char *path, uint64_t lost, struct failure *failure);

/* Is it time for more rows in the ledger?  Not yet, when true. */
bool recovery_ledger_has_room(uint64_t used, uint32_t rows);

/* The same store (in memory) with a ledger of at least `least` rows in which there is room.  Closes `tables` when it
 * gives others; NULL and `failure` when there is no memory. */
struct tables *recovery_fit_ledger(struct tables *tables, struct meta_row *meta, uint32_t least,
                                   struct failure *failure);

/* Writes a snapshot of the tables on the disk, lets a filling ledger grow, and empties the journal: not one in which
 * records are damaged that the tables do not have. */
bool recovery_compact(const struct directory *directory, const struct store_engine *engine, enum store_state *state,
                      struct failure *failure);

#endif
