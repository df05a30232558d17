/* confirm.h - what it says that a message was left where it is: the policy of implicit confirmation
 *
 * People move what is wrong and leave alone what is right, so moves alone teach from errors only.  A message that was
 * left alone long enough, by somebody who had the chance to see it, confirms its verdict.  That is weak evidence:
 *
 *   ham     the verdict was ham or unsure, it lies outside of Junk, Trash, Sent and Drafts, and the user has read it
 *           or done more with it (answered, flagged, filed into a folder), and `ham_days` have passed
 *   spam    the verdict was spam, it lies in Junk, somebody looked into Junk since it arrived, and `spam_days` have
 *           passed
 *   never   the verdict is missing, or the message is so old that what it could teach is known
 *
 * What the user has said anything about was not left alone, and is not asked of (moves.h).  The rest is learned only
 * while what has been learned by then still agrees with the verdict (confirm_agrees()), and while neither class
 * outweighs the other (confirm_is_balanced()): a loop that believes itself is broken where it begins to doubt, and the
 * class a mailbox is full of does not drown the other.  It is learned as SOURCE_IMPLICIT, with half the step; a word of
 * the user's undoes it exactly (learn.h).
 *
 * What it is worth was measured with `tamis evaluate --feedback` (doc/ABLATION.md).
 */
#ifndef TAMIS_LEARN_CONFIRM_H
#define TAMIS_LEARN_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct confirm_settings {
    bool enabled;
    int ham_days, spam_days; /* how long a message must be left alone */
};

/* The verdict at delivery. */
enum confirm_verdict { CONFIRM_UNJUDGED, CONFIRM_JUDGED_HAM, CONFIRM_JUDGED_UNSURE, CONFIRM_JUDGED_SPAM };

enum confirm_place { CONFIRM_IN_JUNK, CONFIRM_IN_ORDINARY, CONFIRM_ELSEWHERE };

/* Of a message that the user has said nothing about. */
struct confirm_facts {
    enum confirm_verdict verdict;
    enum confirm_place place;
    bool seen;        /* the message was read */
    bool used;        /* answered, flagged, or filed by the user into another folder */
    bool junk_opened; /* somebody looked into Junk after the message came to lie there */
    int64_t days;     /* since it came to lie where it lies */
};

enum confirmation {
    CONFIRM_NEVER,   /* need not be asked again while it lies there */
    CONFIRM_NOT_YET,
    CONFIRM_HAM,
    CONFIRM_SPAM
};

/* So many days after the grace period a message is no longer worth the reading. */
#define CONFIRM_DAYS_OF_USE 30

/* Pure: what leaving the message alone says. */
enum confirmation confirm_message(const struct confirm_settings *settings, const struct confirm_facts *facts);

/* May another lesson of this label be learned implicitly, after so many lessons of each? */
bool confirm_is_balanced(enum label label, const uint64_t lessons[2]);

/* Does the opinion that is held now, in natural log-odds of spam, still say so?  For ham: is it less than half way to
 * `required`, the threshold of spam in hundredths of a point? */
bool confirm_agrees(enum label label, double log_odds, int required);

#endif
