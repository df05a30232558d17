"""replay.py - a filter goes through a stream of mail: judge, record, hear the user, learn.  What was said is kept.

The record of one replay is a file of lines "label verdict score probability name" under the results, named by corpus,
filter and mode; its first line names the version of the filter and the seed.  A record that fits is not made again, so
a bench that was broken off goes on where it was.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from subprocess import SubprocessError
from typing import Iterator

from corpus import Corpus
from measures import Case
from peers.peer import Judgement, Peer, PeerError
from progress import Progress
from users import CORRECTED_DELAY, LEFT_ALONE, MODES, Mode, agrees, balanced, moves, told_spam


@dataclass
class Bench:
    """What all parts share."""

    results: Path
    scratch: Path  # in memory where there is such a folder: accuracy does not depend on a disk
    disk: Path  # for what does: of this run alone, and gone with it
    seed: int
    rounds: int  # of bootstrap
    peers: tuple[type[Peer], ...]
    steps: dict[str, int]  # 1 message in so many, by filter; "" for those not named
    corpora: tuple[Corpus, ...]
    modes: tuple[Mode, ...]
    skip_share: float = 1 / 6
    messages: list[str] = field(default_factory=list)  # what went wrong, for the end

    def step(self, peer: type[Peer]) -> int:
        return self.steps.get(peer.name, self.steps[""])


@contextmanager
def running(bench: Bench, kind: type[Peer], scratch: Path | None = None) -> Iterator[Peer]:
    """The filter with an empty state in a folder of its own; nothing of it is left behind.

    Whatever goes wrong with it meanwhile is a PeerError, so that the others are measured all the same.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{kind.name}-", dir=scratch or bench.scratch))
    folder.chmod(0o755)
    peer = kind(folder)
    try:
        peer.start()
        yield peer
    except (OSError, ValueError, HTTPException, SubprocessError) as error:
        raise PeerError(f"{kind.name}: {type(error).__name__}: {error}") from error
    finally:
        peer.stop()
        shutil.rmtree(folder, ignore_errors=True)


# --- records --------------------------------------------------------------------------------------------------------


def read_record(path: Path, heading: str, corpus: Corpus) -> list[Case] | None:
    """The cases of a record; None when there is none, or it is of another version, seed or corpus."""
    try:
        *lines, end = os.fsdecode(path.read_bytes()).split("\n")  # names may hold what else ends a line
    except OSError:
        return None
    if end or not lines or lines[0] != heading or len(lines) != len(corpus.messages) + 1:
        return None
    cases = []
    for line, message in zip(lines[1:], corpus.messages):
        label, verdict, score, probability, name = line.split(" ", 4)
        if label != message.label or name != message.name:
            return None
        cases.append(Case(message.is_spam, verdict, float(score), None if probability == "-" else float(probability)))
    return cases


def write_record(path: Path, heading: str, corpus: Corpus, cases: list[Case]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [heading]
    for case, message in zip(cases, corpus.messages):
        probability = "-" if case.probability is None else repr(case.probability)
        lines.append(f"{message.label} {case.verdict} {case.score!r} {probability} {message.name}")
    part = path.with_suffix(".part")
    part.write_bytes(os.fsencode("\n".join(lines) + "\n"))
    part.rename(path)


def recorded(bench: Bench, kind: type[Peer], corpus: Corpus, purpose: str, make) -> list[Case]:
    """The record of this purpose, made now by `make(peer)` if there is none that fits."""
    heading = f"# {kind.version()}; seed {bench.seed}"
    path = bench.results / "scores" / corpus.key / f"{kind.name}.{purpose}"
    cases = read_record(path, heading, corpus)
    if cases is None:
        with running(bench, kind) as peer:
            cases = make(peer)
        write_record(path, heading, corpus, cases)
    return cases


# --- streams --------------------------------------------------------------------------------------------------------


def stream_cases(bench: Bench, kind: type[Peer], corpus: Corpus, mode: Mode) -> list[Case]:
    """What the filter said about each message of the corpus, in order, taught as the mode says."""
    if mode.name == "always" and not kind.trains_every_message:
        mode = MODES["errors"]
    return recorded(bench, kind, corpus, mode.name, lambda peer: replay(peer, corpus, mode, bench.seed))


def replay(peer: Peer, corpus: Corpus, mode: Mode, seed: int) -> list[Case]:
    if mode.teaching == "never":
        return judge_only(peer, corpus)
    return peer.replay(corpus, mode, seed) or Stream(peer, corpus, mode, seed).go()


def judge_only(peer: Peer, corpus: Corpus) -> list[Case]:
    """The whole corpus with the state as it is."""
    judgements = []
    with Progress(f"{peer.name}: {corpus.title}, judging", len(corpus.messages)) as progress:
        for judgement in peer.judge_all([message.path for message in corpus.messages]):
            judgements.append(judgement)
            progress.step()
    return [as_case(message.is_spam, judgement) for message, judgement in zip(corpus.messages, judgements, strict=True)]


def as_case(is_spam: bool, judgement: Judgement) -> Case:
    return Case(is_spam, judgement.verdict, judgement.score, judgement.probability)


class Stream:
    """A filter that is taught message by message."""

    def __init__(self, peer: Peer, corpus: Corpus, mode: Mode, seed: int) -> None:
        self.peer, self.corpus, self.mode, self.seed = peer, corpus, mode, seed
        self.cases: list[Case] = []
        self.lessons = {False: 0, True: 0}
        self.moved: set[int] = set()

    def go(self) -> list[Case]:
        title = f"{self.peer.name}: {self.corpus.title}, {self.mode.name}"
        with Progress(title, len(self.corpus.messages)) as progress:
            for number, message in enumerate(self.corpus.messages):
                judgement = self.peer.judge(message.path)
                self.cases.append(as_case(message.is_spam, judgement))
                self.hear_user(number, judgement)
                progress.step()
        return self.cases

    def hear_user(self, number: int, judgement: Judgement) -> None:
        message = self.corpus.messages[number]
        told = told_spam(message.is_spam, message.name, self.mode, self.seed)
        if self.mode.teaching == "always" and self.peer.trains_every_message:
            self.learn(number, told)
        elif self.mode.teaching in ("always", "errors"):
            if self.peer.errs(judgement, told):
                self.peer.learn_error(message.path, told)
        else:
            self.hear_moves(number)

    def hear_moves(self, number: int) -> None:
        """Of the messages that came before this one."""
        then = number - CORRECTED_DELAY
        if then >= 0 and self.is_moved(then):
            self.learn(then, self.corpus.messages[then].is_spam)
        then = number - LEFT_ALONE
        if self.mode.teaching == "implicit" and then >= 0 and not self.is_moved(then):
            self.learn_left_alone(then)

    def is_moved(self, number: int) -> bool:
        message = self.corpus.messages[number]
        return moves(message.is_spam, self.cases[number].verdict == "spam", message.name, self.seed)

    def learn_left_alone(self, number: int) -> None:
        """What lies in the inbox was judged ham or unsure; the user has read it there, and left it."""
        spam = self.cases[number].verdict == "spam"
        if balanced(spam, self.lessons) and agrees(spam, self.peer.judge(self.corpus.messages[number].path).verdict):
            self.learn(number, spam)

    def learn(self, number: int, spam: bool) -> None:
        self.peer.learn(self.corpus.messages[number].path, spam)
        self.lessons[spam] += 1
