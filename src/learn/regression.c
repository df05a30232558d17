/* regression.c - learner A: online logistic regression on byte 5-grams, in fixed-point steps */
#include "learn/regression.h"

#include <math.h>

#include "util/arithmetic.h"
#include "util/logistic.h"

/* 32,767 units are a weight of 1; the largest seen after 10,000 lessons is 0.28. */
#define WEIGHT_UNIT (1.0 / 32768)

#define RATE 0.007
#define ERROR_MOST 0.4
#define ERROR_LEAST 0.15

/* What nobody confirmed counts half (Sculley and Cormack 2008: unconfirmed feedback breaks fast learners first). */
#define IMPLICIT_SHARE 0.5

/* While one class is all that was seen, its lessons say little about what sets it apart: they begin at a fifth. */
#define RARER_CLASS_PRIOR 4.0

static double norm(size_t count)
{
    return 1 / sqrt((double)count / 2000 + 0.05);
}

double regression_score(const int16_t *weights, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    return (double)sum * WEIGHT_UNIT * norm(count);
}

static double share_of_lesson(enum label label, enum label_source source, const uint64_t lessons[2])
{
    double share = source == SOURCE_IMPLICIT ? IMPLICIT_SHARE : 1;
    uint64_t other = lessons[label == LABEL_SPAM ? LABEL_HAM : LABEL_SPAM];
    if (lessons[label] >= other)
        share *= ((double)other + 1) / ((double)other + 1 + RARER_CLASS_PRIOR);
    return share;
}

int16_t regression_step(double score, size_t count, enum label label, enum label_source source, double share,
                        const uint64_t lessons[2])
{
    double error = (label == LABEL_SPAM) - logistic(score);
    if (fabs(error) < ERROR_LEAST)
        return 0;
    error = real_max(-ERROR_MOST, real_min(ERROR_MOST, error));
    double step = RATE * norm(count) * error * share * share_of_lesson(label, source, lessons);
    return (int16_t)real_round(step / WEIGHT_UNIT);
}
