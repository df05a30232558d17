"""sylfilter.py - Robinson-Fisher, QDBM."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, Sequence

from corpus import Message
from peers.peer import Command, Judgement, Peer, PeerError

RESULT = re.compile(rb"^XFilterResult: status = (\d), probability = ([0-9.]+)", re.MULTILINE)
VERDICTS = {b"0": "ham", b"1": "spam", b"2": "unsure"}
FILES_A_CALL = 200


class Sylfilter(Peer):
    """-t -v writes "XFilterResult: status = 1, probability = 0.999945"."""

    name = "sylfilter"
    program = "sylfilter"
    errors_rule = "trained when wrong or uncertain"

    def here(self, *options: str) -> Sequence[str]:
        return [self.executable, "-p", str(self.scratch / "words"), *options]

    def judge(self, message: Path) -> Judgement:
        return next(iter(self.judge_all([message])))

    def judge_all(self, messages: Sequence[Path]) -> Iterable[Judgement]:
        for start in range(0, len(messages), FILES_A_CALL):
            some = [str(message) for message in messages[start : start + FILES_A_CALL]]
            found = RESULT.findall(self.run(self.here("-t", "-v", *some), good=(0, 1, 2)).stdout)
            if len(found) != len(some):
                raise PeerError(f"sylfilter -t: {len(found)} results for {len(some)} messages")
            for status, probability in found:
                yield Judgement(VERDICTS[status], float(probability), float(probability))

    def learn(self, message: Path, spam: bool) -> None:
        self.run(self.here("-j" if spam else "-c", str(message)))

    def learn_all(self, messages: Sequence[Message]) -> None:
        for spam, option in ((False, "-c"), (True, "-j")):
            names = [str(message.path) for message in messages if message.is_spam == spam]
            for start in range(0, len(names), FILES_A_CALL):
                self.run(self.here(option, *names[start : start + FILES_A_CALL]))

    def deliver_command(self) -> Command:
        """It has no pass-through, and reads standard input as a file."""
        return Command(self.here("-t", "/dev/stdin"), self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(self.here("-j" if spam else "-c", str(message)), self.environment)
