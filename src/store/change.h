/* change.h - what one lesson does to the tables
 *
 * The same code changes the tables on the disk when a lesson is learned and the ones in memory when the journal is read
 * again, so that both come to the same bytes: everything here depends on the tables and the lesson only, never on the
 * clock or on chance.
 */
#ifndef TAMIS_STORE_CHANGE_H
#define TAMIS_STORE_CHANGE_H

#include "store/record.h"
#include "store/tables.h"

/* Can these lessons be applied, one after the other?  Numbers within bounds and sorted, what is taken back is in the
 * ledger as said, what is added is not.  FAILURE_DEFECT when they cannot be; FAILURE_DAMAGED when the ledger cannot
 * tell. */
bool change_check(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure);

/* Reads ahead what both need, where that is of use. */
bool change_fetch(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure);

/* Applies them to the rows and to `meta`, which the caller writes. */
bool change_apply(struct tables *tables, struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure);

/* Looks an identity up: 1 found, 0 not there, -1 could not tell. */
int change_find(struct tables *tables, const struct meta_row *meta, const uint8_t identity[16],
                struct ledger_entry *entry, struct failure *failure);

#endif
