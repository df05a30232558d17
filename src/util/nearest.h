/* nearest.h - "did you mean": the known name closest to one that is not known
 *
 * Distance counts insertions, deletions, replacements and swaps of neighbours (Damerau 1964; the restricted form,
 * "optimal string alignment").  Case and the difference between '-' and '_' count for nothing.  A name further away
 * than a third of its length is no likely slip and is not offered.
 */
#ifndef TAMIS_UTIL_NEAREST_H
#define TAMIS_UTIL_NEAREST_H

/* Names longer than this have no near ones; no name of ours comes close to it. */
#define NEAREST_LONGEST_NAME 64

struct nearest {
    const char *wanted;
    const char *name;  /* the closest so far; NULL: none is close */
    unsigned distance; /* of that one, or one more than the most that is accepted */
};

/* Begins the search; `wanted` is borrowed until the end. */
struct nearest nearest_to(const char *wanted);

/* Offers one known name, which is borrowed when it is the closest.  Of several as close, the first stays. */
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
