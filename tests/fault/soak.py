"""soak.py - the driver of soak.t: sends mail, breaks what tamis asks, and counts what has arrived

Three components, each with a thread that breaks it at random, by a seed: Redis is killed and started again, or stopped
for a while; clamd is killed and started again; the name server is stopped, which makes it mute.  Meanwhile mail is sent
by SMTP, and the user moves messages and has them learned.  At the end all is made well, the queue must empty, and every
message that Postfix took must be in one folder, once, with the bytes it was sent with.
"""
import argparse
import base64
import collections
import os
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time

from scene import HAM_WORDS, OUR_FIELDS, SPAM_WORDS

SENDERS = 3
PAUSE_SECONDS = 0.4          # of each sender, after each message: some five a second on an idle machine
SOUND_SECONDS = 1.0, 12.0    # of a component, between two faults; at most a third of the run, so that each has one
BROKEN_SECONDS = 0.3, 6.0
CALM_MESSAGES = 10           # two of each kind, before anything breaks
RELEARN_SECONDS = 15.0
MOVED_AT_ONCE = 3
EMPTY_SECONDS = 180.0        # for the queue, when all is well again
FOLDERS = ("", ".Junk", ".Quarantine")
# In two parts, so that no scanner of the reader's takes this file for it (eicar.org).
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-" + rb"FILE!$H+H*"


# --- what is broken ---------------------------------------------------------------------------------------------------

class Component:
    """A server process that this program starts, ends, and may stop for a while."""

    def __init__(self, name, command, is_up):
        self.name, self.command, self.is_up = name, command, is_up
        self.process, self.ended, self.lock = None, False, threading.Lock()

    def start(self):
        with self.lock:
            if self.ended:
                return
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while not self.is_up():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not start")
            time.sleep(0.1)

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def end(self):
        """For good: no thread may start it anew."""
        with self.lock:
            self.ended = True
            self.kill()

    # Each fault leaves the component as sound as it was.
    def restart(self, wait):
        self.kill()
        wait()
        self.start()

    def hang(self, wait):
        self.signal(signal.SIGSTOP)
        try:
            wait()
        finally:
            self.signal(signal.SIGCONT)


def answers_on(path, question, answer):
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(path)
            link.sendall(question)
            return link.recv(64).startswith(answer)
    except OSError:
        return False


def answers_dns(port):
    question = b"\0\7\0\0\0\1\0\0\0\0\0\0\2ip\7example\0\0\6\0\1"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(1)
            link.connect(("127.0.0.1", port))
            link.send(question)
            return len(link.recv(512)) > 12
    except OSError:
        return False


def components(scratch):
    redis, clamd, dns = (os.path.join(scratch, name) for name in ("redis", "clamd", "dns"))
    os.makedirs(redis, exist_ok=True)
    os.chmod(redis, 0o755)
    with open(os.path.join(dns, "conf"), encoding="ascii") as file:
        port = int(re.search(r"port: (\d+)", file.read()).group(1))
    return (
        Component("Redis", ["redis-server", "--dir", redis, "--port", "0", "--unixsocket", redis + "/socket",
                            "--unixsocketperm", "777", "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
                  lambda: answers_on(redis + "/socket", b"PING\r\n", b"+PONG")),
        Component("clamd", ["clamd", "-c", clamd + "/conf"],
                  lambda: answers_on(clamd + "/socket", b"zPING\0", b"PONG")),
        Component("DNS", ["nsd", "-d", "-c", dns + "/conf"], lambda: answers_dns(port)),
    )


# --- messages ---------------------------------------------------------------------------------------------------------

def words(rng, of, count):
    return " ".join(rng.choice(of) for _ in range(count)).encode()


def wrapped(text, width=70):
    return b"\n".join(text[i:i + width] for i in range(0, len(text), width)) + b"\n"


def attachment(rng, number):
    """Every other one holds the test string that scanners call infected."""
    content = EICAR if number % 10 == 4 else rng.randbytes(rng.randrange(200, 40000))
    return (b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
            + words(rng, HAM_WORDS, 20) + b'\n--b\nContent-Type: application/octet-stream; name="file.dat"\n'
            b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content) + b"--b--\n")


def body(rng, number):
    """The header's end and the body, of five kinds; what SMTP and delivery like to alter is in them."""
    kind = number % 5
    if kind == 0:
        return b"\n" + wrapped(words(rng, HAM_WORDS, 60))
    if kind == 1:
        return b"\n" + wrapped(words(rng, SPAM_WORDS, 60)) + b"http://pills.example.com/x?y=1\n"
    if kind == 2:
        return (b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                b"<html><body>"
                + wrapped(words(rng, HAM_WORDS, 400)) + "<p>d\u00e9j\u00e0 vu \u20ac\n".encode() + b"</body></html>\n")
    if kind == 3:
        return b"\n.\n..\n.dot\nFrom the start of a line\n>From it\n\n\n \t\nblanks at the end  \n\xe9\xff\x80\n\n"
    return attachment(rng, number)


def message(seed, number):
    rng = random.Random(f"{seed} {number}")
    spam = number % 5 == 1
    head = (b"X-Soak: %d\nFrom: %s <%s@example.net>\nTo: joe@example.org\nSubject: %s\n"
            b"Date: Tue, 4 Jun 2024 10:00:00 +0200\nMessage-ID: <soak.%d@example.net>\n"
            % (number, rng.choice((b"Ann", b"Bert")), rng.choice((b"ann", b"bert")),
               words(rng, SPAM_WORDS if spam else HAM_WORDS, 4), number))
    return head + body(rng, number)


def own_bytes(delivered):
    """What was sent of what was delivered: without the fields above ours, and without those of tamis."""
    start = delivered.find(b"X-Soak: ")
    if start < 0:
        return delivered
    header, blank, rest = delivered[start:].partition(b"\n\n")
    fields = re.findall(rb"[^\n]*(?:\n[ \t][^\n]*)*", header)
    kept = [field for field in fields if field and not OUR_FIELDS.match(field)]
    return b"\n".join(kept) + blank + rest


# --- the run ----------------------------------------------------------------------------------------------------------

class Soak:
    def __init__(self, options):
        self.options, self.seed = options, options.seed
        self.maildir = os.path.join(options.scratch, "home", "Maildir")
        self.lock, self.over = threading.Lock(), threading.Event()
        self.numbers = iter(range(1, 10**9))
        self.sent, self.unsure = set(), set()
        self.faults = collections.Counter()
        self.wrong = []
        self.altered_shown = False
        self.moved = self.relearned = self.relearn_failed = 0

    def guard(self, what, *arguments):
        """A thread that dies must not look like a quiet run."""
        try:
            what(*arguments)
        except Exception as error:  # pylint: disable=broad-except
            with self.lock:
                self.wrong.append(f"{what.__name__}: {error!r}")

    def tamis(self, *arguments):
        identity = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        return subprocess.run(identity + [os.path.join(self.options.scratch, "bin", "tamis"), *arguments],
                              cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    # --- faults

    def disturb(self, component):
        rng = random.Random(f"{self.seed} {component.name}")
        faults = {"Redis": (component.restart, component.hang), "clamd": (component.restart,), "DNS": (component.hang,)}
        least, most = SOUND_SECONDS
        while not self.over.wait(rng.uniform(least, min(most, self.options.seconds / 3))):
            fault = rng.choice(faults[component.name])
            with self.lock:
                self.faults[f"{component.name} {'killed' if fault == component.restart else 'stopped'}"] += 1
            fault(lambda: self.over.wait(rng.uniform(*BROKEN_SECONDS)))

    # --- mail

    def send(self):
        while not self.over.wait(PAUSE_SECONDS):
            self.send_one()

    def send_one(self):
        with self.lock:
            number = next(self.numbers)
        place = random.Random(f"{self.seed} {number} place").choice(("lmtp", "pipe"))
        text = message(self.seed, number).replace(b"\n", b"\r\n")
        try:
            with smtplib.SMTP("127.0.0.1", self.options.smtp, local_hostname="client.example.net", timeout=120) as link:
                link.ehlo()
                link.docmd("XCLIENT", f"NAME=mail.example.net ADDR=203.0.113.{1 + number % 250}")
                link.ehlo()
                link.sendmail("ann@example.net", [f"joe@{place}.example.org"], text, ["BODY=8BITMIME"])
            with self.lock:
                self.sent.add(number)
        except (OSError, smtplib.SMTPException) as error:
            with self.lock:
                self.unsure.add(number)
                self.wrong.append(f"message {number} was not taken: {error!r}")

    def move(self):
        """A user moves messages into and out of Junk - whether he is right makes no difference here -, and they are
        learned while all around it breaks."""
        rng = random.Random(f"{self.seed} moves")
        while not self.over.wait(RELEARN_SECONDS if self.options.seconds > 60 else 2.0):
            self.move_some(rng, "", ".Junk")
            self.move_some(rng, ".Junk", "")
            done = self.tamis("relearn", "--quiet")
            self.relearned += done.returncode == 0
            self.relearn_failed += done.returncode != 0
            if done.returncode not in (0, 75):
                self.wrong.append(f"relearn: status {done.returncode}: {done.stdout[-200:]!r}")

    def move_some(self, rng, source, target):
        place = os.path.join(self.maildir, target, "cur")
        names = sorted(self.names(source))
        if not os.path.isdir(place):
            return
        for name in rng.sample(names, min(len(names), MOVED_AT_ONCE)):
            os.rename(os.path.join(self.maildir, source, *name), os.path.join(place, name[1].split(":")[0] + ":2,S"))
            self.moved += 1

    # --- counting

    def names(self, folder):
        for part in ("new", "cur"):
            try:
                yield from ((part, entry.name) for entry in os.scandir(os.path.join(self.maildir, folder, part)))
            except FileNotFoundError:
                pass

    def count(self):
        there, said, altered = collections.Counter(), collections.Counter(), 0
        for folder in FOLDERS:
            for part, name in self.names(folder):
                with open(os.path.join(self.maildir, folder, part, name), "rb") as file:
                    delivered = file.read()
                found = re.findall(rb"^Message-ID: <soak\.(\d+)@example\.net>$", delivered, re.M)
                number = int(found[0]) if found else -1
                there[number] += 1
                if own_bytes(delivered) != message(self.seed, number):
                    altered += 1
                    self.show_altered(number, delivered)
                header = delivered.partition(b"\n\n")[0]
                said[folder or "Inbox"] += 1
                said["learned"] += bool(re.search(rb"learned=[01]\.", header))
                said["infected"] += b"X-Spam-Virus: Yes" in header
                said["listed"] += b"DNS_ZEN" in header
                said["without"] += bool(re.search(rb"learned=none|NOT_SCANNED|DNS_NOT_TOLD", header))
                said["unchecked"] += b"Unchecked" in header
                said["untagged"] += b"X-Spam-Status" not in header
        return there, said, altered

    def show_altered(self, number, delivered):
        """Where the first of them differs."""
        if not self.altered_shown:
            self.altered_shown = True
            sent, got = message(self.seed, number), own_bytes(delivered)
            at = next((i for i, (a, b) in enumerate(zip(sent, got)) if a != b), min(len(sent), len(got)))
            self.wrong.append(f"message {number}, {len(sent)} bytes, came as {len(got)}, other from byte {at} on: "
                              f"{sent[at:at + 60]!r} came as {got[at:at + 60]!r}")

    # --- all of it

    def teach(self):
        """Some lessons first, so that there is learned state to be asked for."""
        for label, kind in (("ham", 0), ("spam", 1)):
            place = os.path.join(self.options.scratch, "lessons", label)
            os.makedirs(place)
            for number in range(30):
                with open(os.path.join(place, str(number)), "wb") as file:
                    file.write(message("lessons", kind + 5 * number))
            subprocess.run(["chmod", "-R", "a+rX", os.path.dirname(place)], check=True)
            done = self.tamis("learn", "--quiet", f"--{label}", place)
            if done.returncode != 0:
                raise RuntimeError(f"learn: {done.stdout!r}")

    def wait_for_queue(self):
        deadline = time.monotonic() + EMPTY_SECONDS
        queue = os.path.join(self.options.scratch, "queue")
        while time.monotonic() < deadline:
            waiting = [name for part in ("maildrop", "incoming", "active", "deferred")
                       for _, _, names in os.walk(os.path.join(queue, part)) for name in names]
            if not waiting:
                return
            subprocess.run(["postqueue", "-c", os.path.join(self.options.scratch, "postfix"), "-f"], check=False)
            time.sleep(1)
        self.wrong.append(f"{len(waiting)} messages are still in the queue")

    def go(self, servers):
        for server in servers:
            server.start()
        self.teach()
        for _ in range(CALM_MESSAGES):
            self.send_one()
        self.wait_for_queue()
        threads = [threading.Thread(target=self.guard, daemon=True, args=(self.disturb, server)) for server in servers]
        threads += [threading.Thread(target=self.guard, daemon=True, args=(self.send,)) for _ in range(SENDERS)]
        threads.append(threading.Thread(target=self.guard, daemon=True, args=(self.move,)))
        for thread in threads:
            thread.start()
        time.sleep(self.options.seconds)
        self.over.set()
        for thread in threads:
            thread.join()
        self.wait_for_queue()

    def report(self):
        there, said, altered = self.count()
        lost = [number for number in self.sent if not there[number]]
        doubled = [number for number in there if there[number] > 1]
        strange = [number for number in there if number not in self.sent | self.unsure]
        print(f"seed: {self.seed}\nseconds: {self.options.seconds}\nsent: {len(self.sent)}")
        print(f"faults: {sum(self.faults.values())}\nof these: {dict(self.faults)}")
        print(f"lost: {len(lost)}\ndoubled: {len(doubled)}\naltered: {altered}\nstrange: {len(strange)}")
        for name in ("Inbox", ".Junk", ".Quarantine", "learned", "infected", "listed", "without", "unchecked",
                     "untagged"):
            print(f"{name}: {said[name]}")
        print(f"moved by the user: {self.moved}\nrelearn done: {self.relearned}\n"
              f"relearn put off: {self.relearn_failed}")
        if lost or doubled or strange:
            print(f"lost {lost[:20]}, doubled {doubled[:20]}, strange {strange[:20]}")
        for line in self.wrong[:20]:
            print(f"wrong: {line}")
        return bool(self.wrong or strange)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", default="0")
    return parser.parse_args()


def main():
    options = read_options()
    servers = components(options.scratch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    soak = Soak(options)
    try:
        soak.go(servers)
        return soak.report()
    finally:
        soak.over.set()
        for server in servers:
            server.end()


if __name__ == "__main__":
    sys.exit(main())
