/* pairs.c - learner B: words and sparse pairs with confidence factors, trained on near errors */
#include "learn/pairs.h"

#include <math.h>

#include "learn/tokens.h"
#include "util/arithmetic.h"

#define NEAR 92.0 /* 40 in the decimal logarithms of OSBF-Lua, twice its own width: one pass over mail must do */
#define UNCERTAINTY 2.0
#define RARITY 16.0
#define CONFIDENCE_MOST 0.9999

/* A label against both learners, when both are this certain (in decimal logarithms 30; and P = 0.88) and not new to
 * the work. */
#define INCREDIBLE 69.0
#define INCREDIBLE_REGRESSION 2.0
#define EXPERIENCE 10

/* A message of this many known features counts as it stands, when this share of its features is known. */
#define KNOWN_USUAL 500.0
#define FAMILIAR_USUAL 0.4
#define FAMILIAR_LEAST 0.5

/* Products of odds are taken this many at a time before the logarithm: (1e4)^32 is far from overflow. */
#define ODDS_AT_A_TIME 32

/* What does not depend on the feature: 1/lessons of each class, and the larger class. */
struct scale {
    double spam_share, ham_share, larger;
};

static struct scale scale_of(const uint64_t lessons[2])
{
    double spam = lessons[LABEL_SPAM] ? (double)lessons[LABEL_SPAM] : 1;
    double ham = lessons[LABEL_HAM] ? (double)lessons[LABEL_HAM] : 1;
    return (struct scale){ 1 / spam, 1 / ham, spam > ham ? spam : ham };
}

static double odds(uint32_t feature, struct pair_counts counts, const struct scale *scale)
{
    static const double rarity_by_class[] = { RARITY / 3125, RARITY / 256, RARITY / 27, RARITY / 4 };
    double raw = (double)counts.spam + counts.ham;
    double spam = counts.spam * scale->spam_share, ham = counts.ham * scale->ham_share;
    double total = (spam + ham) * scale->larger, difference = (spam - ham) * scale->larger;
    double confidence = (difference * difference - UNCERTAINTY / raw) / (total * total);
    if (confidence <= 0)
        return 1;
    confidence = confidence * confidence * raw / (raw + rarity_by_class[feature & TOKEN_CLASS_MASK]);
    confidence = real_min(confidence, CONFIDENCE_MOST);
    double lean = confidence * (spam / (spam + ham) - 0.5);
    return (0.5 + lean) / (0.5 - lean);
}

double pairs_weight(uint32_t feature, struct pair_counts counts, const uint64_t lessons[2])
{
    struct scale scale = scale_of(lessons);
    return counts.spam || counts.ham ? real_log(odds(feature, counts, &scale)) : 0;
}

double pairs_score(const uint32_t *features, const struct pair_counts *counts, size_t count, const uint64_t lessons[2],
                   size_t *known_r)
{
    struct scale scale = scale_of(lessons);
    double score = 0, product = 1;
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        if (counts[i].spam == 0 && counts[i].ham == 0)
            continue;
        product *= odds(features[i], counts[i], &scale);
        if (++known % ODDS_AT_A_TIME == 0) {
            score += real_log(product);
            product = 1;
        }
    }
    *known_r = known;
    return score + real_log(product);
}

double pairs_evidence(double score, size_t known, size_t count)
{
    if (known == 0)
        return score;
    double familiar = (double)known / ((double)count * FAMILIAR_USUAL);
    return score * sqrt(KNOWN_USUAL / (double)known) * real_max(FAMILIAR_LEAST, real_min(1, familiar));
}

bool pairs_worth_counting(double score, double regression, enum label label, const uint64_t lessons[2])
{
    double right = label == LABEL_SPAM ? score : -score;
    double regression_right = label == LABEL_SPAM ? regression : -regression;
    bool experienced = lessons[LABEL_HAM] > EXPERIENCE && lessons[LABEL_SPAM] > EXPERIENCE;
    if (experienced && right < -INCREDIBLE && regression_right < -INCREDIBLE_REGRESSION)
        return false;
    return right < NEAR;
}
