"""memory.py - every allocation of every command finds no memory in turn, once or from there on

Of the parent, of its children (no-memory.c is preloaded).  A command may then do its work without what it could not
have, or die, or say 75; what must hold afterwards is what scene.py says of each.
"""
import collections
import os
import struct
import subprocess
import sys

import scene
from scene import JOBS, Scene, Tap, say

LIBRARY = os.path.join(os.environ.get("TAMIS_BUILD", "."), "tests/fault/no-memory.so")
NEVER, HUNG = 2**62, 1000
Case = collections.namedtuple("Case", "role number lasting")


def run(job, role, number, lasting):
    """Gives the exit status, and how many allocations there were of the parent, the children, and refused."""
    where = job.scene
    counts = os.path.join(where.scratch, "counts")
    with open(counts, "wb") as out:
        out.write(bytes(24))
    environment = dict(where.environment, LD_PRELOAD=LIBRARY, TAMIS_NO_MEMORY=f"{counts} {role} {number} {lasting}")
    with open(where.stdin, "rb") as given, open(where.stdout, "wb") as out, open(where.stderr, "wb") as err:
        try:
            status = subprocess.run([scene.TAMIS, *job.arguments], stdin=given, stdout=out, stderr=err, env=environment,
                                    timeout=60).returncode
        except subprocess.TimeoutExpired:
            status = HUNG
    with open(counts, "rb") as found:
        return (status,) + struct.unpack("=3Q", found.read())


def make_cases(job):
    job.lay_out()
    _, parent, child, _ = run(job, "parent", NEVER, "once")
    return [Case(role, number, lasting) for role, most in (("parent", parent), ("child", child))
            for number in range(1, most + 1) for lasting in ("once", "on")]


def try_case(job, case):
    job.lay_out()
    status, _, _, refused = run(job, *case)
    if status == HUNG:
        return True, [f"{job.name}, {case.role} {case.number} {case.lasting}: it hung"]
    # Death by a signal of its own (SIGABRT, of a library that knows no other way) keeps the message with the caller.
    wrong = job.judge(status, case.role == "parent" or not job.gives_up)
    return refused > 0, [f"{job.name}, {case.role} {case.number} {case.lasting}: {line}; "
                         f"it said: {job.scene.said()[-300:]!r}"
                         for line in wrong]


def main():
    if scene.SANITIZED:
        scene.skip_all("sanitizers have an allocator of their own")
    if not os.path.exists(LIBRARY):
        scene.skip_all(f"{LIBRARY} is not there")
    tap, total, done = Tap(), 0, 0
    with Scene() as where:
        for job in scene.made_jobs(where, JOBS):
            cases = make_cases(job)
            total += len(cases)
            done += scene.try_cases(tap, job, cases, 12, try_case, "allocations refused")
    say(f"{done} of {total} allocations refused, seed {scene.seed()}; "
        f"mail lost or doubled, state torn: {tap.failed} jobs")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
