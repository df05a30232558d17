"""crm114.py - mailreaver with its shipped configuration (orthogonal sparse bigrams, unique, microgroom).

Its trainer learns only what is wrong or within the thick threshold of 5.0; there is no way to train every message.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Iterable, Sequence

from peers.peer import Command, Judgement, Peer, PeerError

SCRIPTS = Path("/usr/share/crm114")
STATUS = re.compile(rb"^X-CRM114-Status: (GOOD|SPAM|UNSURE)\s+\(\s*(-?[0-9.]+)\s*\)", re.MULTILINE)
VERDICTS = {b"GOOD": "ham", b"SPAM": "spam", b"UNSURE": "unsure"}


class Crm114(Peer):
    """The score is -pR, which mailreaver writes with two digits behind the point."""

    name = "crm114"
    program = "crm"
    errors_rule = "mailreaver --spam and --good: mailtrainer learns what is wrong or |pR| < 5; also in the other modes"
    trains_every_message = False

    @classmethod
    def missing(cls) -> str | None:
        if not shutil.which("cssutil") or not (SCRIPTS / "mailreaver.crm").exists():
            return "cssutil or mailreaver.crm is not installed"
        return super().missing()

    def start(self) -> None:
        super().start()
        for file in SCRIPTS.iterdir():
            shutil.copy(file, self.scratch)
        configuration = self.scratch / "mailfilter.cf"
        settings = {"spw": "bench", "log_to_allmail.txt": "no"}
        text = configuration.read_text(encoding="latin-1")
        for name, value in settings.items():
            text = re.sub(rf"^:{re.escape(name)}:.*$", f":{name}: /{value}/", text, flags=re.MULTILINE)
        configuration.write_text(text, encoding="latin-1")
        for name in ("rewrites.mfp", "priolist.mfp"):
            (self.scratch / name).touch()
        for name in ("spam.css", "nonspam.css"):
            self.run(["cssutil", "-b", "-r", str(self.scratch / name)])

    def here(self, *options: str) -> Sequence[str]:
        return [self.executable, "-u", str(self.scratch), "mailreaver.crm", f"--fileprefix={self.scratch}/", *options]

    def judge(self, message: Path) -> Judgement:
        found = STATUS.search(self.run(self.here("--dontstore"), message).stdout)
        if not found:
            raise PeerError(f"crm114: {message}: no X-CRM114-Status")
        return Judgement(VERDICTS[found[1]], -float(found[2]))

    def learn(self, message: Path, spam: bool) -> None:
        self.run(self.here("--spam" if spam else "--good"), message)
        shutil.rmtree(self.scratch / "reaver_cache", ignore_errors=True)  # copies of the mail, which only grow

    def errs(self, judgement: Judgement, is_spam: bool) -> bool:
        return True  # the trainer decides

    def deliver_command(self) -> Command:
        return Command(self.here("--dontstore"), self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(self.here("--spam" if spam else "--good"), self.environment)

    def database_files(self) -> Iterable[Path]:
        return self.scratch.glob("*.css")
