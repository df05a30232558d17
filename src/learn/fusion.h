/* fusion.h - two learners' scores and the rules' points into one calibrated log-odds
 *
 * Each learner's scale (store.h) holds, for every lesson, in which of 256 bins the score fell before the lesson was
 * learned: an honest record of how it does on mail it has not seen.  A straight line through its log-odds is fitted
 * to that (Platt 1999, "Probabilistic outputs for support vector machines"; by Newton's method, with a share of
 * wrong labels allowed for), with both classes weighing the same whatever their numbers, and with a prior of
 * PRIOR_LESSONS lessons for the line that fits usual mail.  The lines add up (Lynam and Cormack 2006, "On-line spam
 * filter fusion", where the sum of log-odds halves the error of the best member); a third scale calibrates the sum.
 *
 * Lines do not saturate: scores far beyond all lessons keep their order, so the 1 in 1,000 that matters can be told.
 * Counting ranks in the histogram instead gave twice the error in the first 1,000 messages.  Everything is made
 *  anew from counts, so undoing is exact.
 */
#ifndef TAMIS_LEARN_FUSION_H
#define TAMIS_LEARN_FUSION_H

#include <stdint.h>

#include "store/store.h"

/* The members, by their index in struct scales.  The sum of the rules' points is one of them: its line says what
 * rules are worth in this user's mail.  Adding their points to the learners' log-odds as they stand made the fusion
 * worse than the learners alone. */
enum member { MEMBER_REGRESSION, MEMBER_PAIRS, MEMBER_SUM, MEMBER_RULES };
_Static_assert(MEMBER_RULES < STORE_LEARNERS, "room in the scales");

/* The rules' sum is believed within these bounds, in points, whatever it is: one message that collects many hits of
 * a kind must not overrule learners that are certain. */
#define FUSION_RULES_LEAST (-2.0)
#define FUSION_RULES_MOST 6.0

/* One message's scores by the members that are added up. */
struct member_scores {
    double regression, pairs, rules; /* rules: in points */
};

/* Lessons that say nothing about calibration are counted in this bin, which no line is fitted to. */
#define FUSION_BIN_UNMEASURED 0

/* The bin for a raw score (for MEMBER_SUM: of fusion_sum()); never FUSION_BIN_UNMEASURED. */
uint8_t fusion_bin(enum member member, double score);

/* The sum of the members' lines at their raw scores. */
double fusion_sum(const struct scales *scales, const struct member_scores *scores);

/* The calibrated natural log-odds of spam at that sum, with a balanced prior. */
double fusion_log_odds(const struct scales *scales, double sum);

#endif
