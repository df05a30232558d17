"""daemon.py - starts a daemon in the foreground below us, waits until it listens, and leaves nothing of it behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Mapping, Sequence

START_SECONDS = 180  # rspamd compiles its expressions: 8 s of an idle processor
STOP_SECONDS = 10


class DaemonError(Exception):
    """A daemon that did not start; the text ends with its own words."""


class Daemon:
    """A session of its own that listens on Unix sockets."""

    def __init__(
        self, arguments: Sequence[str], listens: Sequence[Path], log: Path, environment: Mapping[str, str]
    ) -> None:
        # Should the bench be killed, its daemons are ended with it.
        holder = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        self.name, self.log = Path(arguments[0]).name, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*holder, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                start_new_session=True,
            )
        try:
            for path in listens:
                self.wait_until_it_listens(path)
        except BaseException:
            self.stop()
            raise

    def wait_until_it_listens(self, path: Path) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(path))
                    return
                except OSError:
                    time.sleep(0.1)
        words = self.log.read_text(errors="replace")[-500:]
        raise DaemonError(f"{self.name} does not listen on {path}: {words}")

    def processes(self) -> list[int]:
        """All that run in its session."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getsid(int(entry.name)) == self.process.pid:
                        found.append(int(entry.name))
                except OSError:
                    pass
        return found

    def stop(self) -> None:
        self.signal_all(signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end and (self.process.poll() is None or self.processes()):
            time.sleep(0.05)
        self.signal_all(signal.SIGKILL)
        self.process.wait()

    def signal_all(self, number: int) -> None:
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass
