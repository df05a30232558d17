/* worth.c - what each rule is worth on labelled mail: arithmetic over which rules hit which message */
#include "rules/worth.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 40           /* of coordinate descent; it settles in some 20 */
#define RIDGE 4.0           /* how strongly points are drawn to the present ones: as four messages */
#define STEP_MOST 0.5       /* points in one round, so that a flat curve does not throw them far */
#define POINTS_MOST 10.0    /* no proposal goes beyond */
#define DANGEROUS_SHARE 0.5
#define REDUNDANT_SHARE 0.95

struct sheet_rule {
    char *name;
    int points;
    uint32_t *messages; /* that it hits, in order */
    size_t count, capacity;
};

struct sheet_message {
    bool spam;
    size_t first_hit, hit_count;
};

struct worth_sheet {
    struct sheet_rule *rules;
    size_t rule_count, rule_capacity;
    struct sheet_message *messages;
    size_t message_count, message_capacity;
    uint32_t *hits; /* rules, message after message */
    size_t hit_count, hit_capacity;
};

/* Room for one element more in an array of `size`-byte elements. */
static bool make_room(void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 64;
    void *more = realloc(*array, wanted * size);
    if (!more)
        return false;
    *array = more;
    *capacity = wanted;
    return true;
}

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

size_t worth_add_rule(struct worth_sheet *sheet, const char *name, int points)
{
    if (!make_room((void **)&sheet->rules, sheet->rule_count, &sheet->rule_capacity, sizeof *sheet->rules))
        return SIZE_MAX;
    struct sheet_rule *rule = &sheet->rules[sheet->rule_count];
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

static bool add_hit(struct worth_sheet *sheet, size_t number)
{
    struct sheet_rule *rule = &sheet->rules[number];
    if (!make_room((void **)&rule->messages, rule->count, &rule->capacity, sizeof *rule->messages) ||
        !make_room((void **)&sheet->hits, sheet->hit_count, &sheet->hit_capacity, sizeof *sheet->hits))
        return false;
    rule->messages[rule->count++] = (uint32_t)sheet->message_count;
    sheet->hits[sheet->hit_count++] = (uint32_t)number;
    return true;
}

bool worth_add_message(struct worth_sheet *sheet, bool spam, const size_t *rules, size_t count)
{
    if (!make_room((void **)&sheet->messages, sheet->message_count, &sheet->message_capacity, sizeof *sheet->messages))
        return false;
    struct sheet_message message = { .spam = spam, .first_hit = sheet->hit_count, .hit_count = count };
    for (size_t i = 0; i < count; i++)
        if (!add_hit(sheet, rules[i]))
            return false;
    sheet->messages[sheet->message_count++] = message;
    return true;
}

/* --- the points as they are ----------------------------------------------------------------------------------------- */

static int score_of(const struct worth_sheet *sheet, const struct sheet_message *message)
{
    int score = 0;
    for (size_t i = 0; i < message->hit_count; i++)
        score += sheet->rules[sheet->hits[message->first_hit + i]].points;
    return score;
}

struct worth_result worth_now(const struct worth_sheet *sheet, int required)
{
    struct worth_result result = { 0 };
    for (size_t i = 0; i < sheet->message_count; i++) {
        const struct sheet_message *message = &sheet->messages[i];
        bool judged_spam = score_of(sheet, message) >= required;
        *(message->spam ? &result.spam : &result.ham) += 1;
        *(message->spam ? &result.spam_caught : &result.ham_lost) += judged_spam;
    }
    return result;
}

/* Counts hits, what hinges on the rule, and which other rules hit the same messages (`together`, one count a rule). */
static void look_at_hits(const struct worth_sheet *sheet, const struct sheet_rule *rule, int required, struct worth *worth,
                         size_t *together)
{
    memset(together, 0, sheet->rule_count * sizeof *together);
    for (size_t i = 0; i < rule->count; i++) {
        const struct sheet_message *message = &sheet->messages[rule->messages[i]];
        int score = score_of(sheet, message);
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
    struct worth_result all = worth_now(sheet, required);
    size_t *together = calloc(sheet->rule_count + 1, sizeof *together);
    for (size_t i = 0; i < sheet->rule_count; i++) {
        worths[i] = (struct worth){ .name = sheet->rules[i].name, .points = sheet->rules[i].points, .companion = SIZE_MAX };
        if (!together)
            continue;
        look_at_hits(sheet, &sheet->rules[i], required, &worths[i], together);
        find_companion(sheet, i, together, &worths[i]);
        worths[i].remark = remark_on(&worths[i], &all);
    }
    free(together);
}

/* --- a proposal ------------------------------------------------------------------------------------------------------- */

#define NO_FOLD WORTH_FOLDS

static bool is_left_out(size_t message, size_t fold)
{
    return message % WORTH_FOLDS == fold;
}

struct fit {
    const struct worth_sheet *sheet;
    double required;
    size_t left_out;     /* fold that is not looked at, or NO_FOLD */
    double class_weight[2];
    double *points;      /* of each rule */
    double *scores;      /* of each message */
};

/* Both classes weigh the same whatever their numbers, but for the weight of a lost ham. */
static void weigh_classes(struct fit *fit)
{
    double counts[2] = { 0, 0 };
    for (size_t i = 0; i < fit->sheet->message_count; i++)
        counts[fit->sheet->messages[i].spam] += 1;
    double all = counts[0] + counts[1];
    for (size_t i = 0; i < 2; i++)
        fit->class_weight[i] = counts[i] > 0 ? all / (2 * counts[i]) : 0;
    fit->class_weight[0] *= WORTH_HAM_WEIGHT;
}

/* One rule's points a Newton step nearer to where the curve is lowest, within the constraints. */
static void improve(struct fit *fit, size_t number)
{
    const struct sheet_rule *rule = &fit->sheet->rules[number];
    double present = rule->points / 100.0, points = fit->points[number];
    double gradient = RIDGE * (points - present), curve = RIDGE;
    for (size_t i = 0; i < rule->count; i++) {
        size_t message = rule->messages[i];
        if (is_left_out(message, fit->left_out))
            continue;
        bool spam = fit->sheet->messages[message].spam;
        double p = 1 / (1 + exp(fit->required - fit->scores[message]));
        gradient += fit->class_weight[spam] * (p - spam);
        curve += fit->class_weight[spam] * p * (1 - p);
    }
    double step = fmax(-STEP_MOST, fmin(STEP_MOST, -gradient / curve));
    double least = present < 0 ? -POINTS_MOST : 0, most = present < 0 ? 0 : POINTS_MOST;
    double wanted = fmax(least, fmin(most, points + step));
    for (size_t i = 0; i < rule->count; i++)
        fit->scores[rule->messages[i]] += wanted - points;
    fit->points[number] = wanted;
}

static void run_fit(struct fit *fit, size_t left_out)
{
    fit->left_out = left_out;
    for (size_t i = 0; i < fit->sheet->rule_count; i++)
        fit->points[i] = fit->sheet->rules[i].points / 100.0;
    for (size_t i = 0; i < fit->sheet->message_count; i++)
        fit->scores[i] = score_of(fit->sheet, &fit->sheet->messages[i]) / 100.0;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < fit->sheet->rule_count; i++)
            improve(fit, i);
}

static void judge_left_out(const struct fit *fit, struct worth_result *result)
{
    for (size_t i = 0; i < fit->sheet->message_count; i++) {
        if (!is_left_out(i, fit->left_out))
            continue;
        bool spam = fit->sheet->messages[i].spam, judged_spam = fit->scores[i] >= fit->required;
        *(spam ? &result->spam : &result->ham) += 1;
        *(spam ? &result->spam_caught : &result->ham_lost) += judged_spam;
    }
}

bool worth_propose(const struct worth_sheet *sheet, int required, int *points, struct worth_result *crossed_r)
{
    struct fit fit = { .sheet = sheet, .required = required / 100.0 };
    fit.points = calloc(sheet->rule_count + 1, sizeof *fit.points);
    fit.scores = calloc(sheet->message_count + 1, sizeof *fit.scores);
    bool possible = fit.points && fit.scores;
    *crossed_r = (struct worth_result){ 0 };
    if (possible) {
        weigh_classes(&fit);
        for (size_t fold = 0; fold < WORTH_FOLDS; fold++) {
            run_fit(&fit, fold);
            judge_left_out(&fit, crossed_r);
        }
        run_fit(&fit, NO_FOLD);
        for (size_t i = 0; i < sheet->rule_count; i++)
            points[i] = (int)lround(fit.points[i] * 100);
    }
    free(fit.points);
    free(fit.scores);
    return possible;
}
