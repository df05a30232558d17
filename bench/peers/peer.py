"""peer.py - what every filter under test can do: be found, judge a message, learn one, and say what it costs to run.

One small file a filter, and one line in peers/__init__.py.  A filter keeps its state in the scratch folder it is given
and nowhere else; what must run in the background is started by start() and is gone after stop().
"""

from __future__ import annotations

import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Iterable, Mapping, Sequence

from corpus import Corpus, Message
from measures import Case
from users import Mode

TIMEOUT_SECONDS = 1800  # of one call: a whole corpus in bulk, on a busy machine


class PeerError(Exception):
    """A filter that did not do what it was asked; the text says which, what, and its own words."""


@dataclass(frozen=True)
class Judgement:
    verdict: str  # "ham", "unsure" or "spam"
    score: float  # at the fullest precision the filter gives; spam high
    probability: float | None = None  # of spam, where the score claims to be one


@dataclass(frozen=True)
class Command:
    """A program as a mail server would start it; the message is its standard input, if it reads it there."""

    arguments: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Start:
    """What a filter knows before its first lesson."""

    title: str = ""
    options: tuple[str, ...] = ()
    knows_others: bool = False  # it is to be told of the corpora that are not judged: Peer.know()


class Peer(ABC):
    """A filter.  judge() and learn() do one message, as at delivery; the bulk ways are what the tool has for many."""

    name: ClassVar[str]
    program: ClassVar[str]  # looked for in PATH; BENCH_<NAME>=PATH in the environment names another
    daemon: ClassVar[bool] = False  # most of its cost is in a daemon, not in the process that delivery starts
    errors_rule: ClassVar[str]  # its documented rule of training on errors, in words
    trains_every_message: ClassVar[bool] = True

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.executable = self.path() or self.program
        self.start_options: tuple[str, ...] = ()
        self.environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(scratch), "LC_ALL": "C"}

    # --- being there

    @classmethod
    def path(cls) -> str | None:
        given = os.environ.get("BENCH_" + cls.name.upper().replace("-", "_"))
        return shutil.which(given or cls.program)

    @classmethod
    def missing(cls) -> str | None:
        """Why it cannot be measured here; None when it can."""
        return None if cls.path() else f"{cls.program} is not installed"

    @classmethod
    def version(cls) -> str:
        """Names the program as it is: results of another version are not taken for results of this one."""
        return version_of_package(cls.path() or "")

    @classmethod
    def starts(cls) -> Sequence[Start]:
        """The ways in which it can begin; more than one where it brings knowledge of its own that can be left out."""
        return (Start(),)

    def know(self, others: Sequence[Corpus]) -> None:
        """Makes knowledge from other corpora to begin with, where starts() says that it can."""
        raise PeerError(f"{self.name} cannot begin with knowledge")

    def start(self) -> None:
        """Makes an empty state in the scratch folder."""
        self.scratch.mkdir(parents=True, exist_ok=True)

    def stop(self) -> None:
        """Ends what start() has started."""

    # --- one message

    @abstractmethod
    def judge(self, message: Path) -> Judgement:
        ...

    @abstractmethod
    def learn(self, message: Path, spam: bool) -> None:
        ...

    def errs(self, judgement: Judgement, is_spam: bool) -> bool:
        """The tool's rule of training on errors: is this judgement to be trained?  Here: wrong or unsure."""
        return judgement.verdict != ("spam" if is_spam else "ham")

    def learn_error(self, message: Path, spam: bool) -> None:
        """Trains what errs() has picked."""
        self.learn(message, spam)

    # --- many

    def judge_all(self, messages: Sequence[Path]) -> Iterable[Judgement]:
        """With one state, nothing learned in between."""
        return (self.judge(message) for message in messages)

    def learn_all(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.learn(message.path, message.is_spam)

    def gather(self, messages: Sequence[Message]) -> Any:
        """Lays out mail as the tool's users have it, for learn_gathered(); not part of what learning costs."""
        return messages

    def learn_gathered(self, gathered: Any) -> None:
        self.learn_all(gathered)

    def replay(self, corpus: Corpus, mode: Mode, seed: int) -> list[Case] | None:
        """The stream in one go, where the tool does that itself with the same scores; None: message by message."""
        return None

    # --- what it costs: as a mail server starts it

    @abstractmethod
    def deliver_command(self) -> Command:
        """Passes a message through, with the verdict, wherever the tool can; standard input to standard output."""

    @abstractmethod
    def learn_command(self, spam: bool, message: Path) -> Command:
        """Learns one message, durably where the tool can; from standard input or `message`."""

    def daemons(self) -> Sequence[int]:
        """The processes that work for it in the background."""
        return ()

    def database_files(self) -> Iterable[Path]:
        """Where the learned state is."""
        return (self.scratch / "words").rglob("*")

    def database_bytes(self) -> int:
        """What the learned state takes on the disk."""
        return sum(file.stat().st_blocks * 512 for file in self.database_files() if file.is_file())

    # --- for the files of the peers

    def run(
        self, arguments: Sequence[str], stdin: Path | bytes | None = None, good: Sequence[int] = (0,)
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs the program with a message on standard input; another exit status than the good ones is a PeerError."""
        data = stdin.read_bytes() if isinstance(stdin, Path) else stdin or b""
        try:
            done = subprocess.run(
                arguments,
                input=data,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                env=self.environment,
                cwd=self.scratch,
            )
        except subprocess.TimeoutExpired as error:
            raise PeerError(f"{self.name}: {arguments}: no answer in {TIMEOUT_SECONDS} s") from error
        if done.returncode not in good:
            words = done.stderr.decode(errors="replace").strip()[-300:]
            raise PeerError(f"{self.name}: {' '.join(arguments)[:200]}: exit {done.returncode}: {words}")
        return done


def version_of_package(program: str) -> str:
    """The version of the Debian package that a program belongs to, or its date and size where there is none."""
    real = os.path.realpath(program)
    for candidate in (real, program, real.removeprefix("/usr"), program.removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", candidate], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            package = found.stdout.split(":")[0]
            query = ["dpkg-query", "-W", "-f", "${Package} ${Version}", package]
            return subprocess.run(query, capture_output=True, text=True, check=False).stdout
    status = os.stat(real)
    return f"{os.path.basename(real)} of {status.st_size} bytes, {int(status.st_mtime)}"
