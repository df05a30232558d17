/* measure.c - how good a filter was on labelled mail: arithmetic only */
#include "learn/measure.h"

#include <math.h>
#include <stdlib.h>

#include "util/hash.h"
#include "util/logistic.h"

#define BOOTSTRAP_SEED UINT64_C(0x7461)
#define HAM_LOST_LIMIT 0.001

static int by_score(const void *left, const void *right)
{
    const struct measure_case *a = left, *b = right;
    return (a->score > b->score) - (a->score < b->score);
}

/* `sorted` by score, each case taken times[i] times (NULL: once).  Linear: for each group of equal scores, the ham
 * above it. */
static double area_above_roc(const struct measure_case *sorted, const unsigned *times, size_t count)
{
    double ham = 0, spam = 0, pairs = 0;
    for (size_t i = 0; i < count; i++)
        *(sorted[i].truth == LABEL_SPAM ? &spam : &ham) += times ? times[i] : 1;
    if (ham == 0 || spam == 0)
        return 0;
    double ham_above = ham;
    for (size_t i = 0, end; i < count; i = end) {
        double group[2] = { 0, 0 };
        for (end = i; end < count && sorted[end].score == sorted[i].score; end++)
            group[sorted[end].truth] += times ? times[end] : 1;
        ham_above -= group[LABEL_HAM];
        pairs += group[LABEL_SPAM] * (ham_above + group[LABEL_HAM] / 2);
    }
    return 100 * pairs / (ham * spam);
}

static double missed_at_limit(const struct measure_case *sorted, size_t count, size_t ham, size_t spam)
{
    if (spam == 0)
        return 0;
    size_t allowed = (size_t)((double)ham * HAM_LOST_LIMIT), lost = 0, i = count;
    while (i > 0 && (sorted[i - 1].truth == LABEL_SPAM || lost < allowed))
        lost += sorted[--i].truth == LABEL_HAM;
    /* sorted[i - 1] is the first ham that must not be lost: only spam that scores higher is caught. */
    size_t missed = 0;
    for (size_t j = 0; i > 0 && j < count; j++)
        missed += sorted[j].truth == LABEL_SPAM && sorted[j].score <= sorted[i - 1].score;
    return 100 * (double)missed / (double)spam;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Draws as many cases as there are, with replacement, `rounds` times. */
static bool bootstrap_interval(const struct measure_case *sorted, size_t count, size_t rounds,
                               struct measure_interval *interval)
{
    double *areas = calloc(rounds, sizeof *areas);
    unsigned *times = calloc(count, sizeof *times);
    bool enough = areas && times;
    uint64_t state = BOOTSTRAP_SEED;
    for (size_t round = 0; enough && round < rounds; round++) {
        memset(times, 0, count * sizeof *times);
        for (size_t i = 0; i < count; i++)
            times[hash_mix(++state) % count]++;
        areas[round] = area_above_roc(sorted, times, count);
    }
    if (enough) {
        qsort(areas, rounds, sizeof *areas, by_value);
        interval->low = areas[rounds * 25 / 1000];
        interval->high = areas[rounds * 975 / 1000];
    }
    free(areas);
    free(times);
    return enough;
}

static void count_verdicts(const struct measure_case *cases, size_t count, struct measure *measure)
{
    for (size_t i = 0; i < count; i++) {
        bool is_spam = cases[i].truth == LABEL_SPAM;
        measure->spam += is_spam;
        measure->ham += !is_spam;
        measure->ham_lost += !is_spam && cases[i].judged_spam;
        measure->spam_missed += is_spam && !cases[i].judged_spam;
        measure->ham_unsure += !is_spam && cases[i].judged_unsure;
        measure->spam_unsure += is_spam && cases[i].judged_unsure;
    }
}

/* The logit of a rate, kept from infinity by half a message (Cormack and Lynam do the same). */
static double logit(size_t errors, size_t all)
{
    return log(((double)errors + 0.5) / ((double)(all - errors) + 0.5));
}

bool measure_stream(const struct measure_case *cases, size_t count, size_t bootstrap, struct measure *measure)
{
    *measure = (struct measure){ 0 };
    count_verdicts(cases, count, measure);
    if (measure->ham)
        measure->ham_lost_percent = 100 * (double)measure->ham_lost / (double)measure->ham;
    if (measure->spam)
        measure->spam_missed_percent = 100 * (double)measure->spam_missed / (double)measure->spam;
    double mean = (logit(measure->ham_lost, measure->ham) + logit(measure->spam_missed, measure->spam)) / 2;
    measure->logistic_average_percent = 100 * logistic(mean);
    if (count == 0)
        return true;

    struct measure_case *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return false;
    memcpy(sorted, cases, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_score);
    double area = area_above_roc(sorted, NULL, count);
    measure->area_above_roc = (struct measure_interval){ area, area, area };
    measure->missed_at_per_mille = missed_at_limit(sorted, count, measure->ham, measure->spam);
    bool enough = bootstrap == 0 || bootstrap_interval(sorted, count, bootstrap, &measure->area_above_roc);
    free(sorted);
    return enough;
}

bool measure_curve(const struct measure_case *cases, size_t count, struct measure *curve, size_t points)
{
    for (size_t i = 0; i < points; i++) {
        size_t start = count * i / points, end = count * (i + 1) / points;
        if (!measure_stream(cases + start, end - start, 0, &curve[i]))
            return false;
    }
    return true;
}
