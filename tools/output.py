"""Output of the launcher to the terminal."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any


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


def quietly(command: Sequence[str], failing: str, sorry: Mapping[str, str] | None = None, **how: Any) -> None:
    """Runs a command and shows nothing of it.

    If it fails, raises LauncherError with `failing` and its last line, or with the sentence that `sorry` has for what
    it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, **how)
    words = done.stdout + done.stderr
    if done.returncode == 0:
        return
    for sign, sentence in {"No space left": f"{failing}: the disk is full.", **(sorry or {})}.items():
        if sign in words:
            raise LauncherError(sentence)
    raise LauncherError(f"{failing}: {last_line(done.stderr.strip() or done.stdout)}")


def last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
