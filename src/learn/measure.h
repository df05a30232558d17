/* measure.h - how good a filter was on labelled mail: arithmetic only
 *
 * The measures are those of the TREC spam tracks (Cormack and Lynam, "TREC 2005 Spam Track Overview", section 4):
 * the filter judges each message of a stream in order, is told the truth, and goes on.
 *
 *   ham lost             share of ham judged spam, in %
 *   spam missed          share of spam not judged spam, in %
 *   logistic average     lam% = logistic((logit(ham lost) + logit(spam missed)) / 2): one figure for both, whatever
 *                        the threshold
 *   area above the ROC   (1-ROCA)%: how likely a random ham scores above a random spam, ties count half, in %; what
 *                        the order of the scores is worth, whatever the threshold
 *   missed at 0.1 %      spam missed if the threshold were set so that at most 1 ham in 1,000 is lost
 *
 * A figure of a class that is absent is NaN, and so are the last three unless both are there: nothing was lost of no
 * ham, but that is no merit.
 *
 * Intervals are the percentile bootstrap over messages (Efron 1979), with a generator of its own: the same input gives
 * the same interval.  It is stratified: as many ham are drawn from the ham, and spam from the spam, as there are.  The
 * area is a mean over pairs of both, so how many there are of each says nothing about it, and a resample of a short
 * stream that happened to hold one class alone would have none.
 */
#ifndef TAMIS_LEARN_MEASURE_H
#define TAMIS_LEARN_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"

/* One message of the stream: what was said before the truth was known, and the truth. */
struct measure_case {
    double score;      /* any scale, spam high; not NaN */
    bool judged_spam;
    bool judged_unsure;
    enum label truth;
};

struct measure_interval {
    double value, low, high; /* low and high: 95 % */
};

struct measure {
    size_t ham, spam;
    size_t ham_lost, spam_missed, ham_unsure, spam_unsure;
    double ham_lost_percent, spam_missed_percent, logistic_average_percent;
    struct measure_interval area_above_roc; /* in % */
    double missed_at_per_mille;             /* spam missed in % when at most 0.1 % of ham is lost */
};

/* `bootstrap`: resamplings for the interval, 0 for none (200 is usual; each is one walk over the cases).  False when
 * there is no memory. */
bool measure_stream(const struct measure_case *cases, size_t count, size_t bootstrap, struct measure *measure);

/* The learning curve: the same measures over `points` stretches of the stream, of equal length up to one message,
 * without intervals. */
bool measure_curve(const struct measure_case *cases, size_t count, struct measure *curve, size_t points);

#endif
