/* calibration.c - does a probability mean what it says?  Arithmetic only */
#include "learn/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/arithmetic.h"
#include "util/logistic.h"

/* Of equal scores ham first: where bins are cut must not depend on the order of the stream. */
static int by_score_and_truth(const void *left, const void *right)
{
    const struct measure_case *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return (int)a->truth - (int)b->truth;
}

static struct calibration_bin fill_bin(const struct measure_case *cases, size_t count)
{
    struct calibration_bin bin = { .count = count };
    for (size_t i = 0; i < count; i++) {
        bin.claimed += logistic(cases[i].score) / (double)count;
        bin.observed += (cases[i].truth == LABEL_SPAM) / (double)count;
    }
    return bin;
}

static double loss(const struct measure_case *one)
{
    double claimed = real_max(CALIBRATION_BOUND, real_min(1 - CALIBRATION_BOUND, logistic(one->score)));
    return -real_log(one->truth == LABEL_SPAM ? claimed : 1 - claimed);
}

bool calibration_measure(const struct measure_case *cases, size_t count, struct calibration *calibration)
{
    *calibration = (struct calibration){ 0 };
    if (count == 0)
        return true;
    struct measure_case *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return false;
    memcpy(sorted, cases, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_score_and_truth);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        size_t start = count * i / CALIBRATION_BINS, end = count * (i + 1) / CALIBRATION_BINS;
        struct calibration_bin bin = fill_bin(sorted + start, end - start);
        calibration->bins[i] = bin;
        calibration->error_percent += 100 * (double)bin.count * fabs(bin.observed - bin.claimed) / (double)count;
    }
    for (size_t i = 0; i < count; i++)
        calibration->log_loss += loss(&sorted[i]) / (double)count;
    free(sorted);
    return true;
}
