/* verdict.h - evidence in, one verdict out, with reasons that add up exactly
 *
 * Points are on the scale people know: spam at `required` (5.00), counted in hundredths so that the sum of the reasons
 * is the score to the last digit, always.
 *
 * One point is one natural unit of log-odds.  The learned evidence is one entry of that sum, LEARNED: the fused and
 * calibrated log-odds (learn/fusion.h), in which the rules' points have the weight that this user's mail has taught,
 * less the points the rules have already given.  So the total is what the fusion says, rules are a prior while little
 * is learned, and they cannot overrule learners that are certain; named dangers (hit.danger) stand outside and can.
 */
#ifndef TAMIS_VERDICT_VERDICT_H
#define TAMIS_VERDICT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/learn.h"
#include "rules/evaluate.h"
#include "senders/ruling.h"
#include "util/arena.h"

enum verdict { VERDICT_HAM, VERDICT_UNSURE, VERDICT_SPAM };

struct verdict_settings {
    int required; /* hundredths; spam at or above */
    int unsure;   /* hundredths; unsure at or above, below required */
};

/* No rule adds or takes more than 1,000 points, whatever the settings say, and all rules there can be no more than
 * this. */
#define VERDICT_POINTS_MOST 100000
#define VERDICT_SUM_MOST (VERDICT_POINTS_MOST * 10000)

/* No judgement has more reasons than this: what weighs less than the others is one reason, LIGHTER_REASONS.  1,600
 * rules that hit made header fields of 64 KB, more than callers take. */
#define VERDICT_REASONS_MOST 100

#define VERDICT_SETTINGS_DEFAULT ((struct verdict_settings){ .required = 500, .unsure = -110 })

struct reason {
    const char *name;        /* rule or check, LEARNED, RULES_LIMITED, ... */
    const char *description; /* what the name means in general */
    struct span detail;      /* the particulars; may be empty */
    int points;              /* hundredths; the sum over all reasons is the score */
};

struct judgement {
    enum verdict verdict;
    int score, required, unsure; /* hundredths */
    int danger;                  /* of the score, what named dangers gave; does not cross the pipe */
    double probability;          /* of spam, all evidence taken together: one point is one natural unit of log-odds */
    const struct reason *reasons; /* by weight: largest absolute points first */
    size_t reason_count;
    enum store_state learned;    /* STORE_READY: learned evidence took part */
    double learned_probability;
    uint64_t lessons[2];
    uint8_t identity[16];
    uint8_t follow_up; /* bits of enum follow_up */
    uint64_t relay;    /* whose arrival at `arrived` is to be noted in the history (store/history.h); 0: none */
    int64_t arrived;
    struct network_address from; /* that relay, for the daybook (store/daybook.h); all zeros: none */
    uint8_t held;           /* bits of enum held */
    struct span questions;  /* what others are to be asked about it, at most VERDICT_QUESTIONS_MOST bytes that only
                               outside/questions.h understands; empty: nothing */
};

#define VERDICT_QUESTIONS_MOST ((size_t)48 * 1024)

/* What evidence that comes later (verdict_add_evidence()) has to respect, as bits of judgement.held. */
enum held {
    HELD_BY_LIST = 1 << 0,  /* a list decided alone */
    HELD_FOR_ROLE = 1 << 1, /* postmaster or abuse: never junked */
    HELD_FOR_SENDER = 1 << 2 /* somebody the user has written to: not junked without a danger */
};

/* What is to be done once the message is where it belongs, as bits of judgement.follow_up. */
enum follow_up {
    FOLLOW_UP_TRAP = 1 << 0,     /* it came to a trap: learn it as spam, note its hosts */
    FOLLOW_UP_REMEMBER = 1 << 1, /* an allowed sender was authenticated: note the network it came from */
    FOLLOW_UP_FETCH = 1 << 2     /* the correspondents here are not those of the store: fetch them */
};

/* Pure arithmetic: no files, no clock.  `opinion` and `features` may be NULL. */
void verdict_reach(const struct hits *hits, const struct opinion *opinion, const struct features *features,
                   const struct verdict_settings *settings, struct arena *arena, struct judgement *judgement);

/* What lists say comes before the evidence and decides alone: an entry ALLOWED_SENDER, DENIED_SENDER, TRAP_ADDRESS or
 * INTERNAL_ONLY of 100 points, or of as many as it takes, is added to a judgement that verdict_reach() made, and its
 * verdict, probability and order follow.  So the reasons add up as ever, and say what the filter thought by itself.
 * POSTMASTER takes as many points as it takes to keep a message out of Junk; it comes last, after any list.
 * CORRESPONDENT_KEPT takes as many when the sender is somebody the user has written to, proven to be that, and LEARNED
 * does not speak for spam; it comes before POSTMASTER.  ALLOW_NOT_APPLIED, of no points, says why an entry that seems
 * to allow the sender did not. */
void verdict_apply_ruling(const struct ruling *ruling, struct arena *arena, struct judgement *judgement);

/* Evidence that was gathered outside (outside/outside.h), once the message had been judged: it is added to the sum, and
 * verdict, probability and order follow.  A judgement that a list made stays as it is; POSTMASTER and
 * CORRESPONDENT_KEPT hold on. */
void verdict_add_evidence(const struct hits *hits, struct arena *arena, struct judgement *judgement);

/* The verdict, and the probability, that go with a score; all in hundredths. */
enum verdict verdict_of(int score, int required, int unsure);
double verdict_probability(int score);

const char *verdict_name(enum verdict verdict); /* "ham", "unsure", "spam" */

/* To and from bytes, for the pipe out of the child; decoding checks everything, the bytes are not trusted. */
void judgement_encode(const struct judgement *judgement, struct buffer *out);
bool judgement_decode(struct span bytes, struct arena *arena, struct judgement *judgement);

#endif
