/* worth.c - what each rule is worth on labelled mail: arithmetic over which rules hit which message */
#include "rules/worth.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/arithmetic.h"
#include "util/array.h"
#include "util/logistic.h"

#define ROUNDS 40           /* of coordinate descent; it settles in some 20 */
#define RIDGE 4.0           /* how strongly points are drawn to the present ones: as four messages */
#define STEP_MOST 0.5       /* points in one round, so that a flat curve does not throw them far */
#define POINTS_MOST 10.0    /* no proposal goes beyond */
#define POINTS_STEP 5       /* hundredths: finer than that nothing is measured */
#define DANGEROUS_SHARE 0.5
#define REDUNDANT_SHARE 0.95

struct sheet_rule {
    char *name;
    int points;
    uint32_t *messages; /* that it hits, in order */
    size_t count, capacity;
};

struct sheet_message {
    bool spam, held_out;
    size_t place;
    size_t first_hit, hit_count;
};

struct worth_sheet {
    struct sheet_rule *rules;
    size_t rule_count, rule_capacity;
    struct sheet_message *messages;
    size_t message_count, message_capacity;
    uint32_t *hits; /* rules, message after message */
    size_t hit_count, hit_capacity;
    size_t place; /* of the messages to come */
};

struct worth_sheet *worth_new(void)
{
    return calloc(1, sizeof(struct worth_sheet));
}

void worth_free(struct worth_sheet **sheet)
{
    if (!*sheet)
        return;
    for (size_t i = 0; i < (*sheet)->rule_count; i++) {
        free((*sheet)->rules[i].name);
        free((*sheet)->rules[i].messages);
    }
    free((*sheet)->rules);
    free((*sheet)->messages);
    free((*sheet)->hits);
    free(*sheet);
    *sheet = NULL;
}

size_t worth_rule_count(const struct worth_sheet *sheet)
{
    return sheet->rule_count;
}

size_t worth_message_count(const struct worth_sheet *sheet)
{
    return sheet->message_count;
}

size_t worth_add_rule(struct worth_sheet *sheet, const char *name, int points)
{
    struct sheet_rule *rules = array_grow(sheet->rules, sheet->rule_count, &sheet->rule_capacity, sizeof *rules);
    if (!rules)
        return SIZE_MAX;
    sheet->rules = rules;
    struct sheet_rule *rule = &rules[sheet->rule_count];
    *rule = (struct sheet_rule){ .name = strdup(name), .points = points };
    return rule->name ? sheet->rule_count++ : SIZE_MAX;
}

size_t worth_find_rule(const struct worth_sheet *sheet, const char *name)
{
    for (size_t i = 0; i < sheet->rule_count; i++)
        if (strcmp(sheet->rules[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static bool add_number(uint32_t **numbers, size_t *count, size_t *capacity, size_t number)
{
    uint32_t *more = array_grow(*numbers, *count, capacity, sizeof *more);
    if (!more)
        return false;
    *numbers = more;
    more[(*count)++] = (uint32_t)number;
    return true;
}

static bool add_hit(struct worth_sheet *sheet, size_t number)
{
    struct sheet_rule *rule = &sheet->rules[number];
    return add_number(&rule->messages, &rule->count, &rule->capacity, sheet->message_count) &&
           add_number(&sheet->hits, &sheet->hit_count, &sheet->hit_capacity, number);
}

void worth_start_place(struct worth_sheet *sheet)
{
    sheet->place += sheet->message_count && sheet->messages[sheet->message_count - 1].place == sheet->place;
}

bool worth_add_message(struct worth_sheet *sheet, bool spam, bool held_out, const size_t *rules, size_t count)
{
    struct sheet_message *messages =
        array_grow(sheet->messages, sheet->message_count, &sheet->message_capacity, sizeof *messages);
    if (!messages)
        return false;
    sheet->messages = messages;
    struct sheet_message message = {
        .spam = spam,
        .held_out = held_out,
        .place = sheet->place,
        .first_hit = sheet->hit_count,
        .hit_count = count,
    };
    for (size_t i = 0; i < count; i++)
        if (!add_hit(sheet, rules[i]))
            return false;
    messages[sheet->message_count++] = message;
    return true;
}

/* --- the points as they are --------------------------------------------------------------------------------------- */

static int score_of(const struct worth_sheet *sheet, const struct sheet_message *message, const int *points)
{
    int score = 0;
    for (size_t i = 0; i < message->hit_count; i++) {
        size_t rule = sheet->hits[message->first_hit + i];
        score += points ? points[rule] : sheet->rules[rule].points;
    }
    return score;
}

static void count_verdict(struct worth_result *result, bool spam, bool judged_spam)
{
    *(spam ? &result->spam : &result->ham) += 1;
    *(spam ? &result->spam_caught : &result->ham_lost) += judged_spam;
}

struct worth_result worth_judge(const struct worth_sheet *sheet, int required, const int *points, bool held_out,
                                size_t place)
{
    struct worth_result result = { 0 };
    for (size_t i = 0; i < sheet->message_count; i++) {
        const struct sheet_message *message = &sheet->messages[i];
        if (message->held_out == held_out && (place == WORTH_ALL_PLACES || message->place == place))
            count_verdict(&result, message->spam, score_of(sheet, message, points) >= required);
    }
    return result;
}

static void count_message(struct worth_result *result, const struct sheet_message *message, size_t place)
{
    if (!message->held_out && (place == WORTH_ALL_PLACES || message->place == place))
        *(message->spam ? &result->spam : &result->ham) += 1;
}

/* The messages of one place, or of all, that are not held out: ham and spam. */
static struct worth_result messages_in(const struct worth_sheet *sheet, size_t place)
{
    struct worth_result all = { 0 };
    for (size_t i = 0; i < sheet->message_count; i++)
        count_message(&all, &sheet->messages[i], place);
    return all;
}

/* Counts hits, what hinges on the rule, and which other rules hit the same messages (`together`, one count a rule). */
static void look_at_hits(const struct worth_sheet *sheet, const struct sheet_rule *rule, int required,
                         struct worth *worth, size_t *together)
{
    memset(together, 0, sheet->rule_count * sizeof *together);
    for (size_t i = 0; i < rule->count; i++) {
        const struct sheet_message *message = &sheet->messages[rule->messages[i]];
        if (message->held_out)
            continue;
        int score = score_of(sheet, message, NULL);
        bool hinges = score >= required && score - rule->points < required;
        *(message->spam ? &worth->spam : &worth->ham) += 1;
        *(message->spam ? &worth->spam_lost : &worth->ham_saved) += hinges;
        for (size_t j = 0; j < message->hit_count; j++)
            together[sheet->hits[message->first_hit + j]]++;
    }
}

static void find_companion(const struct worth_sheet *sheet, size_t number, const size_t *together, struct worth *worth)
{
    worth->companion = SIZE_MAX;
    size_t most = 0;
    for (size_t i = 0; i < sheet->rule_count; i++)
        if (i != number && together[i] > most) {
            most = together[i];
            worth->companion = i;
        }
    size_t hits = worth->ham + worth->spam;
    worth->companion_share = hits ? (double)most / (double)hits : 0;
}

static enum worth_remark remark_on(const struct worth *worth, const struct worth_result *all)
{
    if (worth->ham + worth->spam == 0)
        return WORTH_NEVER;
    double ham_rate = all->ham ? (double)worth->ham / (double)all->ham : 0;
    double spam_rate = all->spam ? (double)worth->spam / (double)all->spam : 0;
    bool for_spam = worth->points > 0, for_ham = worth->points < 0;
    if ((for_spam && ham_rate >= DANGEROUS_SHARE * spam_rate && worth->ham > 1) ||
        (for_ham && spam_rate >= DANGEROUS_SHARE * ham_rate && worth->spam > 1))
        return WORTH_DANGEROUS;
    if (worth->companion_share >= REDUNDANT_SHARE && worth->spam_lost == 0 && worth->ham + worth->spam > 1)
        return WORTH_REDUNDANT;
    return WORTH_GOOD;
}

void worth_of_rules(const struct worth_sheet *sheet, int required, struct worth *worths)
{
    struct worth_result all = messages_in(sheet, WORTH_ALL_PLACES);
    size_t *together = calloc(sheet->rule_count + 1, sizeof *together);
    for (size_t i = 0; i < sheet->rule_count; i++) {
        const struct sheet_rule *rule = &sheet->rules[i];
        worths[i] = (struct worth){ .name = rule->name, .points = rule->points, .companion = SIZE_MAX };
        if (!together)
            continue;
        look_at_hits(sheet, rule, required, &worths[i], together);
        find_companion(sheet, i, together, &worths[i]);
        worths[i].remark = remark_on(&worths[i], &all);
    }
    free(together);
}

/* --- a proposal --------------------------------------------------------------------------------------------------- */

#define NO_FOLD WORTH_FOLDS

struct fit_rule {
    double present, points;
    double least, most; /* the same for a rule that is not fitted */
};

struct fit_message {
    double score;
    size_t fold; /* NO_FOLD: held out */
};

struct fit {
    const struct worth_sheet *sheet;
    double required;
    size_t left_out; /* fold that is not looked at, or NO_FOLD */
    double class_weight[2]; /* [spam] */
    struct fit_rule *rules;
    struct fit_message *messages;
};

static bool is_fitted_to(const struct fit *fit, size_t message)
{
    return fit->messages[message].fold != fit->left_out && fit->messages[message].fold != NO_FOLD;
}

/* Both classes weigh the same whatever their numbers, but for the weight of a lost ham. */
static void weigh_classes(struct fit *fit)
{
    struct worth_result all = messages_in(fit->sheet, WORTH_ALL_PLACES);
    double count = (double)(all.ham + all.spam);
    fit->class_weight[true] = all.spam ? count / (2 * (double)all.spam) : 0;
    fit->class_weight[false] = all.ham ? count / (2 * (double)all.ham) * WORTH_HAM_WEIGHT : 0;
}

/* The messages of each place, as they came, are cut into as many blocks of equal length. */
static void deal_out(struct fit *fit, size_t place)
{
    struct worth_result all = messages_in(fit->sheet, place);
    size_t count = all.ham + all.spam, number = 0;
    for (size_t i = 0; i < fit->sheet->message_count; i++) {
        const struct sheet_message *message = &fit->sheet->messages[i];
        if (message->place == place)
            fit->messages[i].fold = message->held_out ? NO_FOLD : number++ * WORTH_FOLDS / count;
    }
}

/* --- what a proposal may be --- */

/* Those of them that a rule hits. */
static struct worth_result hits_in(const struct worth_sheet *sheet, const struct sheet_rule *rule, size_t place)
{
    struct worth_result hits = { 0 };
    for (size_t i = 0; i < rule->count; i++)
        count_message(&hits, &sheet->messages[rule->messages[i]], place);
    return hits;
}

/* Does it hit, in this place, the class it speaks for hardly more often than the other? */
static bool is_doubtful_in(const struct worth_sheet *sheet, const struct sheet_rule *rule, size_t place)
{
    struct worth_result hits = hits_in(sheet, rule, place), all = messages_in(sheet, place);
    struct worth worth = { .points = rule->points, .ham = hits.ham, .spam = hits.spam };
    return all.ham && all.spam && remark_on(&worth, &all) == WORTH_DANGEROUS;
}

/* What the hits are worth if nothing else is known: the logarithm of their likelihood ratio, half a message added to
 * each count.  A point is a unit of just that. */
static double worth_alone(const struct worth_sheet *sheet, const struct worth_result *hits)
{
    struct worth_result all = messages_in(sheet, WORTH_ALL_PLACES);
    double in_spam = ((double)hits->spam + 0.5) / ((double)all.spam + 1);
    return real_log(in_spam / (((double)hits->ham + 0.5) / ((double)all.ham + 1)));
}

/* The class of gravity that the present points are in, and what else limits them. */
static void bound_rule(const struct worth_sheet *sheet, const struct sheet_rule *rule, struct fit_rule *bounds)
{
    static const double classes[] = { 0.10, 0.50, 1.50, 3.00, POINTS_MOST };
    double present = rule->points / 100.0, size = fabs(present), least = POINTS_MOST, most = POINTS_MOST;
    for (size_t i = sizeof classes / sizeof *classes; i-- > 0;)
        if (size <= classes[i]) {
            most = classes[i];
            least = i ? classes[i - 1] : POINTS_STEP / 100.0; /* none is turned off: the learners use it */
        }
    struct worth_result hits = hits_in(sheet, rule, WORTH_ALL_PLACES);
    double alone = worth_alone(sheet, &hits) * (present < 0 ? -1 : 1);
    most = real_min(most, real_max(size, alone));
    for (size_t place = 0; place <= sheet->place; place++)
        if (most > size && is_doubtful_in(sheet, rule, place))
            most = size;
    if (hits.ham + hits.spam < WORTH_HITS_LEAST || size > POINTS_MOST || size == 0)
        least = most = size;
    *bounds = (struct fit_rule){ .present = present, .least = least, .most = most };
    if (present < 0)
        *bounds = (struct fit_rule){ .present = present, .least = -most, .most = -least };
}

/* --- fitting --- */

/* One rule's points a Newton step nearer to where the curve is lowest, within its bounds. */
static void improve(struct fit *fit, size_t number)
{
    const struct sheet_rule *rule = &fit->sheet->rules[number];
    struct fit_rule *fitted = &fit->rules[number];
    double gradient = RIDGE * (fitted->points - fitted->present), curve = RIDGE;
    for (size_t i = 0; i < rule->count; i++) {
        size_t message = rule->messages[i];
        if (!is_fitted_to(fit, message))
            continue;
        bool spam = fit->sheet->messages[message].spam;
        double p = logistic(fit->messages[message].score - fit->required);
        gradient += fit->class_weight[spam] * (p - spam);
        curve += fit->class_weight[spam] * p * (1 - p);
    }
    double step = real_max(-STEP_MOST, real_min(STEP_MOST, -gradient / curve));
    double wanted = real_max(fitted->least, real_min(fitted->most, fitted->points + step));
    for (size_t i = 0; i < rule->count; i++)
        fit->messages[rule->messages[i]].score += wanted - fitted->points;
    fitted->points = wanted;
}

static void run_fit(struct fit *fit, size_t left_out)
{
    const struct worth_sheet *sheet = fit->sheet;
    fit->left_out = left_out;
    for (size_t i = 0; i < sheet->rule_count; i++)
        fit->rules[i].points = fit->rules[i].present;
    for (size_t i = 0; i < sheet->message_count; i++)
        fit->messages[i].score = score_of(sheet, &sheet->messages[i], NULL) / 100.0;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < sheet->rule_count; i++)
            if (fit->rules[i].least < fit->rules[i].most)
                improve(fit, i);
}

/* In steps of POINTS_STEP; what was not fitted stays exactly as it was. */
static int proposal_of(const struct fit_rule *rule)
{
    int step = rule->least < rule->most ? POINTS_STEP : 1;
    return (int)real_round(rule->points * 100 / step) * step;
}

/* Judges the fold that was left out by the points as they are proposed. */
static void judge_left_out(const struct fit *fit, int *points, struct worth_result *result)
{
    const struct worth_sheet *sheet = fit->sheet;
    for (size_t i = 0; i < sheet->rule_count; i++)
        points[i] = proposal_of(&fit->rules[i]);
    for (size_t i = 0; i < sheet->message_count; i++)
        if (fit->messages[i].fold == fit->left_out && fit->left_out != NO_FOLD)
            count_verdict(result, sheet->messages[i].spam,
                          score_of(sheet, &sheet->messages[i], points) >= real_round(fit->required * 100));
}

bool worth_propose(const struct worth_sheet *sheet, int required, int *points, struct worth_result *crossed_r)
{
    struct fit fit = { .sheet = sheet, .required = required / 100.0 };
    fit.rules = calloc(sheet->rule_count + 1, sizeof *fit.rules);
    fit.messages = calloc(sheet->message_count + 1, sizeof *fit.messages);
    bool possible = fit.rules && fit.messages;
    *crossed_r = (struct worth_result){ 0 };
    if (possible) {
        weigh_classes(&fit);
        for (size_t place = 0; place <= sheet->place; place++)
            deal_out(&fit, place);
        for (size_t i = 0; i < sheet->rule_count; i++)
            bound_rule(sheet, &sheet->rules[i], &fit.rules[i]);
        for (size_t fold = 0; fold <= NO_FOLD; fold++) {
            run_fit(&fit, fold);
            judge_left_out(&fit, points, crossed_r);
        }
    }
    free(fit.rules);
    free(fit.messages);
    return possible;
}
