/* measure.c - how good a filter was on labelled mail: arithmetic only */
#include "learn/measure.h"

#include <math.h>
#include <stdlib.h>

#include "util/arithmetic.h"
#include "util/hash.h"
#include "util/logistic.h"

#define BOOTSTRAP_SEED UINT64_C(0x7461)
#define HAM_LOST_LIMIT 0.001

static int by_score(const void *left, const void *right)
{
    const struct measure_case *a = left, *b = right;
    return (a->score > b->score) - (a->score < b->score);
}

/* `sorted` by score, each case taken times[i] times (NULL: once), of both classes.  Linear: for each group of equal
 * scores, the ham above it. */
static double area_above_roc(const struct measure_case *sorted, const unsigned *times, size_t count)
{
    double ham = 0, spam = 0, pairs = 0;
    for (size_t i = 0; i < count; i++)
        *(sorted[i].truth == LABEL_SPAM ? &spam : &ham) += times ? times[i] : 1;
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

/* Where the cases of each class are in `sorted`: ham first. */
static void list_by_class(const struct measure_case *sorted, size_t count, size_t ham, size_t *places)
{
    size_t next[2] = { [LABEL_HAM] = 0, [LABEL_SPAM] = ham };
    for (size_t i = 0; i < count; i++)
        places[next[sorted[i].truth]++] = i;
}

/* Draws as many of `places` as there are, with replacement, and counts in `times` how often each was drawn. */
static void draw_class(const size_t *places, size_t count, uint64_t *state, unsigned *times)
{
    for (size_t i = 0; i < count; i++)
        times[places[hash_mix(++*state) % count]]++;
}

/* `rounds` times anew, within each class. */
static bool bootstrap_interval(const struct measure_case *sorted, size_t ham, size_t spam, size_t rounds,
                               struct measure_interval *interval)
{
    size_t count = ham + spam;
    double *areas = calloc(rounds, sizeof *areas);
    unsigned *times = calloc(count, sizeof *times);
    size_t *places = calloc(count, sizeof *places);
    bool enough = areas && times && places;
    uint64_t state = BOOTSTRAP_SEED;
    if (enough)
        list_by_class(sorted, count, ham, places);
    for (size_t round = 0; enough && round < rounds; round++) {
        memset(times, 0, count * sizeof *times);
        draw_class(places, ham, &state, times);
        draw_class(places + ham, spam, &state, times);
        areas[round] = area_above_roc(sorted, times, count);
    }
    if (enough) {
        qsort(areas, rounds, sizeof *areas, by_value);
        interval->low = areas[rounds * 25 / 1000];
        interval->high = areas[rounds * 975 / 1000];
    }
    free(areas);
    free(times);
    free(places);
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
    return real_log(((double)errors + 0.5) / ((double)(all - errors) + 0.5));
}

static double percent(size_t part, size_t whole)
{
    return whole ? 100 * (double)part / (double)whole : NAN;
}

/* What needs both classes. */
static bool compare_classes(const struct measure_case *cases, size_t count, size_t bootstrap, struct measure *measure)
{
    double mean = (logit(measure->ham_lost, measure->ham) + logit(measure->spam_missed, measure->spam)) / 2;
    measure->logistic_average_percent = 100 * logistic(mean);
    struct measure_case *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return false;
    memcpy(sorted, cases, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_score);
    double area = area_above_roc(sorted, NULL, count);
    measure->area_above_roc = (struct measure_interval){ area, area, area };
    measure->missed_at_per_mille = missed_at_limit(sorted, count, measure->ham, measure->spam);
    bool enough = bootstrap == 0 ||
                  bootstrap_interval(sorted, measure->ham, measure->spam, bootstrap, &measure->area_above_roc);
    free(sorted);
    return enough;
}

bool measure_stream(const struct measure_case *cases, size_t count, size_t bootstrap, struct measure *measure)
{
    *measure = (struct measure){ .area_above_roc = { NAN, NAN, NAN }, .missed_at_per_mille = NAN,
                                 .logistic_average_percent = NAN };
    count_verdicts(cases, count, measure);
    measure->ham_lost_percent = percent(measure->ham_lost, measure->ham);
    measure->spam_missed_percent = percent(measure->spam_missed, measure->spam);
    return !measure->ham || !measure->spam || compare_classes(cases, count, bootstrap, measure);
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
