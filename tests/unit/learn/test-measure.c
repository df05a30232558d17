/* test-measure.c - the measures, on streams small enough to count by hand */
#include "unit.h"

#include <math.h>

#include "learn/measure.h"

#define H(score) { score, (score) > 0, false, LABEL_HAM }
#define S(score) { score, (score) > 0, false, LABEL_SPAM }

static bool is_same(double got, double want)
{
    return isnan(want) ? isnan(got) : fabs(got - want) <= 1e-9;
}

static void areas_are_counted_right(void **state)
{
    static const struct {
        const char *name;
        struct measure_case cases[6];
        size_t count;
        double area, missed, ham_lost; /* NAN: there is none */
    } rows[] = {
        { "perfect", { H(-2), H(-1), S(1), S(2) }, 4, 0, 0, 0 },
        { "upside down", { S(-2), S(-1), H(1), H(2) }, 4, 100, 100, 100 },
        { "a tie counts half", { H(1), S(1) }, 2, 50, 0, 100 },
        { "one of four pairs", { H(-2), H(1.5), S(1), S(2) }, 4, 25, 0, 50 },
        { "no spam", { H(-1), H(1) }, 2, NAN, NAN, 50 },
        { "no ham", { S(-1), S(1) }, 2, NAN, 50, NAN },
        { "nothing", { H(0) }, 0, NAN, NAN, NAN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct measure measure;
        assert_true(measure_stream(rows[i].cases, rows[i].count, 0, &measure));
        bool both = measure.ham && measure.spam;
        if (!is_same(measure.area_above_roc.value, rows[i].area) ||
            !is_same(measure.spam_missed_percent, rows[i].missed) ||
            !is_same(measure.ham_lost_percent, rows[i].ham_lost) || isnan(measure.missed_at_per_mille) == both ||
            isnan(measure.logistic_average_percent) == both)
            fail_msg("%s: got %g %g %g", rows[i].name, measure.area_above_roc.value, measure.spam_missed_percent,
                     measure.ham_lost_percent);
    }
}

/* 2,000 ham at 0..1999, 100 spam at 1990.5 and up to 2089.5: 0.1 % allows two ham (1999, 1998), so spam up to 1997 is
 * missed. */
static void threshold_for_one_in_a_thousand(void **state)
{
    static struct measure_case cases[2100];
    for (int i = 0; i < 2000; i++)
        cases[i] = (struct measure_case){ i, false, false, LABEL_HAM };
    for (int i = 0; i < 100; i++)
        cases[2000 + i] = (struct measure_case){ 1990.5 + i, true, false, LABEL_SPAM };
    struct measure measure;
    assert_true(measure_stream(cases, 2100, 0, &measure));
    assert_true(fabs(measure.missed_at_per_mille - 7) < 1e-9); /* 1990.5 to 1996.5 */
    for (int i = 0; i < 2100; i++)
        cases[i].score = 1; /* saturated: nothing can be told apart */
    assert_true(measure_stream(cases, 2100, 0, &measure));
    assert_true(fabs(measure.missed_at_per_mille - 100) < 1e-9);
}

static void interval_holds_the_value_and_repeats(void **state)
{
    static struct measure_case cases[400];
    for (int i = 0; i < 400; i++)
        cases[i] = (struct measure_case){ (i * 37 % 100) + (i % 2 ? 60 : 0), i % 2, i % 3 == 0,
                                         i % 2 ? LABEL_SPAM : LABEL_HAM };
    struct measure one, two;
    assert_true(measure_stream(cases, 400, 200, &one) && measure_stream(cases, 400, 200, &two));
    assert_true(one.area_above_roc.low < one.area_above_roc.value &&
                one.area_above_roc.value < one.area_above_roc.high);
    assert_true(one.area_above_roc.low == two.area_above_roc.low && one.area_above_roc.high == two.area_above_roc.high);
    assert_int_equal(one.ham_unsure + one.spam_unsure, 134);
}

/* One ham above one spam: whoever drew both classes together would find one class alone in every second resample. */
static void resamples_hold_both_classes(void **state)
{
    static const struct measure_case cases[] = { H(2), S(1) };
    struct measure measure;
    assert_true(measure_stream(cases, 2, 200, &measure));
    assert_true(measure.area_above_roc.low == 100 && measure.area_above_roc.high == 100);
}

static void logistic_average_is_between(void **state)
{
    static struct measure_case cases[2000];
    for (int i = 0; i < 2000; i++) /* 1 % of ham lost, 10 % of spam missed */
        cases[i] = (struct measure_case){ i, i < 1000 ? i % 100 == 0 : i % 10 != 0, false,
                                         i < 1000 ? LABEL_HAM : LABEL_SPAM };
    struct measure measure;
    assert_true(measure_stream(cases, 2000, 0, &measure));
    assert_true(measure.logistic_average_percent > 3.0 &&
                measure.logistic_average_percent < 3.6); /* 3.24 without smoothing */
}

static void curve_covers_the_stream_once(void **state)
{
    static const struct measure_case cases[] = { H(1), H(-1), S(1), S(2), H(-2), S(-1), S(3) };
    struct measure curve[3];
    assert_true(measure_curve(cases, 7, curve, 3));
    size_t ham = 0, spam = 0;
    for (size_t i = 0; i < 3; i++) {
        ham += curve[i].ham;
        spam += curve[i].spam;
    }
    assert_int_equal(ham, 3);
    assert_int_equal(spam, 4);
    assert_int_equal(curve[0].ham_lost, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_counted_right),
        cmocka_unit_test(threshold_for_one_in_a_thousand),
        cmocka_unit_test(interval_holds_the_value_and_repeats),
        cmocka_unit_test(resamples_hold_both_classes),
        cmocka_unit_test(logistic_average_is_between),
        cmocka_unit_test(curve_covers_the_stream_once),
    };
    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
