/* starter.h - what mail of others teaches a user who has taught nothing yet
 *
 * Weights of words in the subject and at the beginning of the visible text, from a logistic
 * regression over mail of other people (starter-building.h).  Header fields take no part: mailers, relays and years
 * date, and what people write about dates least.  The raw score of a message with n distinct words is
 *
 *     raw = sum of the words' weights / sqrt(n + 20)
 *
 * and what it adds to the score, in natural log-odds of spam, is
 *
 *     share * bounded(k * (raw + 1))          k = 2 above 0 and 0.3 below; bounded() is the identity up to 2.5 and
 *                                             grows as a logarithm beyond
 *     share = 1 - lessons of the rarer class / STARTER_LESSONS, at least 0
 *
 * Words that are missing say little for ham, for the mail of others is not this user's: hence 0.3, and hence the 1,
 * which is how far ham of one corpus lies lower on weights of another than spam does higher.  The regression is made
 * with the rules' points as a given, so that it adds what the rules do not say.  All constants were chosen by building
 * from one corpus and judging another, both ways (doc/ABLATION.md).
 *
 * It is evidence of its own, STARTER, beside what has been learned: nothing that is learned or measured by the learners
 * depends on it, so that lessons are the same with and without it and it can be turned off at any time.
 *
 * The file holds no text and no address: hashes of words to STARTER_SLOT_BITS bits, of those only that stood in
 * several messages of several senders.  It is the same for all, hence its hashes have no key.  Numbers little-endian:
 *
 *       0  8  mark "tamis-st"
 *       8  4  version, 1
 *      12  4  STARTER_SLOT_BITS
 *      16  4  a weight of 1 step, in millionths
 *      20  4  messages of ham it was made from
 *      24  4  and of spam
 *      28  4  slots whose weight is not 0
 *      32  8  sum (hash.h) of bytes 0-31
 *      40  8  sum of the weights
 *      48 16  0
 *      64  -  weights, 4 bits a slot (the lower half of a byte first): -7 to 7 steps, stored + 8;
 *                 0 is none
 *
 * A delivery looks at the first sum alone: the second would cost it more than all the rest, and whatever damaged
 * weights say is bounded.  `tamis starter show` and whoever measures look at both.
 */
#ifndef TAMIS_LEARN_STARTER_H
#define TAMIS_LEARN_STARTER_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/message.h"
#include "util/arena.h"
#include "util/failure.h"
#include "util/span.h"

#define STARTER_FILE "starter.words"
#define STARTER_MARK "tamis-st"
#define STARTER_VERSION 1
#define STARTER_SLOT_BITS 17
#define STARTER_SLOTS (1u << STARTER_SLOT_BITS)
#define STARTER_HEADER_BYTES 64
#define STARTER_BYTES (STARTER_HEADER_BYTES + STARTER_SLOTS / 2)
#define STARTER_STEPS 7 /* the largest weight, in steps */

/* From so many lessons of the rarer class on, it says nothing and need not be opened. */
#define STARTER_LESSONS 1000

struct starter;

/* Maps a file for reading; NULL when there is none, which is no failure (failure->kind stays FAILURE_NONE), or when it
 * cannot be believed. */
struct starter *starter_open(const char *path, struct failure *failure);

/* NULL inside is allowed. */
void starter_close(struct starter **starter);

/* Are the weights those that were written? */
bool starter_is_sound(const struct starter *starter);

struct starter_facts {
    uint32_t ham, spam; /* messages it was made from */
    uint32_t words;     /* slots with a weight */
};

struct starter_facts starter_facts(const struct starter *starter);

/* How much of it counts, from 1 to 0, after so many lessons of each label. */
double starter_share(const uint64_t lessons[2]);

/* What it adds to the score of the message when all of it counts, in natural log-odds of spam. */
double starter_log_odds(const struct starter *starter, const struct message *message, struct arena *arena);

/* The distinct slots of the message's words, in no order. */
const uint32_t *starter_slots(const struct message *message, struct arena *arena, size_t *count);

/* What a sum of weights is divided by, for so many slots. */
double starter_norm(size_t count);

#endif
