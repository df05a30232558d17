/* tokyocabinet-without-libm.c - stand-ins that keep libm out of a static link of Tokyo Cabinet
 *
 * Three functions among its utilities call them, tcatof(), tcdrandnd() and tclog2d(), none of which its fixed-length
 * database calls, nor we; defining them here means that no library has to be loaded for them at each delivery
 * (util/arithmetic.h).  They are hidden, so that a library that is loaded later finds those of libm.  Linked into the
 * program alone, for a test may call them, and only where configure links statically (STATIC_GMIME).
 */
#include <stdlib.h>

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
    abort();
}

double pow(double x, double y)
{
    abort();
}

double sqrt(double x)
{
    abort();
}
