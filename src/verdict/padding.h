/* padding.h - long runs of characters that nobody sees, said in a few words
 *
 * Newsletters put a hundred of them (zero-width joiners, soft hyphens, no-break spaces) behind the line that a list of
 * messages shows, so that nothing of the text follows there.  Escaped one by one they would be most of what `tamis
 * explain` prints.
 */
#ifndef TAMIS_VERDICT_PADDING_H
#define TAMIS_VERDICT_PADDING_H

#include "util/arena.h"
#include "util/span.h"

/* So many invisible characters are a run; fewer stand in words of scripts and pictographs, or disguise one. */
#define PADDING_LEAST 12

/* `text`, valid UTF-8, with "[160 invisible characters]" for each run of them, blanks between them included; `text`
 * itself when it has none.  Linear time. */
struct span padding_shortened(struct span text, struct arena *arena);

#endif
