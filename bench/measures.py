"""measures.py - how good a filter was on labelled mail: arithmetic only, nothing of mail or programs.

The measures of the TREC spam tracks (Cormack and Lynam, "TREC 2005 Spam Track Overview", section 4), and of
calibration (Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015;
Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; Brier 1950).
src/learn/measure.c computes the figures of the first kind for `tamis evaluate`; tests/bench holds the two against each
other.

Scores may be on any scale, spam high.  Shares are returned in percent.  What a class is missing for is NONE, a NaN:
it is no figure, and must not look like a perfect one.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Sequence

HAM_LOST_LIMIT = 0.001  # "spam missed at 0.1 % ham lost"
PROBABILITY_BOUND = 1e-6  # log-loss of a probability of exactly 0 or 1 is cut here, for every filter alike
BINS = 15  # Guo et al. use 15 bins
NONE = math.nan


@dataclass(frozen=True)
class Case:
    """One message of a stream: what was said before the truth was known, and the truth."""

    is_spam: bool
    verdict: str  # "ham", "unsure" or "spam"; only spam is lost to its reader
    score: float
    probability: float | None = None  # of spam, where the filter claims one


@dataclass(frozen=True)
class Interval:
    value: float
    low: float
    high: float
    drawn: tuple[float, ...] = ()  # the value in each round of the bootstrap, in their order


@dataclass(frozen=True)
class Bin:
    """Messages of similar probability: what was claimed on average, and what came true."""

    count: int
    claimed: float
    observed: float


def percent(part: float, whole: float) -> float:
    """`part` of `whole` in percent."""
    return 100.0 * part / whole if whole else NONE


def score_groups(cases: Sequence[Case]) -> list[tuple[list[int], list[int]]]:
    """The indexes of ham and of spam for each distinct score, from the lowest score up."""
    order = sorted(range(len(cases)), key=lambda index: cases[index].score)
    groups: list[tuple[list[int], list[int]]] = []
    last = None
    for index in order:
        if not groups or cases[index].score != last:
            groups.append(([], []))
            last = cases[index].score
        groups[-1][cases[index].is_spam].append(index)
    return groups


def area_of_counts(counts: Sequence[tuple[int, int]]) -> float:
    """The area above the ROC curve in percent, from (ham, spam) for each distinct score, lowest score first.

    It is the chance that a ham drawn at random scores above a spam drawn at random; equal scores count half.
    """
    ham_total = sum(ham for ham, _ in counts)
    spam_total = sum(spam for _, spam in counts)
    if not ham_total or not spam_total:
        return NONE
    ham_above = ham_total
    pairs = 0.0
    for ham, spam in counts:
        ham_above -= ham
        pairs += spam * (ham_above + ham / 2)
    return 100.0 * pairs / (ham_total * spam_total)


def area_above_roc(cases: Sequence[Case]) -> float:
    """(1-ROCA)%."""
    return area_of_counts([(len(ham), len(spam)) for ham, spam in score_groups(cases)])


def area_interval(cases: Sequence[Case], rounds: int, seed: int = 1) -> Interval:
    """(1-ROCA)% with its 95 % interval: the percentile bootstrap over messages (Efron 1979), repeatable by its seed.

    As many ham are drawn from the ham, and spam from the spam, as there are (src/learn/measure.h says why).  Which ones
    does not depend on what was said of them: a round draws the same messages of a stream for every filter.
    """
    groups = score_groups(cases)
    value = area_of_counts([(len(ham), len(spam)) for ham, spam in groups])
    if math.isnan(value) or not rounds:
        return Interval(value, value, value)
    group_of = {index: number for number, group in enumerate(groups) for members in group for index in members}
    ham = [group_of[index] for index, case in enumerate(cases) if not case.is_spam]
    spam = [group_of[index] for index, case in enumerate(cases) if case.is_spam]
    drawn = tuple(resampled_area(ham, spam, len(groups), random.Random(f"{seed} {turn}")) for turn in range(rounds))
    return interval_of(value, drawn)


def interval_of(value: float, drawn: tuple[float, ...]) -> Interval:
    ordered = sorted(drawn)
    return Interval(value, ordered[len(drawn) * 25 // 1000], ordered[len(drawn) * 975 // 1000], drawn)


def resampled_area(ham: Sequence[int], spam: Sequence[int], groups: int, generator: random.Random) -> float:
    """The area of as many messages of each class, drawn with replacement; given is the score group of each."""
    counts = [[0, 0] for _ in range(groups)]
    for truth, places in enumerate((ham, spam)):
        for group in generator.choices(places, k=len(places)):
            counts[group][truth] += 1
    return area_of_counts([(one[0], one[1]) for one in counts])


def difference(one: Interval, other: Interval) -> Interval:
    """How much more the first is than the other on the same messages, in the same order: the paired bootstrap.

    What is hard in a resample is hard for both, so this tells filters apart whose own intervals overlap.
    """
    value = one.value - other.value
    if math.isnan(value) or not one.drawn or not other.drawn:
        return Interval(value, value, value)
    return interval_of(value, tuple(first - second for first, second in zip(one.drawn, other.drawn, strict=True)))


def missed_at_limit(cases: Sequence[Case], limit: float = HAM_LOST_LIMIT) -> float:
    """Spam missed, in percent, if the threshold were set so that at most `limit` of the ham is lost.

    Spam that scores no higher than the first ham that must not be lost is missed: no threshold parts the two.
    """
    ham_scores = sorted((case.score for case in cases if not case.is_spam), reverse=True)
    spam_scores = [case.score for case in cases if case.is_spam]
    if not ham_scores or not spam_scores:
        return NONE
    allowed = int(len(ham_scores) * limit)
    if allowed >= len(ham_scores):
        return 0.0
    threshold = ham_scores[allowed]
    return percent(sum(score <= threshold for score in spam_scores), len(spam_scores))


def logit_of_rate(errors: int, count: int) -> float:
    """The logit of a rate, kept from infinity by half a message."""
    return math.log((errors + 0.5) / (count - errors + 0.5))


def logistic_average(ham_lost: int, ham: int, spam_missed: int, spam: int) -> float:
    """lam%: logistic of the mean logit of both error rates (Cormack and Lynam)."""
    if not ham or not spam:
        return NONE
    mean = (logit_of_rate(ham_lost, ham) + logit_of_rate(spam_missed, spam)) / 2
    return 100.0 / (1.0 + math.exp(-mean))


@dataclass(frozen=True)
class Measures:
    """The figures of one stream."""

    ham: int
    spam: int
    ham_lost: int
    spam_missed: int
    ham_unsure: int
    spam_unsure: int
    area: Interval
    missed_at_limit: float

    @property
    def ham_lost_percent(self) -> float:
        return percent(self.ham_lost, self.ham)

    @property
    def spam_missed_percent(self) -> float:
        return percent(self.spam_missed, self.spam)

    @property
    def logistic_average(self) -> float:
        return logistic_average(self.ham_lost, self.ham, self.spam_missed, self.spam)


def measure(cases: Sequence[Case], rounds: int = 0) -> Measures:
    """All figures of a stream; `rounds` of bootstrap for the interval of the area, 0 for none."""
    ham = [case for case in cases if not case.is_spam]
    spam = [case for case in cases if case.is_spam]
    return Measures(
        ham=len(ham),
        spam=len(spam),
        ham_lost=sum(case.verdict == "spam" for case in ham),
        spam_missed=sum(case.verdict != "spam" for case in spam),
        ham_unsure=sum(case.verdict == "unsure" for case in ham),
        spam_unsure=sum(case.verdict == "unsure" for case in spam),
        area=area_interval(cases, rounds),
        missed_at_limit=missed_at_limit(cases),
    )


def stretches(cases: Sequence[Case], count: int) -> list[Sequence[Case]]:
    """The stream in `count` stretches of equal length up to one message."""
    return [cases[len(cases) * i // count : len(cases) * (i + 1) // count] for i in range(count)]


# --- calibration: does a probability come true? ---------------------------------------------------------------------


def claimed_cases(cases: Sequence[Case]) -> list[tuple[float, bool]]:
    """(probability of spam, truth) of the cases that claim a probability, lowest first."""
    return sorted((case.probability, case.is_spam) for case in cases if case.probability is not None)


def make_bin(members: Sequence[tuple[float, bool]]) -> Bin:
    count = len(members)
    claimed = sum(probability for probability, _ in members) / count
    return Bin(count, claimed, sum(is_spam for _, is_spam in members) / count)


def bins_of_equal_width(cases: Sequence[Case], bins: int = BINS) -> list[Bin]:
    """[0, 1] cut into equal parts, as Guo et al. do; empty parts are left out.  1.0 belongs to the last part."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, is_spam in claimed_cases(cases):
        parts[min(int(probability * bins), bins - 1)].append((probability, is_spam))
    return [make_bin(part) for part in parts if part]


def bins_of_equal_mass(cases: Sequence[Case], bins: int = BINS) -> list[Bin]:
    """As many messages in each bin, up to one (Naeini et al.): tells more where nearly all are at 0 or 1."""
    claimed = claimed_cases(cases)
    parts = [claimed[len(claimed) * i // bins : len(claimed) * (i + 1) // bins] for i in range(bins)]
    return [make_bin(part) for part in parts if part]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error in percent: |observed - claimed|, weighed by the messages in each bin."""
    total = sum(one.count for one in bins)
    return percent(sum(one.count * abs(one.observed - one.claimed) for one in bins), total)


def log_loss(cases: Sequence[Case]) -> float:
    """Mean of -ln(probability given to what came true), in nats; probabilities cut at PROBABILITY_BOUND."""
    claimed = claimed_cases(cases)
    total = 0.0
    for probability, is_spam in claimed:
        bounded = min(max(probability, PROBABILITY_BOUND), 1 - PROBABILITY_BOUND)
        total -= math.log(bounded if is_spam else 1 - bounded)
    return total / len(claimed) if claimed else NONE


def brier_score(cases: Sequence[Case]) -> float:
    """Mean squared difference between probability and truth (Brier 1950)."""
    claimed = claimed_cases(cases)
    return sum((probability - is_spam) ** 2 for probability, is_spam in claimed) / len(claimed) if claimed else NONE
