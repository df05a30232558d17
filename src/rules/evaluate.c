/* evaluate.c - every check against one message, under the user's points */
#include "rules/evaluate.h"

#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/utf8.h"

/* The user's points for a check, or its own.  The last setting of a name wins, as in the files they come from. */
static int points_of(const struct check *check, const struct rules_settings *settings)
{
    for (size_t i = settings ? settings->override_count : 0; i > 0; i--)
        if (strcmp(settings->overrides[i - 1].name, check->name) == 0)
            return settings->overrides[i - 1].points;
    return check->points;
}

void rules_evaluate(const struct message *message, const struct rule_context *context,
                    const struct rules_settings *settings, struct arena *arena, struct hits *hits)
{
    static const struct rule_context nothing_known = { 0 };
    struct hit *items = arena_new_array(arena, struct hit, check_count);
    struct inspection inspection;
    inspection_start(&inspection, message, context ? context : &nothing_known, arena);
    *hits = (struct hits){ .items = items };

    struct buffer detail = buffer_new(arena, DETAIL_BYTES);
    for (size_t i = 0; i < check_count; i++) {
        const struct check *check = check_table[i];
        int points = points_of(check, settings);
        if (points == 0)
            continue;
        detail.length = 0;
        enum outcome outcome = check->evaluate(&inspection, &detail);
        if (outcome == OUTCOME_COULD_NOT_TELL)
            hits->gave_up++;
        if (outcome != OUTCOME_HIT)
            continue;
        struct span said = arena_copy(arena, utf8_head(buffer_span(&detail), DETAIL_BYTES));
        items[hits->count++] = (struct hit){ check->name, check->description, said, points, check->danger };
    }
}

bool rules_known(const char *name)
{
    for (size_t i = 0; i < check_count; i++)
        if (strcmp(check_table[i]->name, name) == 0)
            return true;
    return false;
}
