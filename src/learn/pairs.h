/* pairs.h - learner B: words and sparse pairs with confidence factors, trained on near errors
 *
 * EDDC, "Exponential Differential Document Count" (Assis 2006, OSBF-Lua): each feature seen s times in S spam
 * lessons and h times in H ham lessons says P = (s/S) / (s/S + h/H), and is believed as far as its counts tell the
 * classes apart.  With s and h normalised to the larger class, d = |s - h|, t = s + h, c = raw count:
 *
 *     confidence = ((d^2 - 2/c) / t^2)^2 / (1 + 16/(c * weight))      weight 3125, 256, 27, 4 by class (token_class)
 *     odds       = (1/2 + confidence * (P - 1/2)) / (1/2 - confidence * (P - 1/2))
 *
 * and the score is the natural logarithm of the product of all odds.  OSBF-Lua subtracts 0.25/c instead of 2/c: with
 * 2 a feature seen once says nothing, which halves the damage of wrong labels and costs nothing without them
 * (doc/ABLATION.md).
 *
 * A lesson counts only when the score was on the wrong side or nearer than NEAR to the boundary (TONE): what is
 * known needs no repetition, and the table stays small.  It does not count either when both learners are certain of
 * the contrary: such a label is mostly a slip, and learner A, whose steps are bounded, takes it in; if it was none,
 * the next of its kind finds A moved and counts. A lesson adds 1 to each feature's count, so undoing is exact.
 */
#ifndef TAMIS_LEARN_PAIRS_H
#define TAMIS_LEARN_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* The score; `known_r` gets how many features had been seen.  `lessons`: totals.pair_lessons. */
double pairs_score(const uint32_t *features, const struct pair_counts *counts, size_t count, const uint64_t lessons[2],
                   size_t *known_r);

/* What the fusion hears of a score to which `known` of the message's `count` features had something to say:
 *
 *     score * sqrt(500/known) * known/(0.4 * count)      the last within 1/2 and 1
 *
 * Features of one message are not independent: the sum grows with its length, its worth does not, as little as that of
 * asking one witness many times.  And of a message that is mostly unfamiliar, what little is known says less; half of
 * it still counts, so that words made up for the purpose cannot hide the others (doc/ABLATION.md). */
double pairs_evidence(double score, size_t known, size_t count);

/* The natural log-odds one feature contributes to the score. */
double pairs_weight(uint32_t feature, struct pair_counts counts, const uint64_t lessons[2]);

/* Is a lesson with this label worth counting, after these scores of both learners and so many lessons of each label? */
bool pairs_worth_counting(double score, double regression, enum label label, const uint64_t lessons[2]);

#endif
