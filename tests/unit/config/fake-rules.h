/* fake-rules.h - a rule set of two names, so that tests of settings do not depend on which rules ship
 *
 * These definitions stand in for those of src/rules: the linker takes them first and leaves the archive's members out.
 */
#ifndef TAMIS_TESTS_FAKE_RULES_H
#define TAMIS_TESTS_FAKE_RULES_H

#include "rules/check.h"
#include "rules/evaluate.h"
#include "rules/rule-cache.h"

static const struct check fake_hidden_text = { .name = "HIDDEN_TEXT" };
static const struct check fake_far_future = { .name = "DATE_IN_FAR_FUTURE" };

const struct check *const check_table[] = { &fake_hidden_text, &fake_far_future };
const size_t check_count = 2;

bool rules_known(const struct rule_set *rules, const char *name)
{
    (void)rules;
    for (size_t i = 0; i < check_count; i++)
        if (strcmp(check_table[i]->name, name) == 0)
            return true;
    return false;
}

struct rule_cache *rule_cache_open(const struct rule_sources *sources, rule_cache_notice *notice, void *context)
{
    (void)sources;
    (void)notice;
    (void)context;
    return NULL;
}

void rule_cache_close(struct rule_cache **cache)
{
    (void)cache;
}

const struct rule_set *rule_cache_set(const struct rule_cache *cache)
{
    (void)cache;
    return NULL;
}

#endif
