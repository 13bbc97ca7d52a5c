"""Runs in the child process that checks one upload. `judge` starts it and reads its output.

Standard input is the file. Standard output is `ready`, then one line of JSON, then the copy. Nothing is logged, because
parser messages may quote the file. The limits are set before the first byte is read.
"""

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from contextlib import suppress

from documents.inspection.docx import copy_docx
from documents.inspection.limits import READY, Limits
from documents.inspection.pdf import copy_pdf
from documents.inspection.taken_out import CleanCopy
from documents.inspection.unfit import TOO_COMPLICATED, Unfit

COPY = {"pdf": copy_pdf, "docx": copy_docx}
SET_PARENT_DEATH_SIGNAL, SET_NO_NEW_PRIVILEGES = 1, 38
NEW_USER_NAMESPACE, NEW_NETWORK_NAMESPACE = 0x10000000, 0x40000000
"""Constants of prctl(2) and unshare(2)."""


def main(kind: str, parent: str, limits: str) -> int:
    die_with(int(parent))
    limit(Limits(**json.loads(limits)))
    gc.disable()  # the process ends after one file
    out = os.fdopen(1, "wb", closefd=False)
    out.write(READY)
    out.flush()
    said, copy = judged(kind, sys.stdin.buffer.read())
    out.write(json.dumps(said).encode() + b"\n" + copy)
    out.flush()
    return 0


def judged(kind: str, content: bytes) -> tuple[dict[str, object], bytes]:
    try:
        made: CleanCopy = COPY[kind](content)
    except Unfit as unfit:
        return {"refused": unfit.code}, b""
    except MemoryError:
        return {"refused": TOO_COMPLICATED}, b""
    return {"taken_out": made.taken_out}, made.content


def die_with(parent: int) -> None:
    """Makes the kernel kill this process when its parent dies (Linux)."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.unshare(NEW_USER_NAMESPACE | NEW_NETWORK_NAMESPACE)  # no network access, where the kernel allows this
    if os.getppid() != parent:  # the parent died before prctl took effect
        os._exit(1)


def limit(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.copy_bytes),
    ):
        _, hard = resource.getrlimit(what)
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (lowest, lowest))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # if memory runs out, kill this process before the worker
