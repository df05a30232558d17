"""calls.py - every system call of every command fails in turn, is done by half, or is the process's last

For each job of scene.py the calls are counted first, by process (the one that was started, and its children), kind and
place in the order; then each of them is made to fail, with every error that it can have, once and - for errors that
last, as a full disk does - from there on.
"""
import collections
import errno
import sys

import scene
import supervise
from scene import JOBS, Scene, Tap, say

# Errors that a call can have.  EINTR is one that must not be noticed at all; files never give it, pipes do.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
ERRORS = {
    "read": (errno.EIO,), "pread64": (errno.EIO,), "readv": (errno.EIO,),
    "write": DISK, "writev": DISK, "pwrite64": DISK,
    "open": (errno.EMFILE, errno.EACCES, errno.ENOSPC, errno.EIO),
    "openat": (errno.EMFILE, errno.EACCES, errno.ENOSPC, errno.EIO), "close": (errno.EIO,),
    "fsync": DISK, "fdatasync": DISK, "link": DISK + (errno.EPERM,), "linkat": DISK + (errno.EPERM,),
    "rename": DISK + (errno.EACCES,), "renameat": DISK, "renameat2": DISK + (errno.EINVAL,),
    "unlink": (errno.EACCES, errno.EIO), "unlinkat": (errno.EACCES, errno.EIO), "mmap": (errno.ENOMEM,),
    "brk": (errno.ENOMEM,), "clone": (errno.EAGAIN, errno.ENOMEM), "clone3": (errno.EAGAIN,), "fork": (errno.EAGAIN,),
    "pipe": (errno.EMFILE,), "pipe2": (errno.EMFILE, errno.ENFILE), "ftruncate": (errno.EIO,),
    "fallocate": (errno.ENOSPC, errno.EOPNOTSUPP), "fcntl": (errno.ENOLCK, errno.EAGAIN),
    "flock": (errno.ENOLCK, errno.EINTR), "mkdir": DISK + (errno.EACCES,), "mkdirat": DISK + (errno.EACCES,),
    "stat": (errno.EIO,), "lstat": (errno.EIO,), "fstat": (errno.EIO,), "newfstatat": (errno.EIO,),
    "statx": (errno.EIO,),
    "access": (errno.EACCES,), "faccessat": (errno.EACCES,), "faccessat2": (errno.EACCES,),
    "getdents64": (errno.EIO,), "fchmod": (errno.EPERM,), "chmod": (errno.EPERM,), "fchmodat": (errno.EPERM,),
    "utimensat": (errno.EACCES,), "dup2": (errno.EMFILE,), "dup3": (errno.EMFILE,), "lseek": (errno.EINVAL,),
    "poll": (errno.EINTR,), "ppoll": (errno.EINTR,), "wait4": (errno.EINTR,), "prlimit64": (errno.EPERM,),
    "prctl": (errno.EINVAL,), "pidfd_open": (errno.ENOSYS, errno.EMFILE), "getrandom": (errno.EAGAIN,),
    "msync": (errno.EIO,), "symlink": (errno.ENOSPC,),
}
LASTING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE)
HALVES = ("read", "write", "writev")
# A sanitizer ends a program that gets no memory, looks at its own memory map and limits, and for leaks in a process.
SANITIZERS_OWN = {"mmap", "brk", "prlimit64", "clone"}
WATCHED = set(ERRORS) - (SANITIZERS_OWN if scene.SANITIZED else set())

# A pipe has no disk behind it.
OF_PIPES = {"read": (errno.EINTR,), "write": (errno.EINTR,), "writev": (errno.EINTR,), "close": ()}

Case = collections.namedtuple("Case", "role name number fate lasting")


def describe(case):
    fate = errno.errorcode[case.fate[1]] if case.fate[0] == "fail" else case.fate[0]
    return f"{case.role} {case.name} {case.number}: {fate}{' from there on' if case.lasting else ''}"


def run(job, decide, names):
    where = job.scene
    return supervise.run([scene.TAMIS, *job.arguments], where.environment, names, decide, where.stdin, where.stdout,
                         where.stderr)


def count(job):
    """The calls of each kind that each of the two roles makes: for each of them, whether it is about a pipe."""
    seen = collections.defaultdict(list)

    def decide(call):
        path = call.path_of(call.arguments[0]) if call.name in OF_PIPES else None
        seen[call.role(), call.name].append((path or "").startswith("pipe:"))
        return supervise.GO_ON

    job.lay_out()
    run(job, decide, WATCHED)
    return seen


def fault_cases(seen):
    cases = []
    for (role, name), pipes in sorted(seen.items()):
        for number, is_pipe in enumerate(pipes, 1):
            for error in OF_PIPES[name] if is_pipe else ERRORS[name]:
                cases.append(Case(role, name, number, supervise.fail(error), False))
                if error in LASTING:
                    cases.append(Case(role, name, number, supervise.fail(error), True))
            if name in HALVES:
                cases.append(Case(role, name, number, supervise.HALF, False))
    return cases


def kill_cases(seen):
    return [Case(role, name, number, supervise.KILL, False)
            for (role, name), pipes in sorted(seen.items()) for number in range(1, len(pipes) + 1)]


def try_case(job, case):
    """Gives whether the case came about, and what is wrong after it."""
    def decide(call):
        met = call.number >= case.number if case.lasting else call.number == case.number
        return case.fate if met and call.role() == case.role else supervise.GO_ON

    job.lay_out()
    outcome = run(job, decide, {case.name})
    if outcome.hung:
        return True, ["it hung"]
    if outcome.applied == 0:
        return False, []
    # A message of which the child died is given up, as one that would be as hostile the next time.
    given_up = case.fate == supervise.KILL and case.role == "child" and job.gives_up
    wrong = job.judge(outcome.status, not given_up)
    if case.fate == supervise.fail(errno.EINTR) and case.role == "parent" and outcome.status != 0:
        wrong.append(f"an interrupted call made it end with {outcome.status}")
    return True, [f"{job.name}, {describe(case)}: {line}; it said: {job.scene.said()[-300:]!r}" for line in wrong]


def main(kind, make_cases, most):
    why = supervise.usable()
    if why:
        scene.skip_all(why)
    tap, total, applied = Tap(), 0, 0
    with Scene() as where:
        for job in scene.made_jobs(where, JOBS):
            cases = make_cases(count(job))
            total += len(cases)
            applied += scene.try_cases(tap, job, cases, most, try_case, kind)
    say(f"{applied} of {total} {kind}, seed {scene.seed()}; mail lost or doubled, state torn: {tap.failed} jobs")
    return tap.end()


if __name__ == "__main__":
    if sys.argv[1:] == ["kills"]:
        sys.exit(main("kills", kill_cases, 10))
    sys.exit(main("faults", fault_cases, 20))
