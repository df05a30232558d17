/* text.h - a whole store as text, exactly
 *
 *   tamis-store 2                                             first line; the version of this format
 *   key HEX16
 *   tables PAIR-ROWS
 *   lessons HAM SPAM
 *   pair-lessons HAM SPAM
 *   scale LEARNER ham|spam BIN COUNT                          counts that are not 0, in this order
 *   weight SLOT VALUE                                         weights that are not 0, by slot
 *   pair ROW CHECK SPAM HAM DAY                               by row and check
 *   entry IDENTITY ham|spam user|implicit|trap|import WEIGHT-STEP PAIR-STEP BIN BIN BIN BIN CANON FEATURE-CHECK SECONDS
 *                                                             by identity
 *   end LINES                                                 how many lines stand before this one
 *
 * Numbers are decimal, except the key, identities (16 digits) and feature checks (8), which are hexadecimal.  Two
 * stores that would judge and learn alike have the same text, however they came to be; so what belongs to one store's
 * files is not in it: the journal's sequence, and the times of the last lessons, which are taken from the entries
 * again.  What cannot be read exactly is refused whole, with its line.  Version 1, whose identities had 32 digits, is
 * read too.
 */
#ifndef TAMIS_STORE_TEXT_H
#define TAMIS_STORE_TEXT_H

#include "store/tables.h"
#include "util/text-lines.h"

/* Writes `tables` to `fd`. */
bool text_write(int fd, struct tables *tables, const struct meta_row *meta, struct failure *failure);

/* Reads text from the next line on into new tables in memory; NULL and `failure` (with the line) when it cannot be.
 * What stands behind "end" is left. */
struct tables *text_read(struct text_lines *lines, struct meta_row *meta, struct failure *failure);

#endif
