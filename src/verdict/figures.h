/* figures.h - points, probabilities and sizes as text, the same in every locale */
#ifndef TAMIS_VERDICT_FIGURES_H
#define TAMIS_VERDICT_FIGURES_H

#include <stdint.h>

#define FIGURE_SIZE 24

/* A size in memory or on the disk: "900 bytes", "1.2 MB". */
const char *figure_bytes(uint64_t bytes, char out[FIGURE_SIZE]);

/* Hundredths as "7.31", "-0.50", "0.00".  Gives `out`. */
const char *figure_points(int hundredths, char out[FIGURE_SIZE]);

/* The same with its sign, "+7.31": what adds to a sum. */
const char *figure_signed(int hundredths, char out[FIGURE_SIZE]);

/* Log-odds as hundredths of a point, cut to 1,000 points either way; what is no number is 0. */
int figure_of_log_odds(double log_odds);

/* A probability with `places` decimals (1 to 9), rounded to nearest, cut to 0..1; NaN reads as 0.5.  Gives `out`. */
const char *figure_probability(double probability, int places, char out[FIGURE_SIZE]);

#endif
