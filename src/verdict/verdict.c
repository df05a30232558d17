/* verdict.c - evidence in, one verdict out, with reasons that add up exactly
 *
 * The scale: one point is one natural unit of log-odds, so the score itself is the log-odds of spam after all
 * evidence (balanced prior) and the probability is its logistic.  `required` = 5.00 points is P = 0.9933; `unsure` =
 * -1.10 is P = 0.25: to be called ham, a message must be so at three to one.  A user who teaches nothing but errors
 * and what is unsure teaches by that the mail that is nearly an error (doc/ABLATION.md).  A calibrated learner alone
 * passes 5.00 for at most one ham in 148 by Markov's inequality, and for far fewer in practice, because what it gets
 * wrong it is mostly unsure of; evaluation on unseen mail decides whether the default has to move.
 */
#include "verdict/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/arithmetic.h"
#include "util/logistic.h"
#include "util/translate.h"

#define POINTS_PER_NAT 100.0   /* hundredths of a point for one natural unit of log-odds */
#define PROBABILITY_BOUND 2000 /* of the score, where it becomes a probability: 2e-9 short of certainty */

/* What learning may add to the rules' sum is capped by what can be known: after n lessons of ham, that something is
 * rarer than 1 in n among ham is a guess, so CAP_UNTRAINED + ln(1 + n) points for spam, and likewise for ham.  With 12
 * lessons of ham, the learners alone can reach the 5.00 of spam.  Beyond the cap points grow on slowly as a logarithm,
 * so that the order of scores is kept and one threshold can still tell the worst ham from the mildest spam; but not
 * while nothing is known of the other side, and at first less: who only says what is spam lost a fiftieth of his ham.
 * (Multiplying by a confidence doubled the area above the ROC curve on sa2003; a cap that forgot which class was known
 * lost twice as much ham in its first thousand messages.) */
#define CAP_UNTRAINED 2.5
#define BEYOND_CAP 0.3

/* No starter knowledge says more than this, either way. */
#define STARTER_BOUND 1000

/* Rules alone, dangers apart, count for no more than this, either way. */
#define RULES_BOUND 3000

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static double cap_after(uint64_t lessons)
{
    return CAP_UNTRAINED + real_log1p((double)lessons);
}

static double beyond_cap(uint64_t lessons)
{
    return BEYOND_CAP * (double)lessons / ((double)lessons + 1);
}

/* What the learners add to the rules' sum: the fused log-odds, in which the rules have the weight that the user's mail
 * has taught, less what the rules have said already.  So rules that mislead in this user's mail are taken back here. */
static int learned_points(const struct opinion *opinion, int rules)
{
    double difference = opinion->log_odds - rules / POINTS_PER_NAT;
    if (isnan(difference))
        return 0;
    enum label other = difference > 0 ? LABEL_HAM : LABEL_SPAM;
    uint64_t known = opinion->lessons[other] + opinion->imported[other];
    double cap = cap_after(known);
    double size = fabs(difference);
    if (size > cap)
        size = cap + beyond_cap(known) * real_log1p(size - cap);
    return (int)real_round(copysign(real_min(size * POINTS_PER_NAT, VERDICT_POINTS_MOST), difference));
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
    buffer_append_format(&text, _("learned from %llu ham and %llu spam"),
                         (unsigned long long)opinion->lessons[LABEL_HAM],
                         (unsigned long long)opinion->lessons[LABEL_SPAM]);
    if (opinion->imported[LABEL_HAM] + opinion->imported[LABEL_SPAM])
        buffer_append_string(&text, _(", and from imported words"));
    return buffer_span(&text);
}

/* Beside what was learned, starter knowledge says no more for spam than the same cap leaves room for: it does not know
 * this user's ham either.  (Without that, the only 3 ham of 500 messages, newsletters, were lost: doc/ABLATION.md.) */
static int starter_points(const struct opinion *opinion, int learned)
{
    double log_odds = opinion->starter * opinion->starter_share;
    if (!isfinite(log_odds))
        return 0;
    double room = real_max(0, cap_after(opinion->lessons[LABEL_HAM]) - learned / POINTS_PER_NAT);
    return (int)real_round(real_min(log_odds, room) * POINTS_PER_NAT);
}

static struct reason starter_reason(const struct opinion *opinion, int learned, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 200);
    buffer_append_format(&text, _("%d %% of what mail of others says; it fades as you teach tamis"),
                         (int)(100 * opinion->starter_share));
    return (struct reason){ "STARTER", N_("what mail of others has taught tamis about such words"), buffer_span(&text),
                            clamp(starter_points(opinion, learned), -STARTER_BOUND, STARTER_BOUND) };
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

/* The room that rulings need beside the reasons there are. */
#define RULING_REASONS 3
#define REASONS_KEPT (VERDICT_REASONS_MOST - RULING_REASONS)

/* Orders the reasons, and makes one of all that are too many; gives how many are left. */
static size_t order_reasons(struct reason *reasons, size_t count, struct arena *arena)
{
    qsort(reasons, count, sizeof *reasons, by_weight);
    if (count <= REASONS_KEPT)
        return count;
    struct reason lighter = { "LIGHTER_REASONS", N_("reasons that weigh less than the others"), SPAN_EMPTY, 0 };
    for (size_t i = REASONS_KEPT - 1; i < count; i++)
        lighter.points += reasons[i].points;
    struct buffer detail = buffer_new(arena, 100);
    buffer_append_format(&detail, _("%zu reasons that weigh less than the others"), count - (REASONS_KEPT - 1));
    lighter.detail = buffer_span(&detail);
    reasons[REASONS_KEPT - 1] = lighter;
    qsort(reasons, REASONS_KEPT, sizeof *reasons, by_weight);
    return REASONS_KEPT;
}

enum verdict verdict_of(int score, int required, int unsure)
{
    if (score >= required)
        return VERDICT_SPAM;
    return score >= unsure ? VERDICT_UNSURE : VERDICT_HAM;
}

double verdict_probability(int score)
{
    double log_odds = clamp(score, -PROBABILITY_BOUND, PROBABILITY_BOUND) / POINTS_PER_NAT;
    return logistic(log_odds);
}

void verdict_reach(const struct hits *hits, const struct opinion *opinion, const struct features *features,
                   const struct verdict_settings *settings, struct arena *arena, struct judgement *judgement)
{
    bool ready = opinion && opinion->state == STORE_READY;
    struct reason *reasons = arena_new_array(arena, struct reason, hits->count + 3);
    size_t count = hits->count;
    int danger, learned = 0;
    int ordinary = take_hits(hits, reasons, &danger);
    int allowed = clamp(ordinary, -RULES_BOUND, RULES_BOUND);

    if (allowed != ordinary)
        reasons[count++] = (struct reason){ "RULES_LIMITED", N_("points of rules that are held back"),
                                            span_of(_("no message collects more from rules alone")),
                                            allowed - ordinary };
    if (ready) {
        learned = learned_points(opinion, allowed);
        reasons[count++] = (struct reason){ "LEARNED", N_("what you have taught tamis about such mail"),
                                            learned_detail(opinion, arena), learned };
    }
    int starter = 0;
    if (opinion && opinion->starter_share > 0) {
        reasons[count] = starter_reason(opinion, learned, arena);
        starter = reasons[count++].points;
    }
    count = order_reasons(reasons, count, arena);

    int score = allowed + danger + learned + starter;
    *judgement = (struct judgement){
        .verdict = verdict_of(score, settings->required, settings->unsure),
        .score = score,
        .danger = danger,
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

/* --- lists ------------------------------------------------------------------------------------------------------ */

/* What a list adds: as SpamAssassin's USER_IN_WELCOMELIST and USER_IN_BLOCKLIST, out of reach of any sum of evidence
 * but some that a hostile sender may make up. */
#define LIST_POINTS 10000

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

static int points_to_spam(const struct judgement *judgement)
{
    return at_least(LIST_POINTS, judgement->required - judgement->score);
}

static int points_to_ham(const struct judgement *judgement)
{
    int bound = judgement->unsure < judgement->required ? judgement->unsure : judgement->required;
    return -at_least(LIST_POINTS, judgement->score - (bound - 1));
}

static void add_reason(struct judgement *judgement, struct reason *reasons, struct reason reason)
{
    reasons[judgement->reason_count++] = reason;
    judgement->score += reason.points;
}

static void add_list_reason(const struct ruling *ruling, struct judgement *judgement, struct reason *reasons)
{
    static const struct {
        const char *name, *description;
    } kinds[] = {
        [RULING_ALLOWED] = { "ALLOWED_SENDER", N_("the sender is on the list of those who are allowed") },
        [RULING_DENIED] = { "DENIED_SENDER", N_("the sender is on the list of those who are denied") },
        [RULING_TRAP] = { "TRAP_ADDRESS", N_("the message is for an address that is a trap") },
        [RULING_INTERNAL_ONLY] = { "INTERNAL_ONLY",
                                   N_("the message is for an address that only people inside write to") },
    };
    if (ruling->kind == RULING_NONE)
        return;
    int points = ruling->kind == RULING_ALLOWED ? points_to_ham(judgement) : points_to_spam(judgement);
    add_reason(judgement, reasons,
               (struct reason){ kinds[ruling->kind].name, kinds[ruling->kind].description, ruling->detail, points });
}

/* Does what the user has taught itself speak for spam?  Else it is the rules alone that do. */
static bool learned_says_spam(const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->reason_count; i++)
        if (strcmp(judgement->reasons[i].name, "LEARNED") == 0)
            return judgement->reasons[i].points > 0;
    return false;
}

/* Is the sender somebody whom rules alone do not junk? */
static bool is_held_for_sender(const struct ruling *ruling, const struct judgement *judgement)
{
    return ruling->kind == RULING_NONE && ruling->correspondent.length > 0 && judgement->danger <= 0 &&
           !learned_says_spam(judgement);
}

static void keep_out_of_junk(struct judgement *judgement, struct reason *reasons, const char *name,
                             const char *description, struct span detail)
{
    if (judgement->score >= judgement->required)
        add_reason(judgement, reasons,
                   (struct reason){ name, description, detail, judgement->required - 1 - judgement->score });
}

#define CORRESPONDENT_KEPT "CORRESPONDENT_KEPT"
#define POSTMASTER "POSTMASTER"

static void keep_what_is_held(struct judgement *judgement, struct reason *reasons, struct span correspondent)
{
    if (judgement->held & HELD_FOR_SENDER)
        keep_out_of_junk(judgement, reasons, CORRESPONDENT_KEPT,
                         N_("whom the user has written to is not junked by rules alone"), correspondent);
    if (judgement->held & HELD_FOR_ROLE)
        keep_out_of_junk(judgement, reasons, POSTMASTER, N_("mail to postmaster and abuse is never junked"),
                         SPAN_EMPTY);
}

/* What follows from the reasons, once some were added. */
static void conclude(struct judgement *judgement, struct reason *reasons)
{
    qsort(reasons, judgement->reason_count, sizeof *reasons, by_weight);
    judgement->reasons = reasons;
    judgement->verdict = verdict_of(judgement->score, judgement->required, judgement->unsure);
    judgement->probability = verdict_probability(judgement->score);
}

void verdict_apply_ruling(const struct ruling *ruling, struct arena *arena, struct judgement *judgement)
{
    size_t before = judgement->reason_count;
    struct reason *reasons = arena_new_array(arena, struct reason, judgement->reason_count + RULING_REASONS);
    if (judgement->reason_count)
        memcpy(reasons, judgement->reasons, judgement->reason_count * sizeof *reasons);
    judgement->held = (uint8_t)((ruling->kind != RULING_NONE ? HELD_BY_LIST : 0) |
                                (ruling->role.length ? HELD_FOR_ROLE : 0) |
                                (is_held_for_sender(ruling, judgement) ? HELD_FOR_SENDER : 0));
    add_list_reason(ruling, judgement, reasons);
    if (ruling->allow_refused.length)
        add_reason(judgement, reasons,
                   (struct reason){ "ALLOW_NOT_APPLIED", N_("the sender is allowed, but the message may be forged"),
                                    ruling->allow_refused, 0 });
    keep_what_is_held(judgement, reasons, ruling->correspondent);
    if (judgement->reason_count == before)
        return;
    conclude(judgement, reasons);
    judgement->follow_up = (uint8_t)((ruling->kind == RULING_TRAP ? FOLLOW_UP_TRAP : 0) |
                                     (ruling->remember ? FOLLOW_UP_REMEMBER : 0));
}

/* Copies the reasons but those that hold back what comes now again, with what they said; their points are taken off. */
static struct span copy_unheld(struct judgement *judgement, struct reason *reasons)
{
    const struct reason *before = judgement->reasons;
    size_t count = judgement->reason_count;
    struct span correspondent = SPAN_EMPTY;
    judgement->reason_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_sender = strcmp(before[i].name, CORRESPONDENT_KEPT) == 0;
        if (is_sender)
            correspondent = before[i].detail;
        if (is_sender || strcmp(before[i].name, POSTMASTER) == 0)
            judgement->score -= before[i].points;
        else
            reasons[judgement->reason_count++] = before[i];
    }
    return correspondent;
}

void verdict_add_evidence(const struct hits *hits, struct arena *arena, struct judgement *judgement)
{
    if ((judgement->held & HELD_BY_LIST) || hits->count == 0)
        return;
    struct reason *reasons =
        arena_new_array(arena, struct reason, judgement->reason_count + hits->count + RULING_REASONS);
    struct span correspondent = copy_unheld(judgement, reasons);
    int danger;
    int ordinary = take_hits(hits, reasons + judgement->reason_count, &danger);
    judgement->score += ordinary + danger;
    judgement->reason_count = order_reasons(reasons, judgement->reason_count + hits->count, arena);
    if (danger > 0)
        judgement->held &= (uint8_t)~HELD_FOR_SENDER;
    keep_what_is_held(judgement, reasons, correspondent);
    conclude(judgement, reasons);
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = { [VERDICT_HAM] = "ham", [VERDICT_UNSURE] = "unsure", [VERDICT_SPAM] = "spam" };
    return names[verdict];
}
