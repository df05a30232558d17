/* assignments.h - what was set, to what, and by whom: later wins, locks hold, mistakes are remembered
 *
 * Starts with every option at its default.  An assignment that is wrong (unknown name, value out of range, locked)
 * becomes a mistake and changes nothing, so what stood before goes on to hold.  All memory is the arena's.
 */
#ifndef TAMIS_CONFIG_ASSIGNMENTS_H
#define TAMIS_CONFIG_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "config/option-family.h"
#include "config/option-table.h"
#include "util/arena.h"

/* More score.NAME settings than there will ever be rules: the table is searched from end to end. */
#define ASSIGNMENTS_MOST_SCORES 2000
/* As many settings of sections as their members can have. */
#define ASSIGNMENTS_MOST_MEMBERS (FAMILY_MEMBERS_MOST * 16)
/* Past these a file is not mistaken, it is something else; the rest is counted. */
#define ASSIGNMENTS_MOST_MISTAKES 50

struct assignment {
    const struct option *option;
    const char *name;   /* as the user knows it: "required", "score.HIDDEN_TEXT" */
    const char *value;  /* accepted by its option; NULL: a score that is not set */
    const char *origin; /* "default", "/etc/tamis/tamis.conf:12", "--set" */
    bool locked;
    bool literal; /* a path from the command line, expanded already */
};

struct assignments {
    struct arena *arena;
    struct assignment *options; /* by index in option_table */
    struct assignment *scores;
    size_t score_count, score_capacity;
    struct assignment *members; /* settings of sections, "dns_list.spamhaus.zone", in the order in which they came */
    size_t member_count;
    struct config_mistake *mistakes, **last_mistake;
    size_t mistake_count;
};

/* How an assignment is meant. */
enum assignment_manner { ASSIGN_PLAIN, ASSIGN_LOCKED, ASSIGN_LITERAL };

struct assignments assignments_new(struct arena *arena);

void assignments_set(struct assignments *assignments, const char *name, const char *value, const char *origin,
                     enum assignment_manner manner);

/* Takes back the scores whose names are neither a check's nor one of `rules`' (which may be NULL), each a mistake. */
void assignments_check_scores(struct assignments *assignments, const struct rule_set *rules);

/* Puts an option back to its default, mistake already told. */
void assignments_reset(struct assignment *assignment);

/* Remembers a mistake.  Control bytes in it are shown as \xNN. */
void assignments_mistake(struct assignments *assignments, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The mistakes in order, the last of them a count of those left out, if any were. */
const struct config_mistake *assignments_mistakes(struct assignments *assignments);

#endif
