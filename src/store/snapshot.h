/* snapshot.h - a whole store in one file, written in one step
 *
 * The bytes are drawn in record.h.
 */
#ifndef TAMIS_STORE_SNAPSHOT_H
#define TAMIS_STORE_SNAPSHOT_H

#include "store/directory.h"
#include "store/tables.h"

/* Replaces the snapshot by what is in `tables` (FAILURE_DAMAGED when a row of it is).  `meta` is their meta row. */
bool snapshot_write(const struct directory *directory, struct tables *tables, const struct meta_row *meta,
                    struct failure *failure);

/* Reads the snapshot into new tables in memory.  NULL, `*state` and `failure` when there is none (STORE_EMPTY), it is
 * damaged or was written by a newer version.  With `lost_r`, a damaged one is read as far as its rows are sound, and
 * the number of rows that are not is counted there. */
struct tables *snapshot_read(const struct directory *directory, struct meta_row *meta, uint64_t *lost_r,
                             enum store_state *state, struct failure *failure);

#endif
