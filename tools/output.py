"""Output of the launcher to the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class LauncherError(Exception):
    """An error for the person at the terminal: printed as one sentence, then exit code 1."""


def say(line: str = "") -> None:
    print(line, flush=True)


def warn(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Prints what is being done and, if it took two seconds or more, how long it took."""
    say(f"  · {doing} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 2:
        say(f"    done in {took:.0f} s")
