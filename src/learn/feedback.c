/* feedback.c - the user that `tamis evaluate` imagines: what he says about judged mail, and when */
#include "learn/feedback.h"

#include <string.h>

#include "util/hash.h"

#define NOISE_SEED UINT64_C(0x6e6f697365) /* "noise": who errs is not who forgets to correct */

/* Evenly spread over 0 to 1, 1 left out: the upper 53 bits are what a double holds. */
static double draw(const char *path, uint64_t seed)
{
    return (double)(hash_mix(hash_bytes(path, strlen(path), seed)) >> 11) * 0x1p-53;
}

bool feedback_corrects(const struct feedback *feedback, const struct measure_case *judged, const char *path)
{
    bool lies_wrong = judged->judged_spam != (judged->truth == LABEL_SPAM);
    return lies_wrong && draw(path, feedback->seed) < feedback->corrected;
}

enum label feedback_label(const struct feedback *feedback, enum label truth, const char *path)
{
    if (draw(path, feedback->seed ^ NOISE_SEED) >= feedback->noise)
        return truth;
    return truth == LABEL_SPAM ? LABEL_HAM : LABEL_SPAM;
}

enum confirmation feedback_left_alone(const struct measure_case *judged, size_t messages)
{
    const struct confirm_settings settings = { .enabled = true, .ham_days = FEEDBACK_GRACE,
                                               .spam_days = FEEDBACK_GRACE };
    struct confirm_facts facts = { .verdict = judged->judged_unsure ? CONFIRM_JUDGED_UNSURE
                                              : judged->judged_spam ? CONFIRM_JUDGED_SPAM
                                                                    : CONFIRM_JUDGED_HAM,
                                   .place = judged->judged_spam ? CONFIRM_IN_JUNK : CONFIRM_IN_ORDINARY,
                                   .seen = true, .junk_opened = true, .days = (int64_t)messages };
    return confirm_message(&settings, &facts);
}
