/* feedback.h - the user that `tamis evaluate` imagines: what he says about judged mail, and when
 *
 * With "always" he tells the truth about every message at once, as the TREC spam tracks did.  Real users only move what
 * lies wrong, later, and not all of it:
 *
 *   moves      spam in the inbox (judged ham or unsure) and ham in Junk (judged spam) is corrected with the given
 *              probability, so many messages later.  Ham that is unsure lies right, and nobody moves it.
 *   implicit   the same; and what nobody has moved FEEDBACK_GRACE messages later is left alone, and is for confirm.h.
 *              He reads his mail and looks into Junk.  Messages stand for days.
 *
 * He may also be wrong: of what he says of all messages, `noise` says which share has the other label.
 *
 * Whether a message is corrected, or called by the wrong name, depends on its path and the seed alone: the same
 * messages are in every run with the same seed, whatever is measured, and more of them when the share grows.
 */
#ifndef TAMIS_LEARN_FEEDBACK_H
#define TAMIS_LEARN_FEEDBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/confirm.h"
#include "learn/measure.h"

enum feedback_way { FEEDBACK_ALWAYS, FEEDBACK_MOVES, FEEDBACK_IMPLICIT };

struct feedback {
    enum feedback_way way;
    double corrected; /* the share of errors that is corrected, 0 to 1 */
    size_t delay;     /* so many messages later */
    uint64_t seed;
    double noise;     /* with FEEDBACK_ALWAYS: the share of labels that are wrong, 0 to 1 */
};

/* So many messages after it was judged, a message counts as left alone. */
#define FEEDBACK_GRACE ((size_t)200)

/* Does the user move this message, which was judged so? */
bool feedback_corrects(const struct feedback *feedback, const struct measure_case *judged, const char *path);

/* What the user calls a message that is `truth`: with `noise`, not always that. */
enum label feedback_label(const struct feedback *feedback, enum label truth, const char *path);

/* What it says that the message, judged so and not moved, was left alone for `messages`. */
enum confirmation feedback_left_alone(const struct measure_case *judged, size_t messages);

#endif
