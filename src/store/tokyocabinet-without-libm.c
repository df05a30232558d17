/* tokyocabinet-without-libm.c - stand-ins that keep libm out of a static link of Tokyo Cabinet
 *
 * Three functions among its utilities call them, tcatof(), tcdrandnd() and tclog2d(), none of which its fixed-length
 * database calls, nor we; defining them here means that no library has to be loaded for them at each delivery
 * (util/arithmetic.h).  They are hidden, so that a library that is loaded later finds those of libm.  Linked into the
 * program alone, for a test may call them, and only where configure links statically (STATIC_GMIME).
 *
 * sqrt() is our own too where the processor has no instruction for it, so it must be right; two of the others are
 * cheap to have right; and of a cosine nobody can be in need.
 */
#include <stdlib.h>

#include "util/arithmetic.h"

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN double cos(double x);
HIDDEN double log(double x);
HIDDEN double pow(double x, double y);
HIDDEN double sqrt(double x);

double cos(double x)
{
    abort();
}

double log(double x)
{
    return real_log(x);
}

double pow(double x, double y)
{
    return real_exp(y * real_log(x));
}

/* A step of Newton's method mends what the logarithm left. */
double sqrt(double x)
{
    if (!(x > 0) || x - x != 0)
        return x == 0 || x > 0 ? x : __builtin_nan("");
    double root = real_exp(0.5 * real_log(x));
    return 0.5 * (root + x / root);
}
