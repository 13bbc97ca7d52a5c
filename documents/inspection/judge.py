"""Checks an upload in a child process, so that no file can cost the worker its time, its memory or its life."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from documents.inspection.limits import READY, Limits
from documents.inspection.taken_out import CleanCopy, TakenOut
from documents.inspection.unfit import TOO_COMPLICATED, Unfit

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); from documents.inspection.child import main; "
    "sys.exit(main(*sys.argv[2:]))"
)
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
"""The whole environment: no secret, no address. One arena, because each reserves 64 MB of address space."""


LIMITS = Limits()


class InspectorUnavailable(Exception):
    """The child process did not start. This is not the file's fault: it waits and is checked later."""


def judge(content: bytes, kind: str, limits: Limits = LIMITS) -> CleanCopy:
    """The copy that may be served. `kind` is `pdf` or `docx`.

    Raises Unfit if the file cannot be made safe, also if it kills the child or exceeds a limit; raises
    InspectorUnavailable if the child did not start. Works in any process: Celery workers are daemonic and may not use
    `multiprocessing`.
    """
    said, ended_well = _answer(content, kind, limits)
    if not said.startswith(READY):
        raise InspectorUnavailable("the child process did not start")
    verdict, found, copy = said.removeprefix(READY).partition(b"\n")
    if not found or not ended_well:
        raise Unfit(TOO_COMPLICATED)
    told = json.loads(verdict)
    if "refused" in told:
        raise Unfit(told["refused"])
    return CleanCopy(copy, tuple(TakenOut(code) for code in told["taken_out"]))


def _file_in_memory() -> int:
    """A file descriptor in memory; on systems without memfd (macOS), of an unnamed file on disk."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("copy")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _answer(content: bytes, kind: str, limits: Limits) -> tuple[bytes, bool]:
    """What the child wrote before it ended or the time was up, and whether it ended by itself with success.

    The child writes to memory, not through a pipe, so the kernel enforces its file size limit even if the file has
    taken over the child.
    """
    answer = _file_in_memory()
    try:
        command = [sys.executable, "-I", "-c", PROGRAM, str(ROOT), kind, str(os.getpid()), json.dumps(asdict(limits))]
        child = subprocess.Popen(  # noqa: S603 - our own interpreter; nothing from the file is in the command
            command,
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the worker must not kill the child, which would refuse the file
        )
        with child:
            try:
                child.communicate(content, timeout=limits.wall_seconds)
            except subprocess.TimeoutExpired:
                pass
            finally:
                child.kill()
        os.lseek(answer, 0, os.SEEK_SET)
        with open(answer, "rb", closefd=False) as written:
            return written.read(), child.returncode == 0
    finally:
        os.close(answer)
