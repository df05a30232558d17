"""part_host.py - a new user of a host whose other users share what they know, against one who is alone.

The first half of each corpus is dealt out to USERS users; the next FIRST messages come to one who is new.  What they
share are words that at least SHARED of them have (`tamis starter build --users`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator

from corpus import Corpus, Message
from measures import Case, measure
from peers.peer import PeerError
from peers.tamis import Tamis
from replay import Bench, recorded, replay
from tables import Block, Table, shown
from users import MODES

USERS = 6
SHARED = 3
FIRST = 500
STARTS = ("alone", "mail of others", "this host")


def make(bench: Bench) -> Iterator[Block]:
    if Tamis not in bench.peers:
        return
    for corpus in bench.corpora:
        yield host_table(bench, corpus)


def divided(corpus: Corpus) -> tuple[tuple[Message, ...], Corpus]:
    """What the users of the host have, and what comes to the new one."""
    half = len(corpus.messages) // 2
    new = corpus.messages[half : half + FIRST]
    return corpus.messages[:half], Corpus(f"{corpus.name}-new-user", corpus.directory, new)


def host_table(bench: Bench, corpus: Corpus) -> Table:
    trained, new = divided(corpus)
    others = [other for other in bench.corpora if other is not corpus]
    spam = sum(message.is_spam for message in new.messages)
    table = Table(
        f"{corpus.name}: a new user of a host with {USERS} trained ones",
        ["begins with knowledge of", "teaches", "ham lost / spam missed", "(1-ROCA)%"],
        note=f"{len(new.messages) - spam} ham and {spam} spam; words that {SHARED} of the users have.",
    )
    for mode in ("cold", "always"):
        for start in STARTS:
            if start == "mail of others" and not others:
                continue
            try:
                result = measure(started(bench, start, mode, new, trained, others))
            except PeerError as error:
                bench.messages.append(f"{start}, new user of {corpus.name}: {error}")
                continue
            errors = f"{result.ham_lost}/{result.spam_missed}"
            table.rows.append([start, "nothing" if mode == "cold" else "all", errors, shown(result.area.value, 3)])
    return table


def started(bench: Bench, start: str, mode: str, new: Corpus, trained: tuple, others: list[Corpus]) -> list[Case]:
    def go(peer: Tamis) -> list[Case]:
        if start == "mail of others":
            peer.know(others)
        elif start == "this host":
            folder = peer.scratch / "host"
            deal(Corpus(new.name, new.directory, trained), folder)
            peer.share(folder, SHARED)
        return replay(peer, new, MODES[mode], bench.seed)

    return recorded(bench, Tamis, new, f"host-{start.replace(' ', '-')}-{mode}", go)


def user_of(message: Message) -> int:
    digest = hashlib.sha256(message.name.encode("utf-8", "surrogateescape")).digest()
    return digest[0] % USERS


def deal(corpus: Corpus, folder: Path) -> None:
    """Each message to one user, by its name: links, and an index."""
    folder.mkdir(parents=True)
    for user in range(USERS):
        (folder / f"user{user}").mkdir()
    with (folder / "index").open("w") as index:
        for number, message in enumerate(corpus.messages):
            name = f"user{user_of(message)}/{number}"
            (folder / name).symlink_to(message.path)
            index.write(f"{message.label} {name}\n")
