/* evaluate.h - every check and rule against one message, under the user's points */
#ifndef TAMIS_RULES_EVALUATE_H
#define TAMIS_RULES_EVALUATE_H

#include <stddef.h>

#include "mail/message.h"
#include "rules/check.h"
#include "util/arena.h"
#include "util/buffer.h"
#include "util/wire.h"

struct rule_set;
struct message_trace;

struct hit {
    const char *name;        /* of the check or rule */
    const char *description;
    struct span detail;      /* valid UTF-8, at most 300 bytes, may be empty */
    int points;              /* hundredths, after the user's settings */
    bool danger;
    bool of_history;         /* struct check */
};

struct hits {
    const struct hit *items;
    size_t count;
    size_t gave_up; /* checks and rules that could not tell */
};

/* Hits for the pipe out of a child: names, points and which are dangers; what they say of the message stays there.  The
 * bytes are not trusted: `reader` is no longer sound when they are no hits. */
void hits_encode(const struct hits *hits, struct buffer *out);
void hits_decode(struct wire_reader *reader, struct arena *arena, struct hits *hits);

/* `score.NAME = value` of the configuration; points in hundredths.  0 turns a check or rule off and saves its cost. */
struct score_override {
    const char *name;
    int points;
};

struct rules_settings {
    const struct score_override *overrides;
    size_t override_count;
    const struct rule_set *rules; /* of rule files (rule-cache.h); NULL: none */
};

/* Fills `hits`, which live in `arena`.  `context` and `settings` may be NULL: nothing known, default points. */
void rules_evaluate(const struct message *message, const struct rule_context *context,
                    const struct rules_settings *settings, struct arena *arena, struct hits *hits);

/* The hits of those checks alone that ask the history (struct check: of_history), on a message that another process has
 * read: `trace` is what they need of it.  What they say then names neither relay nor hosts. */
void rules_evaluate_history(const struct message_trace *trace, const struct rule_context *context,
                            const struct rules_settings *settings, struct arena *arena, struct hits *hits);

/* The user's points for the check or rule `name`, or `points`, its own.  The last setting of a name wins, as in the
 * files they come from.  `settings` may be NULL. */
int rules_points(const struct rules_settings *settings, const char *name, int points);

/* Are there expressions among the rules?  To match them takes the processor's clock, by which they give up. */
bool rules_have_expressions(const struct rules_settings *settings);

/* Is there a check or rule of that name?  `rules` may be NULL. */
bool rules_known(const struct rule_set *rules, const char *name);

#endif
