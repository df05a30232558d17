"""bogofilter.py - bogofilter with each of its three stores; all give the same scores (PeerTest holds them to that)."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Sequence

from corpus import Message
from peers.peer import Command, Judgement, Peer, PeerError

VERDICTS = {0: "spam", 1: "ham", 2: "unsure"}  # exit status, bogofilter(1)
START_SCORE = 0.52  # robx, what an unknown word counts: bogofilter.cf


class Bogofilter(Peer):
    """-TT writes the spamicity with 16 digits; the verdict is the exit status."""

    name = "bogofilter"
    program = "bogofilter-bdb"
    errors_rule = 'registered when wrong or Unsure (bogofilter-FAQ, "train on error")'

    def __init__(self, scratch: Path) -> None:
        super().__init__(scratch)
        self.knows = False  # before it has learned anything bogofilter ends with an error

    def word_list(self) -> Path:
        return self.scratch / "words"

    def start(self) -> None:
        super().start()
        self.word_list().mkdir(exist_ok=True)

    def here(self, *options: str) -> Sequence[str]:
        return [self.executable, "-C", "-d", str(self.word_list()), *options]

    def judge(self, message: Path) -> Judgement:
        if not self.knows:
            return Judgement("unsure", START_SCORE, START_SCORE)
        done = self.run(self.here("-TT"), message, good=(0, 1, 2))
        score = float(done.stdout)
        return Judgement(VERDICTS[done.returncode], score, score)

    def learn(self, message: Path, spam: bool) -> None:
        self.run(self.here("-s" if spam else "-n"), message)
        self.knows = True

    def judge_all(self, messages: Sequence[Path]) -> Iterable[Judgement]:
        """-b reads names: one process, the same scores (-TT gives them whole, in the order of the names)."""
        if not self.knows:
            yield from (Judgement("unsure", START_SCORE, START_SCORE) for _ in messages)
            return
        names = "".join(f"{message}\n" for message in messages).encode(errors="surrogateescape")
        in_bulk = self.here("-b", "-t", "-v", "--terse-format=%1.1c %.16f")
        lines = self.run(in_bulk, names, good=(0, 1, 2)).stdout.splitlines()
        if len(lines) != len(messages):
            raise PeerError(f"{self.name} -b: {len(lines)} lines for {len(messages)} messages")
        for line in lines:
            letter, score = line.split()[-2:]
            yield Judgement({b"S": "spam", b"H": "ham", b"U": "unsure"}[letter], float(score), float(score))

    def learn_all(self, messages: Sequence[Message]) -> None:
        for spam, option in ((False, "-n"), (True, "-s")):
            names = "".join(f"{message.path}\n" for message in messages if message.is_spam == spam)
            self.run(self.here(option, "-b"), names.encode(errors="surrogateescape"), good=(0, 1, 2))
            self.knows = True

    def deliver_command(self) -> Command:
        return Command(self.here("-p", "-e"), self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(self.here("-s" if spam else "-n"), self.environment)


class BogofilterSqlite(Bogofilter):
    name = "bogofilter-sqlite"
    program = "bogofilter-sqlite"


class BogofilterTokyoCabinet(Bogofilter):
    name = "bogofilter-tokyocabinet"
    program = "bogofilter-tokyocabinet"
