"""part_accuracy.py - how often each filter is wrong, for each way of teaching it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Iterator

from corpus import Corpus
from measures import Case, Interval, Measures, difference, measure, percent, stretches
from peers.peer import Peer, PeerError
from plots import Line, Plot
from replay import Bench, stream_cases
from tables import Block, Table, count_and_percent, none_last, shown
from users import Mode

CURVE_POINTS = 10
ALWAYS_COMPARED = ("tamis", "bogofilter")  # measured again on the messages that slower filters are measured on


@dataclass(frozen=True)
class Column:
    """A figure in which filters are compared; low is good."""

    name: str
    value: Callable[[Measures], float]


COMPARED = (
    Column("(1-ROCA)%", lambda figures: figures.area.value),
    Column("ham lost %", lambda figures: figures.ham_lost_percent),
    Column("spam missed %", lambda figures: figures.spam_missed_percent),
    Column("lam%", lambda figures: figures.logistic_average),
    Column("missed at 0.1 %", lambda figures: figures.missed_at_limit),
)

FIGURE_COLUMNS = ["(1-ROCA)%", "95 %", "minus tamis, 95 %", "ham lost %", "spam missed %", "lam%", "missed at 0.1 %"]
FIGURE_COLUMNS += ["unsure % ham/spam"]

Streams = dict[str, list[Case]]


def make(bench: Bench) -> Iterator[Block]:
    compared: list[list[str]] = []
    for corpus in cuts(bench):
        for mode in bench.modes:
            streams = streams_of(bench, corpus, mode)
            if not streams:
                continue
            figures = {name: measure(cases, bench.rounds) for name, cases in streams.items()}
            yield accuracy_table(bench, corpus, mode, streams, figures)
            compared += comparison_rows(corpus.title, mode.name, figures)
            if mode.name == "always":
                yield from curve(corpus, streams)
    if compared:
        yield comparison_table(compared)


def steps(bench: Bench) -> list[int]:
    return sorted({bench.step(kind) for kind in bench.peers})


def cuts(bench: Bench) -> list[Corpus]:
    """Each corpus, whole or with as many of its messages as the filters are measured on."""
    return [corpus.every(step) for corpus in bench.corpora for step in steps(bench)]


def kinds_of(bench: Bench, step: int) -> list[type[Peer]]:
    """The filters that are measured on such a cut, and those that all are compared with."""
    return [
        kind
        for kind in bench.peers
        if bench.step(kind) == step or (kind.name in ALWAYS_COMPARED and bench.step(kind) < step)
    ]


def streams_of(bench: Bench, corpus: Corpus, mode: Mode) -> Streams:
    streams: Streams = {}
    for kind in kinds_of(bench, corpus.step):
        try:
            streams[kind.name] = stream_cases(bench, kind, corpus, mode)
        except PeerError as error:
            bench.messages.append(f"{kind.name} on {corpus.title}, {mode.name}: {error}")
    return streams


def accuracy_table(bench: Bench, corpus: Corpus, mode: Mode, streams: Streams, figures: dict[str, Measures]) -> Table:
    skip = int(len(corpus.messages) * bench.skip_share)
    ham = sum(not message.is_spam for message in corpus.messages)
    table = Table(
        f"{corpus.title}: {mode.title} ({ham} ham, {len(corpus.messages) - ham} spam)",
        ["filter", *FIGURE_COLUMNS, f"after {skip}: (1-ROCA)%", "ham lost %", "spam missed %"],
    )
    for name in ranked(figures):
        later = later_cells(measure(streams[name][skip:]))
        table.rows.append([name, *figure_cells(figures[name], figures.get("tamis")), *later])
    return table


def ranked(figures: dict[str, Measures]) -> list[str]:
    return sorted(figures, key=lambda name: none_last(figures[name].area.value))


def figure_cells(figures: Measures, ours: Measures | None) -> list[str]:
    """`ours`: of tamis on the same messages, if it was measured."""
    unsure = (percent(figures.ham_unsure, figures.ham), percent(figures.spam_unsure, figures.spam))
    return [
        shown(figures.area.value, 4),
        interval_cell(figures.area),
        "" if figures is ours or not ours else difference_cell(difference(figures.area, ours.area)),
        count_and_percent(figures.ham_lost, figures.ham_lost_percent),
        count_and_percent(figures.spam_missed, figures.spam_missed_percent),
        shown(figures.logistic_average, 2),
        shown(figures.missed_at_limit, 2),
        " / ".join(shown(share, 1) for share in unsure),
    ]


def interval_cell(interval: Interval) -> str:
    return f"{shown(interval.low, 4)} to {shown(interval.high, 4)}"


def difference_cell(interval: Interval) -> str:
    value, low, high = (shown(one, 4, "+") for one in (interval.value, interval.low, interval.high))
    return f"{value} ({low} to {high})"


def later_cells(figures: Measures) -> list[str]:
    return [shown(figures.area.value, 4), shown(figures.ham_lost_percent, 2), shown(figures.spam_missed_percent, 2)]


def curve(corpus: Corpus, streams: Streams) -> Iterator[Block]:
    """How it went along the way: errors in each tenth of the stream."""
    table = Table(
        f"{corpus.title}: learning curve",
        ["filter", *[f"to {len(corpus.messages) * (i + 1) // CURVE_POINTS}" for i in range(CURVE_POINTS)]],
        note="Ham lost / spam missed, in messages, in each tenth of the stream.",
    )
    plot = Plot(f"{corpus.title}: wrong verdicts along the way", "messages seen", "wrong verdicts so far", [])
    for name, cases in streams.items():
        parts = [measure(part) for part in stretches(cases, CURVE_POINTS)]
        table.rows.append([name, *[f"{part.ham_lost}/{part.spam_missed}" for part in parts]])
        plot.lines.append(Line(name, wrong_so_far(parts)))
    yield table
    yield plot.drawing()


def wrong_so_far(parts: list[Measures]) -> list[tuple[float, float]]:
    seen = wrong = 0
    points = [(0.0, 0.0)]
    for part in parts:
        seen += part.ham + part.spam
        wrong += part.ham_lost + part.spam_missed
        points.append((float(seen), float(wrong)))
    return points


def comparison_rows(corpus: str, mode: str, figures: dict[str, Measures]) -> list[list[str]]:
    """Where the first filter stands against the best of the others, in each column; empty without both."""
    if "tamis" not in figures or len(figures) < 2:
        return []
    ours = figures["tamis"]
    others = {name: peer for name, peer in figures.items() if name != "tamis"}
    rows = []
    for column in COMPARED:
        best = min(others, key=lambda name: none_last(column.value(others[name])))
        own, other = column.value(ours), column.value(others[best])
        if math.isnan(own) or math.isnan(other):
            continue
        rows.append(
            [corpus, mode, column.name, f"{own:.4f}", f"{other:.4f}", best, standing(column, own, other, others[best])]
        )
    return rows


def standing(column: Column, own: float, other: float, peer: Measures) -> str:
    """A filter that catches little loses little: what it misses is said where it is ahead in ham lost."""
    if own <= other:
        return "ahead" if own < other else "equal"
    return f"BEHIND (misses {peer.spam_missed_percent:.0f} %)" if column.name == "ham lost %" else "BEHIND"


def comparison_table(rows: list[list[str]]) -> Table:
    behind = sum(row[-1].startswith("BEHIND") for row in rows)
    good = len(rows) - behind
    note = f"tamis against the best of all the others in each column: {good} of {len(rows)} ahead or equal."
    columns = ["corpus", "mode", "figure", "tamis", "best peer", "which", "tamis is"]
    return Table("Better than every peer?", columns, rows, note)
