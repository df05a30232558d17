/* nearest.c - "did you mean": the known name closest to one that is not known */
#include "util/nearest.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static char folded(char letter)
{
    return letter == '-' ? '_' : (char)tolower((unsigned char)letter);
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* Three rows of the table of distances between all heads of `a` and all heads of `b` are enough: this one and two
 * before. */
static unsigned distance_between(const char *a, const char *b)
{
    unsigned rows[3][NEAREST_LONGEST_NAME + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned replaced = above[j - 1] + (folded(a[i - 1]) != folded(b[j - 1]));
            row[j] = smallest(replaced, above[j] + 1, row[j - 1] + 1);
            if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]))
                row[j] = smallest(row[j], two_above[j - 2] + 1, row[j]);
        }
    }
    return rows[a_length % 3][b_length];
}

struct nearest nearest_to(const char *wanted)
{
    size_t most = strlen(wanted) / 3;
    return (struct nearest){ .wanted = wanted, .distance = (unsigned)(most ? most : 1) + 1 };
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t wanted_length = strlen(nearest->wanted), length = strlen(candidate);
    if (wanted_length > NEAREST_LONGEST_NAME || length > NEAREST_LONGEST_NAME)
        return;
    unsigned distance = distance_between(nearest->wanted, candidate);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->name = candidate;
    }
}
