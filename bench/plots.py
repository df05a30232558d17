"""plots.py - lines over a plane, as SVG and in a terminal: small enough to need no library."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, field
from typing import Sequence

from tables import Drawing

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 16, 44
COLOURS = ("#c0392b", "#1f618d", "#117a65", "#b7950b", "#6c3483", "#7e5109", "#424949", "#d35400", "#2e86c1", "#239b56")
TERMINAL_WIDTH, TERMINAL_HEIGHT = 72, 16
MARKS = "T*ox+#@%&="


@dataclass
class Line:
    name: str
    points: Sequence[tuple[float, float]]


@dataclass
class Plot:
    title: str
    across: str  # what the axis says
    up: str
    lines: list[Line] = field(default_factory=list)
    across_logarithmic: bool = False
    up_logarithmic: bool = False

    def drawing(self) -> Drawing:
        frame = Frame(self)
        return Drawing(self.title, frame.terminal(), frame.svg())


class Frame:
    """A plot with the range of its axes."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        points = [point for line in plot.lines for point in line.points]
        self.across = Axis([x for x, _ in points], plot.across_logarithmic)
        self.up = Axis([y for _, y in points], plot.up_logarithmic)

    def svg(self) -> str:
        inside_width, inside_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

        def place(x: float, y: float) -> tuple[float, float]:
            return LEFT + self.across.share(x) * inside_width, TOP + (1 - self.up.share(y)) * inside_height

        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            'font-family="sans-serif" font-size="11">',
            f'<rect x="{LEFT}" y="{TOP}" width="{inside_width}" height="{inside_height}" fill="none" stroke="#888"/>',
        ]
        for tick in self.across.ticks():
            x, _ = place(tick, self.up.low)
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{short(tick)}</text>')
        for tick in self.up.ticks():
            _, y = place(self.across.low, tick)
            parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{short(tick)}</text>')
            parts.append(f'<path d="M{LEFT} {y:.1f}h{inside_width}" stroke="#ddd"/>')
        for number, line in enumerate(self.plot.lines):
            parts += self.svg_line(line, COLOURS[number % len(COLOURS)], number, place)
        parts.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">{html.escape(self.plot.across)}</text>')
        parts.append(f'<text x="{LEFT + 4}" y="{TOP + 12}">{html.escape(self.plot.up)}</text></svg>')
        return "\n".join(parts)

    @staticmethod
    def svg_line(line: Line, colour: str, number: int, place) -> list[str]:
        spots = [place(x, y) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>']
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in spots]
        y = TOP + 12 + 16 * number
        parts.append(f'<path d="M{WIDTH - RIGHT + 10} {y - 4}h18" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 32}" y="{y}">{html.escape(line.name)}</text>')
        return parts

    def terminal(self) -> str:
        rows = [[" "] * TERMINAL_WIDTH for _ in range(TERMINAL_HEIGHT)]
        for number in reversed(range(len(self.plot.lines))):
            for x, y in self.plot.lines[number].points:
                column = round(self.across.share(x) * (TERMINAL_WIDTH - 1))
                row = round((1 - self.up.share(y)) * (TERMINAL_HEIGHT - 1))
                rows[row][column] = MARKS[number % len(MARKS)]
        shown = [f"  {self.plot.up}"]
        ends = {0: short(self.up.high), TERMINAL_HEIGHT - 1: short(self.up.low)}
        for number, cells in enumerate(rows):
            shown.append(f"{ends.get(number, ''):>8} |{''.join(cells).rstrip()}")
        shown.append(" " * 9 + "+" + "-" * TERMINAL_WIDTH)
        shown.append(f"{'':10}{short(self.across.low)} to {short(self.across.high)}: {self.plot.across}")
        names = [f"{MARKS[n % len(MARKS)]} {line.name}" for n, line in enumerate(self.plot.lines)]
        return "\n".join([*shown, " " * 10 + "   ".join(names)])


class Axis:
    def __init__(self, values: Sequence[float], logarithmic: bool) -> None:
        shown = [value for value in values if not logarithmic or value > 0] or [1.0]
        self.logarithmic = logarithmic
        self.low = min(shown) if logarithmic else min(0.0, *shown)
        self.high = max(shown)
        if self.high <= self.low:
            self.high = self.low * 10 if logarithmic else self.low + 1

    def share(self, value: float) -> float:
        """Where the value lies between the ends, 0 to 1."""
        if self.logarithmic:
            value = max(value, self.low)
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            powers = [10.0**power for power in range(first, last + 1) if self.low <= 10.0**power <= self.high]
            return powers or [self.low, self.high]
        return [self.low + (self.high - self.low) * part / 4 for part in range(5)]


def short(value: float) -> str:
    """A figure as people read it on an axis."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
