"""damage.py - every file of a user's state is cut, flipped, zeroed, swapped, aged, hidden or replaced by something odd

For each case: mail passes identical and is delivered, in at most a second of CPU and 64 MB; learned evidence counts as
it did or not at all; the log says once what is wrong; then the commands that learn, look and mend come back with an
answer, and where files are still files, `db rebuild` and another lesson bring the state to order.
"""
import collections
import os
import random
import re
import resource
import shutil
import socket
import subprocess
import sys

import scene
from scene import Scene, Tap, message, say

PAGE = 4096
CPU_SECONDS, MEMORY_KILOBYTES, WAIT_SECONDS = 1.0, 64 * 1024, 60
NEW_MAIL = message(900, True)

Case = collections.namedtuple("Case", "file kind damage stays_a_file")


# --- the situation ----------------------------------------------------------------------------------------------------

def score(where):
    return score_in(where.tamis("filter", stdin=NEW_MAIL).stdout)


def prepare(where):
    """One of everything that a state directory can hold.  Gives the scores of a message with none, one and both of the
    lessons in the journal: what a journal that was cut has lost counts no more, and all else counts."""
    where.new_home()
    where.learn_some(6)
    where.tamis("db", "compact")
    scores = [score(where)]
    for label, text in (("--spam", message(30, True)), ("--ham", message(31, False))):
        where.tamis("learn", "--quiet", label, stdin=text)
        scores.append(score(where))
    sent = (b"From: Joe <joe@example.org>\nTo: friend@example.net\nMessage-ID: <mine@example.org>\n"
            b"Date: Tue, 4 Jun 2024 09:00:00 +0200\nSubject: s\n\nText\n")
    where.put(".Sent", sent, "1.M1P1.host:2,S")
    where.put("", message(32, False), "32.M1P1.host:2,S")
    where.put(".Junk", message(33, True), "33.M1P1.host:2,S")
    for arguments in (("senders", "import", "--quiet"), ("relearn", "--quiet"), ("expire",), ("sort",),
                      ("senders", "allow", "friend@example.com"), ("senders", "deny", "enemy@example.com")):
        where.tamis(*arguments)
    where.tamis("moved", "INBOX", "Junk", stdin=message(34, True))
    return scores[:2] + [score(where)]


def files_of(where):
    found = [os.path.join(where.state, name) for name in sorted(os.listdir(where.state))]
    found += [os.path.join(where.home, ".config/tamis", name) for name in ("allow", "deny")]
    return [path for path in found if os.path.isfile(path)]


# --- damages ----------------------------------------------------------------------------------------------------------

def rewrite(path, change):
    with open(path, "rb") as text:
        old = bytearray(text.read())
    with open(path, "wb") as out:
        out.write(change(old))


def cut(length):
    return lambda path: os.truncate(path, min(length, os.path.getsize(path)))


def cut_share(numerator, less=0):
    return lambda path: os.truncate(path, max(0, os.path.getsize(path) * numerator // 16 - less))


def flip(seed, bits, first=0, last=None):
    """So many bits within a stretch of the file; bits < 1: that share of all bytes."""
    def change(text):
        chooser = random.Random(seed)
        stop = min(last or len(text), len(text))
        count = bits if bits >= 1 else max(1, int(len(text) * bits))
        for _ in range(count if stop > first else 0):
            text[chooser.randrange(first, stop)] ^= 1 << chooser.randrange(8)
        return text
    return lambda path: rewrite(path, change)


def overwrite_page(seed, make):
    def change(text):
        at = random.Random(seed).randrange(max(1, (len(text) + PAGE - 1) // PAGE)) * PAGE
        part = len(text[at:at + PAGE])
        text[at:at + part] = make(part)
        return text
    return lambda path: rewrite(path, change)


def of_version(offset, value):
    def change(text):
        text[offset:offset + 4] = value.to_bytes(4, "little")
        return text
    return lambda path: rewrite(path, change)


def replace_by(make):
    def damage(path):
        os.unlink(path)
        make(path)
    return damage


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(os.path.dirname(path))  # the name of a socket has room for 107 bytes
        listener.bind(os.path.basename(path))
        os.chdir(here)


def full_directory(path):
    os.mkdir(path)
    open(os.path.join(path, "inner"), "w").close()


def copy_of(other):
    return lambda path: shutil.copyfile(other, path)


def append(text):
    def damage(path):
        with open(path, "ab") as out:
            out.write(text)
    return damage


# Of content: the file is still a file of the user's.
CONTENT = [(f"cut to {n}", cut(n)) for n in (0, 1, 7, 8, 15, 24, 39, 40, 41, 63, 64, 65, 127, 128, 256, 4095, 4096)]
CONTENT += [(f"cut to {n}/16 less {less}", cut_share(n, less)) for n in (1, 4, 8, 12, 15, 16) for less in (0, 1)]
CONTENT += [(f"one bit flipped, {n}", flip(n, 1)) for n in range(40)]
CONTENT += [(f"one bit of the first 128 bytes flipped, {n}", flip(n, 1, 0, 128)) for n in range(60)]
CONTENT += [(f"ten bits flipped, {n}", flip(n, 10)) for n in range(10)]
CONTENT += [(f"one byte in a hundred flipped, {n}", flip(n, 0.01)) for n in range(5)]
CONTENT += [(f"a page of zeros, {n}", overwrite_page(n, bytes)) for n in range(10)]
CONTENT += [(f"a page of ones, {n}", overwrite_page(n, lambda size: b"\xff" * size)) for n in range(5)]
CONTENT += [(f"a page of noise, {n}", overwrite_page(n, random.Random(n).randbytes)) for n in range(5)]
CONTENT += [("all zeros", lambda path: rewrite(path, lambda old: bytes(len(old)))),
            ("all noise", lambda path: rewrite(path, lambda old: random.Random(1).randbytes(len(old)))),
            ("text", lambda path: rewrite(path, lambda old: b"this is no such file\n")),
            ("more behind it", append(b"more")), ("zeros behind it", append(bytes(10000))),
            ("a version of the future", of_version(8, 99)), ("a version of the past", of_version(8, 0)),
            ("gone", os.unlink)]
# Of kind: something else is there, or it is somebody else's.
KIND = [("a directory", replace_by(os.mkdir)), ("a directory with a file", replace_by(full_directory)),
        ("a FIFO", replace_by(os.mkfifo)), ("a socket", replace_by(make_socket)),
        ("a link to nowhere", replace_by(lambda path: os.symlink("nowhere", path))),
        ("a link to itself", replace_by(lambda path: os.symlink(os.path.basename(path), path))),
        ("a link to /dev/zero", replace_by(lambda path: os.symlink("/dev/zero", path))),
        ("a link to /dev/tty", replace_by(lambda path: os.symlink("/dev/tty", path))),
        ("a link to /etc/passwd", replace_by(lambda path: os.symlink("/etc/passwd", path))),
        ("mode 0", lambda path: os.chmod(path, 0)), ("mode 0400", lambda path: os.chmod(path, 0o400)),
        ("mode 0666", lambda path: os.chmod(path, 0o666))]
if os.geteuid() == 0:
    KIND += [("another owner", lambda path: os.chown(path, 65534, 65534)),
             ("a device", replace_by(lambda path: os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))))]


def full_journal(path):
    """As long as a journal may be, and longer: records again and again, then zeros."""
    with open(path, "rb") as text:
        journal = text.read()
    with open(path, "wb") as out:
        out.write(journal + journal[40:] * (5 * 1024 * 1024 // max(1, len(journal) - 40)))
        out.truncate(8 * 1024 * 1024)


def make_cases(where):
    cases, files = [], files_of(where)
    for path in files:
        others = [(f"in its place {os.path.basename(other)}", copy_of(other)) for other in files if other != path]
        cases += [Case(path, kind, damage, True) for kind, damage in CONTENT + others]
        cases += [Case(path, kind, damage, False) for kind, damage in KIND]
    cases += [Case(os.path.join(where.state, "journal"), "full", full_journal, False),
              Case(where.state, "a directory with mode 0500", lambda path: os.chmod(path, 0o500), False),
              Case(where.state, "a directory with mode 0", lambda path: os.chmod(path, 0), False),
              Case(where.state, "a directory for everybody", lambda path: os.chmod(path, 0o777), False),
              Case(where.state, "gone with all that is in it", shutil.rmtree, False)]
    return cases


# --- what must hold ---------------------------------------------------------------------------------------------------

class Ran:
    """One command, with what it cost; never longer than WAIT_SECONDS."""

    def __init__(self, where, *arguments, stdin=b""):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.arguments, self.hung = arguments, False
        with open(where.stdin, "wb") as out:
            out.write(stdin)
        with open(where.stdin, "rb") as given, open(where.stdout, "wb") as out, open(where.stderr, "wb") as err:
            process = subprocess.Popen([scene.TAMIS, *arguments], stdin=given, stdout=out, stderr=err,
                                       env=where.environment)
            try:
                self.status = process.wait(WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                self.status, self.hung = process.wait(), True
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with open(where.stdout, "rb") as out:
            self.out = out.read()
        self.said = where.said()

    def warnings(self):
        return [line for line in self.said.splitlines() if " verdict=" not in line]


def score_in(text):
    """The score in a message's header."""
    found = re.search(rb"^X-Spam-Score: (\S+)", text, re.M)
    return found and found[1]


def passes(where, good):
    """Filters twice: a first time with what is damaged, and then with what that has made of it.  `good`: the scores
    with learned evidence that are right; None: the file is another one, whose loss may change the score."""
    wrong = []
    first, second = Ran(where, "filter", stdin=NEW_MAIL), Ran(where, "filter", stdin=NEW_MAIL)
    for ran in (first, second):
        if ran.status != 0 or scene.without_our_fields(ran.out) != NEW_MAIL:
            wrong.append(f"filter: status {ran.status}, hung {ran.hung}, {len(ran.out)} bytes: {ran.said}")
        if ran.cpu > CPU_SECONDS:
            wrong.append(f"filter took {ran.cpu:.2f} s of CPU")
    got = score_in(second.out)
    if good and re.search(rb"learned=[\d.]", second.out) and got not in good:
        wrong.append(f"learned evidence counts, and the score is {got}, not one of {good}")
    return wrong, first, second


def delivers(where):
    before = sum(where.mail()[0].values())
    ran = Ran(where, "deliver", stdin=NEW_MAIL)
    after = sum(where.mail()[0].values())
    return [] if ran.status == 0 and after == before + 1 else [f"deliver: status {ran.status}: {ran.said}"]


def comes_back(where):
    """Commands that may fail, but must say so and end."""
    wrong = []
    for arguments in (("db", "check"), ("db", "dump"), ("senders", "list"), ("doctor",), ("relearn", "--quiet"),
                      ("expire",), ("sort",)):
        ran = Ran(where, *arguments)
        if ran.hung or ran.status < 0 or ran.status > 128:
            wrong.append(f"{' '.join(arguments)}: status {ran.status}, hung {ran.hung}: {ran.said}")
    return wrong


def can_be_mended(where):
    """Files are still files: a rebuild, and after it a lesson is learned and stands."""
    Ran(where, "db", "rebuild")
    learned = Ran(where, "learn", "--quiet", "--ham", stdin=message(901, False))
    refused = any(word in learned.said for word in ("newer", "version"))
    if learned.status != 0:
        return [] if refused else [f"after db rebuild, learn: status {learned.status}: {learned.said}"]
    check = Ran(where, "db", "check")
    return [] if check.status == 0 else [f"after db rebuild and a lesson, db check: {check.said}"]


def try_case(where, case, scores):
    where.lay_out("damage")
    case.damage(case.file)
    name = os.path.basename(case.file)
    good = scores if name in ("journal", "snapshot") else scores[2:] if name in scene.STORE_FILES else None
    wrong, first, second = passes(where, good)
    # A list is what a person wrote: it is said what is wrong with it until that person mends it.
    noted = name not in ("allow", "deny") and os.access(where.state, os.W_OK | os.X_OK) and \
        os.stat(where.state).st_mode & 0o77 == 0
    if noted and second.warnings():
        wrong.append(f"said with each message: {second.warnings()[0]}")
    wrong += delivers(where) + comes_back(where)
    if case.stays_a_file:
        wrong += can_be_mended(where)
    crashed = "killed by signal" in first.said
    return [f"{name}, {case.kind}: {line}" for line in wrong], crashed


def main():
    tap, crashes, done = Tap(), 0, 0
    with Scene() as where:
        scores = prepare(where)
        where.keep("damage")
        cases = make_cases(where)
        chosen = scene.part_of(cases, 150, scene.seed())
        by_file = collections.defaultdict(list)
        for case in chosen:
            by_file[os.path.basename(case.file)].append(case)
        for name, its_cases in by_file.items():
            wrong = []
            for case in its_cases:
                complaints, crashed = try_case(where, case, scores)
                wrong += complaints
                crashes += crashed
            done += len(its_cases)
            tap.check(f"{name}: {len(its_cases)} damages", wrong)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        tap.check(f"at most {MEMORY_KILOBYTES} KB",
                  [] if peak <= MEMORY_KILOBYTES or scene.SANITIZED else [f"the largest process took {peak} KB"])
    say(f"{done} of {len(cases)} damages, seed {scene.seed()}; children that died: {crashes}; "
        f"largest process: {peak} KB")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
