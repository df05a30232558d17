/* replayed.c - what `tamis evaluate` is told of a message by the child that reads it
 *
 *   i64 when it came, u8 1 + main script, u64 bits of what starter knowledge says, hits (hits.c), features (features.c)
 */
#include "commands/replayed.h"

#include <math.h>

#include "commands/judge.h"
#include "commands/labelled-mail.h"
#include "rules/trace.h"
#include "util/wire.h"
#include "verdict/verdict.h"

/* Some 34,000 years either way: no calendar goes beyond, and no difference of two such times is too large a number. */
#define TIME_MOST (INT64_C(1) << 40)

void replayed_write(struct span bytes, const struct settings *settings, uint64_t key, const struct starter *starter,
                    struct arena *arena, struct buffer *record)
{
    const struct message *message = message_parse(bytes, arena);
    struct rule_context rule_context = settings->rule_context;
    rule_context.now = labelled_arrival(message);
    struct hits hits = { 0 };
    rules_evaluate(message, &rule_context, &settings->rules, arena, &hits);
    struct features features;
    judge_features(message, &rule_context, &hits, key, arena, &features);
    wire_put_number(record, (uint64_t)rule_context.now, 8);
    wire_put_number(record, (uint64_t)(1 + trace_main_script(message)), 1);
    wire_put_double(record, starter ? starter_log_odds(starter, message, arena) : 0);
    hits_encode(&hits, record);
    features_encode(&features, record);
}

static bool is_a_time(int64_t time)
{
    return time >= -TIME_MOST && time <= TIME_MOST;
}

static bool is_sound(const struct replayed *replayed)
{
    int points = replayed->features.rule_points;
    return is_a_time(replayed->came) && is_a_time(replayed->features.trace.arrived) &&
           replayed->main_script < SCRIPTS && isfinite(replayed->starter) && points >= -VERDICT_SUM_MOST &&
           points <= VERDICT_SUM_MOST;
}

bool replayed_read(struct span record, struct arena *arena, struct replayed *replayed)
{
    struct wire_reader reader = wire_read(record);
    replayed->came = (int64_t)wire_take_number(&reader, 8);
    replayed->main_script = (int)wire_take_number(&reader, 1) - 1;
    replayed->starter = wire_take_double(&reader);
    hits_decode(&reader, arena, &replayed->hits);
    return reader.sound && features_decode(&reader.rest, arena, &replayed->features) && wire_is_whole(&reader) &&
           is_sound(replayed);
}

void replayed_ask_history(struct replayed *replayed, const struct settings *settings, const struct history *history,
                          struct arena *arena)
{
    const struct message_trace trace = { .trace = replayed->features.trace, .main_script = replayed->main_script };
    struct rule_context rule_context = settings->rule_context;
    rule_context.now = replayed->came;
    rule_context.history = history;
    struct hits said;
    rules_evaluate_history(&trace, &rule_context, &settings->rules, arena, &said);
    replayed->features.rule_points += judge_extra_tokens(&said, arena).points;
    struct hit *all = arena_new_array(arena, struct hit, replayed->hits.count + said.count);
    for (size_t i = 0; i < replayed->hits.count; i++)
        all[i] = replayed->hits.items[i];
    for (size_t i = 0; i < said.count; i++)
        all[replayed->hits.count + i] = said.items[i];
    replayed->hits = (struct hits){ .items = all, .count = replayed->hits.count + said.count };
}
