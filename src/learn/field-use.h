/* field-use.h - which header fields the learners read whole, which by name only, and which not at all
 *
 * Left out: verdicts (ours and other filters'), what delivery adds behind the filter, and what tells the mailing
 * list or the day instead of the content: a learner fed with them is certain on the day they change.  By name only:
 * signatures and the bookkeeping of large providers, some 6 of the 9 KB of a modern header, whose values never come
 * twice.  Everything else is read whole: keeping Received cuts the error to a third, and an allow-list of fields is
 * three times worse than this deny-list (measured on the SpamAssassin public corpus).
 */
#ifndef TAMIS_LEARN_FIELD_USE_H
#define TAMIS_LEARN_FIELD_USE_H

#include "util/span.h"

enum field_use { FIELD_WHOLE, FIELD_RELAY, FIELD_NAME_ONLY, FIELD_LEFT_OUT };

enum field_use field_use(struct span name);

#endif
