/* test-arithmetic.c - exponential, logarithm, and choices of numbers */
#include "unit.h"

#include <math.h>

#include "util/arithmetic.h"

struct row {
    double x, want; /* to the last digit that a double has */
};

static const struct row exponentials[] = {
    { 0.0, 1.0 }, { 1.0, 2.718281828459045 },
    { -1.0, 0.36787944117144233 }, { 0.5, 1.6487212707001282 },
    { -0.5, 0.6065306597126334 }, { 1e-17, 1.0 },
    { -1e-300, 1.0 }, { 0.34657359027997264, 1.414213562373095 },
    { 0.3465735902799727, 1.4142135623730951 }, { 2.5, 12.182493960703473 },
    { -6.25, 0.0019304541362277093 }, { 36.7, 8681754200535380.0 },
    { -36.7, 1.1518409493076097e-16 }, { 100.125, 3.0460357809113723e+43 },
    { -708.3, 2.450295530965988e-308 }, { -720.5, 1.2326102893e-313 },
    { -745.13, 5e-324 }, { 709.78, 1.7928227943945155e+308 },
    { 1e-05, 1.00001000005 }, { 9.832135591176154, 18622.682224395317 },
    { 19.342959140858355, 251501406.7325373 }, { 23.615485245255734, 18033288450.67662 },
    { 35.39602270216403, 2356662226741427.0 }, { 19.191885979194453, 216237084.94486055 },
    { 33.78599973323335, 471056769889808.7 }, { -37.67958173731082, 4.324795446195204e-17 },
    { -2.750187649751574, 0.06391586628489074 }, { 35.468537359865095, 2533903413503346.0 },
    { INFINITY, INFINITY }, { -INFINITY, 0 }, { 710, INFINITY }, { -746, 0 }, { NAN, NAN },
};

static const struct row logarithms[] = {
    { 1.0, 0.0 }, { 0.5, -0.6931471805599453 },
    { 2.0, 0.6931471805599453 }, { 0.7071067811865475, -0.34657359027997275 },
    { 0.7071067811865477, -0.3465735902799724 }, { 1.4142135623730951, 0.3465735902799727 },
    { 0.9999999999999999, -1.1102230246251565e-16 }, { 1.0000000000000002, 2.2204460492503128e-16 },
    { 1.7976931348623157e+308, 709.782712893384 }, { 2.2250738585072014e-308, -708.3964185322641 },
    { 5e-324, -744.4400719213812 }, { 1e-310, -713.8013788281542 },
    { 10.0, 2.302585092994046 }, { 1e-09, -20.72326583694641 },
    { 3.0, 1.0986122886681098 }, { 3761.744332121966, 8.232638046924745 },
    { 4184193900.19974, 22.154579905895194 }, { 5.211264921702133e-10, -21.37502831636836 },
    { 0.18099106967717984, -1.7093075877336212 }, { 8.274618558039294e-07, -14.004902826462855 },
    { 11.226919836381704, 2.418314451198341 }, { 59.509802682998036, 4.08614104995639 },
    { 2.064146655050176e-12, -26.906304217030055 }, { 1.590432387624604e-07, -15.65408972979341 },
    { 0, -INFINITY }, { -0.0, -INFINITY }, { INFINITY, INFINITY }, { -1, NAN }, { -INFINITY, NAN }, { NAN, NAN },
};

static const struct row logarithms_of_more[] = {
    { 0.0, 0.0 }, { 1e-20, 1e-20 },
    { -1e-20, -1e-20 }, { 1e-10, 9.999999999500001e-11 },
    { 0.001, 0.0009995003330835331 }, { -0.001, -0.0010005003335835335 },
    { 0.5, 0.4054651081081644 }, { -0.5, -0.6931471805599453 },
    { -0.999, -6.907755278982136 }, { 1.0, 0.6931471805599453 },
    { 41.0, 3.7376696182833684 }, { 1500.0, 7.313886831633462 },
    { 1000000000000000.0, 34.538776394910684 }, { 1e+300, 690.7755278982137 },
    { -1, -INFINITY }, { INFINITY, INFINITY }, { -1.5, NAN }, { -INFINITY, NAN }, { NAN, NAN },
};

/* Neighbours of `want`, so many steps away, are right as well. */
static void check(const char *name, const struct row *row, double got, int steps)
{
    double low = row->want, high = row->want;
    for (int i = 0; i < steps; i++) {
        low = nextafter(low, -INFINITY);
        high = nextafter(high, INFINITY);
    }
    bool is_right = isnan(row->want) ? isnan(got) : isinf(row->want) ? got == row->want : got >= low && got <= high;
    if (!is_right)
        fail_msg("%s(%.17g) is %.17g and not %.17g", name, row->x, got, row->want);
}

static void functions_are_those_of_the_library(void **state)
{
    for (size_t i = 0; i < sizeof exponentials / sizeof *exponentials; i++)
        check("exp", &exponentials[i], real_exp(exponentials[i].x), 1);
    for (size_t i = 0; i < sizeof logarithms / sizeof *logarithms; i++)
        check("log", &logarithms[i], real_log(logarithms[i].x), 1);
    for (size_t i = 0; i < sizeof logarithms_of_more / sizeof *logarithms_of_more; i++)
        check("log1p", &logarithms_of_more[i], real_log1p(logarithms_of_more[i].x), 2);
}

static void numbers_are_rounded_away_from_zero(void **state)
{
    static const struct { double x; long want; } rows[] = {
        { 0, 0 }, { 0.5, 1 }, { -0.5, -1 }, { 0.49999999999999994, 0 }, { -0.49999999999999994, 0 }, { 1.5, 2 },
        { 2.5, 3 }, { -2.5, -3 }, { 2.4999999999999996, 2 }, { 7, 7 }, { -7.2, -7 },
        { 4503599627370497.5, 4503599627370498 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(real_round(rows[i].x), rows[i].want);
}

static void what_is_no_number_is_not_chosen(void **state)
{
    static const struct { double a, b, least, most; } rows[] = {
        { 1, 2, 1, 2 }, { 2, 1, 1, 2 }, { -1, -1, -1, -1 }, { NAN, 3, 3, 3 }, { 3, NAN, 3, 3 },
        { -INFINITY, 5, -INFINITY, 5 }, { INFINITY, 5, 5, INFINITY },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(real_min(rows[i].a, rows[i].b) == rows[i].least);
        assert_true(real_max(rows[i].a, rows[i].b) == rows[i].most);
    }
    assert_true(isnan(real_min(NAN, NAN)) && isnan(real_max(NAN, NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_those_of_the_library),
        cmocka_unit_test(numbers_are_rounded_away_from_zero),
        cmocka_unit_test(what_is_no_number_is_not_chosen),
    };
    return cmocka_run_group_tests_name("arithmetic", tests, NULL, NULL);
}
