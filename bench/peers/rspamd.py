"""rspamd.py - rspamd with its Bayes in a redis of its own, asked over HTTP on Unix sockets; no network modules.

Bayes begins to speak after 200 ham and 200 spam, as by default, and rspamd refuses to learn what it is sure of.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
from pathlib import Path
from typing import Sequence

from peers.daemon import Daemon, DaemonError
from peers.peer import TIMEOUT_SECONDS, Command, Judgement, Peer, PeerError

SPAM_ACTIONS = ("add header", "rewrite subject", "reject")
# Ask the network, or need to know how the message came in: nothing of that is in a file.  once_received asks for the
# name of the host that sent the message where its fields do not say it, and takes no answer for no name.
MODULES_OFF = (
    "arc",
    "asn",
    "aws_s3",
    "bayes_expiry",
    "clickhouse",
    "dcc",
    "dkim",
    "dkim_signing",
    "dmarc",
    "elastic",
    "external_services",
    "fuzzy_check",
    "fuzzy_collect",
    "greylist",
    "history_redis",
    "metadata_exporter",
    "milter_headers",
    "mx_check",
    "neural",
    "once_received",
    "p0f",
    "ratelimit",
    "rbl",
    "replies",
    "reputation",
    "spf",
    "surbl",
    "url_redirector",
    "whitelist",
)
# Look at the message as well as ask: only the latter is off.  Of hfilter, hosts are looked up in DNS, and no answer
# counts as a host that is not there; phishtank is a list in DNS.
MODULES_IN_PART = {
    "hfilter": "helo_enabled = false;\nhostname_enabled = false;\nfrom_enabled = false;\nrcpt_enabled = false;\n",
    "phishing": "phishtank_enabled = false;\n",
}


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT_SECONDS)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(TIMEOUT_SECONDS)
        self.sock.connect(str(self.path))


class Rspamd(Peer):
    name = "rspamd"
    program = "rspamd"
    daemon = True
    errors_rule = "learned when wrong"

    @classmethod
    def missing(cls) -> str | None:
        for program in ("redis-server", "rspamc"):
            if not shutil.which(program):
                return f"{program} is not installed"
        return super().missing()

    def start(self) -> None:
        super().start()
        self.group: list[Daemon] = []
        self.configure()
        redis = [
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            f"{self.scratch}/redis",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.scratch),
        ]
        folders = {"CONFDIR": "etc", "LOCAL_CONFDIR": "etc", "DBDIR": "db", "RUNDIR": "run", "LOGDIR": "log"}
        variables = [f"--var={name}={self.scratch}/{folder}" for name, folder in folders.items()]
        rspamd = [self.executable, "-f", "-i", "-c", f"{self.scratch}/etc/rspamd.conf", *variables]
        try:
            self.group.append(Daemon(redis, [self.scratch / "redis"], self.scratch / "redis.log", self.environment))
            workers = [self.scratch / "controller", self.scratch / "normal"]
            self.group.append(Daemon(rspamd, workers, self.scratch / "rspamd.log", self.environment))
        except DaemonError as error:
            raise PeerError(f"rspamd: {error}") from error

    def configure(self) -> None:
        """The package's own configuration, with the network cut off and the sockets in the scratch folder."""
        etc = self.scratch / "etc"
        shutil.copytree("/etc/rspamd", etc, dirs_exist_ok=True)
        for folder in ("db", "run", "log"):
            (self.scratch / folder).mkdir()
        files = {
            "options.inc": 'dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 0; }\n'
            'filters = "chartable,regexp";\n'
            f'control_socket = "{self.scratch}/control mode=0600";\n',
            "worker-normal.inc": f'bind_socket = "{self.scratch}/normal mode=0666";\ncount = 1;\n',
            "worker-controller.inc": f'bind_socket = "{self.scratch}/controller mode=0666";\npassword = "bench";\n',
            "worker-proxy.inc": "enabled = false;\n",
            "worker-fuzzy.inc": "enabled = false;\n",
            "redis.conf": f'servers = "{self.scratch}/redis";\n',
            "classifier-bayes.conf": f'backend = "redis";\nservers = "{self.scratch}/redis";\nautolearn = false;\n',
            "logging.inc": f'type = "file";\nfilename = "{self.scratch}/log/rspamd.log";\nlevel = "error";\n',
        }
        for folder in ("local.d", "override.d"):
            (etc / folder).mkdir(exist_ok=True)
        for name, text in files.items():
            (etc / "override.d" / name).write_text(text)
        for module in MODULES_OFF:
            (etc / "override.d" / f"{module}.conf").write_text("enabled = false;\n")
        for module, text in MODULES_IN_PART.items():
            (etc / "override.d" / f"{module}.conf").write_text(text)

    def stop(self) -> None:
        for daemon in reversed(getattr(self, "group", [])):
            daemon.stop()

    def ask(self, where: str, path: str, message: Path) -> tuple[int, dict]:
        connection = UnixConnection(self.scratch / where)
        try:
            connection.request("POST", path, message.read_bytes(), {"Password": "bench"})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(body or b"{}")
        except ValueError as error:
            raise PeerError(f"rspamd {path}: {message}: {answer.status} {body[:200]!r}") from error

    def judge(self, message: Path) -> Judgement:
        status, said = self.ask("normal", "/checkv2", message)
        if status != 200 or "score" not in said:
            raise PeerError(f"rspamd: {message}: {status} {said}")
        return Judgement("spam" if said["action"] in SPAM_ACTIONS else "ham", float(said["score"]))

    def learn(self, message: Path, spam: bool) -> None:
        """204 and 208: too little text, learned before, or certain enough already; that is its rule, not an error."""
        status, said = self.ask("controller", "/learnspam" if spam else "/learnham", message)
        if status not in (200, 204, 208):
            raise PeerError(f"rspamd learn: {message}: {status} {said}")

    def deliver_command(self) -> Command:
        return Command(["rspamc", "--mime", "-h", f"{self.scratch}/normal", "symbols"], self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        verb = "learn_spam" if spam else "learn_ham"
        return Command(["rspamc", "-P", "bench", "-h", f"{self.scratch}/controller", verb], self.environment)

    def daemons(self) -> Sequence[int]:
        return [process for daemon in self.group for process in daemon.processes()]

    def database_bytes(self) -> int:
        """redis keeps it in memory: what a dump of it takes."""
        self.run(["redis-cli", "-s", f"{self.scratch}/redis", "save"])
        return os.stat(self.scratch / "dump.rdb").st_size
