/* ask-outside.h - a judged message and what those outside say of it, put together
 *
 * For judge.c.  Runs in the process that has the message and never parses it: the questions come out of the child that
 * did, the answers out of children of their own (outside/outside.h).
 */
#ifndef TAMIS_COMMANDS_ASK_OUTSIDE_H
#define TAMIS_COMMANDS_ASK_OUTSIDE_H

#include "commands/judge.h"

/* Asks whom the settings name, sets result->outside, and adds the evidence to result->judgement.  A message that is
 * unchecked or that a list decided on is shown only to those who are always asked.  Does nothing when nobody is
 * named. */
void ask_outside(struct span message, const struct settings *settings, struct arena *arena,
                 struct judge_result *result);

#endif
