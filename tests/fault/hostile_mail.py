"""hostile_mail.py - messages made to break filters go the ways that read them, for a user who knows nothing and one who
has learned

The messages of tests/delivery/hostile.py, and with TAMIS_CORPORA the malformed ones of its folder `torture`.
Delivered, each is in the Maildir once and byte for byte but for our fields.  Judged or explained, it ends with a status
that the manual names and with JSON that is JSON.  Learned as spam, then as ham, then forgotten, it leaves the state as
it was.  Each of these costs at most what was promised.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import scene
from scene import Scene, Tap, say

sys.path.insert(0, os.path.join(scene.SOURCE, "tests/delivery"))
import hostile  # noqa: E402

HOSTILE = os.path.join(scene.SOURCE, "tests/delivery/hostile.py")
CORPUS = os.path.join(os.environ.get("TAMIS_CORPORA", "/nonexistent"), "torture")
# What is promised for each message, of the largest process and of all of them together.  Measured from within what runs
# the command: limits would only hide who wants more.  Sanitizers keep books of memory in memory.
CPU_SECONDS, MEGABYTES = 1.0, 64
VERDICTS = (0, 1, 2)
# A line of mbox files that some put before a message, and that has no place in a Maildir.
MBOX_LINE = re.compile(rb"\AFrom [^\n]*(\n|\Z)")

# A few hundred lessons with tens of thousands of words, all of which one message asks for.
LESSONS, WORDS_EACH = 150, 150


def lesson(number, spam):
    words = " ".join(f"known{'spam' if spam else 'ham'}{number}x{i}" for i in range(WORDS_EACH)).encode()
    return scene.message(number, spam) + words + b"\n"


def all_known_words():
    return b"".join(lesson(number, spam) for number in range(LESSONS) for spam in (False, True))


MORE = {
    # Every row of the tables is asked for, and in the words of somebody whom the user knows.
    "known_words": lambda: lesson(0, False) + all_known_words(),
    # And the words of each lesson in a part of its own.
    "known_parts": lambda: hostile.HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"".join(
        b"--b\nContent-Type: text/html\n\n<p>" + lesson(number, spam) + b"\n"
        for number in range(LESSONS) for spam in (False, True)),
}


class Ran:
    """One command with a message on standard input; what it said, and what it cost with all its children."""

    def __init__(self, where, path, arguments):
        self.arguments = arguments
        with open(where.stderr, "wb") as err:
            done = subprocess.run([sys.executable, "-S", "-B", HOSTILE, "run", path, where.stdout, scene.TAMIS,
                                   *arguments], env=where.environment, stdout=subprocess.PIPE, stderr=err, check=True)
        status, cpu, memory = done.stdout.split()
        self.status, self.cpu, self.megabytes = int(status), float(cpu), int(memory)
        self.said = where.said()[-300:]

    def wrong(self, statuses):
        found = []
        if self.status not in statuses:
            found.append(f"exit status {self.status}")
        if self.cpu > CPU_SECONDS and not scene.SANITIZED:
            found.append(f"{self.cpu:.2f} s of CPU")
        if self.megabytes > MEGABYTES and not scene.SANITIZED:
            found.append(f"{self.megabytes} MB")
        return [f"{' '.join(self.arguments)}: {line}; it said: {self.said!r}" for line in found]


def bytes_of(path):
    with open(path, "rb") as text:
        return text.read()


def unjudged(text, message):
    """A judgement, or where there is no place for a field in such a message, the bytes as they were."""
    fields = text.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    judged = b"X-Tamis: " in fields and b"X-Spam-Status: Unchecked" not in fields
    return [] if judged or text == message else ["it is not judged"]


# --- the ways a message can go: each gives how it ran, and what is wrong ---------------------------------------------

def filtered(where, path):
    ran = Ran(where, path, ("filter",))
    wrong, message, written = ran.wrong((0,)), bytes_of(path), bytes_of(where.stdout)
    if without_our_fields(written) != without_our_fields(message):
        wrong.append("filter: other bytes came out")
    return ran, wrong + unjudged(written, message)


def delivered(where, path):
    for folder in ("", "/.Junk"):
        for part in ("new", "cur", "tmp"):
            shutil.rmtree(where.maildir + folder + "/" + part)
            os.mkdir(where.maildir + folder + "/" + part)
    ran = Ran(where, path, ("deliver",))
    wrong, message = ran.wrong((0,)), MBOX_LINE.sub(b"", bytes_of(path))
    found = [os.path.join(folder, name) for folder, _, names in os.walk(where.maildir) for name in names
             if os.path.basename(folder) in ("new", "cur", "tmp")]
    if len(found) != 1 or os.path.basename(os.path.dirname(found[0])) == "tmp":
        return ran, wrong + [f"deliver: {len(found)} files are in the Maildir: {found}"]
    text = bytes_of(found[0])
    if without_our_fields(text) != without_our_fields(message):
        wrong.append("deliver: other bytes are in the Maildir")
    return ran, wrong + unjudged(text, message)


def without_our_fields(text):
    """Without our fields, and a message of one million fields as quickly as any other."""
    return b"".join(pieces(text))


def pieces(text):
    at, ours = 0, False
    while at < len(text):
        end = text.find(b"\n", at) + 1 or len(text)
        line = text[at:end]
        if line in (b"\n", b"\r\n", b"\r"):
            break
        if line[:1] not in (b" ", b"\t"):
            ours = line[:1] in b"Xx" and scene.OUR_FIELDS.match(line) is not None
        if not ours:
            yield line
        at = end
    yield text[at:]


def classified(where, path):
    ran = Ran(where, path, ("classify", "--json"))
    return ran, ran.wrong(VERDICTS) + not_json(where)


def explained(where, path):
    ran = Ran(where, path, ("explain", "--json"))
    wrong = ran.wrong(VERDICTS) + not_json(where)
    for form in ("--html", "--color=always"):
        other = Ran(where, path, ("explain", form))
        wrong += other.wrong(VERDICTS)
        if os.path.getsize(path) and not os.path.getsize(where.stdout):
            wrong.append(f"explain {form}: says nothing")
        if other.status != ran.status:
            wrong.append(f"explain {form}: status {other.status}, with --json {ran.status}")
    return ran, wrong


def not_json(where):
    """An object for each message, a line each: none for no message, several for an mbox."""
    try:
        for line in bytes_of(where.stdout).splitlines():
            json.loads(line)
        return []
    except ValueError as error:
        return [f"no JSON: {error}"]


def learned(where, path):
    before, wrong, rans = where.dump(), [], []
    for how in ("--spam", "--ham", "--forget"):
        ran = Ran(where, path, ("learn", "--quiet", how))
        wrong += ran.wrong((0,))
        rans.append(ran)
    after = where.dump()
    if after != before and not (scene.is_absent(before) and scene.is_absent(after)):
        wrong.append("learned as spam and as ham and forgotten, it leaves something behind")
    check = where.tamis("db", "check", good=False)
    if check.returncode != 0:
        wrong.append(f"db check: {check.stderr.decode()}")
    return max(rans, key=lambda ran: ran.cpu), wrong


WAYS = {"filter": filtered, "deliver": delivered, "classify": classified, "explain": explained, "learn": learned}


# --- cases ------------------------------------------------------------------------------------------------------------

def prepare(where, state):
    where.new_home()
    if state == "learned":
        folder = os.path.join(where.scratch, "lessons")
        for label in ("ham", "spam"):
            os.makedirs(f"{folder}/{label}")
            for number in range(LESSONS):
                with open(f"{folder}/{label}/{number}", "wb") as out:
                    out.write(lesson(number, label == "spam"))
        where.tamis("learn", "--quiet", "--ham", folder + "/ham", "--spam", folder + "/spam")
        shutil.rmtree(folder)
    where.keep(state)


def sources():
    """{name: what gives a path with the message}; the made ones are written when their turn comes, by a process of
    their own: what this one holds, its children seem to need."""
    found = {name: None for name in [*hostile.MESSAGES, *MORE]}
    for folder, _, names in sorted(os.walk(CORPUS)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            found[os.path.relpath(path, CORPUS)] = path
    return found


def written(where, name):
    """In the scratch folder, by another process: fifty million bytes would count as memory of every child."""
    path = os.path.join(where.scratch, "message")
    process = os.fork()
    if process == 0:
        status = 1
        try:
            with open(path, "wb") as out:
                out.write((hostile.MESSAGES.get(name) or MORE[name])())
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(process, 0)[1] != 0:
        raise RuntimeError(f"{name} could not be written")
    return path


def try_messages(tap, where, state, way, chosen):
    """All messages that were chosen for this state and this way."""
    where.lay_out(state)
    wrong, most_cpu, most_memory = [], (0, ""), (0, "")
    for name, path in chosen:
        ran, complaints = WAYS[way](where, path or written(where, name))
        most_cpu, most_memory = max(most_cpu, (ran.cpu, name)), max(most_memory, (ran.megabytes, name))
        wrong += [f"{name}: {line}" for line in complaints]
    say(f"{way}, {state} state: at most {most_cpu[0]:.2f} s of CPU ({most_cpu[1]}), "
        f"{most_memory[0]} MB ({most_memory[1]})")
    tap.check(f"{way}, {state} state: {len(chosen)} messages", wrong)


def main():
    tap, total, done = Tap(), 0, 0
    found = list(sources().items())
    with Scene() as where:
        for number, state in enumerate(("empty", "learned")):
            prepare(where, state)
            for place, way in enumerate(WAYS):
                chosen = scene.part_of(found, 4, scene.seed() + 10 * number + place)
                try_messages(tap, where, state, way, chosen)
                total, done = total + len(found), done + len(chosen)
    say(f"{done} of {total} ways of messages, seed {scene.seed()}; ways with something wrong: {tap.failed}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
