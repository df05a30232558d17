/* calibration.h - does a probability mean what it says?  Arithmetic only
 *
 * Messages are put in order of the probability of spam they were given and cut into bins of as many messages each, up
 * to one; with honest probabilities, the share of spam in a bin is the mean of what was claimed in it.  Bins of equal
 * mass tell more than bins of equal width where nearly all messages are near 0 or 1 (Naeini, Cooper and Hauskrecht
 * 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning").
 *
 *   expected error  the mean of |share of spam - claimed| over the bins, weighed by their messages, in %
 *   log-loss        the mean of -ln(probability given to what came true), in nats; probabilities are cut at
 *                   CALIBRATION_BOUND, so that one message cannot make it infinite
 */
#ifndef TAMIS_LEARN_CALIBRATION_H
#define TAMIS_LEARN_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/measure.h"

#define CALIBRATION_BINS 15
#define CALIBRATION_BOUND 1e-6

struct calibration_bin {
    size_t count;
    double claimed, observed; /* mean probability of spam, and share of spam: 0 to 1; 0 when the bin is empty */
};

struct calibration {
    struct calibration_bin bins[CALIBRATION_BINS]; /* lowest probability first */
    double error_percent, log_loss;                /* 0 without messages */
};

/* The scores of `cases` are natural log-odds of spam.  False when there is no memory. */
bool calibration_measure(const struct measure_case *cases, size_t count, struct calibration *calibration);

#endif
