/* sharing.h - what a user calls spam or ham, reported to the other users of the host
 *
 * For those who learn: lessons are handed over as they come, and reported some hundred at a time.  That something is
 * spam is reported on the user's own word, or when it came to a trap; never on a verdict, nor because it was left
 * alone.  Ham that was read and left alone is reported as that: it speaks against others' word, and for nothing.  What
 * is taken back here is taken back there.
 *
 * The folder is read and written by processes of their own under a deadline: one that hangs, is full or is somebody
 * else's costs the reports, a line in the log once a day, and nothing of what was learned.
 */
#ifndef TAMIS_COMMANDS_SHARING_H
#define TAMIS_COMMANDS_SHARING_H

#include "config/config.h"
#include "learn/features.h"
#include "learn/learn.h"

struct sharing;

/* `user`: store_key().  NULL: nothing is to be reported; the others then do nothing. */
struct sharing *sharing_start(const struct settings *settings, uint64_t user);

/* What the prints of a lesson's text are to be taken under (reading_take_prints()); 0 for NULL. */
uint64_t sharing_key(const struct sharing *sharing);

/* A lesson and what came of it. */
void sharing_add(struct sharing *sharing, const struct features *features, enum label label, enum label_source source,
                 enum learn_result result);

/* Reports the rest, and frees. */
void sharing_finish(struct sharing **sharing);

#endif
