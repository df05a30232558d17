"""power.py - the power fails before every change of the disk, and what was not synced is lost

The run of a command is watched (supervise.py).  Before each call that changes a file or a directory, or that puts one
on the disk, the tree is copied.  From these copies and the order of the fsync and fdatasync calls follows what the disk
holds for certain at that moment: of a file, what it held when it was last synced; of a directory, the names it had when
it was last synced.  All else may be there or not.  For each moment some of the disks that are possible are made, the
machine "starts" (another boot id), and the commands must find a state of before or after, and the mail that was there
or acknowledged.

Stricter than the file systems of Linux: there, fsync of a new file puts its name on the disk as well (ext4, XFS,
Btrfs).  Not shown: what a disk loses that says "synced" and is not.
"""
import os
import shutil
import sys

import calls
import scene
import supervise
from scene import JOBS, Scene, Tap, say

CHANGES = {"write", "writev", "pwrite64", "open", "openat", "link", "linkat", "rename", "renameat", "renameat2",
           "unlink",
           "unlinkat", "mkdir", "mkdirat", "ftruncate", "fallocate", "fsync", "fdatasync", "munmap", "exit_group"}
SYNCS = ("fsync", "fdatasync")
BOOT_ID = "/proc/sys/kernel/random/boot_id"
SECTOR = 512
# Jobs whose promises a power cut must keep as after a kill; of others the promises are below.
NAMES = ("deliver", "deliver into Junk", "deliver where users share", "deliver as root for the owner", "learn",
         "learn the first lesson", "learn otherwise", "learn --forget", "db forget --since", "relearn", "expire",
         "sort", "digest", "senders import", "senders allow", "shared collate", "db compact", "db rebuild", "db load")


def owner_of(status):
    return status.st_uid, status.st_gid, status.st_mode & 0o7777


class Disk:
    """What is there, by inode; contents are kept once.  Owner and rights are an inode's from its first name on."""

    def __init__(self, home):
        self.names, self.contents, self.folders, self.owners = {}, {}, {}, {}
        for folder, folder_names, file_names in os.walk(home):
            inner = os.path.relpath(folder, home)
            status = os.stat(folder)
            self.folders[status.st_ino] = inner
            self.owners[status.st_ino] = owner_of(status)
            self.names[inner] = {}
            for name in folder_names:
                self.names[inner][name] = os.stat(os.path.join(folder, name)).st_ino
            for name in file_names:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                self.names[inner][name] = status.st_ino
                self.owners[status.st_ino] = owner_of(status)
                with open(path, "rb") as text:
                    self.contents[status.st_ino] = text.read()


class Recorder:
    """Follows one run: what is durable, and what is there, before each change."""

    def __init__(self, home):
        self.home = home
        disk = Disk(home)
        self.names = disk.names          # {folder: {name: inode}} as on the disk for certain
        self.contents = disk.contents    # {inode: bytes} as on the disk for certain
        self.owners = disk.owners
        self.moments = []                # (durable names, durable contents, volatile disk, what comes next)
        self.last = None

    def decide(self, call):
        path = call.path_of(call.arguments[0]) if call.name in SYNCS + ("write", "writev", "pwrite64", "ftruncate",
                                                                       "fallocate") else None
        if path is not None and not path.startswith(self.home):
            return supervise.GO_ON
        disk = Disk(self.home)
        self.owners = disk.owners = {**self.owners, **disk.owners}
        if self.last is None or (disk.names, disk.contents) != self.last:
            self.last = disk.names, disk.contents
            self.moments.append((dict(self.names), dict(self.contents), disk, f"{call.role()} {call.name}"))
        if call.name in SYNCS:
            self.make_durable(disk, path, os.stat(f"/proc/{call.pid}/fd/{call.arguments[0]}"), call)
        return supervise.GO_ON

    def make_durable(self, disk, path, status, call):
        folder = disk.folders.get(status.st_ino)
        if folder is not None:
            self.names[folder] = dict(disk.names[folder])
            for name, inode in disk.names[folder].items():
                if os.path.isdir(os.path.join(self.home, folder, name)):
                    self.names.setdefault(os.path.normpath(os.path.join(folder, name)), {})
            return
        with open(f"/proc/{call.pid}/fd/{call.arguments[0]}", "rb") as text:  # also where it has no name yet
            self.contents[status.st_ino] = text.read()


# --- the disks that are possible -------------------------------------------------------------------------------------

def half(old, new):
    """Every other sector of what was not synced has come to the disk."""
    old = old[:len(new)].ljust(len(new), b"\0")
    return b"".join((new if at // SECTOR % 2 else old)[at:at + SECTOR] for at in range(0, len(new), SECTOR))


def contents_of(kind, inode, durable, volatile):
    new = volatile.get(inode, durable.get(inode, b""))
    old = durable.get(inode)
    if kind == "kept" or new == old:
        return new
    if kind == "lost":
        return b"" if old is None else old
    if kind == "zeros":  # the size is there, the blocks are not
        return (old or b"")[:len(new)].ljust(len(new), b"\0")
    return half(old or b"", new)


# (what became of names that were not synced, what became of contents).  Of "odd" and "even" every other file that was
# not synced has all of its contents, and the rest their size and no more: a file tells of another that is torn.
POSSIBLE = (("lost", "lost"), ("kept", "lost"), ("lost", "kept"), ("kept", "zeros"), ("kept", "half"), ("lost", "half"),
            ("kept", "odd"), ("kept", "even"))


def write_disk(home, moment, names_kind, contents_kind):
    names, contents, disk, _ = moment
    tree = disk.names if names_kind == "kept" else names
    torn = sorted(inode for inode, text in disk.contents.items() if contents.get(inode) != text)

    def kind_of(inode):
        if contents_kind not in ("odd", "even"):
            return contents_kind
        return "kept" if inode in torn[contents_kind == "odd"::2] else "zeros"

    def hand_over(path, inode):
        uid, gid, mode = disk.owners[inode]
        os.chown(path, uid, gid)
        os.chmod(path, mode)

    def write(folder, its_inode):
        os.makedirs(os.path.join(home, folder), 0o700, exist_ok=True)
        for name, inode in tree.get(folder, {}).items():
            path, inner = os.path.join(home, folder, name), os.path.normpath(os.path.join(folder, name))
            if inner in tree or inner in disk.names:
                write(inner, inode)
                continue
            with open(path, "wb") as out:
                out.write(contents_of(kind_of(inode), inode, contents, disk.contents))
            hand_over(path, inode)
        hand_over(os.path.join(home, folder), its_inode)

    shutil.rmtree(home)
    write(".", next(inode for inode, folder in disk.folders.items() if folder == "."))


class Filter(scene.Filter):
    """Daybook and history are not synced: torn, they are no evidence, are begun anew, and are told of once."""

    def mail_is_right(self, status):
        return []  # what is written to standard output is on no disk of ours

    def state_is_right(self, status):
        wrong, said = super().state_is_right(status), []
        for _ in range(2):
            done = self.scene.tamis(*self.arguments, stdin=self.stdin, good=False)
            if done.returncode != 0 or not is_passed_on(done.stdout, self.stdin):
                wrong.append(f"then filter: status {done.returncode}: {done.stderr.decode()}")
            said.append([line for line in done.stderr.splitlines() if b" verdict=" not in line])
        if len(said[0]) > 2 or said[1]:
            wrong.append(f"it says first {said[0]}, and then {said[1]}")
        figures = self.scene.tamis("stats", "--json", good=False)
        return wrong + ([] if figures.returncode == 0 else [f"then stats: {figures.stderr.decode()}"])


def is_passed_on(text, want):
    return scene.without_our_fields(text) == want and scene.is_judged(text)


class Moved(scene.Moved):
    """A report may be lost, and is then found by the next scan; what is left of it teaches nothing else."""

    def make(self):
        super().make()
        self.scene.tamis("relearn", "--queue", "--quiet")
        self.learned = self.scene.dump()
        if self.learned == self.before:
            raise RuntimeError("the move teaches nothing")

    def state_is_right(self, status):
        where = self.scene
        if where.dump() != self.before:
            return ["reporting a move has changed the state"]
        # A move is reported and learned as ever, behind whatever the queue ends with.
        other = scene.message(114, True)
        where.tamis("moved", "INBOX", "Junk", stdin=other)
        count, done = self.waiting()
        wrong = [] if count in (1, 2) else [f"{count} moves wait, one of them reported since: {done.stderr.decode()}"]
        where.tamis("relearn", "--queue", "--quiet", good=False)
        where.tamis("learn", "--quiet", "--forget", stdin=other)
        if where.dump() not in (self.before, self.learned):
            wrong.append("something else is learned than the message that was moved")
        return wrong


class DeliverTrap(scene.DeliverTrap):
    """Once the last of its processes has ended, the lesson is on the disk."""

    def state_is_right(self, status):
        wrong = super().state_is_right(status)
        return wrong if wrong or status != 0 or self.scene.dump() == self.after else ["the lesson is lost"]


class LearnShared(scene.LearnShared):
    """A report is not synced: it may be lost, and half of one is none.  What others are asked at night works."""

    def state_is_right(self, status):
        wrong = super().state_is_right(status)
        for arguments in (("shared", "collate"), ("shared", "show")):
            done = self.scene.tamis(*arguments, good=False)
            if done.returncode != 0 or done.stderr:
                wrong.append(f"then {' '.join(arguments)}: status {done.returncode}: {done.stderr.decode()}")
        return wrong


class DeliverUnsynced(scene.Deliver):
    """What tamis.conf(5) says of directory_sync = no, and the proof that the cuts above do cut."""
    name = "deliver unsynced"

    def prepare(self):
        super().prepare()
        self.scene.settings("directory_sync = no")


# --- cases ------------------------------------------------------------------------------------------------------------

def record(job):
    job.lay_out()
    recorder = Recorder(job.scene.home)
    outcome = calls.run(job, recorder.decide, CHANGES)
    if outcome.status != 0:
        raise RuntimeError(f"{job.name}: {outcome.status}: {job.scene.said()}")
    disk = Disk(job.scene.home)
    disk.owners = {**recorder.owners, **disk.owners}
    recorder.moments.append((recorder.names, recorder.contents, disk, "the end"))
    return recorder.moments


class Restart:
    """Commands of the time after: they see another boot id."""

    def __init__(self, where):
        self.where = where
        self.boot = os.path.join(where.scratch, "boot_id")
        with open(self.boot, "w") as out:
            out.write("01234567-89ab-cdef-0123-456789abcdef\n")

    def decide(self, call):
        return supervise.open_instead(self.boot) if call.text_at(call.arguments[1]) == BOOT_ID else supervise.GO_ON

    def tamis(self, *arguments):
        where = self.where
        return supervise.run([scene.TAMIS, *arguments], where.environment, {"openat"}, self.decide, "/dev/null",
                             where.stdout, where.stderr, user=where.user)


def judge(job, moment, restart, kinds):
    """The state first meets a command that writes, as after a start of the machine any would: then all is as ever."""
    where, at_the_end = job.scene, moment[3] == "the end"
    status = 0 if at_the_end else -9
    if os.path.exists(os.path.join(where.state, "lock")):
        outcome = restart.tamis("db", "compact")
        if outcome.hung or outcome.status not in (0, scene.EX_TEMPFAIL, 66):
            return [f"after the restart db compact ends with {outcome.status}"]
    if os.path.isdir(where.state):
        # What was read under the other boot id is made of this one again.
        job.scene.tamis("db", "compact", good=False)
    wrong = [line for line in job.mail_is_right(status) if not line.startswith("left in tmp/")]
    if at_the_end or job.name != "db load":
        wrong += job.state_is_right(status)
    return [f"{job.name}, before {moment[3]}, names {kinds[0]}, contents {kinds[1]}: {line}; {where.said()[-300:]!r}"
            for line in wrong]


def main():
    why = supervise.usable()
    if why:
        scene.skip_all(why)
    tap, total, done = Tap(), 0, 0
    kinds_of_jobs = [kind for kind in JOBS if kind.name in NAMES] + \
        [Filter, Moved, DeliverTrap, LearnShared, DeliverUnsynced]
    with Scene() as where:
        restart = Restart(where)
        for job in scene.made_jobs(where, kinds_of_jobs):
            moments = record(job)
            cases = [(moment, kinds) for moment in moments for kinds in POSSIBLE]
            # The end is what was promised: always among them.
            chosen = scene.part_of(cases[:-len(POSSIBLE)], 12, scene.seed()) + cases[-len(POSSIBLE):]
            wrong = []
            for moment, kinds in chosen:
                job.lay_out()
                write_disk(where.home, moment, *kinds)
                wrong += judge(job, moment, restart, kinds)
            total, done = total + len(cases), done + len(chosen)
            if isinstance(job, DeliverUnsynced):
                tap.check("without directory_sync a power cut takes what was delivered",
                          [] if wrong else ["it did not"])
            else:
                tap.check(f"{job.name}: {len(chosen)} of {len(cases)} power cuts", wrong)
    say(f"{done} of {total} power cuts, seed {scene.seed()}; mail lost or state torn: {tap.failed} jobs")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
