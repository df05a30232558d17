/* rule-match.h - the rules of a set against one message
 *
 * One pass over each place (subject, text, hosts of links...) finds all words and phrases and the literals of all
 * expressions; then each rule is settled, as lazily as its conditions allow, and only expressions whose literals were
 * found are run.  A message without any of them costs the pass and nothing else.
 *
 * A condition that gave up (pattern.h) neither holds nor fails.  A rule is silent or hits when it is so either way, and
 * could not tell otherwise.
 */
#ifndef TAMIS_RULES_RULE_MATCH_H
#define TAMIS_RULES_RULE_MATCH_H

#include "rules/check.h"
#include "rules/hits.h"
#include "rules/rule-set.h"
#include "util/arena.h"

struct rule_input {
    const struct message *message;
    const enum outcome *checks;            /* of the program's own checks, in the order of check_table */
    const struct rules_settings *settings; /* may be NULL */
};

/* Appends what hits to `hits`, in `arena`, and counts what gave up. */
void rule_match(const struct rule_set *set, const struct rule_input *input, struct arena *arena, struct hit_list *hits);

#endif
