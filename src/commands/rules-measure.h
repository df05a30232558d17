/* rules-measure.h - `tamis rules measure`: what each check and rule is worth on labelled mail */
#ifndef TAMIS_COMMANDS_RULES_MEASURE_H
#define TAMIS_COMMANDS_RULES_MEASURE_H

#include "commands/command.h"

struct measure_options {
    /* Indexes of the options that stand before the paths of ham, of spam, of folders with an index (labelled-mail.h),
     * and of such folders that are held out whole (rules/worth.h). */
    int ham, spam, index, judge;
    size_t split; /* percent: of folders with an index, what comes later is held out */
    bool suggest;
};

int rules_measure(const struct invocation *invocation, const struct measure_options *options);

#endif
