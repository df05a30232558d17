/* features.h - a message as the learners see it: numbers, no text
 *
 * canonical.h makes one text out of the message view, tokens.h cuts it up, and this is the result: plain data that
 * crosses a pipe.  All features are binary (present or not), so that every slot of a message receives the same step
 * and undoing is exact. Reading a message happens in the isolated child; scoring and training need only these numbers.
 */
#ifndef TAMIS_LEARN_FEATURES_H
#define TAMIS_LEARN_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/message.h"
#include "mail/text-prints.h"
#include "store/daybook.h"
#include "store/history.h"
#include "util/arena.h"
#include "util/buffer.h"

struct features {
    uint8_t identity[16];    /* of the message, whoever added what fields to it since (canonical.c) */
    uint8_t canon_version;
    int rule_points;         /* what rules say of it, in hundredths, dangers apart: learned how far to believe them */
    uint32_t check;          /* checksum over grams and pairs */
    const uint32_t *grams;   /* distinct slots for learner A, sorted */
    size_t gram_count;
    const uint32_t *pairs;   /* distinct feature hashes for learner B, sorted */
    size_t pair_count;
    struct trace trace;      /* what learning leaves in the history; filled in by who has asked the rules (trace.h) */
    bool judged;             /* for the daybook, by the same: at delivery it was found to be `verdict` */
    enum daybook_verdict verdict;
    uint64_t prints[TEXT_PRINTS]; /* of the visible text, rising; filled in by who reports them to others */
    size_t print_count;
    struct span rules;       /* names of the rules that hit, apart by blanks, at most FEATURES_RULES_MOST bytes */
};

#define FEATURES_RULES_MOST 4096

/* What rules say of the message: names of those that hit, which become tokens, and the sum of their points without
 * dangers, which the fusion weighs as a member of its own.  Give the same when learning as when judging: the names cut
 * the area above the ROC curve by a tenth (doc/ABLATION.md), and a lesson is taken back exactly only with the names it
 * was learned with. */
struct features_extra {
    const char *const *names;
    size_t count;
    int points; /* hundredths */
};

/* `key`: store_key() of the user's store (0 for none). `extra` may be NULL.  Rules are not part of the identity. */
void features_extract(const struct message *message, uint64_t key, const struct features_extra *extra,
                      struct arena *arena, struct features *features);

/* To and from bytes, for the pipe out of the child.  features_decode() checks every count and bound: the bytes are
 * not trusted. */
void features_encode(const struct features *features, struct buffer *out);
bool features_decode(struct span *bytes, struct arena *arena, struct features *features);

#endif
