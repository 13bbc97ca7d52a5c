"""Runs the command named on the command line, and turns its errors into one sentence."""

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from tools.checking import check, fix
from tools.commands import bench, lock, manage, reset, seed
from tools.image.command import image
from tools.output import LauncherError, warn
from tools.run import run
from tools.testing import test

VERBS: dict[str, Callable[[], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "fix": fix,
    "seed": seed,
    "reset": reset,
    "bench": bench,
    "image": image,
    "lock": lock,
    "manage": manage,
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Raised when a signal asks us to end."""


def main(arguments: list[str]) -> int:
    verb = VERBS.get(arguments[0]) if len(arguments) == 1 else None
    if verb is None:
        warn(f"Usage: python3 -m tools {'|'.join(VERBS)}")
        return 2
    end_with_make()
    for each in SIGNALS:
        signal.signal(each, stop)
    try:
        return verb()
    except Stopped as stopped:
        number = int(stopped.args[0])
        return 0 if verb is run and number == signal.SIGINT else 128 + number
    except LauncherError as sorry:
        warn(f"Sorry: {sorry}")
    except OSError as problem:
        warn(f"Sorry: {in_words(problem)}")
    return 1


def in_words(problem: OSError) -> str:
    """What the operating system refused, for which file, and what to do."""
    what = problem.filename2 or problem.filename or "A file"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    if problem.errno == errno.EROFS:
        return f"{what} cannot be written: it is on a read-only disk. Set CAREERCONNECT_DATA to a folder elsewhere."
    if isinstance(problem, PermissionError):
        return f"{what} cannot be written by you. Remove it, or run as the user who made it."
    if isinstance(problem, FileExistsError | NotADirectoryError):
        return f"{what} should be a folder and is none. Remove it, or set CAREERCONNECT_DATA to another place."
    if isinstance(problem, IsADirectoryError):
        return f"{what} should be a file and is a folder. Remove it."
    return f"{what} cannot be used: {problem.strerror or problem}."


def stop(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:  # further signals are ignored during clean-up
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


def end_with_make() -> None:
    """Asks the kernel to signal us when `make` is killed; otherwise the portal would keep running unattended."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
