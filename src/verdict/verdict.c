/* verdict.c - evidence in, one verdict out, with reasons that add up exactly
 *
 * The scale: one point is one natural unit of log-odds, so the score itself is the log-odds of spam after all evidence
 * (balanced prior) and the probability is its logistic.  `required` = 5.00 points is P = 0.9933, `unsure` = 2.50 is P =
 * 0.924.  A calibrated learner alone passes 5.00 for at most one ham in 148 by Markov's inequality, and for far fewer
 * in practice, because what it gets wrong it is mostly unsure of; evaluation on unseen mail decides whether the default
 * has to move.
 */
#include "verdict/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_PER_NAT 100.0   /* hundredths of a point for one natural unit of log-odds */
#define LEARNED_BOUND 1200     /* the learners' entry at most, either way: P = 0.999994; more is only extrapolated */
#define PROBABILITY_BOUND 2000 /* of the score, where it becomes a probability: 2e-9 short of certainty */

/* Rules are a prior.  Their sum, dangers apart, counts in full up to UNTRAINED_BOUND while the learners know little,
 * and up to the trained bounds when they know enough and speak against it.  With +6.00, a learner that says
 * P(ham) > 0.73 (-1.00) keeps the message out of Junk, and one that is certain (P(ham) > 0.99, -4.60) keeps it below
 * `unsure`; with -2.00, a learner that is certain of spam (4.60) leaves it at least unsure. */
#define UNTRAINED_BOUND 3000
#define TRAINED_BOUND_SPAM 600
#define TRAINED_BOUND_HAM 200
#define CONFIDENCE_UNTRAINED 0.5 /* up to here the full bound holds; from here it shrinks linearly... */
#define CONFIDENCE_TRAINED 0.9   /* ...to the trained bound here */

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* 0 while little is learned, 1 once enough is. */
static double training(const struct opinion *opinion)
{
    double share = (opinion->confidence - CONFIDENCE_UNTRAINED) / (CONFIDENCE_TRAINED - CONFIDENCE_UNTRAINED);
    return share > 0 ? fmin(share, 1) : 0; /* NaN is not > 0 */
}

static int learned_points(const struct opinion *opinion)
{
    double points = opinion->log_odds * opinion->confidence * POINTS_PER_NAT;
    if (isnan(points))
        return 0;
    return (int)lround(fmax(-LEARNED_BOUND, fmin(LEARNED_BOUND, points)));
}

/* How much the rules' sum `points` may count beside learned evidence of `learned` points. */
static int bounded_rules(int points, int learned, double trained)
{
    bool opposed = (points > 0 && learned < 0) || (points < 0 && learned > 0);
    double share = opposed ? trained : 0;
    int most = (int)lround(UNTRAINED_BOUND + share * (TRAINED_BOUND_SPAM - UNTRAINED_BOUND));
    int least = (int)lround(UNTRAINED_BOUND + share * (TRAINED_BOUND_HAM - UNTRAINED_BOUND));
    return clamp(points, -least, most);
}

static int by_weight(const void *left, const void *right)
{
    const struct reason *a = left, *b = right;
    int weight_a = abs(a->points), weight_b = abs(b->points);
    if (weight_a != weight_b)
        return weight_a < weight_b ? 1 : -1;
    return strcmp(a->name, b->name);
}

static struct span learned_detail(const struct opinion *opinion, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 200);
    buffer_append_format(&text, "learned from %llu ham and %llu spam", (unsigned long long)opinion->lessons[LABEL_HAM],
                         (unsigned long long)opinion->lessons[LABEL_SPAM]);
    return buffer_span(&text);
}

static struct span limited_detail(const struct opinion *opinion, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 200);
    buffer_append_string(&text, opinion ? "your own mail speaks against it, and enough of it has been learned"
                                        : "no message collects more from rules alone");
    return buffer_span(&text);
}

/* Copies the hits into `reasons`; gives their points' sum, dangers apart in `*danger_r`. */
static int take_hits(const struct hits *hits, struct reason *reasons, int *danger_r)
{
    int64_t ordinary = 0, danger = 0;
    for (size_t i = 0; i < hits->count; i++) {
        const struct hit *hit = &hits->items[i];
        reasons[i] = (struct reason){ hit->name, hit->description, hit->detail,
                                      clamp(hit->points, -VERDICT_POINTS_MOST, VERDICT_POINTS_MOST) };
        *(hit->danger ? &danger : &ordinary) += reasons[i].points;
    }
    *danger_r = (int)danger;
    return (int)ordinary;
}

static enum verdict verdict_of(int score, const struct verdict_settings *settings)
{
    if (score >= settings->required)
        return VERDICT_SPAM;
    return score >= settings->unsure ? VERDICT_UNSURE : VERDICT_HAM;
}

double verdict_probability(int score)
{
    double log_odds = clamp(score, -PROBABILITY_BOUND, PROBABILITY_BOUND) / POINTS_PER_NAT;
    return 1 / (1 + exp(-log_odds));
}

void verdict_reach(const struct hits *hits, const struct opinion *opinion, const struct features *features,
                   const struct verdict_settings *settings, struct arena *arena, struct judgement *judgement)
{
    bool ready = opinion && opinion->state == STORE_READY;
    struct reason *reasons = arena_new_array(arena, struct reason, hits->count + 2);
    size_t count = hits->count;
    int danger, learned = 0;
    int ordinary = take_hits(hits, reasons, &danger);

    if (ready) {
        learned = learned_points(opinion);
        reasons[count++] = (struct reason){ "LEARNED", "what you have taught tamis about such mail",
                                            learned_detail(opinion, arena), learned };
    }
    int allowed = bounded_rules(ordinary, learned, ready ? training(opinion) : 0);
    if (allowed != ordinary)
        reasons[count++] = (struct reason){ "RULES_LIMITED", "points of rules that are held back",
                                            limited_detail(ready ? opinion : NULL, arena), allowed - ordinary };
    qsort(reasons, count, sizeof *reasons, by_weight);

    int score = allowed + danger + learned;
    *judgement = (struct judgement){
        .verdict = verdict_of(score, settings),
        .score = score,
        .required = settings->required,
        .unsure = settings->unsure,
        .probability = verdict_probability(score),
        .reasons = reasons,
        .reason_count = count,
        .learned = opinion ? opinion->state : STORE_EMPTY,
        .learned_probability =
            ready && opinion->probability >= 0 && opinion->probability <= 1 ? opinion->probability : 0.5,
    };
    if (ready)
        memcpy(judgement->lessons, opinion->lessons, sizeof judgement->lessons);
    if (features)
        memcpy(judgement->identity, features->identity, sizeof judgement->identity);
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = { [VERDICT_HAM] = "ham", [VERDICT_UNSURE] = "unsure", [VERDICT_SPAM] = "spam" };
    return names[verdict];
}
