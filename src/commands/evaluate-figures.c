/* evaluate-figures.c - what `tamis evaluate` has measured, as text and as JSON */
#include "commands/evaluate-figures.h"

#include <math.h>
#include <stdio.h>

#include "learn/calibration.h"
#include "util/translate.h"

#define CURVE_POINTS 10
#define BOOTSTRAP_SAMPLES 200
#define BAR_WIDTH 24
/* Bars are full at the least of these that the worst point does not pass: two runs can be compared by eye where both
 * are good, and a small or a hard corpus shows more than full bars. */
static const double scales[] = { 10, 20, 50, 100 };

struct shown {
    char text[32];
};

/* What there is no figure of must not look like a perfect one. */
static struct shown show(double figure, int width, int digits)
{
    struct shown shown;
    if (isnan(figure))
        snprintf(shown.text, sizeof shown.text, "%*s", width, "-");
    else
        snprintf(shown.text, sizeof shown.text, "%*.*f", width, digits, figure);
    return shown;
}

static struct shown show_json(double figure, int digits)
{
    return isnan(figure) ? (struct shown){ "null" } : show(figure, 0, digits);
}

static void print_bar(double percent, double full)
{
    int filled = isnan(percent) ? 0 : (int)(percent / full * BAR_WIDTH + 0.5);
    for (int i = 0; i < filled; i++)
        fputs("#", stdout);
    fputs("\n", stdout);
}

struct figures {
    struct measure all, curve[CURVE_POINTS];
    size_t points; /* of the curve: no more than there are messages */
    struct calibration calibration; /* of the second half: the first is where the filter has yet to learn */
};

static void print_calibration(const struct calibration *calibration)
{
    printf(_("\ndoes the probability mean what it says? second half: expected calibration error %.2f %%, "
             "log-loss %.4f\n"),
           calibration->error_percent, calibration->log_loss);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &calibration->bins[i];
        if (bin->count)
            printf(_("  %6zu messages said to be spam with %9.4f %%: %9.4f %% were\n"), bin->count, 100 * bin->claimed,
                   100 * bin->observed);
    }
}

static double scale_of(const struct figures *figures)
{
    size_t scale = 0;
    for (size_t i = 0; i < figures->points; i++)
        while (figures->curve[i].spam_missed_percent > scales[scale]) /* not so where it is no number */
            scale++;
    return scales[scale];
}

static void print_curve(const struct figures *figures, size_t first)
{
    double full = scale_of(figures);
    printf(_("\nlearning curve; bars: spam missed, full at %.0f %%\n"), full);
    for (size_t i = 0; i < figures->points; i++) {
        const struct measure *point = &figures->curve[i];
        first += point->ham + point->spam;
        printf(_("  to %6zu  ham lost %s %%  spam missed %s %%  "), first, show(point->ham_lost_percent, 5, 2).text,
               show(point->spam_missed_percent, 6, 2).text);
        print_bar(point->spam_missed_percent, full);
    }
}

static void print_text(const struct figures *figures, size_t first)
{
    const struct measure *all = &figures->all;
    printf(_("messages               %zu ham, %zu spam\n"), all->ham, all->spam);
    printf(_("ham lost               %s %% (%zu)\n"), show(all->ham_lost_percent, 0, 2).text, all->ham_lost);
    printf(_("spam missed            %s %% (%zu)\n"), show(all->spam_missed_percent, 0, 2).text, all->spam_missed);
    printf(_("unsure                 %zu ham, %zu spam\n"), all->ham_unsure, all->spam_unsure);
    printf(_("(1-ROCA)%%              %s [%s, %s]\n"), show(all->area_above_roc.value, 0, 4).text,
           show(all->area_above_roc.low, 0, 4).text, show(all->area_above_roc.high, 0, 4).text);
    printf(_("missed at 0.1 %% lost   %s %%\n"), show(all->missed_at_per_mille, 0, 2).text);
    printf(_("logistic average       %s %%\n"), show(all->logistic_average_percent, 0, 2).text);
    print_curve(figures, first);
    print_calibration(&figures->calibration);
}

static void print_calibration_json(const struct calibration *calibration)
{
    printf("\"calibration\":{\"error_percent\":%.4f,\"log_loss\":%.5f,\"bins\":[", calibration->error_percent,
           calibration->log_loss);
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        printf("%s{\"count\":%zu,\"claimed\":%.6f,\"observed\":%.6f}", i ? "," : "", calibration->bins[i].count,
               calibration->bins[i].claimed, calibration->bins[i].observed);
    printf("]}");
}

static void print_json(const struct figures *figures)
{
    const struct measure *all = &figures->all, *curve = figures->curve;
    printf("{\"ham\":%zu,\"spam\":%zu,\"ham_lost\":%zu,\"ham_lost_percent\":%s,\"spam_missed\":%zu,"
           "\"spam_missed_percent\":%s,\"ham_unsure\":%zu,\"spam_unsure\":%zu,",
           all->ham, all->spam, all->ham_lost, show_json(all->ham_lost_percent, 4).text, all->spam_missed,
           show_json(all->spam_missed_percent, 4).text, all->ham_unsure, all->spam_unsure);
    printf("\"area_above_roc_percent\":%s,\"area_above_roc_low\":%s,\"area_above_roc_high\":%s,"
           "\"missed_at_per_mille_percent\":%s,\"logistic_average_percent\":%s,\"curve\":[",
           show_json(all->area_above_roc.value, 5).text, show_json(all->area_above_roc.low, 5).text,
           show_json(all->area_above_roc.high, 5).text, show_json(all->missed_at_per_mille, 4).text,
           show_json(all->logistic_average_percent, 4).text);
    for (size_t i = 0; i < figures->points; i++)
        printf("%s{\"ham_lost_percent\":%s,\"spam_missed_percent\":%s}", i ? "," : "",
               show_json(curve[i].ham_lost_percent, 4).text, show_json(curve[i].spam_missed_percent, 4).text);
    printf("],");
    print_calibration_json(&figures->calibration);
    printf("}\n");
}

bool evaluate_figures_print(const struct measure_case *cases, size_t count, size_t skip, bool json,
                            struct failure *failure)
{
    struct figures figures;
    cases += skip;
    count -= skip;
    figures.points = count < CURVE_POINTS ? count : CURVE_POINTS;
    if (!measure_stream(cases, count, BOOTSTRAP_SAMPLES, &figures.all) ||
        !measure_curve(cases, count, figures.curve, figures.points) ||
        !calibration_measure(cases + count / 2, count - count / 2, &figures.calibration))
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the figures");
    if (json)
        print_json(&figures);
    else
        print_text(&figures, skip);
    return true;
}
