"""spamassassin.py - spamd -L (rules and Bayes, no network) with the rules of the package, asked over its Unix socket.

The protocol is spamd/PROTOCOL of SpamAssassin.  spamd rounds the score to a tenth, so the points of the rules that hit
are asked for in a header field of their own and added.  Bayes speaks after 200 ham and 200 spam, as by default.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
from pathlib import Path
from typing import Iterable, Sequence

from peers.daemon import Daemon, DaemonError
from peers.peer import TIMEOUT_SECONDS, Command, Judgement, Peer, PeerError

CONFIGURATION = """required_score 5.0
report_safe 0
use_bayes 1
bayes_auto_learn 0
use_auto_whitelist 0
dns_available no
clear_headers
add_header all Points _TESTSSCORES(,)_
add_header all Status "_YESNO_, score=_SCORE_ required=_REQD_ tests=_TESTS_"
"""
SUMMARY = re.compile(rb"^Spam: (True|False|Yes|No) ; (-?[0-9.]+) / ", re.MULTILINE | re.IGNORECASE)
POINTS = re.compile(rb"^X-Spam-Points:(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
UNPRIVILEGED = "nobody"


class SpamAssassin(Peer):
    name = "spamassassin"
    program = "spamd"
    daemon = True
    errors_rule = "learned when wrong"

    @classmethod
    def missing(cls) -> str | None:
        return super().missing() or (None if shutil.which("spamc") else "spamc is not installed")

    @property
    def socket(self) -> Path:
        return self.scratch / "socket"

    def start(self) -> None:
        super().start()
        site = self.scratch / "site"
        left_out = shutil.ignore_patterns("*.cf", "sa-update-keys")
        shutil.copytree("/etc/spamassassin", site, ignore=left_out, dirs_exist_ok=True)
        (self.scratch / "bayes").mkdir()
        (site / "local.cf").write_text(CONFIGURATION + f"bayes_path {self.scratch}/bayes/bayes\n")
        as_user: list[str] = []
        if os.getuid() == 0:  # spamd refuses to judge as root
            as_user = ["-u", UNPRIVILEGED]
            owner = pwd.getpwnam(UNPRIVILEGED)
            for folder in (self.scratch, self.scratch / "bayes"):
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        arguments = [
            self.executable,
            "-L",
            "-x",
            "-l",
            "-m",
            "1",
            "--max-conn-per-child=1000000",
            f"--socketpath={self.socket}",
            f"--siteconfigpath={site}",
            "-H",
            str(self.scratch),
            "-s",
            "stderr",
            *as_user,
        ]
        try:
            self.spamd = Daemon(arguments, [self.socket], self.scratch / "log", self.environment)
        except DaemonError as error:
            raise PeerError(f"spamassassin: {error}") from error

    def stop(self) -> None:
        if hasattr(self, "spamd"):
            self.spamd.stop()

    def ask(self, verb: str, message: Path, *fields: str) -> bytes:
        body = message.read_bytes()
        head = "".join(f"{line}\r\n" for line in (f"{verb} SPAMC/1.5", f"Content-length: {len(body)}", *fields))
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.connect(str(self.socket))
            connection.sendall(head.encode() + b"\r\n" + body)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        if b" 0 EX_OK" not in answer.partition(b"\n")[0]:
            raise PeerError(f"spamd {verb}: {message}: {answer[:200]!r}")
        return answer

    def judge(self, message: Path) -> Judgement:
        answer = self.ask("HEADERS", message)
        summary, points = SUMMARY.search(answer), POINTS.search(answer)
        if not summary or not points:
            raise PeerError(f"spamd: {message}: no score in {answer[:300]!r}")
        hits = [hit.rpartition(b"=")[2] for hit in b"".join(points[1].split()).split(b",")]
        score = sum(float(hit) for hit in hits if hit not in (b"", b"none"))
        return Judgement("spam" if summary[1].lower() in (b"true", b"yes") else "ham", score)

    def learn(self, message: Path, spam: bool) -> None:
        self.ask("TELL", message, f"Message-class: {'spam' if spam else 'ham'}", "Set: local")

    def deliver_command(self) -> Command:
        return Command(["spamc", "-U", str(self.socket)], self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        return Command(["spamc", "-U", str(self.socket), "-L", "spam" if spam else "ham"], self.environment)

    def daemons(self) -> Sequence[int]:
        return self.spamd.processes()

    def database_files(self) -> Iterable[Path]:
        return (self.scratch / "bayes").iterdir()
