"""calls.py - every system call of every command fails in turn, is done by half, or is the process's last

For each job of scene.py the calls are counted first, by process (the one that was started, and its children), kind and
place in the order; then each of them is made to fail, with every error that it can have, once and - for errors that
last, as a full disk does - from there on.
"""
import collections
import errno
import os
import sys

import scene
import supervise
from scene import JOBS, Scene, Tap, say

# Errors that a call can have.  EINTR of pipes, locks and waiting must not be noticed at all (signal(7)).  Files of
# local disks never give it; but where a FUSE file system is behind them, or a network one of its kind, its answer to
# a request may be EINTR at any time (Linux, Documentation/filesystems/fuse, "Interrupting filesystem operations";
# open(2), fsync(2)): there it is an error like others, after which nothing may be lost.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
FILES = DISK + (errno.EINTR,)
OPENING = (errno.EMFILE, errno.EACCES, errno.ENOSPC, errno.EIO, errno.EINTR)
ERRORS = {
    "read": (errno.EIO, errno.EINTR), "pread64": (errno.EIO, errno.EINTR), "readv": (errno.EIO, errno.EINTR),
    "write": FILES, "writev": FILES, "pwrite64": FILES, "open": OPENING, "openat": OPENING, "close": (errno.EIO,),
    "fsync": FILES, "fdatasync": FILES, "link": FILES + (errno.EPERM,), "linkat": FILES + (errno.EPERM,),
    "rename": FILES + (errno.EACCES,), "renameat": FILES, "renameat2": FILES + (errno.EINVAL,),
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
    "msync": (errno.EIO,), "symlink": (errno.ENOSPC,), "readlink": (errno.EACCES, errno.EIO),
    "readlinkat": (errno.EACCES, errno.EIO), "munmap": (errno.ENOMEM,), "mremap": (errno.ENOMEM,),
    "mprotect": (errno.ENOMEM,), "madvise": (errno.EINVAL,), "ioctl": (errno.ENOTTY, errno.EIO),
    "close_range": (errno.ENOSYS,), "seccomp": (errno.ENOSYS, errno.EINVAL),
    "landlock_create_ruleset": (errno.ENOSYS, errno.EOPNOTSUPP), "landlock_restrict_self": (errno.EPERM, errno.E2BIG),
}
# Root gives up its rights by these; nobody else has a use for them.
OWNERSHIP = {"setgroups": (errno.EPERM, errno.ENOMEM), "setgid": (errno.EPERM, errno.EINVAL),
             "setuid": (errno.EPERM, errno.EAGAIN)}
ERRORS.update(OWNERSHIP)
# What the walls of the sandbox are made of (util/sandbox.h).
WALLS = ("prctl", "close_range", "seccomp", "landlock_create_ruleset", "landlock_restrict_self")
UNNOTICED = ("flock", "poll", "ppoll", "wait4")  # when interrupted
LASTING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE)
HALVES = ("read", "write", "writev")
# A sanitizer ends a program that gets no memory, looks at its own memory map and limits, and for leaks in a process.
SANITIZERS_OWN = {"mmap", "brk", "prlimit64", "clone", "munmap", "mremap", "mprotect",
                  "madvise", "readlink", "readlinkat"}
WATCHED = set(ERRORS) - (SANITIZERS_OWN if scene.SANITIZED else set())

# A pipe has no disk behind it, and somebody at its other end.
OF_PIPES = {"read": (errno.EINTR,), "write": (errno.EINTR, errno.EPIPE),
            "writev": (errno.EINTR, errno.EPIPE), "close": ()}

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
            if name in OWNERSHIP:
                cases.append(Case(role, name, number, supervise.LIE, False))
            if name in HALVES:
                cases.append(Case(role, name, number, supervise.HALF, False))
    return cases


def kill_cases(seen):
    return [Case(role, name, number, supervise.KILL, False)
            for (role, name), pipes in sorted(seen.items()) for number in range(1, len(pipes) + 1)]


def try_case(job, case):
    """Gives whether the case came about, and what is wrong after it."""
    about_pipe = []  # which of many reads it is may be another than when they were counted: a pipe brings what it has

    def decide(call):
        met = call.number >= case.number if case.lasting else call.number == case.number
        if not met or call.role() != case.role:
            return supervise.GO_ON
        about_pipe.append(call.name in OF_PIPES and (call.path_of(call.arguments[0]) or "").startswith("pipe:"))
        # The end of a pipe that is not closed here, though the kernel would, is waited for by who reads it.
        return supervise.GO_ON if about_pipe[-1] and call.name == "close" else case.fate

    job.lay_out()
    outcome = run(job, decide, {case.name})
    if outcome.hung:
        return True, [f"{job.name}, {describe(case)}: it hung"]
    if outcome.applied == 0:
        return False, []
    # A message of which the child died is given up, as one that would be as hostile the next time.
    dies = case.fate in (supervise.KILL, supervise.fail(errno.EPIPE))
    given_up = dies and case.role == "child" and job.gives_up
    wrong = job.judge(outcome.status, not given_up)
    unnoticed = case.fate == supervise.fail(errno.EINTR) and (case.name in UNNOTICED or about_pipe[0])
    if unnoticed and case.role == "parent" and outcome.status != 0:
        wrong.append(f"an interrupted call made it end with {outcome.status}")
    return True, [f"{job.name}, {describe(case)}: {line}; it said: {job.scene.said()[-300:]!r}" for line in wrong]


# --- walls and rights: few cases, and all of them each time ---------------------------------------------------------

def try_without_walls(job, missing):
    """Without these calls, as on a kernel that does not offer them, the message is judged all the same."""
    job.lay_out()
    outcome = run(job, lambda call: supervise.fail(errno.ENOSYS), set(missing))
    wrong = [] if outcome.status == 0 and not outcome.hung else [f"it ended with {outcome.status}"]
    wrong += [] if outcome.applied else ["it asks for none of them"]
    wrong += [] if job.was_judged() else ["the message is not judged"]  # before judge() has it delivered again
    wrong += job.judge(outcome.status)
    return [f"{job.name} without {', '.join(missing)}: {line}; it said: {job.scene.said()[-300:]!r}" for line in wrong]


def check_walls(tap, job):
    sets = [(name,) for name in WALLS] + [WALLS[2:], WALLS]
    tap.check(f"{job.name}: judged where walls of the sandbox cannot be had",
              [line for missing in sets for line in try_without_walls(job, missing)])


def check_rights(tap, job):
    """Rights that cannot be given up, or only seem to be: 75, and nothing was done."""
    groups = os.getgroups()
    os.setgroups([0, 1])  # so that there is something to be given up
    seen, wrong = count(job), []
    cases = [case for case in fault_cases({key: calls for key, calls in seen.items() if key[1] in OWNERSHIP})
             if case.number == 1]  # what follows is the test whether rights can be had back, which is to fail
    for case in cases:
        job.lay_out()
        outcome = run(job, lambda call: case.fate if call.number == 1 else supervise.GO_ON, {case.name})
        complaints = job.judge(outcome.status)
        if outcome.status != scene.EX_TEMPFAIL or not outcome.applied:
            complaints.append(f"it ended with {outcome.status}")
        wrong += [f"{describe(case)}: {line}; it said: {job.scene.said()[-300:]!r}" for line in complaints]
    os.setgroups(groups)
    few = [f"only {len(cases)} cases"] * (len(cases) < 3 * len(OWNERSHIP))
    tap.check(f"{job.name}: {len(cases)} ways in which rights are not given up", few + wrong)


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
            if kind == "faults" and isinstance(job, (scene.Filter, scene.Deliver)) and not scene.SANITIZED:
                check_walls(tap, job)
            if kind == "faults" and isinstance(job, scene.DeliverForOwner):
                check_rights(tap, job)
    say(f"{applied} of {total} {kind}, seed {scene.seed()}; mail lost or doubled, state torn: {tap.failed} jobs")
    return tap.end()


if __name__ == "__main__":
    if sys.argv[1:] == ["kills"]:
        sys.exit(main("kills", kill_cases, 10))
    sys.exit(main("faults", fault_cases, 20))
