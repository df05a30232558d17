/* arithmetic.h - the few mathematical functions that are needed, without the library of them
 *
 * libm.so costs a delivery 6 % of its time: to find and map it, to pick a variant of each of its functions for this
 * processor, to fault its pages in, and to take it down.  What tamis needs of it are exponential and logarithm, here as
 * fdlibm has them (e_exp.c and e_log.c, Sun Microsystems 1993, https://www.netlib.org/fdlibm/), less than one unit in
 * the last place off, and some choices.  sqrt() is one instruction of the processor (-fno-math-errno).
 *
 * Infinities and what is no number go through as C99 says of the functions these stand for; no errno, no exceptions.
 */
#ifndef TAMIS_UTIL_ARITHMETIC_H
#define TAMIS_UTIL_ARITHMETIC_H

/* exp(), log(), and log1p() to two units in the last place. */
double real_exp(double x);
double real_log(double x);
double real_log1p(double x);

/* lround(): to the nearest whole number, halves away from zero.  `x` fits a long. */
static inline long real_round(double x)
{
    long whole = (long)x;
    double rest = x - (double)whole;
    return whole + (rest >= 0.5) - (rest <= -0.5);
}

/* fmin(), fmax(): the other one where one is no number. */
static inline double real_min(double a, double b)
{
    return a < b || b != b ? a : b;
}

static inline double real_max(double a, double b)
{
    return a > b || b != b ? a : b;
}

#endif
