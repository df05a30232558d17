/* search-text.h - text brought to the form in which lists of words and the literals of expressions are looked for
 *
 * In it
 *     A to Z are small letters (so are U+017F, long s, and U+212A, the Kelvin sign, which /i takes for s and k),
 *     white space of any length and kind is one space,
 *     curved apostrophes are straight, and all dashes are '-'.
 * Each character is changed by itself, but for white space: so when an expression matches and some literal text had to
 * stand in the match, the search text of the one stands in the search text of the other.
 */
#ifndef TAMIS_RULES_SEARCH_TEXT_H
#define TAMIS_RULES_SEARCH_TEXT_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/span.h"

/* The search text of `text`, in `arena`.  Bytes that are no UTF-8 stay as they are. */
struct span search_text_make(struct span text, struct arena *arena);

/* Does a word begin or end between the bytes before and behind `at`?  Words are of letters, digits and '_'; in scripts
 * that do not set words apart (Chinese, Thai...) every place is such. */
bool search_text_is_boundary(struct span text, size_t at);

#endif
