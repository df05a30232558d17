/* rules-measure.h - `tamis rules measure`: what each check and rule is worth on labelled mail */
#ifndef TAMIS_COMMANDS_RULES_MEASURE_H
#define TAMIS_COMMANDS_RULES_MEASURE_H

#include "commands/command.h"

/* `ham_option`, `spam_option`: indexes of the options that stand before the paths of each. */
int rules_measure(const struct invocation *invocation, int ham_option, int spam_option, bool suggest);

#endif
