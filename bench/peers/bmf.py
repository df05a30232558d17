"""bmf.py - Graham's method, Berkeley DB."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from peers.peer import Command, Judgement, Peer, PeerError


class Bmf(Peer):
    """-t writes "# Spamicity: 0.002278"; spam is what scores above 0.9, exit status 0."""

    name = "bmf"
    program = "bmf"
    errors_rule = "trained when wrong (it has no unsure)"

    def start(self) -> None:
        super().start()
        (self.scratch / "words").mkdir(exist_ok=True)

    def here(self, *options: str) -> Sequence[str]:
        return [self.executable, "-f", "db", "-d", str(self.scratch / "words"), *options]

    def judge(self, message: Path) -> Judgement:
        done = self.run(self.here("-t"), message, good=(0, 1))
        for line in done.stdout.splitlines():
            if line.startswith(b"# Spamicity: "):
                score = float(line.split()[2])
                return Judgement("spam" if done.returncode == 0 else "ham", score, score)
        raise PeerError(f"bmf -t: {message}: no Spamicity")

    def learn(self, message: Path, spam: bool) -> None:
        self.run(self.here("-s" if spam else "-n"), message, good=(0, 1))

    def deliver_command(self) -> Command:
        return Command(self.here("-p"), self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(self.here("-s" if spam else "-n"), self.environment)
