"""tamis.py - the filter of this project: `tamis evaluate` replays a stream with the scores of delivery."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import Iterable, Sequence

from corpus import Corpus, Message
from measures import Case
from peers.peer import Command, Judgement, Peer, PeerError, Start
from users import Mode, told_spam

OPTIONS = {
    "always": (),
    "errors": ("--train", "errors"),
    "moves": ("--feedback", "moves"),
    "implicit": ("--feedback", "implicit"),
    "never": ("--train", "never"),
}


NOT_LINKED = ("copies", "index")  # the folder that a stream is replayed from has its own


class Tamis(Peer):
    name = "tamis"
    program = "tamis"
    errors_rule = "learned when wrong or unsure (`tamis evaluate --train errors`)"

    def __init__(self, scratch: Path) -> None:
        super().__init__(scratch)
        self.starter = ("--set", "starter=no")  # of this machine it may be there, or not
        rules = os.environ.get("TAMIS_RULES_DIR")
        if rules:
            self.environment["TAMIS_RULES_DIR"] = rules

    @classmethod
    def version(cls) -> str:
        """Program and rules change all the time: both are in it."""
        digest = hashlib.sha256(Path(cls.path() or "").read_bytes())
        rules = os.environ.get("TAMIS_RULES_DIR")
        for file in sorted(Path(rules).glob("*")) if rules else ():
            digest.update(file.read_bytes())
        return f"tamis {digest.hexdigest()[:12]}"

    @classmethod
    def starts(cls) -> Sequence[Start]:
        """Without starter knowledge, and with such as was made from another corpus than the one that is judged."""
        return (Start("without starter"), Start("with starter", knows_others=True))

    def know(self, others: Sequence[Corpus]) -> None:
        """Makes starter knowledge from the first of the other corpora: what is shipped may be of the one judged."""
        self.build_starter(others[0].directory)

    def share(self, folder: Path, users: int) -> None:
        """Makes starter knowledge of words that so many users of a host have: those with a folder in this one."""
        self.build_starter(folder, "--users", str(users))

    def build_starter(self, directory: Path, *options: str) -> None:
        words = self.scratch / "starter.words"
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.run([self.executable, "starter", "build", *options, str(directory), str(words)])
        self.start_options = (*self.start_options, "--starter", str(words))
        self.starter = ("--set", f"starter_file={words}")

    def report(self, users: Sequence[Sequence[Message]], kept: Sequence[Sequence[Message]] = ()) -> None:
        """Each of these users of a host calls his messages what they are, and from the next day on all are asked.

        `kept`: other messages of theirs, which each of them has read and left alone.
        """
        folder = self.scratch / "shared"
        owner = pwd.getpwuid(os.geteuid()).pw_name
        options = ("--set", f"shared_dir={folder}", "--set", f"shared_owner={owner}")
        self.run([self.executable, "shared", "setup", "--quiet", *options])
        for number, messages in enumerate(users):
            self.learn_all(messages, *options, "--state-dir", str(self.scratch / f"user{number}"))
        for number, messages in enumerate(kept):
            maildir = self.scratch / f"Maildir{number}"
            self.fill(maildir, messages)
            where = ("--maildir", str(maildir), "--state-dir", str(self.scratch / f"user{number}"))
            self.run([self.executable, "learn", "--quiet", *options, *where])
        self.run([self.executable, "shared", "collate", "--quiet", *options])
        self.starter = (*self.starter, *options)

    @staticmethod
    def fill(maildir: Path, messages: Sequence[Message]) -> None:
        """A Maildir whose inbox holds these messages, read."""
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True)
        for number, message in enumerate(messages):
            shutil.copyfile(message.path, maildir / "cur" / f"{number:06}.bench:2,S")

    def where(self) -> Sequence[str]:
        return ("--state-dir", str(self.scratch / "state"), "--maildir", str(self.scratch / "Maildir"))

    # --- one message

    def judge(self, message: Path) -> Judgement:
        return next(iter(self.judge_all([message])))

    def learn(self, message: Path, spam: bool) -> None:
        self.run([self.executable, "learn", "--quiet", "--spam" if spam else "--ham", str(message), *self.where()])

    # --- many

    def judge_all(self, messages: Sequence[Path]) -> Iterable[Judgement]:
        for start in range(0, len(messages), 500):
            some = [str(message) for message in messages[start : start + 500]]
            arguments = [self.executable, "classify", "--json", "--exit-zero", *self.where(), *self.starter, *some]
            lines = self.run(arguments).stdout.splitlines()
            if len(lines) != len(some):
                raise PeerError(f"tamis classify: {len(lines)} lines for {len(some)} messages")
            for line in lines:
                said = json.loads(line)
                yield Judgement(said["verdict"], said["score"], logistic(said["score"]))

    def gather(self, messages: Sequence[Message]) -> Path:
        """Two folders of links, so that one command names them all."""
        above = Path(tempfile.mkdtemp(dir=self.scratch))
        for label in ("ham", "spam"):
            (above / label).mkdir()
        for number, message in enumerate(messages):
            (above / message.label / f"{number:06}").symlink_to(message.path)
        return above

    def learn_gathered(self, gathered: Path, *options: str) -> None:
        """Mixed, as its manual asks."""
        names = ("--ham", str(gathered / "ham"), "--spam", str(gathered / "spam"))
        self.run([self.executable, "learn", "--quiet", *names, *(options or self.where())])

    def learn_all(self, messages: Sequence[Message], *options: str) -> None:
        folders = self.gather(messages)
        self.learn_gathered(folders, *options)
        shutil.rmtree(folders)

    def replay(self, corpus: Corpus, mode: Mode, seed: int) -> list[Case]:
        """Labels that are told wrong stand wrong in the index it is given; the truth is put back into the cases."""
        folder = self.scratch / "stream"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "index").open("wb") as index:
            for number, message in enumerate(corpus.messages):
                told = told_spam(message.is_spam, message.name, mode, seed)
                name = self.link(folder, corpus, message, number)
                index.write(os.fsencode(f"{'spam' if told else 'ham'} {name}\n"))
        scores = self.scratch / "scores"
        seeding = ("--seed", str(seed)) if mode.teaching in ("moves", "implicit") else ()
        options = (*OPTIONS[mode.teaching], *seeding, *self.start_options)
        self.run([self.executable, "evaluate", *options, "--scores", str(scores), str(folder)])
        lines = os.fsdecode(scores.read_bytes()).split("\n")[:-1]
        if len(lines) != len(corpus.messages):
            raise PeerError(f"tamis evaluate: {len(lines)} scores for {len(corpus.messages)} messages")
        return [self.case(line, message) for line, message in zip(lines, corpus.messages)]

    @staticmethod
    def link(folder: Path, corpus: Corpus, message: Message, number: int) -> str:
        """The message under its own name, which decides what an imagined user moves, seen from the folder."""
        name, parts = message.name, Path(message.name).parts
        is_copy = message.path != (corpus.directory / name).resolve()  # without an mbox line
        if is_copy or ".." in parts or parts[0] in NOT_LINKED:
            name = f"copies/{number}"
            (folder / "copies").mkdir(exist_ok=True)
            (folder / name).symlink_to(message.path)
        elif not Path(name).is_absolute() and not (folder / parts[0]).is_symlink():
            (folder / parts[0]).symlink_to(corpus.directory / parts[0])
        return name

    @staticmethod
    def case(line: str, message: Message) -> Case:
        _, score, verdict, _ = line.split(" ", 3)
        return Case(message.is_spam, verdict, float(score), logistic(float(score)))

    # --- cost

    def deliver_command(self) -> Command:
        return Command([self.executable, "filter", *self.where(), *self.starter], self.environment)

    def learn_command(self, spam: bool, message: Path) -> Command:
        label = "--spam" if spam else "--ham"
        return Command([self.executable, "learn", "--quiet", label, "-", *self.where()], self.environment)

    def database_files(self) -> Iterable[Path]:
        return (self.scratch / "state").rglob("*")


def logistic(score: float) -> float:
    """One point is one natural unit of log-odds (src/verdict/verdict.h)."""
    return 1.0 / (1.0 + math.exp(-max(min(score, 700.0), -700.0)))
