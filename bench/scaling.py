#!/usr/bin/env python3
"""scaling.py - what a user and a delivery cost, with files and with Redis: the figures of doc/SCALING.md.

    make bench/launch && BENCH_LAUNCH=bench/launch python3 -B ../bench/scaling.py --tamis ./tamis CORPUS...

Each CORPUS is a directory with an `index` of lines "ham|spam PATH" (bench/README).  Works in a scratch folder on a
Redis of its own (Unix socket, append-only file, everysec), and prints JSON lines; takes a minute.  What is delivered
has just come from a relay of its own, or its arrival would not be noted.  CPU is user and system time of tamis and all
that it starts, also that which nobody waits for; of Redis what INFO says, so a share of its idle work is in it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from corpus import Message, read_corpus
from peers.daemon import Daemon
from peers.peer import Command
from processes import Cost, launch

LESSONS = (100, 1000, 10000)
DELIVERIES = 100
SINGLE_LESSONS = 30
TOGETHER = 100
SECONDS = 1000  # at most, for the lessons in bulk


@dataclass
class Place:
    """A scratch folder, the user's settings in it, and the Redis that is asked."""

    folder: Path
    program: Path
    engine: str

    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        return {
            **os.environ,
            "HOME": str(home),
            "USER": "user",
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".state"),
            "TAMIS_MODULE_DIR": str(self.program.parent),
        }

    def prepare(self) -> None:
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        (home / ".config/tamis").mkdir(parents=True)
        store = f"store = redis\nredis_server = unix:{self.socket()}\nredis_timeout = 2000\n"
        text = "log = none\n" + (store if self.engine == "redis" else "")
        (home / ".config/tamis/tamis.conf").write_text(text)

    def socket(self) -> Path:
        return self.folder / "redis" / "socket"

    def run(self, *words: str, message: Path = Path("/dev/null")) -> Cost:
        command = Command([str(self.program), *words], self.environment())
        return launch(command, message, self.folder, SECONDS)

    def redis(self, *words: str) -> str:
        command = ["redis-cli", "-s", str(self.socket()), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def information(self) -> dict[str, float]:
        numbers = {}
        for line in self.redis("info", "everything").splitlines():
            name, _, value = line.partition(":")
            try:
                numbers[name] = float(value)
            except ValueError:
                continue
        return numbers

    def bytes_kept(self) -> dict[str, int]:
        if self.engine == "redis":
            self.redis("bgrewriteaof")
            while self.information()["aof_rewrite_in_progress"]:
                time.sleep(0.1)
            memory = int(self.redis("memory", "usage", "tamis:{user}", "samples", "0"))
            return {"memory": memory, "fields": int(self.redis("hlen", "tamis:{user}")),
                    "append_only_file": int(self.information()["aof_current_size"])}
        state = self.folder / "home/.state/tamis"
        names = ("weights.tcf", "pairs.tcf", "ledger.tcf", "snapshot", "journal", "lock", "history")
        return {"disk": sum((state / name).stat().st_size for name in names if (state / name).exists())}


def messages_of(directories: list[Path], scratch: Path) -> list[Message]:
    """All messages, one of each corpus in turn."""
    corpora = [read_corpus(directory, scratch / f"bare-{number}") for number, directory in enumerate(directories)]
    in_turn = itertools.zip_longest(*(corpus.messages for corpus in corpora))
    return [message for some in in_turn for message in some if message]


def just_arrived(messages: list[Message], folder: Path) -> list[Path]:
    """Copies that each came from another relay a moment ago."""
    folder.mkdir()
    paths = [folder / str(number) for number in range(len(messages))]
    for number, (message, path) in enumerate(zip(messages, paths)):
        relay = f"from mail.example.org (mail.example.org [{20 + number}.113.7.25])"
        field = f"Received: {relay}\n\tby mx.example.net with ESMTP id 1; {formatdate()}\n"
        path.write_bytes(field.encode() + message.path.read_bytes())
    return paths


def learn_until(place: Place, messages: list[Message], first: int, last: int) -> Cost:
    folder = place.folder / "lessons"
    shutil.rmtree(folder, ignore_errors=True)
    for label in ("ham", "spam"):
        (folder / label).mkdir(parents=True)
    for number, message in enumerate(messages[first:last], first):
        shutil.copyfile(message.path, folder / message.label / str(number))
    return place.run("learn", "--quiet", "--ham", str(folder / "ham"), "--spam", str(folder / "spam"))


def served(place: Place, before: dict[str, float], count: int) -> dict[str, float]:
    """What Redis did for each of `count` things, in ms of CPU and KB to and from it."""
    if place.engine != "redis":
        return {}
    after = place.information()

    def difference(*names: str) -> float:
        return sum(after[name] - before[name] for name in names) / count

    return {
        "redis_processor_ms": round(1000 * difference("used_cpu_user", "used_cpu_sys"), 3),
        "redis_received_kb": round(difference("total_net_input_bytes") / 1000, 1),
        "redis_sent_kb": round(difference("total_net_output_bytes") / 1000, 1),
        "append_only_kb": round(difference("aof_current_size") / 1000, 1),
    }


def one_by_one(place: Place, words: list[str], paths: list[Path], feed: bool) -> dict[str, float]:
    before = place.information() if place.engine == "redis" else {}
    runs = [place.run(*words, message=path) if feed else place.run(*words, str(path)) for path in paths]
    if any(run.status for run in runs):
        raise SystemExit(f"{words} failed with {place.engine}")
    return {
        "wall_ms": round(statistics.median(run.wall_ms for run in runs), 2),
        "processor_ms": round(statistics.fmean(run.cpu_ms for run in runs), 2),
        **served(place, before, len(paths)),
    }


def together(place: Place, paths: list[Path]) -> dict[str, float]:
    maildir = place.folder / "home/Maildir"
    shutil.rmtree(maildir, ignore_errors=True)
    begin = time.monotonic()
    processes = []
    for path in paths:
        with path.open("rb") as message:
            command = [str(place.program), "deliver"]
            processes.append(subprocess.Popen(command, stdin=message, env=place.environment()))
    statuses = [process.wait() for process in processes]
    wall = time.monotonic() - begin
    delivered = [path for path in maildir.rglob("*") if path.is_file() and path.parent.name == "new"]
    without = sum(b"learned=none" in path.read_bytes().split(b"\n\n")[0] for path in delivered)
    return {"wall_s": round(wall, 2), "failed": sum(map(bool, statuses)), "delivered": len(delivered),
            "without_learned": without}


def measure(place: Place, messages: list[Message]) -> None:
    place.prepare()
    done = 0
    chosen = messages[:: max(len(messages) // DELIVERIES, 1)][:DELIVERIES]
    tests = just_arrived(chosen, place.folder / f"arrived-{place.engine}")
    for lessons in LESSONS:
        last = min(lessons, len(messages) - SINGLE_LESSONS)
        run = learn_until(place, messages, done, last)
        if run.status:
            raise SystemExit(f"learning failed with {place.engine}")
        lesson_ms = round(run.cpu_ms / (last - done), 2)
        row = {"engine": place.engine, "lessons": last, "bulk_lesson_ms": lesson_ms}
        done = last
        row["kept"] = place.bytes_kept()
        row["delivery"] = one_by_one(place, ["deliver"], tests, True)
        print(json.dumps(row), flush=True)
    singles = [message.path for message in messages[-SINGLE_LESSONS:]]
    print(json.dumps({"engine": place.engine, "lesson": one_by_one(place, ["learn", "-q", "--spam"], singles, False)}),
          flush=True)
    many = (tests * (TOGETHER // len(tests) + 1))[:TOGETHER]
    print(json.dumps({"engine": place.engine, "together": together(place, many)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tamis", type=Path, required=True)
    parser.add_argument("corpora", type=Path, nargs="+")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tamis-scaling."))
    redis = folder / "redis"
    redis.mkdir()
    command = ["redis-server", "--port", "0", "--unixsocket", str(redis / "socket"), "--dir", str(redis),
               "--appendonly", "yes", "--save", "", "--auto-aof-rewrite-percentage", "0"]
    server = Daemon(command, [redis / "socket"], redis / "log", os.environ)
    try:
        messages = messages_of(options.corpora, folder)
        for engine in ("tokyocabinet", "redis"):
            measure(Place(folder, options.tamis.resolve(), engine), messages)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
