"""progress.py - one line on a terminal for what takes long; nothing at all in a pipe."""

from __future__ import annotations

import sys
import time

SECONDS_BETWEEN = 0.2


class Progress:
    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self.shown = sys.stderr.isatty()
        self.started = self.last = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def step(self) -> None:
        self.done += 1
        now = time.monotonic()
        if not self.shown or now - self.last < SECONDS_BETWEEN:
            return
        self.last = now
        left = (now - self.started) / self.done * (self.total - self.done)
        sys.stderr.write(f"\r\033[K{self.what}: {self.done} of {self.total}, {left:.0f} s left")
        sys.stderr.flush()
