"""supervise.py - runs a program and decides the fate of each of its system calls

The kernel asks before it does a call (seccomp(2), SECCOMP_RET_USER_NOTIF, Linux 5.0): a filter that is installed before
the program starts, and that its children inherit, hands every call of the wanted kinds to this process, which lets it
through, makes it fail with an error, does only half of it, or kills the caller there and then.  Unlike a preloaded
library that sees what the C library does by itself (stdio, opendir, malloc's mmap), and unlike ptrace it needs no
registers; but a call that is let through is not seen to return.

Calls of the program's start, made by the dynamic linker before main(), are let through: nothing of ours runs yet.
"""
import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import time

# Numbers of system calls: (x86_64, aarch64); None where the machine has no such call.
NUMBERS = {
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "poll": (7, None), "ppoll": (271, 73), "lseek": (8, 62), "mmap": (9, 222), "brk": (12, 214),
    "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "dup2": (33, None), "dup3": (292, 24), "clone": (56, 220),
    "clone3": (435, 435), "fork": (57, None), "execve": (59, 221), "exit_group": (231, 94), "wait4": (61, 260),
    "fcntl": (72, 25), "flock": (73, 32), "fsync": (74, 82), "fdatasync": (75, 83), "ftruncate": (77, 46),
    "getdents64": (217, 61), "rename": (82, None), "mkdir": (83, None), "link": (86, None), "unlink": (87, None),
    "symlink": (88, None), "chmod": (90, None), "fchmod": (91, 52), "fallocate": (285, 47), "openat": (257, 56),
    "mkdirat": (258, 34), "newfstatat": (262, 79), "unlinkat": (263, 35), "renameat": (264, 38), "linkat": (265, 37),
    "fchmodat": (268, 53), "utimensat": (280, 88), "pipe": (22, None), "pipe2": (293, 59), "prlimit64": (302, 261),
    "renameat2": (316, 276), "getrandom": (318, 278), "statx": (332, 291), "prctl": (157, 167),
    "pidfd_open": (434, 434), "msync": (26, 227), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226),
    "madvise": (28, 233), "ioctl": (16, 29), "readlink": (89, None), "readlinkat": (267, 78), "close_range": (436, 436),
    "seccomp": (317, 277), "landlock_create_ruleset": (444, 444), "landlock_restrict_self": (446, 446),
    "setgroups": (116, 159), "setgid": (106, 144), "setuid": (105, 146),
}
MACHINE = {"x86_64": (0, 0xC000003E, 317, 438), "aarch64": (1, 0xC00000B7, 277, 438)}.get(platform.machine())
if MACHINE:
    COLUMN, AUDIT_ARCH, SYS_SECCOMP, SYS_PIDFD_GETFD = MACHINE
    BY_NUMBER = {pair[COLUMN]: name for name, pair in NUMBERS.items() if pair[COLUMN] is not None}

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER = 38, 36
# <linux/seccomp.h>
SECCOMP_SET_MODE_FILTER, FLAG_NEW_LISTENER = 1, 8
RET_USER_NOTIF, RET_ALLOW = 0x7FC00000, 0x7FFF0000
NOTIF_RECV, NOTIF_SEND, NOTIF_ADDFD = 0xC0502100, 0xC0182101, 0x40182103
NOTIFICATION, ANSWER, ADD_FD = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI"), struct.Struct("=QIIII")
RESPONSE_CONTINUE, ADDFD_SEND = 1, 2
# <linux/filter.h>
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06


class Call:
    """One system call that a process wants to make, as decide() sees it."""

    def __init__(self, pid, main, name, number, arguments):
        self.pid, self.main, self.name = pid, main, name
        self.number = number  # of its name among all of the main process, or of all others together; from 1
        self.arguments = arguments

    def role(self):
        return "parent" if self.main else "child"

    def path_of(self, fd):
        """What a descriptor of the process is open on; None when it is not."""
        try:
            return os.readlink(f"/proc/{self.pid}/fd/{fd}")
        except OSError:
            return None

    def text_at(self, address):
        """The C string at an address of the process."""
        with open(f"/proc/{self.pid}/mem", "rb", 0) as memory:
            memory.seek(address)
            text = memory.read(4096 - address % 4096)
            if b"\0" not in text:
                text += memory.read(4096)
        return os.fsdecode(text.split(b"\0")[0])


# What decide() answers.
GO_ON = ("go on",)
KILL = ("kill",)
HALF = ("half",)
LIE = ("lie",)  # it says that it did, and did not


def fail(error):
    return ("fail", error)


def open_instead(path):
    """For an open call: gives it another file."""
    return ("open", path)


class Outcome:
    def __init__(self):
        self.status = None     # exit status of the program, or -signal
        self.applied = 0       # how many calls had another fate than to go on
        self.hung = False


def usable():
    """Why the kernel will not do this here; None when it will."""
    if not MACHINE:
        return f"no table of system calls for {platform.machine()}"
    try:
        outcome = run(["/bin/true"], os.environ, {"close"}, lambda call: GO_ON)
    except OSError as error:
        return f"seccomp user notification is not to be had ({error.strerror})"
    return None if outcome.status == 0 else "seccomp user notification does not work"


# --- the filter -------------------------------------------------------------------------------------------------------

def make_filter(names):
    numbers = sorted(NUMBERS[name][COLUMN] for name in names if NUMBERS[name][COLUMN] is not None)
    code = [struct.pack("=HBBI", LOAD, 0, 0, 4), struct.pack("=HBBI", JUMP_EQUAL, 1, 0, AUDIT_ARCH),
            struct.pack("=HBBI", RETURN, 0, 0, RET_ALLOW), struct.pack("=HBBI", LOAD, 0, 0, 0)]
    for at, number in enumerate(numbers):
        code.append(struct.pack("=HBBI", JUMP_EQUAL, len(numbers) - at, 0, number))
    code.append(struct.pack("=HBBI", RETURN, 0, 0, RET_ALLOW))
    code.append(struct.pack("=HBBI", RETURN, 0, 0, RET_USER_NOTIF))
    return b"".join(code)


def install_filter(code):
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    program = Program(len(code) // 8, ctypes.addressof(buffer))
    LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return LIBC.syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, FLAG_NEW_LISTENER, ctypes.byref(program))


def start(arguments, environment, names, stdin, stdout, stderr, directory, user):
    """Starts the program under the filter; gives its process and the descriptor to listen at."""
    code = make_filter(set(names) | {"execve"})
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        try:
            for path, fd, flags in ((stdin, 0, os.O_RDONLY), (stdout, 1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
                                    (stderr, 2, os.O_WRONLY | os.O_CREAT | os.O_APPEND)):
                os.dup2(os.open(path, flags, 0o600), fd)
            os.closerange(3, theirs.fileno())
            os.chdir(directory)
            if user:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            message = [b"."], None
            listener = install_filter(code)
            theirs.sendmsg(message[0], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("=i", listener))]
                           if listener >= 0 else [])
            os.execve(arguments[0], arguments, environment)
        finally:
            os._exit(99)
    theirs.close()
    _, ancillary, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(4))
    ours.close()
    if not ancillary:
        os.waitpid(process, 0)
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return process, struct.unpack("=i", ancillary[0][2])[0]


# --- attending --------------------------------------------------------------------------------------------------------

class Attendance:
    def __init__(self, process, listener, decide, outcome):
        self.process, self.listener, self.decide, self.outcome = process, listener, decide, outcome
        self.counts = {}
        self.started = False
        self.loader = (0, 0)

    def answer(self, identity, value, error, flags):
        try:
            fcntl.ioctl(self.listener, NOTIF_SEND, ANSWER.pack(identity, value, error, flags))
        except OSError:
            pass  # the process has died meanwhile, or a signal took it out of the call

    def find_loader(self, pid):
        try:
            with open(f"/proc/{pid}/maps") as maps:
                places = [line.split()[0].split("-") for line in maps if "/ld-" in line or "/ld." in line]
        except OSError:
            places = []
        return (int(places[0][0], 16), int(places[-1][1], 16)) if places else (0, 0)

    def attend(self):
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(self.listener, NOTIF_RECV, buffer)
        except OSError:
            return
        identity, pid, _, number, _, pointer, *arguments = NOTIFICATION.unpack(buffer)
        name = BY_NUMBER[number]
        if not self.started or name == "execve":
            self.started = self.started or name == "execve"
            self.answer(identity, 0, 0, RESPONSE_CONTINUE)
            return
        if self.loader == (0, 0):
            self.loader = self.find_loader(pid)
        if self.loader[0] <= pointer < self.loader[1]:
            self.answer(identity, 0, 0, RESPONSE_CONTINUE)
            return
        main = pid == self.process
        self.counts[main, name] = self.counts.get((main, name), 0) + 1
        call = Call(pid, main, name, self.counts[main, name], arguments)
        self.apply(identity, call, self.decide(call))

    def apply(self, identity, call, fate):
        done = fate != GO_ON
        if fate[0] == "fail":
            if fate[1] == errno.EPIPE:  # write(2): who does not ignore the signal never sees the error
                os.kill(call.pid, signal.SIGPIPE)
            self.answer(identity, 0, -fate[1], 0)
        elif fate == LIE:
            self.answer(identity, 0, 0, 0)
        elif fate == KILL:
            os.kill(call.pid, signal.SIGKILL)
        elif fate[0] == "open":
            done = self.give(identity, fate[1])
        elif fate == HALF:
            count = do_half(call)
            done = count is not None
            if done:
                self.answer(identity, count, 0, 0)
        if not done:
            self.answer(identity, 0, 0, RESPONSE_CONTINUE)
        self.outcome.applied += done

    def give(self, identity, path):
        fd = os.open(path, os.O_RDONLY)
        try:
            fcntl.ioctl(self.listener, NOTIF_ADDFD, ADD_FD.pack(identity, ADDFD_SEND, fd, 0, os.O_CLOEXEC))
            return True
        except OSError:
            return False
        finally:
            os.close(fd)


def pieces_of(call):
    """Addresses and lengths of what is to be read or written."""
    if call.name in ("read", "write"):
        return [(call.arguments[1], call.arguments[2])]
    with open(f"/proc/{call.pid}/mem", "rb", 0) as memory:
        memory.seek(call.arguments[1])
        vector = memory.read(16 * call.arguments[2])
    return [struct.unpack_from("=QQ", vector, at) for at in range(0, len(vector), 16)]


def do_half(call):
    """Does half of a read or write in the place of the process; None when there is nothing to halve."""
    pidfd = os.pidfd_open(call.pid)
    fd = -1
    try:
        pieces = pieces_of(call)
        wanted = sum(length for _, length in pieces)
        fd = LIBC.syscall(SYS_PIDFD_GETFD, pidfd, call.arguments[0], 0)
        if fd < 0 or wanted < 2:
            return None
        with open(f"/proc/{call.pid}/mem", "r+b", 0) as memory:
            if call.name == "read":
                text = os.read(fd, min(wanted, 1 << 20) // 2 if wanted > 4096 else 1)
                memory.seek(pieces[0][0])
                memory.write(text)
                return len(text)
            text = b""
            for address, length in pieces:
                memory.seek(address)
                text += memory.read(length)
        return os.write(fd, text[:wanted // 2])
    except OSError:
        return None
    finally:
        os.close(pidfd)
        if fd >= 0:
            os.close(fd)


def status_of(code):
    return -os.WTERMSIG(code) if os.WIFSIGNALED(code) else os.WEXITSTATUS(code)


def run(arguments, environment, names, decide, stdin="/dev/null", stdout="/dev/null", stderr="/dev/null",
        directory="/", seconds=60, user=None):
    """Runs the program, asking decide(Call) for each call of `names`, until it and all its children have ended; with
    the rights of a `user` (pwd) when one is given."""
    outcome = Outcome()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    process, listener = start(arguments, environment, names, stdin, stdout, stderr, directory, user)
    attendance = Attendance(process, listener, decide, outcome)
    pidfd = os.pidfd_open(process)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(pidfd, select.POLLIN)
    deadline = time.monotonic() + seconds
    over = False
    while not over:
        for fd, events in poll.poll(50):
            if fd == listener and events & select.POLLIN:
                attendance.attend()
            elif fd == listener:
                over = True
        over = reap(process, outcome) or over
        if time.monotonic() > deadline and not outcome.hung:
            outcome.hung = True
            kill_descendants(process)
        if outcome.status is not None:
            poll.modify(pidfd, 0)
    os.close(listener)
    os.close(pidfd)
    while not reap(process, outcome):
        time.sleep(0.001)
    return outcome


def reap(process, outcome):
    """Reaps whatever has ended; true when there is nobody left."""
    try:
        while True:
            pid, code = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return False
            if pid == process:
                outcome.status = status_of(code)
    except ChildProcessError:
        return True


def kill_descendants(process):
    """Ends the program and its children; what they leave behind becomes ours, and is ended in turn."""
    for pid in [process] + children_of(os.getpid()):
        for child in children_of(pid) + [pid]:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [int(word) for word in children.read().split()]
    except OSError:
        return []
