/* fusion.c - two learners' scores and the rules' points into one calibrated log-odds */
#include "learn/fusion.h"

#include <math.h>

#include "util/arithmetic.h"
#include "util/logistic.h"

/* What a raw score is divided by, so that the usual line is the diagonal; and how wide a bin is in such units. */
static const double unit_of_member[STORE_LEARNERS] = { 1, 30, 1, 1 };
#define BIN_WIDTH 0.125
#define BIN_MIDDLE (STORE_SCALE_BINS / 2)

/* Bins are taken four together for the fit: a quarter of the work, and no finer than the lines are certain. */
#define COARSE 4
#define COARSE_BINS (STORE_SCALE_BINS / COARSE)

#define PRIOR_LESSONS 3000.0
#define LABEL_ERROR 0.02
#define NEWTON_STEPS 4
#define LEAST_SLOPE 0.05

/* log-odds = offset + slope * x */
struct line {
    double offset, slope;
};

/* The sums of Newton's method: gradient and curvature. */
struct sums {
    double gradient_offset, gradient_slope;
    double curve_offset, curve_both, curve_slope;
};

static double scaled(enum member member, double score)
{
    return score / unit_of_member[member];
}

uint8_t fusion_bin(enum member member, double score)
{
    double bin = floor(scaled(member, score) / BIN_WIDTH) + BIN_MIDDLE;
    return (uint8_t)real_max(FUSION_BIN_UNMEASURED + 1, real_min(STORE_SCALE_BINS - 1, bin));
}

static void merge_bins(const uint32_t counts[STORE_SCALE_BINS], double merged[COARSE_BINS], double *total)
{
    *total = 0;
    for (size_t i = 0; i < COARSE_BINS; i++) {
        merged[i] = 0;
        for (size_t j = 0; j < COARSE; j++)
            merged[i] += i * COARSE + j == FUSION_BIN_UNMEASURED ? 0 : counts[i * COARSE + j];
        *total += merged[i];
    }
}

/* One bin's part: `ham` and `spam` lessons at `x`.  A label is taken to be wrong with probability LABEL_ERROR
 * whatever the score: without that, 5 % wrong labels make no score say more than odds of 19 to 1, and no spam
 * reaches Junk.  The curvature is Fisher's. */
static void add_bin(struct sums *sums, struct line line, double x, double ham, double spam)
{
    double p = logistic(line.offset + line.slope * x);
    double slope = (1 - 2 * LABEL_ERROR) * p * (1 - p);
    double labelled_spam = LABEL_ERROR + (1 - 2 * LABEL_ERROR) * p, labelled_ham = 1 - labelled_spam;
    double gradient = slope * (spam / labelled_spam - ham / labelled_ham);
    double curve = slope * slope * (ham + spam) / (labelled_spam * labelled_ham);
    sums->gradient_offset += gradient;
    sums->gradient_slope += gradient * x;
    sums->curve_offset += curve;
    sums->curve_both += curve * x;
    sums->curve_slope += curve * x * x;
}

/* One step of Newton's method, no longer than keeps it stable far from its end. */
static struct line newton_step(struct line line, const struct sums *sums)
{
    double determinant = sums->curve_offset * sums->curve_slope - sums->curve_both * sums->curve_both;
    double offset = (sums->curve_slope * sums->gradient_offset - sums->curve_both * sums->gradient_slope) / determinant;
    double slope = (sums->curve_offset * sums->gradient_slope - sums->curve_both * sums->gradient_offset) / determinant;
    double length = real_max(fabs(offset), fabs(slope) / (0.5 * line.slope + LEAST_SLOPE));
    double share = length > 1 ? 1 / length : 1;
    return (struct line){ line.offset + share * offset, real_max(line.slope + share * slope, LEAST_SLOPE) };
}

static struct line fit(const uint32_t counts[2][STORE_SCALE_BINS])
{
    double merged[2][COARSE_BINS], total[2];
    merge_bins(counts[LABEL_HAM], merged[LABEL_HAM], &total[LABEL_HAM]);
    merge_bins(counts[LABEL_SPAM], merged[LABEL_SPAM], &total[LABEL_SPAM]);
    struct line line = { 0, 1 };
    double fewer = real_min(total[LABEL_HAM], total[LABEL_SPAM]);
    if (fewer == 0)
        return line;
    /* Both classes weigh as many lessons as the rarer has: what is known of one alone is no reason to move the line. */
    const double weights[2] = { fewer / total[LABEL_HAM], fewer / total[LABEL_SPAM] };

    for (int step = 0; step < NEWTON_STEPS; step++) {
        struct sums sums = {
            .gradient_offset = -PRIOR_LESSONS * line.offset,
            .gradient_slope = PRIOR_LESSONS * (1 - line.slope),
            .curve_offset = PRIOR_LESSONS,
            .curve_slope = PRIOR_LESSONS,
        };
        for (size_t i = 0; i < COARSE_BINS; i++) {
            double ham = merged[LABEL_HAM][i] * weights[LABEL_HAM], spam = merged[LABEL_SPAM][i] * weights[LABEL_SPAM];
            if (ham + spam > 0)
                add_bin(&sums, line, ((double)(i * COARSE) + COARSE / 2.0 - BIN_MIDDLE) * BIN_WIDTH, ham, spam);
        }
        line = newton_step(line, &sums);
    }
    return line;
}

static double at(struct line line, double x)
{
    return line.offset + line.slope * x;
}

static double member_log_odds(const struct scales *scales, enum member member, double score)
{
    return at(fit(scales->counts[member]), scaled(member, score));
}

double fusion_sum(const struct scales *scales, const struct member_scores *scores)
{
    double rules = real_max(FUSION_RULES_LEAST, real_min(FUSION_RULES_MOST, scores->rules));
    return member_log_odds(scales, MEMBER_REGRESSION, scores->regression) +
           member_log_odds(scales, MEMBER_PAIRS, scores->pairs) + member_log_odds(scales, MEMBER_RULES, rules);
}

double fusion_log_odds(const struct scales *scales, double sum)
{
    return member_log_odds(scales, MEMBER_SUM, sum);
}
