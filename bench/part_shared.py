"""part_shared.py - a new user of a host whose other users report what they call spam, against one who is alone.

Each corpus is dealt out as in part_host.py, to users and to one who is new and teaches nothing.  Each message of a
corpus is one user's alone: what helps are other copies of the same wave, hosts and networks, and never the message
itself.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from corpus import Corpus, Message
from measures import Case, measure
from part_host import SHARED, USERS, deal, divided, user_of
from peers.peer import PeerError
from peers.tamis import Tamis
from replay import Bench, judge_only, recorded
from tables import Block, Table, shown

STARTS = {
    "nobody": (),
    "reports of what was judged wrong, ham left alone": ("errors",),
    "reports of all messages": ("all",),
    "words of this host": ("words",),
    "words, and reports of all messages": ("words", "all"),
}


def make(bench: Bench) -> Iterator[Block]:
    if Tamis not in bench.peers:
        return
    for corpus in bench.corpora:
        yield shared_table(bench, corpus)


def shared_table(bench: Bench, corpus: Corpus) -> Table:
    others, new = divided(corpus)
    spam = sum(message.is_spam for message in new.messages)
    table = Table(
        f"{corpus.name}: a new user who teaches nothing, and what {USERS} others of the host share",
        ["is told by the others", "ham lost / spam missed", "(1-ROCA)%"],
        note=f"{len(new.messages) - spam} ham and {spam} spam; what {SHARED} of the users say.",
    )
    for title, shared in STARTS.items():
        try:
            result = measure(judged(bench, shared, new, others))
        except PeerError as error:
            bench.messages.append(f"{title}, new user of {corpus.name}: {error}")
            continue
        table.rows.append([title, f"{result.ham_lost}/{result.spam_missed}", shown(result.area.value, 3)])
    return table


def judged(bench: Bench, shared: Sequence[str], new: Corpus, others: Sequence[Message]) -> list[Case]:
    def go(peer: Tamis) -> list[Case]:
        if "errors" in shared:
            cases = judge_only(peer, Corpus(new.name, new.directory, tuple(others)))
            judged_wrong = [case.is_spam != (case.verdict == "spam") for case in cases]
            wrong = [message for message, is_wrong in zip(others, judged_wrong) if is_wrong]
            kept = [message for message, is_wrong in zip(others, judged_wrong) if not is_wrong and not message.is_spam]
            peer.report(dealt(wrong), dealt(kept))
        if "words" in shared:
            folder = peer.scratch / "host"
            deal(Corpus(new.name, new.directory, tuple(others)), folder)
            peer.share(folder, SHARED)
        if "all" in shared:
            peer.report(dealt(others))
        return judge_only(peer, new)

    return recorded(bench, Tamis, new, "-".join(("shared", *shared)), go)


def dealt(messages: Sequence[Message]) -> list[list[Message]]:
    users: list[list[Message]] = [[] for _ in range(USERS)]
    for message in messages:
        users[user_of(message)].append(message)
    return users
