/* evaluate.c - every check and rule against one message, under the user's points */
#include "rules/evaluate.h"

#include "rules/detail.h"
#include "rules/inspection.h"
#include "rules/rule-match.h"
#include "rules/rule-set.h"
#include "util/utf8.h"

enum which_checks { ALL_CHECKS, CHECKS_OF_HISTORY };

/* Gives the outcomes, in the order of check_table. */
static enum outcome *run_checks(struct inspection *inspection, const struct rules_settings *settings,
                                enum which_checks which, struct hit_list *hits)
{
    struct arena *arena = inspection->arena;
    enum outcome *outcomes = arena_new_array(arena, enum outcome, check_count);
    struct buffer detail = buffer_new(arena, DETAIL_BYTES);
    for (size_t i = 0; i < check_count; i++) {
        const struct check *check = check_table[i];
        int points = rules_points(settings, check->name, check->points);
        outcomes[i] = OUTCOME_SILENT;
        if (points == 0 || (which == CHECKS_OF_HISTORY && !check->of_history))
            continue;
        detail.length = 0;
        inspection->share = 100;
        outcomes[i] = check->evaluate(inspection, &detail);
        if (outcomes[i] == OUTCOME_COULD_NOT_TELL)
            hits->gave_up++;
        if (outcomes[i] != OUTCOME_HIT)
            continue;
        struct span said = arena_copy(arena, utf8_head(buffer_span(&detail), DETAIL_BYTES));
        hits->items[hits->count++] = (struct hit){
            .name = check->name,
            .description = check->description,
            .detail = said,
            .points = points * (int)inspection->share / 100,
            .danger = check->danger && inspection->share == 100,
            .of_history = check->of_history,
        };
    }
    return outcomes;
}

void rules_evaluate(const struct message *message, const struct rule_context *context,
                    const struct rules_settings *settings, struct arena *arena, struct hits *hits)
{
    static const struct rule_context nothing_known = { 0 };
    const struct rule_set *rules = settings ? settings->rules : NULL;
    size_t most = check_count + (rules ? rules->rule_count : 0);
    struct hit_list list = { .items = arena_new_list(arena, struct hit, most) };
    struct inspection inspection;
    inspection_start(&inspection, message, context ? context : &nothing_known, arena);
    const enum outcome *outcomes = run_checks(&inspection, settings, ALL_CHECKS, &list);
    if (rules) {
        const struct rule_input input = { message, outcomes, settings };
        rule_match(rules, &input, arena, &list);
    }
    *hits = (struct hits){ list.items, list.count, list.gave_up };
}

void rules_evaluate_history(const struct message_trace *trace, const struct rule_context *context,
                            const struct rules_settings *settings, struct arena *arena, struct hits *hits)
{
    struct hit_list list = { .items = arena_new_list(arena, struct hit, check_count) };
    struct inspection inspection;
    inspection_start(&inspection, arena_new_object(arena, struct message), context, arena);
    inspection.trace = trace;
    run_checks(&inspection, settings, CHECKS_OF_HISTORY, &list);
    *hits = (struct hits){ list.items, list.count, list.gave_up };
}

bool rules_have_expressions(const struct rules_settings *settings)
{
    return settings->rules && settings->rules->header->pattern_count > 0;
}

bool rules_known(const struct rule_set *rules, const char *name)
{
    for (size_t i = 0; i < check_count; i++)
        if (strcmp(check_table[i]->name, name) == 0)
            return true;
    return rule_set_find(rules, name) != NULL;
}
