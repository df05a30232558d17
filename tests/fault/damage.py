"""damage.py - every file of a user's state is cut, flipped, zeroed, swapped, aged, hidden or replaced by something odd

And of the user's settings and lists, of the Maildir, and of what users of a host share.  For each case: mail passes
identical and is delivered, in at most a second of CPU and 64 MB; evidence counts as it did or not at all; the log says
in one line what is wrong, and not again; then the commands that learn, look and mend come back with an answer, with all
mail as it was, byte for byte; and where files are still files, `db rebuild` and another lesson bring the state to
order.
"""
import collections
import email.utils
import os
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading

import scene
from scene import Scene, Tap, message, say

PAGE = 4096
CPU_SECONDS, MEMORY_KILOBYTES, WAIT_SECONDS = 1.0, 64 * 1024, 60
NEW_MAIL = message(900, True)


def arrived_now(text):
    """Its relay is noted when it is learned: of old mail nobody wants to know it."""
    return text.replace(b"Tue, 4 Jun 2024 10:00:00 +0200", email.utils.formatdate().encode())


Case = collections.namedtuple("Case", "file kind damage stays_a_file")

# --- what is said of damage -------------------------------------------------------------------------------------------
#
# Each file is in one of these tables, or the test fails: somebody has thought about it.

# Has a sum, a mark or a form, so that damage shows: whoever meets it first says so.  By whom that is at the latest, and
# how many bytes from its beginning on are looked at then (None: all; of others see BY_SLOT).
TOLD = {
    "snapshot": ("relearn", None),
    "journal": ("relearn", None),
    "moves": ("relearn", None),
    "correspondents": ("relearn", None),
    "history": ("filter", 128),   # the header
    "daybook": ("learn", 320),    # likewise
    "imported": ("filter", 128),  # likewise
    "relays": ("learn", 32),      # likewise
    "junk-seen": ("expire", None),
    "quarantine-seen": ("expire", None),
    "sorted": ("sort", None),
    "digest": ("digest", None),
}
# What is said of another length: these are of one size.
TOLD_BY_LENGTH = ("history", "daybook", "imported", "relays")
# Silent, and rightly so.
SILENT = {
    "weights.tcf": "made again from snapshot and journal; rows are looked at when a message asks for them",
    "pairs.tcf": "likewise",
    "ledger.tcf": "likewise, when a lesson asks",
    "lock": "a line that is not ours makes the state damaged, which is said; a blank one is written again",
    "rules.cache": "compiled again from the rules",
    "complaints": "at worst something is said twice on one day",
    "allow": "text without a sum: a letter that is changed is another entry",
    "deny": "likewise",
    "trap": "likewise",
    "known_relays": "likewise",
    "tamis.conf": "text: a mistake is said with each message, until a person mends it; another value is another value",
    "moved": "text: a line that is not understood is said by relearn and left out",
    "moved.taken": "likewise",
    "moved.d": "what is not whole is no text, and the message is looked for in its folder",
    "bad_hosts": "text of a person's and the program's: a letter that is changed is another host",
    "bad_relays": "likewise",
    "dns_cache": "what is not whole is asked again",
    "reports": "of the shared folder: what is not whole is no report, until the user reports again",
    "moved.lock": "nothing is in it",
    "relearn.lock": "nothing is in it",
    "correspondents.lock": "nothing is in it",
    "last-run.relearn": "its time is what counts",
    "last-run.expire": "its time is what counts",
    "last-run.senders": "its time is what counts",
    "maildirsize": "the mail server's: counted again, or without a quota",
    "subscriptions": "the mail server's: a line is added where there is none",
    "dovecot-keywords": "the mail server's: a mark that it does not name is none",
    "starter.words": "comes with the program, and is said by whoever asks it",
    "key": "of the shared folder: with another key nothing is found in the table",
    "table": "of the shared folder: made anew every night",
}
# Empty files that are there while something is at work.
MADE_LATER = {"moved.lock"}
# Lines, where it is not one: tables that are made again may lack lessons, which is said apart.
LINES_MOST = {"snapshot": 2, "journal": 2}
# Of one form and with one sum: each is a sound record, of other messages.
RECORDS = ("junk-seen", "quarantine-seen", "sorted", "digest")
ALIKE = {name: tuple(f"in its place {other}" for other in RECORDS) for name in RECORDS}
# Words count one by one here, and one that is missing may move the score either way, by so much at most.
ONE_BY_ONE = {"imported": 0.5, "starter.words": 0.5}
# Commands whose own manual says that they may refuse and be tried again: with a mistake in the settings, or over quota.
REFUSES = {"tamis.conf": r"tamis\.conf|setting|configuration", "maildirsize": r"quota"}
# What a person wrote, at least in part.
LISTS = ("allow", "deny", "trap", "bad_hosts", "bad_relays")
# Text that names no version.
WITHOUT_VERSION = ("allow", "deny", "trap", "bad_hosts", "bad_relays", "tamis.conf", "known_relays", "complaints",
                   "moved", "moved.taken", "moved.d", "reports", "moved.lock", "relearn.lock",
                   "correspondents.lock", "last-run.relearn", "last-run.expire", "last-run.senders", "maildirsize",
                   "subscriptions", "dovecot-keywords", "key")
VERSION_AT = {"moves": 16}  # of others at byte 8, behind the mark


# --- the situation ----------------------------------------------------------------------------------------------------

class NameServer(threading.Thread):
    """Says of whatever it is asked that it is listed, so that answers can be kept; but of 127.0.0.1, which no list that
    is alive has (RFC 5782)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            query, sender = self.socket.recvfrom(512)
            end = query.index(b"\0", 12) + 5  # behind name, type and class of the question
            record = b"\xc0\x0c" + query[end - 4:end] + (300).to_bytes(4, "big") + b"\0\x04\x7f\0\0\x02"
            if query[12:].startswith(b"\x011\x010\x010\x03127"):
                self.socket.sendto(query[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + query[12:end], sender)
            else:
                self.socket.sendto(query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:end] + record, sender)


def score(where):
    return score_in(where.tamis("filter", stdin=NEW_MAIL).stdout)


def prepare(where):
    """One of everything that a state directory can hold.  Gives the scores of a message with none, one, two and all
    three of the lessons in the journal, of which the last is the trap's: what a journal that was cut has lost counts no
    more, and all else counts."""
    where.new_home()
    lists = where.home + "/.config/tamis"
    where.settings(f"shared_dir = {where.home}/shared", f"starter_file = {lists}/starter.words", "note_relays = yes",
                   "digest = daily", f"dns_server = 127.0.0.1:{NameServer().port}", "dns_timeout = 10000",
                   "[dns_list test]", "zone = list.example", "points = 0.1")
    shutil.copyfile(scene.SOURCE + "/data/starter.words", lists + "/starter.words")
    with open(lists + "/trap", "w") as out:
        out.write("trap@example.org\n")
    with open(where.maildir + "/maildirsize", "w") as out:
        out.write("1000000000S,100000C\n0 0\n")
    with open(where.maildir + "/subscriptions", "w") as out:
        out.write("Sent\n")
    for folder in ("", "/.Junk"):
        with open(where.maildir + folder + "/dovecot-keywords", "w") as out:
            out.write("0 $Junk\n1 $NotJunk\n")
    where.tamis("shared", "setup", "--quiet")
    where.tamis("db", "import", "--quiet", stdin=b".MSG_COUNT 300 200 20261122\n" + b"".join(
        b"%s %d %d 20261122\n" % (word.encode(), 200, 1) for word in scene.SPAM_WORDS))
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
    where.put(".Quarantine", message(35, True), "35.M1P1.host")
    for arguments in (("senders", "import", "--quiet"), ("relearn", "--quiet"), ("expire",), ("sort",),
                      ("senders", "allow", "friend@example.com"), ("senders", "deny", "enemy@example.com")):
        where.tamis(*arguments)
    where.tamis("digest", "--now")
    with open(where.scratch + "/vouched", "wb") as out:
        out.write(message(36, False).replace(b"From: ", b"Authentication-Results: mx.example.org;"
                                             b" dkim=pass header.d=example.net; spf=pass\nFrom: ", 1))
    where.tamis("senders", "allow", "--message", where.scratch + "/vouched")
    # To a trap, with a host to be blamed, and a relay to be noted.
    where.tamis("filter", stdin=arrived_now(message(37, True, "trap@example.org", "203.0.113.9")) +
                b"http://bad.example.com/x\n")
    # A reader of the queue that died over it, and a move that was reported since; a complaint of today.
    where.tamis("moved", "INBOX", "Junk", stdin=message(38, True))
    os.rename(where.state + "/moved", where.state + "/moved.taken")
    where.tamis("moved", "INBOX", "Junk", stdin=message(34, True))
    os.rename(where.state + "/daybook", where.state + "/kept")
    os.mkdir(where.state + "/daybook")
    score(where)
    os.rmdir(where.state + "/daybook")
    os.rename(where.state + "/kept", where.state + "/daybook")
    return scores + [score(where)]


def label(path):
    """What the tables call a file: one whose name is a hash by its folder."""
    folder, name = os.path.split(path)
    return os.path.basename(folder) if os.path.basename(folder) in ("moved.d", "reports") else name


def files_of(where):
    found = [os.path.join(where.state, name) for name in sorted(os.listdir(where.state))]
    found += [os.path.join(where.home, ".config/tamis", name)
              for name in ("allow", "deny", "trap", "bad_hosts", "bad_relays", "tamis.conf", "starter.words")]
    found += [os.path.join(where.maildir, name)
              for name in ("maildirsize", "subscriptions", "dovecot-keywords", ".Junk/dovecot-keywords")]
    found += [os.path.join(where.home, "shared", name) for name in ("key", "table")]
    for folder in (os.path.join(where.home, "shared/reports"), os.path.join(where.state, "moved.d")):
        found += [os.path.join(folder, name) for name in sorted(os.listdir(folder))[:1]]
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


def of_version(value):
    """As the file says its version: in its first line, in its mark, or as a number behind that."""
    def damage(path):
        name = label(path)

        def change(text):
            said = re.match(rb"tamis-[a-z]+ (\d+)", text)
            at = VERSION_AT.get(name, 8)
            if said:
                text[said.start(1):said.end(1)] = b"%d" % value
            elif name.endswith(".tcf"):
                return text.replace(b"1.0:", b"%d.0:" % (value % 10), 1)
            else:
                text[at:at + 4] = value.to_bytes(4, "little")
            return text
        rewrite(path, change)
    return damage


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
            ("a version of the future", of_version(99)), ("a version of the past", of_version(0)),
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
        others = [(f"in its place {label(other)}", copy_of(other)) for other in files if other != path]
        cases += [Case(path, kind, damage, True) for kind, damage in CONTENT + others
                  if "version" not in kind or label(path) not in WITHOUT_VERSION]
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
        """What is said beside the line that each message has, or each run: expire says with each one of the first
        night that it deletes nothing yet."""
        usual = r" verdict=|: expired \d|: sorted |: nothing is deleted from .*: no earlier run |: a digest of \d"
        return [line for line in self.said.splitlines() if not re.search(usual, line)]


def score_in(text):
    """The score in a message's header."""
    found = re.search(rb"^X-Spam-Score: (\S+)", text, re.M)
    return found and found[1]


def refuses(case, ran):
    """A refusal that is in the manual: 75, with its reason."""
    pattern = REFUSES.get(label(case.file))
    return bool(pattern) and ran.status == scene.EX_TEMPFAIL and re.search(pattern, ran.said) is not None


def passes(where, case, is_good):
    """Filters twice: a first time with what is damaged, and then with what that has made of it."""
    wrong = []
    first, second = Ran(where, "filter", stdin=NEW_MAIL), Ran(where, "filter", stdin=NEW_MAIL)
    for ran in (first, second):
        if ran.status != 0 or scene.without_our_fields(ran.out) != NEW_MAIL:
            wrong.append(f"filter: status {ran.status}, hung {ran.hung}, {len(ran.out)} bytes: {ran.said}")
        if ran.cpu > CPU_SECONDS:
            wrong.append(f"filter took {ran.cpu:.2f} s of CPU")
    got = score_in(second.out)
    other_values = label(case.file) == "tamis.conf"  # may give other points
    if re.search(rb"learned=[\d.]", second.out) and not is_good(got) and not other_values:
        wrong.append(f"evidence counts otherwise than it should, and the score is {got}")
    return wrong, first, second


def delivers(where, case):
    before = bytes_of_mail(where)
    ran = Ran(where, "deliver", stdin=NEW_MAIL)
    after = bytes_of_mail(where)
    more = after - before
    one = sum(more.values()) == 1 and not before - after
    if ran.status == 0 and one or refuses(case, ran) and after == before:
        return []
    return [f"deliver: status {ran.status}, {sum(more.values())} more messages, {len(before - after)} less: {ran.said}"]


def bytes_of_mail(where):
    """The messages that readers see, each by all its bytes and its folder."""
    found = collections.Counter()
    for folder, _, names in os.walk(where.maildir):
        if os.path.basename(folder) not in ("new", "cur"):
            continue
        for name in names:
            with open(os.path.join(folder, name), "rb") as text:
                found[os.path.relpath(os.path.dirname(folder), where.maildir), text.read()] += 1
    return found


def messages_of(mail):
    """Whatever folder they are in, and whatever fields of ours are in them."""
    found = collections.Counter()
    for (_, text), count in mail.items():
        found[scene.without_our_fields(text)] += count
    return found


def ran_well(ran, before, after):
    """A command may fail, but must say so and end, and leaves all mail as it is; sort may move it."""
    command, wrong = " ".join(ran.arguments), []
    if ran.hung or ran.status < 0 or ran.status > 128:
        wrong.append(f"{command}: status {ran.status}, hung {ran.hung}: {ran.said}")
    same = messages_of(before) == messages_of(after) if command == "sort" else before == after
    if command == "digest":  # one more, of our own
        same = not before - after and sum((after - before).values()) <= 1
    if not same:
        wrong.append(f"{command}: {sum(before.values())} messages were there, {sum(after.values())} are, "
                     f"{sum((before - after).values())} are gone or altered: {ran.said}")
    return wrong


def comes_back(where):
    wrong, before = [], bytes_of_mail(where)
    for arguments in (("db", "check"), ("db", "dump"), ("senders", "list"), ("doctor",), ("relearn", "--quiet"),
                      ("expire",), ("sort",), ("digest",), ("stats",), ("relays",),
                      ("shared", "collate", "--quiet")):
        ran = Ran(where, *arguments)
        after = bytes_of_mail(where)
        wrong += ran_well(ran, before, after)
        before = after
    return wrong


def can_be_mended(where, case):
    """Files are still files: a rebuild, and after it a lesson is learned and stands."""
    before = bytes_of_mail(where)
    Ran(where, "db", "rebuild")
    if label(case.file) == "imported":
        Ran(where, "db", "forget", "--quiet", "--imported")
    learned = Ran(where, "learn", "--quiet", "--ham", stdin=message(901, False))
    wrong = [] if bytes_of_mail(where) == before else ["db rebuild or learn: mail is gone or altered"]
    refused = refuses(case, learned) or any(word in learned.said for word in ("newer", "version"))
    if learned.status != 0:
        return wrong if refused or case.file.endswith("tamis.conf") else \
            wrong + [f"after db rebuild, learn: status {learned.status}: {learned.said}"]
    check = Ran(where, "db", "check")
    return wrong if check.status == 0 else wrong + [f"after db rebuild and a lesson, db check: {check.said}"]


# --- the log ----------------------------------------------------------------------------------------------------------

LESSON = arrived_now(message(902, True, relay="203.0.113.10"))
READERS = {"filter": (("filter",), NEW_MAIL), "learn": (("learn", "--quiet", "--spam"), LESSON),
           "relearn": (("relearn", "--quiet"), b""), "expire": (("expire",), b""), "sort": (("sort",), b""),
           "digest": (("digest",), b"")}


def shows(name, old, new):
    """Must somebody notice what became of `old`?  None: the file is gone."""
    if name not in TOLD or new == old:
        return False
    if name in ("snapshot", "journal"):
        return True  # something was learned, so they were there
    if not new or not any(new[:8]):
        return False  # what is gone or empty was never made, or was only begun
    if name in TOLD_BY_LENGTH and len(new) != len(old):
        return True
    looked_at = TOLD[name][1]
    return new[:looked_at] != old[:looked_at]


def content(path):
    if not os.path.lexists(path):
        return None
    with open(path, "rb") as text:
        return text.read()


def is_said_once(where, case, old):
    """What shows is said in one line by one of those who read it, and then no more; else nothing is said twice."""
    name = label(case.file)
    if name not in TOLD:
        return []
    where.lay_out("damage")
    case.damage(case.file)
    must = shows(name, old, content(case.file)) and case.kind not in ALIKE.get(name, ())
    rounds, said_at_all = [], False
    for _ in range(2):
        lines = []
        for reader, (arguments, stdin) in READERS.items():
            ran = Ran(where, *arguments, stdin=stdin)
            said_at_all |= bool(ran.warnings())
            lines += ran.warnings() if ran.status == 0 else []  # what fails says why each time
            if reader == TOLD[name][0]:
                break
        rounds.append(lines)
    wrong = []
    if must and not said_at_all:
        wrong.append("nobody says anything of it")
    if len(rounds[0]) > LINES_MOST.get(name, 1):
        wrong.append(f"said in {len(rounds[0])} lines: {' | '.join(rounds[0])}")
    if rounds[1]:
        wrong.append(f"said again: {rounds[1][0]}")
    return wrong


# --- a case -----------------------------------------------------------------------------------------------------------

def goodness(where, scores, files):
    """{file: whether a score is one that may be with damage to it}: of a state as it was after some lessons of the
    journal; else between that with all of the file and that without it."""
    good = {}
    for path in files:
        name = label(path)
        if name in scene.STORE_FILES:
            allowed = scores if name in ("journal", "snapshot") else scores[-1:]
            good[path] = lambda got, allowed=allowed: got in allowed
            continue
        where.lay_out("damage")
        os.unlink(path)
        ends = sorted(float(text) for text in (scores[-1], score(where)))
        more = ONE_BY_ONE.get(name, 0)
        good[path] = lambda got, low=ends[0] - more, high=ends[1] + more: got is not None and low <= float(got) <= high
    return good


def try_case(where, case, good, old):
    where.lay_out("damage")
    case.damage(case.file)
    name = label(case.file)
    wrong, first, second = passes(where, case, good.get(case.file, lambda got: True))
    # A list is what a person wrote, as settings are: it is said what is wrong until that person mends it.
    noted = name not in LISTS + ("tamis.conf",) and os.access(where.state, os.W_OK | os.X_OK) and \
        os.stat(where.state).st_mode & 0o77 == 0
    if noted and second.warnings():
        wrong.append(f"said with each message: {second.warnings()[0]}")
    wrong += delivers(where, case) + comes_back(where)
    if case.stays_a_file:
        wrong += can_be_mended(where, case)
        wrong += is_said_once(where, case, old[case.file])
    crashed = "killed by signal" in first.said
    return [f"{name}, {case.kind}: {line}" for line in wrong], crashed


def main():
    tap, crashes, done = Tap(), 0, 0
    with Scene() as where:
        scores = prepare(where)
        where.keep("damage")
        cases, files = make_cases(where), files_of(where)
        names = {label(path) for path in files}
        tap.check("of each file it is known what is said of damage to it",
                  sorted(f"{name} is in no table" for name in names - set(TOLD) - set(SILENT)) +
                  sorted(f"{name} is not there" for name in (set(TOLD) | set(SILENT)) - MADE_LATER - names))
        old = {path: content(path) for path in files}
        good = goodness(where, scores, files)
        only = os.environ.get("TAMIS_JOB")  # one file, as one job of other tests
        chosen = scene.part_of([case for case in cases if only in (None, label(case.file))], 150, scene.seed())
        by_file = collections.defaultdict(list)
        for case in chosen:
            by_file[label(case.file)].append(case)
        for name, its_cases in by_file.items():
            wrong = []
            for case in its_cases:
                complaints, crashed = try_case(where, case, good, old)
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
