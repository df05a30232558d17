/* arithmetic.c - the few mathematical functions that are needed, without the library of them */
#include "util/arithmetic.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts, the first of which has 32 bits, so that a multiple of it is exact. */
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define ONE_BY_LN2 1.44269504088896338700e+00

/* Beyond these the result is infinite, or nothing. */
#define EXP_MOST 7.09782712893383973096e+02
#define EXP_LEAST (-7.45133219101941108420e+02)

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* 2 to the power of -1022 to 1023. */
static double power_of_two(int power)
{
    return from_bits((uint64_t)(1023 + power) << 52);
}

/* x = k ln 2 + r with |r| <= ln 2 / 2; exp(r) by a rational approximation whose numerator and denominator are those of
 * Remez on [0, 0.34658]. */
double real_exp(double x)
{
    if (isnan(x) || x > EXP_MOST)
        return x * INFINITY;
    if (x < EXP_LEAST)
        return 0;
    int k = (int)(ONE_BY_LN2 * x + (x < 0 ? -0.5 : 0.5));
    double high = x - k * LN2_HIGH, low = k * LN2_LOW;
    double r = high - low, t = r * r;
    double c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
                   + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    double y = 1 - ((low - r * c / (2 - c)) - high);
    int half = k / 2; /* in two steps, for the largest and the smallest results */
    return y * power_of_two(half) * power_of_two(k - half);
}

/* x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2); log(1 + f) by a polynomial in s = f / (2 + f). */
double real_log(double x)
{
    const uint64_t root_of_half = UINT64_C(0x3fe6a09e667f3bcd), fraction = (UINT64_C(1) << 52) - 1;
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0 || isinf(x))
        return x == 0 ? -INFINITY : x;
    bool is_small = x < 2.2250738585072014e-308; /* has fewer bits than others */
    uint64_t bits = to_bits(is_small ? x * power_of_two(54) : x) - root_of_half;
    double k = (double)((int64_t)bits >> 52) - (is_small ? 54 : 0);
    double f = from_bits((bits & fraction) + root_of_half) - 1;
    double s = f / (2 + f), z = s * s, w = z * z, half_square = 0.5 * f * f;
    double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01
                      + w * 1.479819860511658591e-01)));
    return k * LN2_HIGH - ((half_square - (s * (half_square + even + odd) + k * LN2_LOW)) - f);
}

/* What rounding takes from 1 + x it takes from both, and their quotient hardly moves (Kahan's, as Goldberg gives it in
 * "What every computer scientist should know about floating-point arithmetic", ACM Computing Surveys 23(1), 1991). */
double real_log1p(double x)
{
    double sum = 1 + x;
    if (sum == 1 || sum == INFINITY)
        return x;
    return real_log(sum) * x / (sum - 1);
}
