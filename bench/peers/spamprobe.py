"""spamprobe.py - words and pairs, Berkeley DB."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Iterable, Sequence

from corpus import Message
from peers.peer import Command, Judgement, Peer, PeerError

FILES_A_CALL = 200


class Spamprobe(Peer):
    """`score` writes "SPAM 0.9999990 digest"; the verdict is the tool's own."""

    name = "spamprobe"
    program = "spamprobe"
    errors_rule = "train-good and train-spam: it updates only what it gets wrong or finds difficult (spamprobe(1))"

    def start(self) -> None:
        super().start()
        (self.scratch / "words").mkdir(exist_ok=True)
        self.run(self.here("create-db"))

    def here(self, *words: str) -> Sequence[str]:
        return [self.executable, "-M", "-d", str(self.scratch / "words"), *words]

    def judge(self, message: Path) -> Judgement:
        return next(iter(self.judge_all([message])))

    def judge_all(self, messages: Sequence[Path]) -> Iterable[Judgement]:
        for start in range(0, len(messages), FILES_A_CALL):
            some = [str(message) for message in messages[start : start + FILES_A_CALL]]
            lines = self.run(self.here("score", *some)).stdout.splitlines()
            if len(lines) != len(some):
                raise PeerError(f"spamprobe score: {len(lines)} lines for {len(some)} messages")
            for line in lines:
                word, score = line.split()[-3:-1]
                yield Judgement("spam" if word == b"SPAM" else "ham", float(score), float(score))

    def learn(self, message: Path, spam: bool) -> None:
        self.run(self.here("spam" if spam else "good", str(message)))

    def learn_all(self, messages: Sequence[Message]) -> None:
        """In their order, which its counts depend on: those of one class that follow each other in one call."""
        for spam, run in itertools.groupby(messages, key=lambda message: message.is_spam):
            names = [str(message.path) for message in run]
            for start in range(0, len(names), FILES_A_CALL):
                self.run(self.here("spam" if spam else "good", *names[start : start + FILES_A_CALL]))

    def errs(self, judgement: Judgement, is_spam: bool) -> bool:
        return True  # the tool decides

    def learn_error(self, message: Path, spam: bool) -> None:
        self.run(self.here("train-spam" if spam else "train-good", str(message)))

    def deliver_command(self) -> Command:
        """It has no pass-through: delivery asks for the score, and procmail's formail puts it in."""
        return Command(self.here("score"), self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(self.here("spam" if spam else "good"), self.environment)
