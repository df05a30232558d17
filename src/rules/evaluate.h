/* evaluate.h - every check and rule against one message, under the user's points */
#ifndef TAMIS_RULES_EVALUATE_H
#define TAMIS_RULES_EVALUATE_H

#include <stddef.h>

#include "mail/message.h"
#include "rules/check.h"
#include "rules/hits.h"
#include "util/arena.h"

struct message_trace;

/* Fills `hits`, which live in `arena`.  `context` and `settings` may be NULL: nothing known, default points. */
void rules_evaluate(const struct message *message, const struct rule_context *context,
                    const struct rules_settings *settings, struct arena *arena, struct hits *hits);

/* The hits of those checks alone that ask the history (struct check: of_history), on a message that another process has
 * read: `trace` is what they need of it.  What they say then names neither relay nor hosts. */
void rules_evaluate_history(const struct message_trace *trace, const struct rule_context *context,
                            const struct rules_settings *settings, struct arena *arena, struct hits *hits);

/* Are there expressions among the rules?  To match them takes the processor's clock, by which they give up. */
bool rules_have_expressions(const struct rules_settings *settings);

/* Is there a check or rule of that name?  `rules` may be NULL. */
bool rules_known(const struct rule_set *rules, const char *name);

#endif
