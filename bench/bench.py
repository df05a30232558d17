#!/usr/bin/env python3
"""bench.py - measures tamis and its peers side by side; `make bench` calls it, bench/README says how to read it.

What is measured comes from the environment, so that `make bench PARTS="accuracy cost" PEERS="tamis bogofilter"` works.
A figure that is bad is a result, not a failure: the exit status is 0 unless something could not be measured at all.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Callable, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parent))

import part_accuracy
import part_calibration
import part_cold
import part_cost
import part_growth
import part_host
import part_shared
import part_start
import part_transfer
from corpus import Corpus, CorpusError, read_corpus
from peers import TABLE
from peers.peer import Peer, PeerError
from replay import Bench
from report import NOTHING, save_part, write_reports
from tables import Block
from users import MODES

PARTS: dict[str, Callable[[Bench], Iterator[Block]]] = {
    "accuracy": part_accuracy.make,
    "transfer": part_transfer.make,
    "cold": part_cold.make,
    "start": part_start.make,
    "host": part_host.make,
    "shared": part_shared.make,
    "calibration": part_calibration.make,
    "cost": part_cost.make,
    "growth": part_growth.make_growth,
    "sizes": part_growth.make_sizes,
}

USAGE = """usage: make bench [PARTS="..."] [PEERS="..."] [MODES="..."] [MESSAGES="..."] [BENCH_CORPORA="DIR ..."]

PARTS     {parts}
PEERS     {peers}
MODES     of the accuracy part: {modes}
MESSAGES  "all" (default) or "every3rd"; for single filters "all spamassassin=every6th"
BENCH_CORPORA   directories with an `index`, quoted as for the shell where a name holds a blank; by default sa2003 and
                modern-a in TAMIS_CORPORA
BENCH_RESULTS   where results are kept; ./bench-results
BENCH_SCRATCH   where filters keep their state meanwhile; /dev/shm or TMPDIR
BENCH_SEED, BENCH_ROUNDS    of wrong labels and imagined users (1); of the bootstrap (1000)
BENCH_<PEER>=PATH           the program of a filter, e.g. BENCH_BOGOFILTER_TOKYOCABINET=/tmp/x/usr/bin/bogofilter-...
"""


class UsageError(Exception):
    pass


def chosen(name: str, known: dict[str, object], default: str = "") -> list[str]:
    """The words of a variable, each of them known; all that are known when it is empty."""
    words = os.environ.get(name, default).split() or list(known)
    for word in words:
        if word not in known:
            raise UsageError(f"{name}: {word} is none of {', '.join(known)}")
    return words


def read_steps(text: str) -> dict[str, int]:
    """ "every3rd spamassassin=every6th": one message in 3, for SpamAssassin one in 6."""
    steps = {"": 1}
    for word in text.split():
        name, _, value = word.rpartition("=")
        match = re.fullmatch(r"all|every([1-9][0-9]*)(st|nd|rd|th)", value)
        if not match:
            raise UsageError(f'MESSAGES: {word} is not "all" or "every3rd"')
        steps[name] = int(match[1] or 1)
    return steps


def corpus_directories() -> list[Path]:
    try:
        given = shlex.split(os.environ.get("BENCH_CORPORA", ""))
    except ValueError as error:
        raise UsageError(f"BENCH_CORPORA: {error}") from error
    if given:
        return [Path(directory) for directory in given]
    above = os.environ.get("TAMIS_CORPORA")
    usual = [Path(above) / name for name in ("sa2003", "modern-a")] if above else []
    found = [directory for directory in usual if (directory / "index").exists()]
    if not found:
        raise UsageError('no mail: BENCH_CORPORA names directories that hold a file `index` of lines "ham|spam PATH"')
    return found


def find_peers() -> tuple[type[Peer], ...]:
    """Those asked for that are here; the others are named, none is installed."""
    names = chosen("PEERS", {kind.name: kind for kind in TABLE})
    found = []
    for kind in TABLE:
        if kind.name in names:
            why = kind.missing()
            if why:
                print(f"not measured: {kind.name}: {why}")
            else:
                found.append(kind)
    return tuple(found)


def scratch_above() -> str:
    given = os.environ.get("BENCH_SCRATCH")
    return given or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())


def prepare(scratch: Path) -> Bench:
    seed, rounds = int(os.environ.get("BENCH_SEED", "1")), int(os.environ.get("BENCH_ROUNDS", "1000"))
    corpora: list[Corpus] = [
        read_corpus(directory, scratch / f"bare-{number}") for number, directory in enumerate(corpus_directories())
    ]
    results = Path(os.environ.get("BENCH_RESULTS", "bench-results")).resolve()
    results.mkdir(parents=True, exist_ok=True)
    return Bench(
        results=results,
        scratch=scratch,
        disk=Path(tempfile.mkdtemp(prefix="state-", dir=results)),
        seed=seed,
        rounds=rounds,
        peers=find_peers(),
        steps=read_steps(os.environ.get("MESSAGES", "all")),
        corpora=tuple(corpora),
        modes=tuple(MODES[name] for name in chosen("MODES", dict(MODES))),
    )


def run_part(bench: Bench, part: str) -> None:
    print(f"\n== {part}", flush=True)
    blocks: list[Block] = []
    for block in PARTS[part](bench):
        blocks.append(block)
        print(block.text(), flush=True)
    if not blocks:
        print(NOTHING, flush=True)
    save_part(bench.results, part, blocks, [kind.version() for kind in bench.peers])
    write_reports(bench.results, list(PARTS), "tamis and its peers, measured side by side")


def run_parts(bench: Bench, parts: list[str]) -> None:
    for part in parts:
        try:
            run_part(bench, part)
        except PeerError as error:
            bench.messages.append(f"{part}: {error}")


def run(scratch: Path) -> int:
    parts = chosen("PARTS", dict(PARTS))
    bench = prepare(scratch)
    try:
        run_parts(bench, parts)
    finally:
        shutil.rmtree(bench.disk, ignore_errors=True)
    for message in bench.messages:
        print(f"could not be measured: {message}", file=sys.stderr)
    print(f"\nresults are in {bench.results}: report.html, report.md, *.json")
    return 1 if bench.messages else 0


def end(number: int, _: object) -> None:
    """Ended from outside, the daemons and scratch folders still go with us."""
    raise SystemExit(128 + number)


def main() -> int:
    if any(word in ("-h", "--help") for word in sys.argv[1:]):
        print(USAGE.format(parts=" ".join(PARTS), peers=" ".join(kind.name for kind in TABLE), modes=" ".join(MODES)))
        return 0
    signal.signal(signal.SIGTERM, end)
    scratch = Path(tempfile.mkdtemp(prefix="tamis-bench-", dir=scratch_above()))
    scratch.chmod(0o755)
    try:
        return run(scratch)
    except (UsageError, CorpusError, ValueError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 64
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
