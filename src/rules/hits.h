/* hits.h - what checks and rules have found in a message, and the points that the user gives them */
#ifndef TAMIS_RULES_HITS_H
#define TAMIS_RULES_HITS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/buffer.h"
#include "util/span.h"
#include "util/wire.h"

struct rule_set;

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

/* Hits as they are gathered; `items` has room for all there may be. */
struct hit_list {
    struct hit *items;
    size_t count;
    size_t gave_up;
};

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

/* The user's points for the check or rule `name`, or `points`, its own.  The last setting of a name wins, as in the
 * files they come from.  `settings` may be NULL. */
int rules_points(const struct rules_settings *settings, const char *name, int points);

/* Hits for the pipe out of a child: names, points and which are dangers; what they say of the message stays there.  The
 * bytes are not trusted: `reader` is no longer sound when they are no hits. */
void hits_encode(const struct hits *hits, struct buffer *out);
void hits_decode(struct wire_reader *reader, struct arena *arena, struct hits *hits);

#endif
