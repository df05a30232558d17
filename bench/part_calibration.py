"""part_calibration.py - does a probability come true?  The second half of each stream, taught the truth at once."""

from __future__ import annotations

from typing import Iterator

from corpus import Corpus
from measures import (
    BINS,
    Bin,
    Case,
    bins_of_equal_mass,
    bins_of_equal_width,
    brier_score,
    calibration_error,
    claimed_cases,
    log_loss,
)
from part_accuracy import cuts, streams_of
from plots import Line, Plot
from replay import Bench
from tables import Block, Table
from users import MODES

Halves = dict[str, list[Case]]


def make(bench: Bench) -> Iterator[Block]:
    for corpus in cuts(bench):
        streams = streams_of(bench, corpus, MODES["always"])
        halves = {name: cases[len(cases) // 2 :] for name, cases in streams.items() if claimed_cases(cases)}
        if halves:
            yield calibration_table(corpus, halves)
            yield diagram(corpus, halves)
        if "tamis" in halves:
            yield bins_table(corpus, bins_of_equal_mass(halves["tamis"]))


def calibration_table(corpus: Corpus, halves: Halves) -> Table:
    table = Table(
        f"{corpus.title}: calibration, second half",
        ["filter", f"error %, {BINS} bins of equal width", f"error %, {BINS} bins of equal mass", "log-loss", "Brier"],
        note="Expected calibration error; SpamAssassin, rspamd and crm114 claim no probability.",
    )
    for name, cases in halves.items():
        table.rows.append(
            [
                name,
                f"{calibration_error(bins_of_equal_width(cases)):.2f}",
                f"{calibration_error(bins_of_equal_mass(cases)):.2f}",
                f"{log_loss(cases):.4f}",
                f"{brier_score(cases):.4f}",
            ]
        )
    return table


def diagram(corpus: Corpus, halves: Halves) -> Block:
    """The reliability diagram: a filter whose probabilities come true lies on the line from corner to corner."""
    plot = Plot(f"{corpus.title}: reliability, second half", "probability of spam claimed", "share that was spam")
    for name, cases in halves.items():
        plot.lines.append(Line(name, [(one.claimed, one.observed) for one in bins_of_equal_width(cases)]))
    plot.lines.append(Line("as claimed", [(part / 20, part / 20) for part in range(21)]))
    return plot.drawing()


def bins_table(corpus: Corpus, bins: list[Bin]) -> Table:
    rows = [[str(one.count), f"{one.claimed:.4f}", f"{one.observed:.4f}"] for one in bins]
    return Table(f"{corpus.title}: tamis, bins of equal mass", ["messages", "claimed", "was spam"], rows)
