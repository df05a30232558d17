/* evaluate-figures.h - what `tamis evaluate` has measured, as text and as JSON */
#ifndef TAMIS_COMMANDS_EVALUATE_FIGURES_H
#define TAMIS_COMMANDS_EVALUATE_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/measure.h"
#include "util/failure.h"

/* Prints the figures of the cases, which are in order of arrival, but for the first `skip`, which are at most
 * `count`.  False without memory. */
bool evaluate_figures_print(const struct measure_case *cases, size_t count, size_t skip, bool json,
                            struct failure *failure);

#endif
