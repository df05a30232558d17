/* regression.h - learner A: online logistic regression on byte 5-grams, in fixed-point steps
 *
 * The score is the raw log-odds of spam: the sum of the weights of the message's slots, times norm(n) =
 * 1/sqrt(n/2000 + 0.05) for n slots, so that long messages do not speak louder than short ones.  A lesson adds the
 * same integer step to all of them:
 *
 *     step = RATE * norm(n) * clip(y - p, +-0.4)     in units of WEIGHT_UNIT; none when |y - p| < 0.15
 *
 * (Goodman and Yih 2006, "Online discriminative spam filter training"; Cormack 2007).  The error y - p is clipped
 * because a confident contradiction is more often a wrong label than a discovery: with 5 % wrong labels this cuts
 * the error of this learner to a fifth and costs nothing without them.  Features are binary and the step is one
 * integer, so undoing subtracts it again, exactly.
 */
#ifndef TAMIS_LEARN_REGRESSION_H
#define TAMIS_LEARN_REGRESSION_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* `weights`: of the message's slots. */
double regression_score(const int16_t *weights, size_t count);

/* The step for a lesson on a message of that score and count, times `share` (0 to 1).  `lessons`: how many of each
 * label came before. */
int16_t regression_step(double score, size_t count, enum label label, enum label_source source, double share,
                        const uint64_t lessons[2]);

#endif
