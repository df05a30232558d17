"""processes.py - what a process costs: wall time, CPU time, peak memory, instructions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Sequence

from peers.peer import Command, Peer, PeerError

SECONDS = 100  # then a process is killed, and its cost is said to be more
TOTALS = re.compile(r"^totals: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Cost:
    status: int  # exit status, or minus the signal
    wall_ms: float
    cpu_ms: float  # of the process, what it waited for or left behind at work, and its daemons meanwhile
    memory_mb: float  # peak of the process that delivery starts, or of its largest child


def launcher() -> str:
    return os.environ.get("BENCH_LAUNCH", str(Path("bench/launch").resolve()))


def launch(command: Command, message: Path, folder: Path, seconds: int = SECONDS) -> Cost:
    """Runs the command once, in that folder."""
    arguments = [launcher(), str(seconds), str(message), *command.arguments]
    environment = dict(command.environment)
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    if done.returncode:
        raise PeerError(f"launch: exit {done.returncode}: {done.stderr.strip()}")
    status, wall, cpu, memory = (int(word) for word in done.stdout.split())
    return Cost(status, wall / 1e6, cpu / 1e6, memory / 1024)


def cost_of(peer: Peer, command: Command, message: Path) -> Cost:
    """Runs the command once.  A daemon's CPU time counts: mail pays for it."""
    before = daemon_cpu_ns(peer.daemons())
    cost = launch(command, message, peer.scratch)
    in_daemons = daemon_cpu_ns(peer.daemons()) - before
    return replace(cost, cpu_ms=cost.cpu_ms + in_daemons / 1e6)


def daemon_cpu_ns(processes: Sequence[int]) -> int:
    """Time on a CPU of all threads that run in these processes now."""
    total = 0
    for process in processes:
        for file in Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                total += int(file.read_text().split()[0])
            except OSError:
                pass  # a thread that has just ended
    return total


def can_count_instructions() -> bool:
    return shutil.which("valgrind") is not None


def instructions_of(peer: Peer, command: Command, message: Path) -> int:
    """Instructions of the process and its children, by callgrind, each counted once.

    callgrind lets a forked child start with the count of its parent, so what came before the fork would stand in both;
    dumping before fork() sets the count to zero there.  A daemon's are not seen.
    """
    with tempfile.TemporaryDirectory(dir=peer.scratch) as folder, message.open("rb") as standard_input:
        tool = [
            "valgrind",
            "-q",
            "--tool=callgrind",
            "--trace-children=yes",
            "--dump-before=fork",
            f"--callgrind-out-file={folder}/%p",
        ]
        done = subprocess.run(
            [*tool, *command.arguments],
            stdin=standard_input,
            capture_output=True,
            env=dict(command.environment),
            cwd=peer.scratch,
            check=False,
            timeout=20 * SECONDS,
        )
        texts = [file.read_text(errors="replace") for file in Path(folder).iterdir()]
    counts = [int(found) for text in texts for found in TOTALS.findall(text)]
    if not counts:
        words = done.stderr.decode(errors="replace")[-300:]
        raise PeerError(f"{peer.name}: callgrind: exit {done.returncode}: {words}")
    return sum(counts)
