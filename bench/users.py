"""users.py - who teaches the filter, and what: the modes of the accuracy part, alike for all filters.

    always    the truth about each message, at once (the TREC way)
    errors    each tool's own documented rule of training on errors only
    moves     the user moves what lies wrong (spam in the inbox, ham in Junk), nine times in ten, 20 messages later
    implicit  the same; and what was left alone for 200 messages is learned: as spam what was judged spam and is so
              still, as ham what was judged ham or unsure and is not judged spam by now, while neither class has
              outgrown the other (src/learn/confirm.h)
    wrong1    as always, but 1 % of the labels told are wrong, the same ones for every filter
    wrong5    5 %
    cold      nothing is ever learned
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

CORRECTED_SHARE = 0.9  # as `tamis evaluate --feedback` by default
CORRECTED_DELAY = 20
LEFT_ALONE = 200
LESSONS_FOR_EACH_OTHER = 2  # src/learn/confirm.c
LESSONS_BEFORE_ANY_OTHER = 100


@dataclass(frozen=True)
class Mode:
    name: str
    title: str
    teaching: str  # "always", "errors", "moves", "implicit" or "never"
    wrong_share: float = 0.0


MODES = {
    mode.name: mode
    for mode in (
        Mode("always", "told the truth about each message at once", "always"),
        Mode("errors", "trained on errors (each tool's documented rule)", "errors"),
        Mode("moves", "the user moves 90 % of what lies wrong, 20 messages later", "moves"),
        Mode("implicit", "moves, and what was left alone for 200 messages", "implicit"),
        Mode("wrong1", "1 % of the labels wrong", "always", 0.01),
        Mode("wrong5", "5 % of the labels wrong", "always", 0.05),
        Mode("cold", "nothing ever learned", "never"),
    )
}


def draw(name: str, what: str, seed: int) -> float:
    """Evenly spread over 0 to 1, 1 left out; follows from the name of the message, the purpose and the seed alone."""
    digest = hashlib.blake2b(f"{seed} {what} {name}".encode(errors="surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def told_spam(is_spam: bool, name: str, mode: Mode, seed: int) -> bool:
    """What the user says the message is."""
    return is_spam != (draw(name, "wrong", seed) < mode.wrong_share)


def moves(is_spam: bool, judged_spam: bool, name: str, seed: int) -> bool:
    """Does the user move this message?"""
    return is_spam != judged_spam and draw(name, "moves", seed) < CORRECTED_SHARE


def agrees(spam: bool, verdict: str) -> bool:
    """Does the verdict of now still say so?  Of tamis's rule for ham, less than half way to spam, other filters have
    only this: not spam."""
    return (verdict == "spam") == spam


def balanced(spam: bool, lessons: dict[bool, int]) -> bool:
    """May another lesson be learned implicitly, after so many lessons of each class?"""
    return lessons[spam] < LESSONS_FOR_EACH_OTHER * lessons[not spam] + LESSONS_BEFORE_ANY_OTHER
