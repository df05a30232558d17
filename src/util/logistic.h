/* logistic.h - from log-odds to a probability */
#ifndef TAMIS_UTIL_LOGISTIC_H
#define TAMIS_UTIL_LOGISTIC_H


#include "util/arithmetic.h"

/* The probability, 0 to 1, of what has these natural log-odds. */
static inline double logistic(double log_odds)
{
    return 1 / (1 + real_exp(-log_odds));
}

#endif
