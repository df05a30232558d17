"""part_cold.py - filters that have learned nothing, on mail that no weights were tuned on: what the rules are worth.

The first TUNED_SHARE percent of each corpus, in order of arrival, are for tuning (`make weights`); only what came later
is judged here.  Ham whose name holds one of APART is counted by itself: the newsletters of the SpamAssassin corpus,
which its makers kept apart as hard to tell from spam.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from corpus import Corpus, Message
from measures import Case, area_above_roc, missed_at_limit, percent
from part_accuracy import kinds_of, steps
from peers.peer import PeerError
from replay import Bench, stream_cases
from tables import Block, Table, count_and_percent, shown
from users import MODES

TUNED_SHARE = 60  # percent; `tamis rules measure --split` is given the same
APART = ("hard-ham",)
LIMIT = 0.003  # "caught at 0.3 % of the ham lost"

COLUMNS = ["filter", "ham lost %", "set apart: lost %", "spam caught %", "caught at 0.3 % lost", "(1-ROCA)%"]


def make(bench: Bench) -> Iterator[Block]:
    for corpus in bench.corpora:
        for step in steps(bench):
            yield table_of(bench, corpus.later(TUNED_SHARE).every(step))


def table_of(bench: Bench, corpus: Corpus) -> Table:
    table = Table(f"{corpus.title}: nothing ever learned", COLUMNS, note=contents(corpus.messages))
    for kind in kinds_of(bench, corpus.step):
        try:
            cases = stream_cases(bench, kind, corpus, MODES["cold"])
        except PeerError as error:
            bench.messages.append(f"{kind.name} on {corpus.title}, cold: {error}")
            continue
        table.rows.append([kind.name, *figures(corpus.messages, cases)])
    return table


def is_apart(message: Message) -> bool:
    return not message.is_spam and any(word in message.name for word in APART)


def contents(messages: Sequence[Message]) -> str:
    spam = sum(message.is_spam for message in messages)
    apart = sum(is_apart(message) for message in messages)
    note = f"{len(messages) - spam - apart} ham, {spam} spam"
    return f"{note}; {apart} ham set apart, in no other column." if apart else f"{note}."


def figures(messages: Sequence[Message], cases: Sequence[Case]) -> list[str]:
    """Threshold and area are of the ham that is not set apart, and of all spam."""
    apart = [case for message, case in zip(messages, cases, strict=True) if is_apart(message)]
    rest = [case for message, case in zip(messages, cases, strict=True) if not is_apart(message)]
    spam = [case for case in rest if case.is_spam]
    lost = sum(case.verdict == "spam" for case in rest if not case.is_spam)
    lost_apart = sum(case.verdict == "spam" for case in apart)
    return [
        count_and_percent(lost, percent(lost, len(rest) - len(spam))),
        count_and_percent(lost_apart, percent(lost_apart, len(apart))) if apart else "-",
        shown(percent(sum(case.verdict == "spam" for case in spam), len(spam)), 2),
        shown(100.0 - missed_at_limit(rest, LIMIT), 2),
        shown(area_above_roc(rest), 4),
    ]
