"""part_growth.py - what a message costs as the database grows, and as messages do."""

from __future__ import annotations

import random
import statistics
from pathlib import Path
from typing import Iterator, Sequence

from corpus import Message
from made_mail import new_words, text_message, text_of_size, write
from peers.peer import Peer, PeerError
from plots import Line, Plot
from processes import SECONDS, Cost, can_count_instructions, cost_of, instructions_of
from replay import Bench, running
from tables import Block, Table

TOKENS = (10_000, 100_000, 1_000_000)
WORDS_A_MESSAGE = 1000
WORDS_IN_THE_DELIVERED = 300
RUNS = 15
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000)
RUNS_OF_SIZE = 3
LEARNED_BEFORE_SIZES = 100


# --- the database ---------------------------------------------------------------------------------------------------


def make_growth(bench: Bench) -> Iterator[Block]:
    columns = ["filter"]
    for tokens in TOKENS:
        columns += [f"{tokens // 1000} k: MB", "wall ms", "peak MB"]
        columns += ["instructions, M"] if can_count_instructions() else []
    table = Table(
        "Growth of the database",
        columns,
        note=f"So many different words learned, {WORDS_A_MESSAGE} in a message, half of the messages spam; then a "
        f"message of {WORDS_IN_THE_DELIVERED} known words delivered (median of {RUNS}).",
    )
    sizes = Plot("Database", "words learned", "MB", across_logarithmic=True)
    times = Plot("Delivery", "words learned", "wall ms", across_logarithmic=True)
    for kind in bench.peers:
        try:
            points = list(grown(bench, kind))
        except PeerError as error:
            bench.messages.append(f"{kind.name}, growth: {error}")
            continue
        table.rows.append([kind.name, *[cell for point in points for cell in point.cells()]])
        sizes.lines.append(Line(kind.name, [(point.tokens, point.database_bytes / 1e6) for point in points]))
        times.lines.append(Line(kind.name, [(point.tokens, point.wall_ms()) for point in points]))
    yield table
    if sizes.lines:
        yield sizes.drawing()
        yield times.drawing()


class Point:
    """A filter with a database of some size."""

    def __init__(self, tokens: int, database_bytes: int, costs: list[Cost], instructions: int | None) -> None:
        self.tokens, self.database_bytes, self.costs, self.instructions = tokens, database_bytes, costs, instructions

    def wall_ms(self) -> float:
        return statistics.median(cost.wall_ms for cost in self.costs)

    def cells(self) -> list[str]:
        memory = max(cost.memory_mb for cost in self.costs)
        counted = [] if self.instructions is None else [f"{self.instructions / 1e6:.2f}"]
        return [f"{self.database_bytes / 1e6:.1f}", f"{self.wall_ms():.2f}", f"{memory:.1f}", *counted]


def grown(bench: Bench, kind: type[Peer]) -> Iterator[Point]:
    """One filter, through all sizes: what is learned for the next is added to what is there."""
    generator = random.Random(1)
    with running(bench, kind, bench.disk) as peer:
        vocabulary: list[str] = []
        learned = 0
        for tokens in TOKENS:
            batch = []
            while learned < tokens:
                words = new_words(WORDS_A_MESSAGE, generator)
                vocabulary = vocabulary or words
                number = learned // WORDS_A_MESSAGE
                path = write(peer.scratch / "made" / str(number), text_message(number, words))
                batch.append(Message(number % 2 == 1, path.name, path))
                learned += WORDS_A_MESSAGE
            peer.learn_all(batch)
            message = write(peer.scratch / "delivered", text_message(0, vocabulary[:WORDS_IN_THE_DELIVERED]))
            yield measured_point(peer, tokens, message)


def measured_point(peer: Peer, tokens: int, message: Path) -> Point:
    command = peer.deliver_command()
    cost_of(peer, command, message)
    costs = [cost_of(peer, command, message) for _ in range(RUNS)]
    counted = instructions_of(peer, command, message) if can_count_instructions() else None
    return Point(tokens, peer.database_bytes(), costs, counted)


# --- messages -------------------------------------------------------------------------------------------------------


def make_sizes(bench: Bench) -> Iterator[Block]:
    vocabulary = new_words(2000, random.Random(2))
    columns = ["filter", *[f"{size_name(size)}: CPU s / MB" for size in SIZES]]
    table = Table(
        "Messages of 1 KB to 50 MB of text",
        columns,
        note=f"CPU seconds with daemons / peak memory without them, median of {RUNS_OF_SIZE}; > {SECONDS}: ended after "
        f"{SECONDS} s. spamc passes what is over 500 KB through unread.",
    )
    plot = Plot("CPU by size", "bytes", "CPU s", across_logarithmic=True, up_logarithmic=True)
    folder = bench.disk / "sizes"
    messages = [write(folder / str(size), text_of_size(size, vocabulary)) for size in SIZES]
    for kind in bench.peers:
        try:
            costs = sized(bench, kind, messages, vocabulary)
        except PeerError as error:
            bench.messages.append(f"{kind.name}, sizes: {error}")
            continue
        table.rows.append([kind.name, *[size_cell(cost) for cost in costs]])
        plot.lines.append(Line(kind.name, [(size, cost.cpu_ms / 1000) for size, cost in zip(SIZES, costs) if cost]))
    for message in messages:
        message.unlink()
    yield table
    if plot.lines:
        yield plot.drawing()


def size_name(size: int) -> str:
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} KB"


def size_cell(cost: Cost | None) -> str:
    return f"{cost.cpu_ms / 1000:.3f} / {cost.memory_mb:.0f}" if cost else f"> {SECONDS}"


def sized(bench: Bench, kind: type[Peer], messages: Sequence[Path], vocabulary: list[str]) -> list[Cost | None]:
    """The median run of each size; None from the first on that took too long."""
    found: list[Cost | None] = []
    with running(bench, kind, bench.disk) as peer:
        peer.learn_all(known_words(peer, vocabulary))
        for message in messages:
            if found and found[-1] is None:
                found.append(None)
                continue
            costs = [cost_of(peer, peer.deliver_command(), message)]
            if costs[0].status >= 0 and costs[0].wall_ms < 1000 * SECONDS / 10:
                costs += [cost_of(peer, peer.deliver_command(), message) for _ in range(RUNS_OF_SIZE - 1)]
            killed = any(cost.status == -9 for cost in costs)
            found.append(None if killed else sorted(costs, key=lambda cost: cost.cpu_ms)[len(costs) // 2])
    return found


def known_words(peer: Peer, vocabulary: list[str]) -> list[Message]:
    generator = random.Random(3)
    made = []
    for number in range(LEARNED_BEFORE_SIZES):
        words = generator.sample(vocabulary, 100)
        path = write(peer.scratch / "made" / str(number), text_message(number, words))
        made.append(Message(number % 2 == 1, path.name, path))
    return made
