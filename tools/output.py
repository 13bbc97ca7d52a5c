"""What the launcher says to the person at the keyboard."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class LauncherError(Exception):
    """Something the person has to know: one sentence, then exit 1."""


def say(line: str = "") -> None:
    print(line, flush=True)


def warn(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Announces a piece of work, and afterwards how long it took."""
    say(f"  · {doing} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 2:
        say(f"    done in {took:.0f} s")
