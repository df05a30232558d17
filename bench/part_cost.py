"""part_cost.py - what a message costs at delivery, in learning, and in bulk; all filters take turns at each message."""

from __future__ import annotations

import re
import resource
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Sequence

from corpus import Corpus, Message
from made_mail import newsletter, write
from peers.peer import Peer, PeerError
from processes import Cost, can_count_instructions, cost_of, daemon_cpu_ns, instructions_of
from progress import Progress
from replay import Bench, running
from tables import Block, Table

TRAINED = 1500  # so many of the first half of the corpus are learned in bulk
DELIVERED = 100  # so many of the second half are then delivered by each
LEARNED = 40  # and so many learned one by one
HTML_BYTES = 100_000
HTML_RUNS = 30
REFERENCE = "bogofilter"
WORD = re.compile(r"\b[A-Za-z]{3,12}\b")


@dataclass
class Measured:
    """One filter: what it cost."""

    peer: Peer
    bulk_seconds: float = 0
    bulk_cpu_seconds: float = 0
    database_bytes: int = 0
    delivered: list[Cost] = field(default_factory=list)
    learned: list[Cost] = field(default_factory=list)
    html: list[Cost] = field(default_factory=list)
    instructions: dict[str, int] = field(default_factory=dict)


def make(bench: Bench) -> Iterator[Block]:
    corpus = bench.corpora[0]
    middle = len(corpus.messages) // 2
    training, rest = evenly(corpus.messages[:middle], TRAINED), corpus.messages[middle:]
    with ExitStack() as stack:
        all_measured = []
        for kind in bench.peers:
            try:
                measured = Measured(stack.enter_context(running(bench, kind, bench.disk)))
                train(measured, training)
                all_measured.append(measured)
            except PeerError as error:
                bench.messages.append(f"{kind.name}: {error}")
        yield bulk_table(corpus, all_measured, len(training))
        deliver(all_measured, evenly(rest, DELIVERED))
        yield delivery_table(corpus, all_measured)
        special = special_messages(rest, bench.disk)
        deliver_again(all_measured, special["HTML"])
        yield html_table(all_measured)
        if can_count_instructions():
            count(all_measured, special)
            yield instructions_table(all_measured, special)
        learn(all_measured, evenly(rest, LEARNED))
        yield learning_table(all_measured)


def evenly(messages: Sequence[Message], count: int) -> list[Message]:
    """At most so many, from all over the sequence."""
    count = min(count, len(messages))
    return [messages[len(messages) * i // count] for i in range(count)]


def special_messages(messages: Sequence[Message], folder: Path) -> dict[str, Path]:
    """The message of median size, and an HTML message of 100 KB, made of the words of some of them."""
    by_size = sorted(messages, key=lambda message: (message.path.stat().st_size, message.name))
    words = [word for message in evenly(by_size, 200) for word in WORD.findall(message.path.read_text("latin-1"))]
    html = write(folder / "newsletter", newsletter(HTML_BYTES, words))
    return {"median message": by_size[len(by_size) // 2].path, "HTML": html}


# --- measuring ------------------------------------------------------------------------------------------------------


def children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def train(measured: Measured, messages: Sequence[Message]) -> None:
    peer = measured.peer
    gathered = peer.gather(messages)
    cpu, in_daemons, start = children_cpu_seconds(), daemon_cpu_ns(peer.daemons()), time.monotonic()
    peer.learn_gathered(gathered)
    measured.bulk_seconds = time.monotonic() - start
    measured.bulk_cpu_seconds = children_cpu_seconds() - cpu + (daemon_cpu_ns(peer.daemons()) - in_daemons) / 1e9
    measured.database_bytes = peer.database_bytes()


def in_turn(all_measured: Sequence[Measured], number: int) -> list[Measured]:
    """Another one begins with each message, so that none always finds the file in the cache."""
    start = number % len(all_measured) if all_measured else 0
    return [*all_measured[start:], *all_measured[:start]]


def deliver(all_measured: Sequence[Measured], messages: Sequence[Message]) -> None:
    for measured in all_measured:  # once for nothing: compiled rules, warm caches
        cost_of(measured.peer, measured.peer.deliver_command(), messages[0].path)
    with Progress("delivering", len(messages)) as progress:
        for number, message in enumerate(messages):
            for measured in in_turn(all_measured, number):
                command = measured.peer.deliver_command()
                measured.delivered.append(cost_of(measured.peer, command, message.path))
            progress.step()


def deliver_again(all_measured: Sequence[Measured], message: Path) -> None:
    for number in range(HTML_RUNS):
        for measured in in_turn(all_measured, number):
            measured.html.append(cost_of(measured.peer, measured.peer.deliver_command(), message))


def learn(all_measured: Sequence[Measured], messages: Sequence[Message]) -> None:
    with Progress("learning one by one", len(messages)) as progress:
        for number, message in enumerate(messages):
            for measured in in_turn(all_measured, number):
                command = measured.peer.learn_command(message.is_spam, message.path)
                measured.learned.append(cost_of(measured.peer, command, message.path))
            progress.step()


def count(all_measured: Sequence[Measured], special: dict[str, Path]) -> None:
    for measured in all_measured:
        for name, path in special.items():
            measured.instructions[name] = instructions_of(measured.peer, measured.peer.deliver_command(), path)


# --- tables ---------------------------------------------------------------------------------------------------------


def reference(all_measured: Sequence[Measured]) -> Measured | None:
    return next((measured for measured in all_measured if measured.peer.name == REFERENCE), None)


def ratio(costs: Sequence[Cost], others: Sequence[Cost] | None, figure: str) -> str:
    """The median of the ratios message by message, which a busy machine moves less than the ratio of the medians."""
    if not others:
        return "-"
    return f"{statistics.median(getattr(a, figure) / max(getattr(b, figure), 1e-6) for a, b in zip(costs, others)):.2f}"


def median(costs: Sequence[Cost], figure: str) -> str:
    return f"{statistics.median(getattr(cost, figure) for cost in costs):.2f}"


def worst_of_20(costs: Sequence[Cost]) -> str:
    return f"{sorted(cost.wall_ms for cost in costs)[len(costs) * 19 // 20]:.2f}"


def process_table(title: str, note: str, all_measured: Sequence[Measured], field_name: str) -> Table:
    table = Table(
        title,
        ["filter", "wall ms", "x bogofilter", "95 % of runs", "CPU ms", "x bogofilter", "peak MB", "failed"],
        note=note,
    )
    base = reference(all_measured)
    for measured in all_measured:
        costs, others = getattr(measured, field_name), getattr(base, field_name) if base else None
        table.rows.append(
            [
                shown_name(measured),
                median(costs, "wall_ms"),
                ratio(costs, others, "wall_ms"),
                worst_of_20(costs),
                median(costs, "cpu_ms"),
                ratio(costs, others, "cpu_ms"),
                f"{max(cost.memory_mb for cost in costs):.1f}",
                str(sum(cost.status < 0 or cost.status > 3 for cost in costs)),
            ]
        )
    return table


def shown_name(measured: Measured) -> str:
    return measured.peer.name + (" (+ daemon)" if measured.peer.daemon else "")


def delivery_table(corpus: Corpus, all_measured: Sequence[Measured]) -> Table:
    note = "Medians, one process for each message, interleaved; ratios are medians of the ratios message by message; "
    return process_table(
        f"{corpus.title}: delivering one message",
        note + "CPU with that of daemons, memory without; failed: killed, or an exit status above 3.",
        all_measured,
        "delivered",
    )


def html_table(all_measured: Sequence[Measured]) -> Table:
    title = f"Delivering a newsletter of {HTML_BYTES // 1000} KB of HTML"
    return process_table(title, f"As above, {HTML_RUNS} times.", all_measured, "html")


def learning_table(all_measured: Sequence[Measured]) -> Table:
    return process_table(
        "Learning one message", "As above; each as durably as the tool does it (bench/README).", all_measured, "learned"
    )


def bulk_table(corpus: Corpus, all_measured: Sequence[Measured], count_of_messages: int) -> Table:
    table = Table(
        f"{corpus.title}: learning {count_of_messages} messages in bulk",
        ["filter", "messages/s", "x bogofilter", "per CPU second", "database MB"],
    )
    base = reference(all_measured)
    for measured in all_measured:
        speed = count_of_messages / measured.bulk_seconds
        times = f"{speed * base.bulk_seconds / count_of_messages:.2f}" if base else "-"
        per_cpu = count_of_messages / max(measured.bulk_cpu_seconds, 1e-6)
        table.rows.append(
            [measured.peer.name, f"{speed:.0f}", times, f"{per_cpu:.0f}", f"{measured.database_bytes / 1e6:.1f}"]
        )
    return table


def instructions_table(all_measured: Sequence[Measured], special: dict[str, Path]) -> Table:
    columns = ["filter"]
    for name, path in special.items():
        columns += [f"{name}, {path.stat().st_size / 1000:.1f} KB: M", "x bogofilter"]
    table = Table(
        "Instructions to deliver one message, in millions (callgrind)",
        columns,
        note="The process and its children, each instruction counted once; of a daemon only the client is seen.",
    )
    base = reference(all_measured)
    for measured in all_measured:
        row = [measured.peer.name + (" (client only)" if measured.peer.daemon else "")]
        for name in special:
            own = measured.instructions[name]
            row += [f"{own / 1e6:.2f}", f"{own / base.instructions[name]:.2f}" if base else "-"]
        table.rows.append(row)
    return table
