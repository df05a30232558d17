/* evaluate-replay.h - labelled mail judged in its order, each message by what those before it have taught
 *
 * Messages are read in batches (batches.h), ahead of what is learned; so the child says of a message what does not
 * depend on that (replayed.h), and this process, message by message, asks what was learned and judges.
 *
 * A message that no child can read would reach the inbox unchecked: it counts as judged to be ham, and teaches nothing.
 */
#ifndef TAMIS_COMMANDS_EVALUATE_REPLAY_H
#define TAMIS_COMMANDS_EVALUATE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "commands/labelled-mail.h"
#include "config/config.h"
#include "learn/feedback.h"
#include "learn/measure.h"
#include "learn/starter.h"
#include "util/failure.h"

enum train_when { TRAIN_ALWAYS, TRAIN_ON_ERRORS, TRAIN_NEVER };

struct replay_plan {
    const struct settings *settings;
    struct labelled_list list; /* in order of arrival */
    size_t trained;            /* of them, which come first: learned whatever the user says, and without scores */
    enum train_when train;
    struct feedback feedback;
    bool learned_only;       /* judge without rules */
    struct starter *starter; /* NULL: none */
    FILE *scores;            /* one line a message; NULL: not wanted */
};

/* Judges all messages, and learns them as planned into a scratch store; fills a case for each, of `cases`. */
bool evaluate_replay(const struct replay_plan *plan, struct measure_case *cases, struct failure *failure);

#endif
