"""test_measures.py - the arithmetic of bench/measures.py against figures worked out by hand."""

import math
import unittest

import measures
from measures import NONE, Case


def scored(ham: list[float], spam: list[float]) -> list[Case]:
    return [Case(False, "ham", score) for score in ham] + [Case(True, "spam", score) for score in spam]


def claimed(*pairs: tuple[float, bool]) -> list[Case]:
    return [Case(is_spam, "ham", probability, probability) for probability, is_spam in pairs]


class Figures(unittest.TestCase):
    def assert_figure(self, got: float, want: float) -> None:
        self.assertEqual(math.isnan(got), math.isnan(want), f"{got}, not {want}")
        if not math.isnan(want):
            self.assertAlmostEqual(got, want)


class Area(Figures):
    TABLE = (
        # name, ham scores, spam scores, want
        ("in order", [1, 2], [3, 4], 0),
        ("upside down", [3, 4], [1, 2], 100),
        ("all equal: each pair counts half", [5, 5, 5], [5, 5], 50),
        ("one ham of three above one spam of two, one tie: 1.5 of 6 pairs", [1, 2, 3], [2, 4], 25),
        ("no spam", [1, 2], [], NONE),
        ("no ham", [], [1, 2], NONE),
        ("nothing", [], [], NONE),
        ("negative scores", [-3, -1], [-2], 50),
    )

    def test_area(self) -> None:
        for name, ham, spam, want in self.TABLE:
            with self.subTest(name):
                self.assert_figure(measures.area_above_roc(scored(ham, spam)), want)

    def test_order_of_cases_does_not_matter(self) -> None:
        cases = scored([1, 2, 3], [2, 4])
        self.assertEqual(measures.area_above_roc(cases[::-1]), measures.area_above_roc(cases))


class Bootstrap(unittest.TestCase):
    def test_nothing_varies_when_all_is_right(self) -> None:
        interval = measures.area_interval(scored([1, 2, 3], [4, 5, 6]), rounds=50)
        self.assertEqual((interval.value, interval.low, interval.high), (0, 0, 0))

    def test_each_drawing_holds_both_classes(self) -> None:
        """Were they drawn together, half of the drawings would hold one alone."""
        interval = measures.area_interval(scored([2], [1]), rounds=200)
        self.assertEqual((interval.value, interval.low, interval.high), (100, 100, 100))

    def test_no_interval_of_no_figure(self) -> None:
        interval = measures.area_interval(scored([1, 2], []), rounds=50)
        self.assertTrue(math.isnan(interval.value) and math.isnan(interval.low) and math.isnan(interval.high))

    def test_holds_the_value_and_repeats(self) -> None:
        cases = scored([1, 2, 3, 4, 5, 6, 7, 8], [5, 7, 9, 10, 11, 12])
        first = measures.area_interval(cases, rounds=200)
        self.assertEqual(first, measures.area_interval(cases, rounds=200))
        self.assertNotEqual(first, measures.area_interval(cases, rounds=200, seed=2))
        self.assertLess(first.low, first.value)
        self.assertLess(first.value, first.high)

    def test_width_is_that_of_the_normal_approximation(self) -> None:
        """400 ham and 400 spam in two equal scores, 10 % each on the wrong side: the area is the error rate.

        For a binary score the area is (a + b) / 2 with a, b the two rates, so its deviation is sqrt(2 x 0.09/400) / 2
        = 1.06 %, and the interval is 10 +- 2.08 %.
        """
        cases = scored([0] * 360 + [1] * 40, [1] * 360 + [0] * 40)
        interval = measures.area_interval(cases, rounds=1000)
        self.assertAlmostEqual(interval.value, 10)
        self.assertAlmostEqual(interval.low, 10 - 2.08, delta=0.3)
        self.assertAlmostEqual(interval.high, 10 + 2.08, delta=0.3)


class Difference(unittest.TestCase):
    HAM, SPAM = [1, 2, 3, 4, 5, 6, 7, 8], [5, 7, 9, 10, 11, 12]

    def test_the_same_filter(self) -> None:
        one = measures.area_interval(scored(self.HAM, self.SPAM), rounds=100)
        scaled = measures.area_interval(scored([10 * x for x in self.HAM], [10 * x for x in self.SPAM]), rounds=100)
        self.assertLess(one.low, one.high)
        got = measures.difference(scaled, one)
        self.assertEqual((got.value, got.low, got.high), (0, 0, 0), "each round draws the same messages for both")

    def test_one_that_is_worse_on_the_same_messages(self) -> None:
        """300 of each; both err in the same 10 % of both classes, the second in 2 % more of the spam.

        Its area is larger by half of that, 1 %, in each round by half of the share that was drawn: a deviation of
        sqrt(0.02 x 0.98 / 300) / 2 = 0.40 %, and an interval of 1 +- 0.79 %.  Those of the two themselves, 10 +- 2.4
        and 11 +- 2.4 %, overlap.
        """
        first = [1] * 30 + [0] * 270, [0] * 30 + [1] * 270
        second = [1] * 30 + [0] * 270, [0] * 36 + [1] * 264
        one, two = (measures.area_interval(scored(*scores), rounds=1000) for scores in (first, second))
        self.assertLess(two.low, one.high)
        got = measures.difference(two, one)
        self.assertAlmostEqual(got.value, 1)
        self.assertAlmostEqual(got.low, 0.33, delta=0.2)
        self.assertAlmostEqual(got.high, 1.8, delta=0.2)

    def test_none(self) -> None:
        one = measures.area_interval(scored([1], []), rounds=10)
        self.assertTrue(math.isnan(measures.difference(one, one).low))


class Rates(Figures):
    MISSED = (
        # name, ham scores, spam scores, share of ham that may be lost, want
        ("two of four ham may be lost: the threshold lies above 2", [1, 2, 3, 4], [1.5, 2, 2.5], 0.5, 200 / 3),
        ("none may be lost", [1, 2, 3, 4], [3, 4, 5], 0.001, 200 / 3),
        ("spam that ties with the ham to keep is missed", [9], [9], 0.001, 100),
        ("all ham may be lost", [1, 2], [0], 1, 0),
        ("no ham", [], [1], 0.001, NONE),
        ("no spam", [1], [], 0.001, NONE),
    )

    def test_missed_at_limit(self) -> None:
        for name, ham, spam, limit, want in self.MISSED:
            with self.subTest(name):
                self.assert_figure(measures.missed_at_limit(scored(ham, spam), limit), want)

    LOGISTIC_AVERAGE = (
        # name, ham lost, ham, spam missed, spam, want
        ("1 of 10 both: odds 1.5 to 9.5", 1, 10, 1, 10, 100 * 1.5 / 11),
        ("the means of opposites is a half", 0, 1, 1, 1, 50),
        ("no spam", 1, 10, 0, 0, NONE),
        ("none of 99 both: odds 0.5 to 99.5", 0, 99, 0, 99, 0.5),
    )

    def test_logistic_average(self) -> None:
        for name, ham_lost, ham, spam_missed, spam, want in self.LOGISTIC_AVERAGE:
            with self.subTest(name):
                self.assert_figure(measures.logistic_average(ham_lost, ham, spam_missed, spam), want)

    def test_unsure_is_not_lost(self) -> None:
        verdicts = ((False, "ham"), (False, "unsure"), (False, "spam"), (True, "unsure"), (True, "spam"))
        got = measures.measure([Case(is_spam, verdict, 0) for is_spam, verdict in verdicts])
        self.assertEqual(
            (got.ham, got.spam, got.ham_lost, got.spam_missed, got.ham_unsure, got.spam_unsure), (3, 2, 1, 1, 1, 1)
        )

    def test_stretches_leave_nothing_out(self) -> None:
        self.assertEqual([len(part) for part in measures.stretches(scored([0] * 7, []), 3)], [2, 2, 3])


class Calibration(unittest.TestCase):
    HALF_WRONG = claimed((0.05, False), (0.05, False), (0.95, True), (0.95, False))

    def test_equal_width(self) -> None:
        """|0 - 0.05| for two and |0.5 - 0.95| for two: (0.1 + 0.9) / 4."""
        bins = measures.bins_of_equal_width(self.HALF_WRONG, 10)
        self.assertEqual([one.count for one in bins], [2, 2])
        self.assertAlmostEqual(measures.calibration_error(bins), 25)

    def test_equal_mass(self) -> None:
        """|0.5 - 0.1| and |1 - 0.8|, two each."""
        bins = measures.bins_of_equal_mass(claimed((1, True), (0, False), (0.6, True), (0.2, True)), 2)
        self.assertEqual([(one.count, one.observed) for one in bins], [(2, 0.5), (2, 1)])
        self.assertAlmostEqual(measures.calibration_error(bins), 30)

    def test_ends_belong_to_a_bin(self) -> None:
        bins = measures.bins_of_equal_width(claimed((0, False), (1, True)), 15)
        self.assertEqual(measures.calibration_error(bins), 0)
        self.assertEqual(sum(one.count for one in bins), 2)

    def test_no_claim_is_left_out(self) -> None:
        self.assertEqual(measures.claimed_cases(scored([1], [2])), [])
        self.assertTrue(math.isnan(measures.calibration_error([])))

    def test_brier(self) -> None:
        self.assertAlmostEqual(measures.brier_score(self.HALF_WRONG), (3 * 0.05**2 + 0.95**2) / 4)

    def test_log_loss(self) -> None:
        self.assertAlmostEqual(measures.log_loss(claimed((0.5, True), (0.5, False))), math.log(2))
        self.assertAlmostEqual(measures.log_loss(claimed((0, True))), -math.log(1e-6))


if __name__ == "__main__":
    unittest.main()
