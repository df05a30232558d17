/* confirm.c - what it says that a message was left where it is: the policy of implicit confirmation */
#include "learn/confirm.h"

/* A class may have twice the lessons of the other, and so many more: a new user has nothing of one of them. */
#define LESSONS_FOR_EACH_OTHER 2
#define LESSONS_BEFORE_ANY_OTHER 100

/* Ham is agreed with up to half way to Junk: with less, what the user reads and leaves alone hardly ever teaches what
 * tamis is unsure of, and a third more ham was lost; with more, nothing changed (doc/ABLATION.md). */
#define HAM_AT_MOST_OF_REQUIRED 2.0

static enum confirmation after_grace(int64_t days, int grace, enum confirmation confirmed)
{
    if (days > (int64_t)grace + CONFIRM_DAYS_OF_USE)
        return CONFIRM_NEVER;
    return days < grace ? CONFIRM_NOT_YET : confirmed;
}

enum confirmation confirm_message(const struct confirm_settings *settings, const struct confirm_facts *facts)
{
    if (!settings->enabled)
        return CONFIRM_NEVER;
    bool judged_no_spam = facts->verdict == CONFIRM_JUDGED_HAM || facts->verdict == CONFIRM_JUDGED_UNSURE;
    if (judged_no_spam && facts->place == CONFIRM_IN_ORDINARY)
        return after_grace(facts->days, settings->ham_days,
                           facts->seen || facts->used ? CONFIRM_HAM : CONFIRM_NOT_YET);
    if (facts->verdict == CONFIRM_JUDGED_SPAM && facts->place == CONFIRM_IN_JUNK)
        return after_grace(facts->days, settings->spam_days, facts->junk_opened ? CONFIRM_SPAM : CONFIRM_NOT_YET);
    return CONFIRM_NEVER;
}

bool confirm_is_balanced(enum label label, const uint64_t lessons[2])
{
    uint64_t other = lessons[label == LABEL_HAM ? LABEL_SPAM : LABEL_HAM];
    return lessons[label] < LESSONS_FOR_EACH_OTHER * other + LESSONS_BEFORE_ANY_OTHER;
}

bool confirm_agrees(enum label label, double log_odds, int required)
{
    double points = log_odds * 100;
    return label == LABEL_SPAM ? points >= required : points < required / HAM_AT_MOST_OF_REQUIRED;
}
