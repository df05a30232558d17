/* learn.h - evidence the user has given: opinion on a message, and learning from one
 *
 * Two learners over the same features and the points of the rules, fused by calibrated log-odds: online logistic
 * regression on byte 5-grams (Goodman and Yih 2006; Cormack 2007), and orthogonal sparse bigrams with EDDC confidence
 * (Siefkes et al. 2004; OSBF-Lua, Assis 2006).  The formulas and their constants are in regression.h, pairs.h and
 * fusion.h.
 */
#ifndef TAMIS_LEARN_LEARN_H
#define TAMIS_LEARN_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/features.h"
#include "store/store.h"
#include "util/failure.h"

struct opinion {
    enum store_state state; /* STORE_READY: the rest holds; all else: there is no opinion, and this is why */
    double log_odds;        /* natural, of spam, rules weighed in; calibrated, balanced prior, unsaturated */
    double probability;     /* of spam */
    double member[STORE_LEARNERS]; /* the score of each, as the fusion hears it */
    uint64_t lessons[2];    /* [label] */
    uint64_t imported[2];   /* [label], lessons that what was imported from another filter stands for besides */
    double starter;         /* log-odds that starter knowledge adds; whoever has some fills it in (starter.h) */
    double starter_share;   /* of which so much counts; 0: none */
};

/* The opinion of what `store` has learned.  Never fails: a fault becomes opinion->state and `failure`.  `store` may
 * be NULL (state tells why: pass what store_open() gave). */
void learn_opinion(struct store *store, enum store_state state, const struct features *features,
                   struct opinion *opinion, struct failure *failure);

enum learn_result {
    LEARN_DONE,       /* learned, first time */
    LEARN_ALREADY,    /* known with this label: nothing to do, which is success */
    LEARN_CHANGED,    /* known with the other label: undone exactly and learned anew */
    LEARN_FORGOTTEN,  /* --forget: undone */
    LEARN_UNKNOWN,    /* --forget of a message never learned: nothing to do */
    LEARN_KEPT,       /* an implicit label against a user's: the user's stays */
    LEARN_FAILED
};

/* Learns one message.  `now`: seconds since 1970. */
enum learn_result learn_message(struct store *store, const struct features *features, enum label label,
                                enum label_source source, int64_t now, struct failure *failure);

/* The same for one of many messages that are learned at once, as folders are: the learner that forgets is left
 * alone, and the other counts every one.  A stream of mail as it comes is for learn_message(): both learners and the
 * scales need the order of time. */
enum learn_result learn_message_in_bulk(struct store *store, const struct features *features, enum label label,
                                        enum label_source source, int64_t now, struct failure *failure);

/* From this many messages on that a command learns in one run it learns them so. */
#define LEARN_BULK_FROM 10

/* So many lessons of one label for each of the other, and the other is hardly known. */
#define LEARN_LOPSIDED 20

/* Takes back whatever was learned from it. */
enum learn_result learn_forget(struct store *store, const struct features *features, int64_t now,
                               struct failure *failure);

#endif
