/* test-calibration.c - claimed against observed, on streams small enough to count by hand */
#include "unit.h"

#include <math.h>

#include "learn/calibration.h"

#define CASES 1500
#define IN_BIN (CASES / CALIBRATION_BINS)

/* Messages with nearly these log-odds, so many of each ten spam; mixed, so that each bin has its share of both. */
static void fill(struct measure_case *cases, size_t count, double log_odds, size_t spam_in_ten)
{
    for (size_t i = 0; i < count; i++)
        cases[i] = (struct measure_case){ .score = log_odds + 1e-7 * (double)i,
                                          .truth = i % 10 < spam_in_ten ? LABEL_SPAM : LABEL_HAM };
}

static void errors_are_counted_right(void **state)
{
    static const struct {
        const char *name;
        struct {
            double log_odds;
            size_t spam_in_ten;
        } thirds[3];
        double error_percent, log_loss;
    } rows[] = {
        { "honest and in doubt", { { 0, 5 }, { 0, 5 }, { 0, 5 } }, 0, 0.693147 },
        { "certain and right", { { -50, 0 }, { -50, 0 }, { 50, 10 } }, 0, 0.000001 },
        { "certain and wrong", { { -50, 10 }, { 50, 0 }, { 50, 0 } }, 100, 13.815511 },
        /* P = 0.119203, 0.5 and 0.880797, and 1, 5 and 9 of ten are spam: off by 0.019203, 0 and 0.019203 */
        { "a little timid", { { -2, 1 }, { 0, 5 }, { 2, 9 } }, 1.2802, 0.449001 },
        /* P = 0.880797, and none of it is spam */
        { "wrong in one third", { { 2, 0 }, { 0, 5 }, { 0, 5 } }, 29.3599, 1.171074 },
    };
    static struct measure_case cases[CASES];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calibration got;
        for (size_t j = 0; j < 3; j++)
            fill(cases + j * (CASES / 3), CASES / 3, rows[i].thirds[j].log_odds + 1e-4 * (double)j,
                 rows[i].thirds[j].spam_in_ten);
        assert_true(calibration_measure(cases, CASES, &got));
        if (fabs(got.error_percent - rows[i].error_percent) > 0.01 || fabs(got.log_loss - rows[i].log_loss) > 0.0002)
            fail_msg("%s: got %g %% and %g", rows[i].name, got.error_percent, got.log_loss);
        for (size_t j = 0; j < CALIBRATION_BINS; j++)
            if (got.bins[j].count != IN_BIN || (j && got.bins[j].claimed < got.bins[j - 1].claimed))
                fail_msg("%s: bin %zu", rows[i].name, j);
    }
}

static void few_messages_leave_bins_empty(void **state)
{
    static const struct measure_case cases[] = { { .score = 1, .truth = LABEL_SPAM },
                                                 { .score = -1, .truth = LABEL_HAM } };
    struct calibration got;
    assert_true(calibration_measure(cases, 0, &got));
    assert_true(got.error_percent == 0 && got.log_loss == 0 && got.bins[0].count == 0);
    assert_true(calibration_measure(cases, 2, &got));
    size_t count = 0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        count += got.bins[i].count;
    assert_int_equal(count, 2);
    assert_true(fabs(got.error_percent - 26.8941) < 0.001); /* 1 - P(1), twice over two */
}

/* Of equal probabilities the order of the stream must not decide which bin a message is in. */
static void order_does_not_matter(void **state)
{
    static struct measure_case cases[CASES], turned[CASES];
    for (size_t i = 0; i < CASES; i++)
        cases[i] = (struct measure_case){ .score = (double)(i % 4), .truth = i % 3 ? LABEL_HAM : LABEL_SPAM };
    for (size_t i = 0; i < CASES; i++)
        turned[i] = cases[CASES - 1 - i];
    struct calibration one, two;
    assert_true(calibration_measure(cases, CASES, &one) && calibration_measure(turned, CASES, &two));
    assert_true(one.error_percent == two.error_percent && one.log_loss == two.log_loss);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_counted_right),
        cmocka_unit_test(few_messages_leave_bins_empty),
        cmocka_unit_test(order_does_not_matter),
    };
    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
