"""part_transfer.py - trained on one corpus in bulk, tested on another, nothing learned in between: whose mail is it?"""

from __future__ import annotations

from typing import Iterator

from corpus import Corpus
from measures import Case, measure
from part_accuracy import FIGURE_COLUMNS, comparison_rows, comparison_table, figure_cells, kinds_of, ranked, steps
from peers.peer import Peer, PeerError
from replay import Bench, judge_only, recorded
from tables import Block, Table


def make(bench: Bench) -> Iterator[Block]:
    compared: list[list[str]] = []
    for step in steps(bench):
        for training in bench.corpora:
            for test in bench.corpora:
                if training is not test:
                    table, rows = transfer(bench, training.every(step), test.every(step))
                    compared += rows
                    yield table
    if compared:
        yield comparison_table(compared)


def transfer(bench: Bench, training: Corpus, test: Corpus) -> tuple[Table, list[list[str]]]:
    title = f"trained on {training.title}, tested on {test.title}"
    figures = {}
    for kind in kinds_of(bench, test.step):
        try:
            figures[kind.name] = measure(transferred(bench, kind, training, test), bench.rounds)
        except PeerError as error:
            bench.messages.append(f"{kind.name}, {title}: {error}")
    table = Table(title[0].upper() + title[1:], ["filter", *FIGURE_COLUMNS])
    for name in ranked(figures):
        table.rows.append([name, *figure_cells(figures[name], figures.get("tamis"))])
    return table, comparison_rows(f"{training.name} to {test.title}", "transfer", figures)


def transferred(bench: Bench, kind: type[Peer], training: Corpus, test: Corpus) -> list[Case]:
    def go(peer: Peer) -> list[Case]:
        peer.learn_all(training.messages)
        return judge_only(peer, test)

    return recorded(bench, kind, test, f"after-{training.key}", go)
