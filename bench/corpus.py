"""corpus.py - labelled mail: a directory with an `index` of lines "ham|spam PATH" in order of arrival."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


class CorpusError(Exception):
    """A corpus that cannot be read; the text says which and why."""


@dataclass(frozen=True)
class Message:
    is_spam: bool
    name: str  # as in the index
    path: Path  # of the file that filters read: the corpus's own, or a copy without a leading mbox "From " line

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
        """Names the corpus, and changes when its index does: results are kept under it."""
        lines = "\n".join(f"{message.label} {message.name}" for message in self.messages)
        return f"{self.name}-1in{self.step}-{hashlib.sha256(lines.encode()).hexdigest()[:8]}"

    def every(self, step: int) -> "Corpus":
        return Corpus(self.name, self.directory, self.messages[::step], step, self.skipped)

    def later(self, share: int) -> "Corpus":
        """Without the first `share` percent."""
        kept = self.messages[len(self.messages) * share // 100 :]
        return Corpus(self.name, self.directory, kept, self.step, share)


def read_corpus(directory: Path, scratch: Path) -> Corpus:
    """Reads the index.  Messages that begin with an mbox "From " line are copied into `scratch` without it."""
    index = directory / "index"
    try:
        lines = index.read_text(errors="surrogateescape").splitlines()
    except OSError as error:
        raise CorpusError(f"{index}: {error.strerror}") from error
    messages = []
    for number, line in enumerate(lines, 1):
        label, _, name = line.partition(" ")
        if label not in ("ham", "spam") or not name:
            raise CorpusError(f'{index}:{number}: a line holds "ham PATH" or "spam PATH"')
        messages.append(Message(label == "spam", name, bare_message(directory / name, scratch, number)))
    if not messages:
        raise CorpusError(f"{index}: names no message")
    return Corpus(directory.resolve().name, directory.resolve(), tuple(messages))


def bare_message(path: Path, scratch: Path, number: int) -> Path:
    """The path of the message without an mbox "From " line, which some filters take for a header field."""
    try:
        with path.open("rb") as file:
            if file.read(5) != b"From ":
                return path.resolve()
            file.seek(0)
            data = file.read()
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}") from error
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / str(number)
    copy.write_bytes(data.partition(b"\n")[2])
    return copy
