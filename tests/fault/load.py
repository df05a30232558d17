"""load.py - many deliveries, a trainer, relearn and expire at once on one user, for as long as is wanted

No message may be lost or doubled, every lesson must count exactly once, and no delivery waits longer for the database
than its bound; a trainer that is stopped while it holds the lock, for ever, stops no mail.  Waits are printed.  They are
not asserted, except by what the program itself says of them: that it went on without learned evidence, after its bound
of 300 ms, is right under a lock that somebody holds, and never an error of delivery.
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


class Load:
    def __init__(self, where):
        self.where, self.lock = where, threading.Lock()
        self.numbers = iter(range(1000, 10**9))
        self.delivered, self.waits, self.wrong = [], [], []
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
        status, said, seconds = self.run("deliver", stdin=text)
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
        number = 10**9
        while time.monotonic() < self.deadline:
            number += 1
            label, text = ("spam", "ham")[number % 2], message(number, number % 2 == 0)
            steps = [f"--{label}"] * (2 if number % 3 == 0 else 1) + ["--forget"] * (number % 5 == 0)
            for step in steps:
                status, said, _ = self.run("learn", "--quiet", step, stdin=text)
                if status != 0:
                    self.wrong.append(f"learn {step}: status {status}: {said[-200:]}")
            self.learned[label] += number % 5 != 0

    def repeat(self, *arguments):
        while time.monotonic() < self.deadline:
            status, said, _ = self.run(*arguments)
            if status != 0:
                self.wrong.append(f"{' '.join(arguments)}: status {status}: {said[-200:]}")
            time.sleep(0.05)

    def go(self, seconds):
        self.deadline = time.monotonic() + seconds
        threads = [threading.Thread(target=self.deliver) for _ in range(AT_ONCE)]
        threads.append(threading.Thread(target=self.train))
        threads += [threading.Thread(target=self.repeat, args=arguments)
                    for arguments in (("relearn", "--quiet"), ("expire",), ("sort",))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def missing_or_doubled(self):
        found = collections.Counter(name for (_, name), count in self.where.mail()[0].items() for _ in range(count))
        want = collections.Counter(self.delivered)
        return ["nothing was delivered"] * (not want) + [f"{name}: {found[name]} times there, {want[name]} times delivered"
                for name in set(found) | set(want) if found[name] != want[name]]

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
            f"at most {waits[-1] * 1000:.0f} ms; {self.locked} went on without the database after {LOCK_WAIT * 1000:.0f} ms")


def new_load(where):
    where.new_home()
    load = Load(where)
    # What was left alone is not learned, so that what is learned is what this test has learned.
    where.settings("implicit = no", "expire_learns = no")
    return load


def everything_at_once(where, tap):
    load = new_load(where)
    load.go(SECONDS)
    load.say_waits(f"{AT_ONCE} at once for {SECONDS} s beside a trainer, relearn, expire and sort")
    tap.check("nothing failed", load.wrong)
    tap.check(f"{len(load.delivered)} messages delivered, none lost or doubled", load.missing_or_doubled())
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


def holder_of_the_lock(where):
    """A trainer that was stopped while it holds the lock: it waits for a message from a pipe that never comes."""
    trainer = subprocess.Popen([scene.TAMIS, "learn", "--quiet", "--spam"], stdin=subprocess.PIPE,
                               env=where.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    inode = os.stat(where.state + "/lock").st_ino
    for _ in range(500):
        with open("/proc/locks") as locks:
            if any(f":{inode} " in line and " FLOCK " in line and " WRITE " in line for line in locks):
                break
        time.sleep(0.01)
    else:
        trainer.kill()
        raise RuntimeError("the trainer has not taken the lock")
    os.kill(trainer.pid, signal.SIGSTOP)
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
