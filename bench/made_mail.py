"""made_mail.py - mail made for measuring: of any size, or of so many new words; always the same bytes."""

from __future__ import annotations

import random
import string
from pathlib import Path

HEADER = """Received: from mail.example.net (mail.example.net [192.0.2.7]) by mx.example.org with ESMTP id {number}
	for <user@example.org>; Thu, 2 Jan 2025 10:{minute:02}:00 +0000
From: Somebody <somebody@example.net>
To: user@example.org
Subject: {subject}
Date: Thu, 2 Jan 2025 10:{minute:02}:00 +0000
Message-ID: <{number}@mail.example.net>
MIME-Version: 1.0
Content-Type: text/{kind}; charset=us-ascii

"""
WORDS_A_LINE = 9
SHORTEST_WORD, LONGEST_WORD = 4, 10


def new_words(count: int, generator: random.Random) -> list[str]:
    """Words of letters at random: 26^4 at the least, so nearly all of them differ."""
    lengths = [generator.randint(SHORTEST_WORD, LONGEST_WORD) for _ in range(count)]
    return ["".join(generator.choices(string.ascii_lowercase, k=length)) for length in lengths]


def header(number: int, subject: str, kind: str) -> str:
    return HEADER.format(number=number, minute=number % 60, subject=subject, kind=kind)


def lines_of(words: list[str]) -> str:
    return "".join(" ".join(words[at : at + WORDS_A_LINE]) + "\n" for at in range(0, len(words), WORDS_A_LINE))


def text_message(number: int, words: list[str]) -> bytes:
    return (header(number, " ".join(words[:4]), "plain") + lines_of(words)).encode()


def text_of_size(size: int, vocabulary: list[str], seed: int = 1) -> bytes:
    """Plain text of known words, of just this size; never smaller than its header."""
    generator = random.Random(seed)
    start = header(seed, "a message of some size", "plain").encode()
    wanted = max(size - len(start), 0)
    block = lines_of(generator.choices(vocabulary, k=20000)).encode()
    return start + (block * (wanted // len(block) + 1))[:wanted]


def newsletter(size: int, vocabulary: list[str], seed: int = 1) -> bytes:
    """HTML as newsletters are: tables, inline styles, links, images with text for those who do not see them."""
    generator = random.Random(seed)
    parts = [header(seed, "this month", "html"), "<html><head><style>p{margin:0 0 1em}</style></head><body><table>\n"]
    length = sum(map(len, parts))
    while length < size:
        text = " ".join(generator.choices(vocabulary, k=40))
        link = f"https://news.example.net/{generator.randrange(10**6)}"
        parts.append(
            f'<tr><td style="padding:12px;font-family:Arial,sans-serif;color:#333333"><a href="{link}">'
            f'<img src="{link}.png" width="560" alt="{text[:30]}"></a>'
            f'<p style="font-size:14px;line-height:20px">{text}</p></td></tr>\n'
        )
        length += len(parts[-1])
    return ("".join(parts) + "</table></body></html>\n").encode()


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
