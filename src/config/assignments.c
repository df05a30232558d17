/* assignments.c - what was set, to what, and by whom: later wins, locks hold, mistakes are remembered */
#include "config/assignments.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules/check.h"
#include "rules/rule-set.h"
#include "util/nearest.h"
#include "util/translate.h"

#define SCORE_PREFIX "score."
#define LONGEST_MISTAKE 700
/* What is shown of a name or value that is wrong. */
#define SHOWN 60

static const char *copied(struct assignments *assignments, const char *text)
{
    return arena_copy(assignments->arena, span_of(text)).data;
}

struct assignments assignments_new(struct arena *arena)
{
    struct assignments assignments = {
        .arena = arena,
        .options = arena_new_array(arena, struct assignment, option_count),
    };
    for (size_t i = 0; i < option_count; i++) {
        assignments.options[i] = (struct assignment){ .option = &option_table[i], .name = option_table[i].name };
        assignments_reset(&assignments.options[i]);
    }
    return assignments;
}

void assignments_reset(struct assignment *assignment)
{
    assignment->value = assignment->option->default_value;
    assignment->origin = "default";
    assignment->literal = false;
}

static void remember(struct assignments *assignments, const char *text)
{
    char shown[LONGEST_MISTAKE * 2];
    log_escape(text, strlen(text), shown, sizeof shown);
    struct config_mistake *mistake = arena_new_object(assignments->arena, struct config_mistake);
    mistake->text = copied(assignments, shown);
    if (!assignments->last_mistake)
        assignments->last_mistake = &assignments->mistakes;
    *assignments->last_mistake = mistake;
    assignments->last_mistake = &mistake->next;
}

void assignments_mistake(struct assignments *assignments, const char *format, ...)
{
    if (++assignments->mistake_count > ASSIGNMENTS_MOST_MISTAKES)
        return;
    char text[LONGEST_MISTAKE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, translate_reason(format), arguments);
    va_end(arguments);
    remember(assignments, text);
}

const struct config_mistake *assignments_mistakes(struct assignments *assignments)
{
    if (assignments->mistake_count > ASSIGNMENTS_MOST_MISTAKES) {
        char text[64];
        snprintf(text, sizeof text, _("and %zu more mistakes"), assignments->mistake_count - ASSIGNMENTS_MOST_MISTAKES);
        assignments->mistake_count = ASSIGNMENTS_MOST_MISTAKES;
        remember(assignments, text);
    }
    return assignments->mistakes;
}

static void complain_of_name(struct assignments *assignments, const char *name, const char *origin,
                             const char *nearest)
{
    if (nearest)
        assignments_mistake(assignments, "%s: %.*s: there is no such setting; did you mean %s?", origin, SHOWN, name,
                            nearest);
    else
        assignments_mistake(assignments, "%s: %.*s: there is no such setting; \"tamis config show\" lists all", origin,
                            SHOWN, name);
}

/* "dnslist.example.zone" -> "dns_list.example.zone", in the arena; NULL when no kind of section is called nearly so. */
static const char *nearest_member(struct assignments *assignments, const char *name)
{
    char keyword[FAMILY_NAME_MOST + 1], text[4 * FAMILY_NAME_MOST];
    size_t length = strcspn(name, ".");
    if (!name[length] || length >= sizeof keyword)
        return NULL;
    snprintf(keyword, sizeof keyword, "%.*s", (int)length, name);
    struct nearest nearest = nearest_to(keyword);
    option_family_offer(&nearest);
    if (!nearest.name)
        return NULL;
    snprintf(text, sizeof text, "%s%.*s", nearest.name, SHOWN, name + length);
    return copied(assignments, text);
}

static const char *nearest_setting(struct assignments *assignments, const char *name)
{
    const char *member = nearest_member(assignments, name);
    if (member)
        return member;
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < option_count; i++)
        nearest_offer(&nearest, option_table[i].name);
    return nearest.name;
}

static void complain_of_score(struct assignments *assignments, const struct rule_set *rules, const char *rule,
                              const char *origin)
{
    struct nearest nearest = nearest_to(rule);
    for (size_t i = 0; i < check_count; i++)
        nearest_offer(&nearest, check_table[i]->name);
    for (size_t i = 0; rules && i < rules->rule_count; i++)
        nearest_offer(&nearest, rule_set_text(rules, rules->rules[i].name));
    if (nearest.name)
        assignments_mistake(assignments,
                            "%s: score.%.*s: there is no such check or rule; did you mean score.%s?",
                            origin, SHOWN, rule, nearest.name);
    else
        assignments_mistake(assignments,
                            "%s: score.%.*s: there is no such check or rule; \"tamis rules list\" lists all",
                            origin, SHOWN, rule);
}

/* The assignment of a score by that name; a new one, without value, when there is none yet; NULL when there are too
 * many. */
static struct assignment *score_named(struct assignments *assignments, const char *name)
{
    for (size_t i = 0; i < assignments->score_count; i++)
        if (strcmp(assignments->scores[i].name, name) == 0)
            return &assignments->scores[i];
    if (assignments->score_count == ASSIGNMENTS_MOST_SCORES)
        return NULL;
    assignments->scores = arena_grow(assignments->arena, assignments->scores, assignments->score_count,
                                     &assignments->score_capacity, sizeof *assignments->scores);
    struct assignment *score = &assignments->scores[assignments->score_count++];
    *score = (struct assignment){ .option = &option_score, .name = copied(assignments, name), .origin = "default" };
    return score;
}

static void complain_of_member(struct assignments *assignments, const struct option_family *family, const char *name,
                               const char *origin)
{
    struct nearest nearest = nearest_to(strrchr(name, '.') + 1);
    for (size_t i = 0; i < family->option_count; i++)
        nearest_offer(&nearest, family->options[i].name);
    assignments_mistake(assignments, "%s: %.*s: a section [%s NAME] has no such setting%s%s%s", origin, SHOWN, name,
                        family->keyword, nearest.name ? "; did you mean " : "", nearest.name ? nearest.name : "",
                        nearest.name ? "?" : "");
}

static struct assignment *new_member(struct assignments *assignments, const char *name, const struct option *option)
{
    if (!assignments->members)
        assignments->members = arena_new_array(assignments->arena, struct assignment, ASSIGNMENTS_MOST_MEMBERS);
    struct assignment *member = &assignments->members[assignments->member_count++];
    *member = (struct assignment){ .option = option, .name = copied(assignments, name), .origin = "default" };
    return member;
}

/* The assignment of a section's setting; NULL, and a mistake told, when there can be none. */
static struct assignment *member_named(struct assignments *assignments, const struct option_family *family,
                                       const char *name, const char *origin)
{
    for (size_t i = 0; i < assignments->member_count; i++)
        if (strcmp(assignments->members[i].name, name) == 0)
            return &assignments->members[i];
    const struct option *option = option_family_option(family, name);
    if (option_family_member(name).length == 0)
        assignments_mistake(assignments,
                            "%s: %.*s: a section [%s NAME] is accepted, with a name of at most %d lower-case letters, "
                            "digits, - and _",
                            origin, SHOWN, name, family->keyword, FAMILY_NAME_MOST);
    else if (!option)
        complain_of_member(assignments, family, name, origin);
    else if (assignments->member_count == ASSIGNMENTS_MOST_MEMBERS)
        assignments_mistake(assignments, "%s: more than %d settings stand in sections", origin,
                            ASSIGNMENTS_MOST_MEMBERS);
    else
        return new_member(assignments, name, option);
    return NULL;
}

/* The assignment that `name` means; NULL, and a mistake told, when it means none. */
static struct assignment *named(struct assignments *assignments, const char *name, const char *origin)
{
    if (strncmp(name, SCORE_PREFIX, strlen(SCORE_PREFIX)) == 0) {
        struct assignment *score = score_named(assignments, name);
        if (!score)
            assignments_mistake(assignments, "%s: more than %d scores are set", origin, ASSIGNMENTS_MOST_SCORES);
        return score;
    }
    const struct option_family *family = option_family_of(name);
    if (family)
        return member_named(assignments, family, name, origin);
    const struct option *option = option_find(name);
    if (option)
        return &assignments->options[option - option_table];
    complain_of_name(assignments, name, origin, nearest_setting(assignments, name));
    return NULL;
}

/* The settings say where the rules are, so that their names are looked at when all settings have been read. */
void assignments_check_scores(struct assignments *assignments, const struct rule_set *rules)
{
    for (size_t i = 0; i < assignments->score_count; i++) {
        struct assignment *score = &assignments->scores[i];
        const char *rule = score->name + strlen(SCORE_PREFIX);
        if (!score->value || rules_known(rules, rule))
            continue;
        complain_of_score(assignments, rules, rule, score->origin);
        score->value = NULL;
    }
}

static bool accepts(const struct option *option, const char *value)
{
    int points;
    return option == &option_score ? option_read_points(option, value, &points) : option_store(option, value, NULL);
}

void assignments_set(struct assignments *assignments, const char *name, const char *value, const char *origin,
                     enum assignment_manner manner)
{
    struct assignment *assignment = named(assignments, name, origin);
    if (!assignment)
        return;
    if (assignment->locked && manner != ASSIGN_LOCKED) {
        assignments_mistake(assignments, "%s: %.*s = %.*s: the administrator has locked this setting to %s (%s)",
                            origin, SHOWN, name, SHOWN, value, assignment->value ? assignment->value : "its default",
                            assignment->origin);
        return;
    }
    /* A lock holds even when the value beside it is wrong: it was meant to keep others out. */
    assignment->locked = manner == ASSIGN_LOCKED;
    if (!accepts(assignment->option, value)) {
        char accepted[200];
        option_describe_accepted(assignment->option, accepted, sizeof accepted);
        assignments_mistake(assignments, "%s: %.*s = %.*s: %s is accepted", origin, SHOWN, name, SHOWN, value,
                            accepted);
        return;
    }
    assignment->value = copied(assignments, value);
    assignment->origin = copied(assignments, origin);
    assignment->literal = manner == ASSIGN_LITERAL;
}
