#!/usr/bin/env python3
"""weights.py - fits the points of checks and rules and holds the shipped ones against them; `make weights` calls it.

Fitted is to the first TUNED_SHARE percent of each corpus, from the points set by hand (hand-set.conf); how the result
does on the rest is printed by `tamis rules measure` below its table.  Then every shipped value that is not the fitted
one is named; the exit status is 1 when there is any.  With --apply they are written into the source, with what was
measured beside them.  doc/WEIGHTS.md says why it is done so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from part_cold import TUNED_SHARE

SOURCE = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^ *(-?[\d.]+) +(?:(-?[\d.]+) +)?([A-Z0-9_]+) +ham +([\d.]+) %  spam +([\d.]+) %", re.MULTILINE)
DESCRIPTOR = r'(\.name = "%s",(?:\n[^}]*?)?\n    \.points = )-?\d+(, /\* )(.*?)( \*/)'
RATE = r"[\d.]+ % of ham, [\d.]+ % of spam"
RATES = re.compile(rf"(?:first \d+ % of )?2003: {RATE}; (?:of )?2022-26: {RATE}")
MEASURED = r"    # (?:measured on .*|2003: [^;\n]*; 2022-26: [^;\n]*)\n"
RULE = rf"(^rule %s\n(?:(?!rule ).*\n)*?)(?:{MEASURED})?(    points +)-?[\d.]+"


@dataclass(frozen=True)
class Row:
    points: float
    proposed: float
    ham: str  # percent
    spam: str


def run(arguments: Sequence[str]) -> str:
    """What the program says, in the words that are looked for here, whatever the language of the user."""
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment).stdout


def measure(tamis: str, corpora: Sequence[str]) -> tuple[str, dict[str, Row]]:
    arguments = [tamis, "rules", "measure", "--config", str(SOURCE / "bench/hand-set.conf"), "--suggest"]
    arguments += ["--split", str(TUNED_SHARE), "--index", *corpora]
    said = run(arguments)
    rows = {
        name: Row(float(points), float(proposed or points), ham, spam)
        for points, proposed, name, ham, spam in ROW.findall(said)
    }
    return said, rows


def shipped_points(tamis: str) -> dict[str, float]:
    return {line.split()[1]: float(line.split()[0]) for line in run([tamis, "rules", "list"]).splitlines()}


def measured_words(name: str, each: Sequence[dict[str, Row]]) -> str:
    rates = [f"{rows[name].ham} % of ham, {rows[name].spam} % of spam" for rows in each]
    return f"first {TUNED_SHARE} % of 2003: {rates[0]}; of 2022-26: {rates[1]}"


def wrapped(start: str, words: str) -> str:
    """The line of a descriptor with its comment, in lines of at most 120 columns."""
    lines, indent = [start + "/*"], " " * (len(start) + 3)
    for word in (words + " */").split(" "):
        if len(lines[-1]) + 1 + len(word) > 120:
            lines.append(indent + word)
        else:
            lines[-1] += " " + word
    return "\n".join(lines)


def apply_to_check(text: str, name: str, points: float, words: str) -> str:
    def replace(match: re.Match[str]) -> str:
        before, comment = match[1], " ".join(re.sub(r"\s*\n\s*", " ", match[3]).split())
        comment = RATES.sub(words, comment) if RATES.search(comment) else f"{words}; {comment}"
        head, line = before.rsplit("\n", 1)
        return head + "\n" + wrapped(f"{line}{round(points * 100)}, ", comment)

    return re.sub(DESCRIPTOR % name, replace, text, count=1, flags=re.DOTALL)


def apply_to_rule(text: str, name: str, points: float, words: str) -> str:
    replacement = rf"\g<1>    # measured on the {words}\n\g<2>{points:g}"
    return re.sub(RULE % name, replacement, text, count=1, flags=re.MULTILINE)


def apply(changes: dict[str, float], each: Sequence[dict[str, Row]]) -> list[str]:
    """Gives those that were not found in the source."""
    left = dict(changes)
    files = [*sorted(SOURCE.glob("src/rules/check-*.c")), *sorted(SOURCE.glob("data/rules/*.rules"))]
    for file in files:
        text = before = file.read_text()
        for name, points in changes.items():
            change = apply_to_check if file.suffix == ".c" else apply_to_rule
            after = change(text, name, points, measured_words(name, each))
            if after != text:
                left.pop(name, None)
            text = after
        if text != before:
            file.write_text(text)
    return list(left)


def main() -> int:
    tamis = os.environ.get("BENCH_TAMIS", "tamis")
    corpora = [f"{os.environ['TAMIS_CORPORA']}/{name}" for name in ("sa2003", "modern-a")]
    said, rows = measure(tamis, corpora)
    print(said)
    shipped = shipped_points(tamis)
    fitted = {name: row.proposed for name, row in rows.items() if name in shipped}
    changes = {name: points for name, points in fitted.items() if abs(shipped[name] - points) > 0.001}
    for name, points in changes.items():
        print(f"{name}: shipped {shipped[name]:.2f}, fitted {points:.2f}")
    if "--apply" in sys.argv[1:]:
        missing = apply(changes, [measure(tamis, [corpus])[1] for corpus in corpora])
        print(f"written into the source: {len(changes) - len(missing)}")
        print(*[f"not found: {name}\n" for name in missing], sep="", end="")
        return 1 if missing else 0
    print(f"{len(changes)} of {len(shipped)} differ from what was fitted")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
