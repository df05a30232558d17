"""corpus.py - labelled mail: a directory with an `index` of lines "ham|spam PATH" in order of arrival.

PATH is absolute or relative to the directory, in whatever bytes the file system has; blank lines count for nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path


# As src/commands/labelled-mail.c reads a line: a carriage return at its end is none of the name's, any other byte may
# be.
BLANKS = " \t"
LINE = re.compile(r"(ham|spam)[ \t]+([^ \t].*)", re.DOTALL)


class CorpusError(Exception):
    """A corpus that cannot be read; the text says which and why."""


@dataclass(frozen=True)
class Message:
    is_spam: bool
    name: str  # as in the index
    path: Path  # of the file that filters read: the corpus's own, or a copy without a leading mbox "From " line
    digest: str = ""  # of its bytes; "" of mail that was made

    @property
    def label(self) -> str:
        return "spam" if self.is_spam else "ham"


@dataclass(frozen=True)
class Corpus:
    name: str
    directory: Path
    messages: tuple[Message, ...]
    step: int = 1  # every step-th message of the index
    skipped: int = 0  # percent of the index, from its start

    @property
    def title(self) -> str:
        title = f"{self.name}, the last {100 - self.skipped} %" if self.skipped else self.name
        return title if self.step == 1 else f"{title}, 1 message in {self.step}"

    @property
    def key(self) -> str:
        """Names the corpus; another place, index or message makes another: results are kept under it."""
        lines = [str(self.directory), *(f"{one.label} {one.digest} {one.name}" for one in self.messages)]
        digest = hashlib.sha256("\0".join(lines).encode(errors="surrogateescape"))
        return f"{self.name}-1in{self.step}-{digest.hexdigest()[:16]}"

    def every(self, step: int) -> "Corpus":
        return Corpus(self.name, self.directory, self.messages[::step], step, self.skipped)

    def later(self, share: int) -> "Corpus":
        """Without the first `share` percent."""
        kept = self.messages[len(self.messages) * share // 100 :]
        return Corpus(self.name, self.directory, kept, self.step, share)


def read_corpus(directory: Path, scratch: Path) -> Corpus:
    """Reads the index as `tamis evaluate` does.

    Messages that begin with an mbox "From " line are copied into `scratch` without it.
    """
    index = directory / "index"
    try:
        lines = os.fsdecode(index.read_bytes()).split("\n")
    except OSError as error:
        raise CorpusError(f"{index}: {error.strerror}") from error
    messages = []
    for number, line in enumerate(lines, 1):
        line = line.removesuffix("\r")
        if not line.strip(BLANKS):
            continue
        found = LINE.fullmatch(line)
        if not found:
            raise CorpusError(f'{index}:{number}: a line holds "ham PATH" or "spam PATH"')
        messages.append(read_message(directory, scratch, number, found[1] == "spam", found[2]))
    if not messages:
        raise CorpusError(f"{index}: names no message")
    real = directory.resolve()
    shown = os.fsencode(real.name).decode(errors="backslashreplace")
    return Corpus(shown, real, tuple(messages))


def read_message(directory: Path, scratch: Path, number: int, is_spam: bool, name: str) -> Message:
    path = directory / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}") from error
    digest = hashlib.blake2b(data, digest_size=8).hexdigest()
    return Message(is_spam, name, bare_message(path, data, scratch / str(number)), digest)


def bare_message(path: Path, data: bytes, copy: Path) -> Path:
    """The path of the message without an mbox "From " line, which some filters take for a header field."""
    if not data.startswith(b"From "):
        return path.resolve()
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(data.partition(b"\n")[2])
    return copy
