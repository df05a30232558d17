/* worth.h - what each rule is worth on labelled mail: arithmetic over which rules hit which message
 *
 * For `tamis rules measure`.  A sheet takes the rules and, message by message, which of them hit; then it says for
 * each rule how often it hits ham and spam, which other rule hits where it hits, and what the verdict at `required`
 * would lose without it; and it proposes points.  Messages may be held out: they are judged, and neither counted nor
 * fitted to, so that what is said of them is said of mail that nobody has looked at.
 *
 * The proposal is a logistic regression of spam on the hits with P(spam) = logistic(score - required), so that its
 * boundary is the verdict's, fitted by coordinate descent (Genkin, Lewis, Madigan 2007).  A lost ham weighs as much as
 * WORTH_HAM_WEIGHT missed spams.  What a person knows and no corpus can tell is kept:
 *     signs      points for spam never become points for ham or the other way round;
 *     gravity    the present points put a rule into a class: traces to 0.10, hints to 0.50, signs to 1.50, tricks to
 *                3.00, dangers above.  None leaves its class, so that an external image never outweighs a disguised
 *                link, however well it parts the classes here;
 *     doubt      points are drawn to the present ones (a ridge around them), and a rule that hits fewer than
 *                WORTH_HITS_LEAST messages keeps them;
 *     modesty    no rule is raised beyond the logarithm of its own likelihood ratio, which is what it says by itself;
 *     places     mail of different places differs in more than spam and ham.  A rule that hits ham at half its rate in
 *                spam or more in any place that has both is never raised, whatever it does in the others.
 * Its worth on mail it has not seen is estimated by cross-validation.  The folds are blocks of messages that arrived
 * one after another, in each place: a wave of spam lies in one fold, and does not help to judge itself.
 */
#ifndef TAMIS_RULES_WORTH_H
#define TAMIS_RULES_WORTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORTH_HAM_WEIGHT 30.0
#define WORTH_FOLDS 5
#define WORTH_HITS_LEAST 10

struct worth_sheet;

/* NULL when there is no memory. */
struct worth_sheet *worth_new(void);
void worth_free(struct worth_sheet **sheet);

/* Adds a rule and gives its number, 0 and up; the name is copied.  SIZE_MAX when there is no memory. */
size_t worth_add_rule(struct worth_sheet *sheet, const char *name, int points);

/* The number of the rule of that name; SIZE_MAX when there is none. */
size_t worth_find_rule(const struct worth_sheet *sheet, const char *name);

/* The messages added from now on come from another place, in order of arrival.  Without it all are of one. */
void worth_start_place(struct worth_sheet *sheet);

/* Adds a message and the rules that hit it, each once.  False when there is no memory. */
bool worth_add_message(struct worth_sheet *sheet, bool spam, bool held_out, const size_t *rules, size_t count);

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

/* Fills one entry for each rule, from the messages that are not held out.  `required` in hundredths. */
void worth_of_rules(const struct worth_sheet *sheet, int required, struct worth *worths);

struct worth_result {
    size_t ham, spam, ham_lost, spam_caught;
};

/* How points do: on the messages that are held out, or on the others; those of one place, from 0 up, or of all with
 * WORTH_ALL_PLACES.  `points` NULL: the present ones. */
#define WORTH_ALL_PLACES SIZE_MAX
struct worth_result worth_judge(const struct worth_sheet *sheet, int required, const int *points, bool held_out,
                                size_t place);

/* Proposes points (hundredths, in steps of 5) for each rule, fitted to all messages that are not held out;
 * `*crossed_r`: how points fitted in this way do on messages they were not fitted to.  False when there is no
 * memory. */
bool worth_propose(const struct worth_sheet *sheet, int required, int *points, struct worth_result *crossed_r);

size_t worth_rule_count(const struct worth_sheet *sheet);
size_t worth_message_count(const struct worth_sheet *sheet);

#endif
