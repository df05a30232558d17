"""part_start.py - the first 500 messages of a new user, from three places of each corpus, with an empty state each.

A filter that can begin with knowledge of other mail is started without it and with it: Peer.starts().
"""

from __future__ import annotations

import math
from typing import Iterator

from corpus import Corpus
from measures import NONE, Case, measure
from part_accuracy import kinds_of, steps
from peers.peer import Peer, PeerError, Start
from replay import Bench, recorded, replay
from tables import Block, Table, shown
from users import MODES

FIRST = 500
PLACES = 3
STRETCHES = ((0, 50), (50, 100), (100, 200), (200, 500))


def make(bench: Bench) -> Iterator[Block]:
    for step in steps(bench):
        for corpus in bench.corpora:
            yield start_table(bench, corpus, step)


def start_table(bench: Bench, corpus: Corpus, step: int) -> Table:
    begins = beginnings(corpus)
    spam = [sum(message.is_spam for message in one.messages) for one in begins]
    table = Table(
        f"{corpus.name}: the first {len(begins[0].messages)} messages of a new user",
        ["filter", *[f"{first + 1} to {last}: lost/missed" for first, last in STRETCHES], "all", "(1-ROCA)%, mean"],
        note=f"Ham lost / spam missed, summed over {PLACES} starts, with {', '.join(map(str, spam))} spam.",
    )
    for kind in kinds_of(bench, step):
        others = [other for other in bench.corpora if other is not corpus]
        for start in kind.starts():
            if start.knows_others and not others:
                continue
            try:
                table.rows.append(start_row(bench, kind, start, begins, others))
            except PeerError as error:
                bench.messages.append(f"{kind.name}, first messages of {corpus.name}: {error}")
    return table


def beginnings(corpus: Corpus) -> list[Corpus]:
    count = min(FIRST, len(corpus.messages))
    last = len(corpus.messages) - count
    places = [last * place // PLACES for place in range(PLACES)]
    cuts = [(f"{corpus.name}-from-{place}", corpus.messages[place : place + count]) for place in places]
    return [Corpus(name, corpus.directory, messages) for name, messages in cuts]


def start_row(bench: Bench, kind: type[Peer], start: Start, begins: list[Corpus], others: list[Corpus]) -> list[str]:
    streams = [started(bench, kind, start, begin, others) for begin in begins]
    row = [f"{kind.name} {start.title}".strip()]
    for first, last in (*STRETCHES, (0, FIRST)):
        parts = [measure(cases[first:last]) for cases in streams]
        row.append(f"{sum(part.ham_lost for part in parts)}/{sum(part.spam_missed for part in parts)}")
    areas = [measure(cases).area.value for cases in streams]
    known = [area for area in areas if not math.isnan(area)]
    return [*row, shown(sum(known) / len(known) if known else NONE, 3)]


def started(bench: Bench, kind: type[Peer], start: Start, corpus: Corpus, others: list[Corpus]) -> list[Case]:
    def go(peer: Peer) -> list[Case]:
        peer.start_options = start.options
        if start.knows_others:
            peer.know(others)
        return replay(peer, corpus, MODES["always"], bench.seed)

    return recorded(bench, kind, corpus, f"start{start.title.replace(' ', '-')}", go)
