/* replayed.h - what `tamis evaluate` is told of a message by the child that reads it
 *
 * All that does not depend on what was learned before: the child reads many messages at once, and each is judged by
 * what those before it have taught.  What the history says of the message is asked in the parent, of its trace.
 */
#ifndef TAMIS_COMMANDS_REPLAYED_H
#define TAMIS_COMMANDS_REPLAYED_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "learn/features.h"
#include "learn/starter.h"
#include "rules/evaluate.h"
#include "util/arena.h"
#include "util/buffer.h"

struct replayed {
    int64_t came;    /* seconds since 1970, 0: not known */
    int main_script; /* as in struct message_trace */
    double starter;  /* log-odds that all of starter knowledge gives it; 0 without any */
    struct hits hits;
    struct features features;
};

/* In the child: reads a message and appends the record.  `key`: store_key().  `starter` may be NULL. */
void replayed_write(struct span message, const struct settings *settings, uint64_t key, const struct starter *starter,
                    struct arena *arena, struct buffer *record);

/* In the parent, which does not trust the bytes: false when they are no record, or more than one. */
bool replayed_read(struct span record, struct arena *arena, struct replayed *replayed);

/* In the parent: adds what the history says to hits and features. */
void replayed_ask_history(struct replayed *replayed, const struct settings *settings, const struct history *history,
                          struct arena *arena);

#endif
