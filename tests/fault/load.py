"""load.py - many deliveries, a trainer, relearn and expire at once on one user, for as long as is wanted

Meanwhile the user is at his mail: he moves messages into Junk and out of it, back and forth, expunges some at once, and
reads others, of which relearn learns all; Junk has old mail, which expire learns from and deletes a few at a time; and
mail comes that was not filtered, which sort puts into Junk.  Whoever meets whom at which moment, what is to be learned
of a message in the end depends on the last word about it alone, so that the counts are known exactly.

No message may be lost or doubled, every lesson must count exactly once, and no delivery waits longer for the database
than its bound; a trainer that is stopped while it holds the lock, for ever, stops no mail.  Waits are printed.  They
are not asserted, except by what the program itself says of them: that it went on without learned evidence, after its
bound of 300 ms, is right under a lock that somebody holds, and never an error of delivery.
"""
import collections
import os
import re
import signal
import subprocess
import sys
import threading
import time

import scene
from scene import Scene, Tap, message, say

AT_ONCE = 20
BURST = 1000 if scene.LONG else 150
SECONDS = int(os.environ.get("TAMIS_LOAD_SECONDS") or (600 if scene.LONG else 10))
LOCK_WAIT = 0.3

# Everything, or nothing, is spam: what this test makes exact are counts, not judgement.
ALL_IS_SPAM, NONE_IS_SPAM = "required=-100", "required = 100"
# Numbers of messages say where they come from.  Of those that are delivered, every eighth has the same fate.
DELIVERED, TRAINED, FETCHED, OLD = 1000, 10**9, 2 * 10**9, 3 * 10**9
INTO_JUNK, INTO_JUNK_BY_HOOK, THERE_AND_BACK, EXPUNGED, RESCUED, READ, *LEFT = range(8)
# Old mail for all of the time: expire deletes a few in each run, and has a run a second.
DUE, EXPIRE_MOST, EXPIRE_PAUSE, PAUSE = 3 * SECONDS, 4, 1.0, 0.05
DUE_UNSEEN = DUE // 5


class Load:
    def __init__(self, where):
        self.where, self.lock = where, threading.Lock()
        self.numbers = iter(range(DELIVERED, TRAINED))
        self.delivered, self.waits, self.wrong = [], [], []
        self.expunged, self.runs, self.did = [], collections.Counter(), collections.Counter()
        self.last_place = {}  # {name of the message: folder}, of what was put somewhere after delivery
        self.learned = collections.Counter()
        self.locked = 0
        self.deadline = 0

    def run(self, *arguments, stdin=b""):
        """Gives the exit status, what was said, and how long it took."""
        begun = time.monotonic()
        done = subprocess.run([scene.TAMIS, *arguments], input=stdin, env=self.where.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stderr.decode("utf-8", "replace"), time.monotonic() - begun

    def deliver_one(self):
        with self.lock:
            number = next(self.numbers)
        text = message(number, number % 2 == 1)
        into_junk = ("--set", ALL_IS_SPAM) if number % 8 == RESCUED else ()
        status, said, seconds = self.run("deliver", *into_junk, stdin=text)
        with self.lock:
            self.waits.append(seconds)
            self.locked += "learned=locked" in said
            if status == 0:
                self.delivered.append(scene.name_of(text))
            else:
                self.wrong.append(f"deliver: status {status}: {said[-200:]}")

    def deliver(self):
        while time.monotonic() < self.deadline:
            self.deliver_one()

    def train(self):
        """Each lesson counts once; one in three is learned twice, which counts once as well, one in five is undone."""
        number = TRAINED
        while time.monotonic() < self.deadline:
            number += 1
            label, text = ("spam", "ham")[number % 2], message(number, number % 2 == 0)
            steps = [f"--{label}"] * (2 if number % 3 == 0 else 1) + ["--forget"] * (number % 5 == 0)
            for step in steps:
                status, said, _ = self.run("learn", "--quiet", step, stdin=text)
                if status != 0:
                    self.wrong.append(f"learn {step}: status {status}: {said[-200:]}")
            if number % 5 != 0:
                self.expect(label)

    def expect(self, label):
        with self.lock:
            self.learned[label] += 1

    def repeat(self, *arguments):
        while time.monotonic() < self.deadline:
            status, said, _ = self.run(*arguments)
            if status != 0:
                self.wrong.append(f"{' '.join(arguments)}: status {status}: {said[-200:]}")
            self.runs[arguments[0]] += 1
            time.sleep(EXPIRE_PAUSE if arguments[0] == "expire" else PAUSE)

    # --- the user at his mail

    def move(self, text, path, folder, name, hooked=False):
        """Moves a file to cur/ of a folder, as a message that was read; the hook of an IMAP server may report it."""
        target = os.path.join(self.where.maildir, folder, "cur", name)
        os.rename(path, target)
        self.last_place[scene.name_of(text)] = folder
        if hooked:
            folders = ("INBOX", "Junk") if folder else ("Junk", "INBOX")
            status, said, _ = self.run("moved", *folders, stdin=text)
            if status != 0:
                self.wrong.append(f"moved: status {status}: {said[-200:]}")
        return target

    def attend_to(self, number, text, path, name):
        """What the user makes of a message that was delivered."""
        fate = number % 8
        name += ":2,S"
        if fate in (INTO_JUNK, INTO_JUNK_BY_HOOK):
            self.move(text, path, ".Junk", name, fate == INTO_JUNK_BY_HOOK)
            self.expect("spam")
        elif fate == THERE_AND_BACK:
            hooked = number % 16 == fate
            for folder in (".Junk", "", ".Junk"):
                path = self.move(text, path, folder, name, hooked)
            self.expect("spam")
        elif fate == EXPUNGED:  # its text is in the queue of the hook
            os.unlink(self.move(text, path, ".Junk", name, True))
            self.expunged.append(scene.name_of(text))
            del self.last_place[scene.name_of(text)]
            self.expect("spam")
        elif fate == RESCUED:
            self.move(text, path, "", name, number % 16 == fate)
            self.expect("ham")
        elif fate == READ and self.did[READ] < self.learned["spam"]:  # more would not be believed: too much ham
            self.move(text, path, "", name)
            self.expect("ham")
        else:
            return
        self.did[fate] += 1

    def be_a_reader(self):
        known = set()
        while time.monotonic() < self.deadline:
            for folder in ("", ".Junk"):
                new = os.path.join(self.where.maildir, folder, "new")
                for name in sorted(set(os.listdir(new)) - known)[:10]:
                    known.add(name)
                    try:
                        with open(os.path.join(new, name), "rb") as file:
                            text = file.read()
                    except FileNotFoundError:
                        continue  # sort was there first
                    number = int(re.search(rb"^Message-ID: <(\d+)\.", text, re.M).group(1))
                    if DELIVERED <= number < TRAINED:
                        self.attend_to(number, text, os.path.join(new, name), name)
            time.sleep(0.01)

    def fetch(self):
        """Mail that comes past the filter."""
        number = FETCHED
        while time.monotonic() < self.deadline:
            number += 1
            self.put_fetched(number)
            time.sleep(0.1)

    def put_fetched(self, number):
        text = message(number, True)
        path = self.where.put("", text, f"{number}.M1P1.host", "tmp")
        os.rename(path, path.replace("/tmp/", "/new/"))
        with self.lock:
            self.delivered.append(scene.name_of(text))
        self.last_place[scene.name_of(text)] = ".Junk"
        self.did["fetched"] += 1

    def put_old_mail(self):
        """What expire is to delete, and to learn from when it was seen; the flagged one stays."""
        now = int(time.time())
        then = now - 12 * scene.DAY
        with open(self.where.state + "/junk-seen", "w") as record:
            record.write(f"tamis-names 2 {now - scene.DAY}\n")
            for number in range(OLD, OLD + DUE + 1):
                unseen, flagged = number < OLD + DUE_UNSEEN, number == OLD + DUE
                text, name = message(number, True), f"{then}.M{number}P1.host"
                path = self.where.put(".Junk", text, name + ("" if unseen else ":2,FS" if flagged else ":2,S"),
                                      "new" if unseen else "cur")
                os.utime(path, (then, then))
                record.write(f"{then} - {name}\n")
                if flagged:
                    self.delivered.append(scene.name_of(text))
                elif not unseen:
                    self.expect("spam")
        subprocess.run([scene.SEAL, self.where.state + "/junk-seen"], check=True)

    def come_to_rest(self):
        """What was not finished when time was up is finished now; a second look finds nothing more."""
        for _ in range(2):
            for arguments in (("sort", "--set", ALL_IS_SPAM), ("relearn", "--quiet"),
                              ("expire", "--force", "--set", ALL_IS_SPAM)):
                status, said, _ = self.run(*arguments)
                if status != 0:
                    self.wrong.append(f"{' '.join(arguments)} in the end: status {status}: {said[-200:]}")

    def go(self, seconds):
        self.deadline = time.monotonic() + seconds
        threads = [threading.Thread(target=self.deliver) for _ in range(AT_ONCE)]
        threads += [threading.Thread(target=work) for work in (self.train, self.be_a_reader, self.fetch)]
        threads += [threading.Thread(target=self.repeat, args=arguments)
                    for arguments in (("relearn", "--quiet"), ("relearn", "--quiet", "--queue"),
                                      ("expire", "--set", ALL_IS_SPAM), ("sort", "--set", ALL_IS_SPAM))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def missing_or_doubled(self):
        found = collections.Counter(name for (_, name), count in self.where.mail()[0].items() for _ in range(count))
        want = collections.Counter(self.delivered) - collections.Counter(self.expunged)
        return ["nothing was delivered"] * (not want) + [
            f"{name}: {found[name]} times there, {want[name]} times delivered"
            for name in set(found) | set(want) if found[name] != want[name]]

    def misplaced(self):
        mail = self.where.mail()[0]
        return [f"{name} is not in {folder or 'the inbox'}" for name, folder in self.last_place.items()
                if (folder, name) not in mail]

    def counts(self):
        """What is wrong with the counts: lessons by totals and by the ledger."""
        dump = self.where.tamis("db", "dump").stdout
        ham, spam = map(int, re.search(rb"^lessons (\d+) (\d+)$", dump, re.M).groups())
        entries = collections.Counter(re.findall(rb"^entry \w+ (ham|spam) ", dump, re.M))
        got = ham, spam, entries[b"ham"], entries[b"spam"]
        want = self.learned["ham"], self.learned["spam"], self.learned["ham"], self.learned["spam"]
        return [] if got == want and min(got) > 0 else [f"lessons and entries, ham and spam: {got}, want {want}"]

    def say_waits(self, what):
        waits = sorted(self.waits)
        say(f"{what}: {len(waits)} deliveries, each took in the median {waits[len(waits) // 2] * 1000:.0f} ms, "
            f"at most {waits[-1] * 1000:.0f} ms; {self.locked} went on without the database "
            f"after {LOCK_WAIT * 1000:.0f} ms")


def new_load(where):
    where.new_home()
    load = Load(where)
    # What is left alone and read is learned at once, for who waits days for it is not tested in seconds.
    where.settings(NONE_IS_SPAM, "implicit_ham_days = 0", f"expire_most = {EXPIRE_MOST}")
    return load


def new_user_at_his_mail(where):
    """Who has looked through his folders once, when delivery had put spam into Junk."""
    load = new_load(where)
    where.learn_some()
    load.learned.update(ham=4, spam=4)
    text = message(1, True)
    where.tamis("deliver", "--set", ALL_IS_SPAM, stdin=text)
    load.delivered.append(scene.name_of(text))
    load.put_old_mail()
    where.tamis("relearn", "--quiet")
    return load


def everything_at_once(where, tap):
    load = new_user_at_his_mail(where)
    load.go(SECONDS)
    say(f"runs {dict(load.runs)}; messages moved into Junk {load.did[INTO_JUNK]}, "
        f"and reported {load.did[INTO_JUNK_BY_HOOK]}, "
        f"back and forth {load.did[THERE_AND_BACK]}, expunged {load.did[EXPUNGED]}, moved out of Junk "
        f"{load.did[RESCUED]}, read {load.did[READ]}, fetched {load.did['fetched']}")
    load.come_to_rest()
    load.say_waits(f"{AT_ONCE} at once for {SECONDS} s beside a trainer, a reader, relearn, expire and sort")
    tap.check("nothing failed", load.wrong)
    idle = [str(fate) for fate in (*range(LEFT[0]), "fetched") if not load.did[fate]]
    tap.check("all that a user does was done", [f"never: {fate}" for fate in idle])
    tap.check(f"{len(load.delivered)} messages delivered, none lost or doubled", load.missing_or_doubled())
    tap.check(f"{len(load.last_place)} lie where the user or sort put them last", load.misplaced())
    tap.check(f"{sum(load.learned.values())} lessons count exactly", load.counts())
    check, said, _ = load.run("db", "check")
    tap.check("the state is sound", [] if check == 0 else [said])


def a_burst(where, tap):
    load = new_load(where)
    where.learn_some()
    left = iter(range(BURST))

    def work():
        for _ in left:
            load.deliver_one()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.say_waits(f"a burst of {BURST}")
    few = [f"{len(load.delivered)} of them were delivered"] * (len(load.delivered) != BURST)
    tap.check(f"a burst of {BURST}: none lost or doubled", few + load.wrong + load.missing_or_doubled())


KNOWN_LESSONS = 5000


def is_locked(where):
    inode = os.stat(where.state + "/lock").st_ino
    with open("/proc/locks") as locks:
        return any(f":{inode} " in line and " FLOCK " in line and " WRITE " in line for line in locks)


def holder_of_the_lock(where):
    """A trainer that is stopped while it holds the lock: it has to look at thousands of lessons that are known already,
    so that nothing is counted, wherever it is stopped."""
    folder = where.scratch + "/known"
    os.mkdir(folder)
    for number in range(KNOWN_LESSONS):
        os.link(where.scratch + "/lessons/spam/1", f"{folder}/{number}")
    trainer = subprocess.Popen([scene.TAMIS, "learn", "--quiet", "--spam", folder], env=where.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not is_locked(where) and trainer.poll() is None:
        time.sleep(0.001)
    os.kill(trainer.pid, signal.SIGSTOP)
    if not is_locked(where):
        trainer.kill()
        raise RuntimeError("the trainer was done before it could be stopped")
    return trainer


def a_stuck_trainer(where, tap):
    load = new_load(where)
    where.learn_some()
    load.learned.update(ham=4, spam=4)
    trainer = holder_of_the_lock(where)
    for _ in range(5):
        load.deliver_one()
    load.say_waits("a trainer stopped with the lock")
    wrong = load.wrong + load.missing_or_doubled()
    if load.locked != 5:
        wrong.append(f"{load.locked} of 5 say that the state was locked: the trainer did not hold it")
    tap.check("a trainer that is stopped with the lock stops no mail", wrong)
    trainer.kill()
    trainer.wait()
    load.deliver_one()
    tap.check("when it is killed the state is used again", load.wrong + load.counts() + (
        [] if load.locked == 5 else ["it is still locked"]))


def main():
    tap = Tap()
    with Scene() as where:
        everything_at_once(where, tap)
        a_burst(where, tap)
        a_stuck_trainer(where, tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
