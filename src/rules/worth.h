/* worth.h - what each rule is worth on labelled mail: arithmetic over which rules hit which message
 *
 * For `tamis rules measure`.  A sheet takes the rules and, message by message, which of them hit; then it says for each rule how often
 * it hits ham and spam, which other rule hits where it hits, and what the verdict at `required` would lose without it; and it
 * proposes points.
 *
 * The proposal is a logistic regression of spam on the hits with P(spam) = logistic(score - required), so that its boundary is the
 * verdict's, fitted by coordinate descent (Genkin, Lewis, Madigan 2007) with three constraints: points for spam never become points for ham
 * or the other way round, a lost ham weighs as much as WORTH_HAM_WEIGHT missed spams, and points are drawn to the present ones
 * (a ridge around them), so that a rule with few hits keeps what people gave it.  Its worth on mail it has not seen is estimated by
 * cross-validation: the sheet's messages are dealt out into folds, and each fold is judged by points fitted to the others.
 */
#ifndef TAMIS_RULES_WORTH_H
#define TAMIS_RULES_WORTH_H

#include <stdbool.h>
#include <stddef.h>

#define WORTH_HAM_WEIGHT 10.0
#define WORTH_FOLDS 5

struct worth_sheet;

/* NULL when there is no memory. */
struct worth_sheet *worth_new(void);
void worth_free(struct worth_sheet **sheet);

/* Adds a rule and gives its number, 0 and up; the name is copied.  SIZE_MAX when there is no memory. */
size_t worth_add_rule(struct worth_sheet *sheet, const char *name, int points);

/* The number of the rule of that name; SIZE_MAX when there is none. */
size_t worth_find_rule(const struct worth_sheet *sheet, const char *name);

/* Adds a message and the rules that hit it, each once.  False when there is no memory. */
bool worth_add_message(struct worth_sheet *sheet, bool spam, const size_t *rules, size_t count);

enum worth_remark {
    WORTH_GOOD,
    WORTH_NEVER,      /* hits nothing here: nothing can be said */
    WORTH_DANGEROUS,  /* hits ham at half its rate in spam or more, though it gives points for spam (or the reverse) */
    WORTH_REDUNDANT   /* where it hits another nearly always does, and the verdict loses nothing without it */
};

struct worth {
    const char *name;
    int points;              /* hundredths */
    size_t ham, spam;        /* messages it hits */
    size_t companion;        /* the rule that hits most of the same messages; SIZE_MAX none */
    double companion_share;  /* of the messages it hits, those its companion hits as well */
    size_t spam_lost;        /* spam that would no longer reach `required` without it */
    size_t ham_saved;        /* ham that would no longer reach it */
    enum worth_remark remark;
};

/* Fills one entry for each rule.  `required` in hundredths. */
void worth_of_rules(const struct worth_sheet *sheet, int required, struct worth *worths);

struct worth_result {
    size_t ham, spam, ham_lost, spam_caught;
};

/* How the points as they are do on all messages. */
struct worth_result worth_now(const struct worth_sheet *sheet, int required);

/* Proposes points (hundredths) for each rule, fitted to all messages; `*crossed_r`: how points fitted in this way do on messages they were
 * not fitted to.  False when there is no memory. */
bool worth_propose(const struct worth_sheet *sheet, int required, int *points, struct worth_result *crossed_r);

size_t worth_rule_count(const struct worth_sheet *sheet);

#endif
