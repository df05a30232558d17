"""tables.py - what a part prints: tables and plots, as text, Markdown and HTML, and kept as JSON between runs."""

from __future__ import annotations

import html
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Sequence


@dataclass
class Table:
    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""

    def text(self) -> str:
        """Columns in line; the first to the left, figures to the right."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        shown = ["", self.title] + ([self.note] if self.note else [])
        for line in lines:
            cells = [
                cell.ljust(width) if not place else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths))
            ]
            shown.append("  " + "  ".join(cells).rstrip())
        return "\n".join(shown) + "\n"

    def markdown(self) -> str:
        lines = [f"**{self.title}**", ""]
        if self.note:
            lines += [self.note, ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        def cells(row: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"

        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        body = "\n".join(cells(row, "td") for row in self.rows)
        return f"<h3>{html.escape(self.title)}</h3>{note}<table>{cells(self.columns, 'th')}\n{body}</table>\n"


@dataclass
class Drawing:
    """A plot: for a terminal, and as SVG."""

    title: str
    shown: str
    svg: str

    def text(self) -> str:
        return f"\n{self.title}\n{self.shown}\n"

    def markdown(self) -> str:
        return f"**{self.title}**\n\n```\n{self.shown}\n```\n"

    def html(self) -> str:
        return f"<h3>{html.escape(self.title)}</h3>\n{self.svg}\n"


Block = Table | Drawing


def to_json(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__, **asdict(block)}


def from_json(stored: dict[str, Any]) -> Block:
    kind = {"Table": Table, "Drawing": Drawing}[stored["kind"]]
    return kind(**{name: value for name, value in stored.items() if name != "kind"})


def shown(figure: float, digits: int, sign: str = "") -> str:
    """A figure, or "-" for one that there is none of (measures.NONE)."""
    return "-" if math.isnan(figure) else f"{figure:{sign}.{digits}f}"


def none_last(figure: float) -> tuple[bool, float]:
    """To sort by: lower is better, and no figure is no merit."""
    return (True, 0.0) if math.isnan(figure) else (False, figure)


def count_and_percent(count: int, share: float) -> str:
    return f"{shown(share, 2)} ({count})"
