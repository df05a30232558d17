/* figures.c - points, probabilities and sizes as text, the same in every locale */
#include "verdict/figures.h"

#include <math.h>
#include <stdio.h>

#include "util/arithmetic.h"
#include "util/translate.h"

static const char *write_points(int hundredths, const char *plus, char out[FIGURE_SIZE])
{
    unsigned size = hundredths < 0 ? 0u - (unsigned)hundredths : (unsigned)hundredths;
    snprintf(out, FIGURE_SIZE, "%s%u.%02u", hundredths < 0 ? "-" : hundredths > 0 ? plus : "", size / 100, size % 100);
    return out;
}

const char *figure_points(int hundredths, char out[FIGURE_SIZE])
{
    return write_points(hundredths, "", out);
}

const char *figure_signed(int hundredths, char out[FIGURE_SIZE])
{
    return write_points(hundredths, "+", out);
}

int figure_of_log_odds(double log_odds)
{
    return isfinite(log_odds) ? (int)real_round(real_max(-1000, real_min(1000, log_odds)) * 100) : 0;
}

const char *figure_probability(double probability, int places, char out[FIGURE_SIZE])
{
    unsigned long scale = 1;
    for (int i = 0; i < places; i++)
        scale *= 10;
    double kept = isnan(probability) ? 0.5 : real_max(0, real_min(1, probability));
    unsigned long value = (unsigned long)(kept * (double)scale + 0.5);
    snprintf(out, FIGURE_SIZE, "%lu.%0*lu", value / scale, places, value % scale);
    return out;
}

const char *figure_bytes(uint64_t bytes, char out[FIGURE_SIZE])
{
    static const char *const units[] = { N_("bytes"), N_("KB"), N_("MB"), N_("GB"), N_("TB") };
    size_t unit = 0;
    uint64_t tenths = bytes * 10;
    while (tenths >= 10000 && unit < 4) {
        tenths = (tenths + 512) / 1024;
        unit++;
    }
    if (unit == 0)
        snprintf(out, FIGURE_SIZE, "%llu %s", (unsigned long long)bytes, _(units[0]));
    else
        snprintf(out, FIGURE_SIZE, "%llu.%llu %s", (unsigned long long)(tenths / 10),
                 (unsigned long long)(tenths % 10), _(units[unit]));
    return out;
}
