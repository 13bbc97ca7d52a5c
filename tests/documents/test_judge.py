"""The child process: its limits, how it ends, and what its end means for the file."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bench.uploads import references
from documents.inspection import judge as judging
from documents.inspection.judge import PROGRAM, ROOT, InspectorUnavailable, judge
from documents.inspection.limits import READY, Limits
from documents.inspection.taken_out import TakenOut
from documents.inspection.unfit import Unfit
from documents.models import DocumentVersion, VersionState
from documents.operations.check import check_due
from tests.documents.conftest import Upload
from tests.documents.papers import docx, pdf
from tests.documents.rare import changed
from tests.documents.reading import words_of

pytestmark = pytest.mark.policy("DATA-3")


def swelling(megabytes: int) -> bytes:
    """A photo that is compressed once more."""
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(b"\0" * 2**20) for _ in range(megabytes)) + packer.flush()

    def change(opened: pikepdf.Pdf) -> None:
        stream = opened.make_stream(b"", Subtype=pikepdf.Name.Image)
        stream.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]))
        opened.pages[0].Resources.XObject = pikepdf.Dictionary(I=stream)

    return changed(change)


LABORIOUS = references(80_000)
"""A valid file with so many objects that it takes seconds."""


def children(of: int) -> list[int]:
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = each.read_text().partition(" (")
        except OSError:
            continue
        if int(rest.rpartition(") ")[2].split()[1]) == of:
            found.append(int(pid))
    return found


def is_reading(pid: int) -> bool:
    """Has the child said that it is ready?"""
    try:
        return os.stat(f"/proc/{pid}/fd/1").st_size >= len(READY) and b"documents.inspection" in cmdline(pid)
    except OSError:
        return False


def cmdline(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def until(asked: Callable[[], Any], seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := asked()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
    return found


def reading_child(of: int) -> int:
    return until(lambda: next((pid for pid in children(of) if is_reading(pid)), 0))


@contextmanager
def sent_to_the_child(what: int) -> Iterator[None]:
    """Sends a signal to the child as soon as it reads the file."""
    thread = threading.Thread(target=lambda: os.kill(reading_child(os.getpid()), what))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_what_the_child_says_is_what_the_worker_gets() -> None:
    copied = judge(docx(), "docx")
    assert copied.taken_out == (TakenOut.LINK,)
    assert words_of(copied.content) == words_of(docx())
    assert words_of(judge(pdf(), "pdf").content) == words_of(pdf())
    with pytest.raises(Unfit) as unfit:
        judge(docx({"word/vbaProject.bin": b"x"}), "docx")
    assert unfit.value.code == "document_active"


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (LABORIOUS, Limits(cpu_seconds=1)),
        (swelling(40), Limits(memory_bytes=120 * 1024 * 1024)),
        (swelling(1024), Limits()),
        (pdf(text="x" * 50_000), Limits(copy_bytes=600)),
    ],
    ids=["processor", "memory", "a bomb", "what it writes"],
)
def test_a_file_that_costs_too_much_is_too_complicated(content: bytes, limits: Limits) -> None:
    with pytest.raises(Unfit) as unfit:
        judge(content, "pdf", limits)
    assert unfit.value.code == "document_too_complicated"


def test_a_file_within_the_limits_is_judged() -> None:
    assert len(judge(swelling(40), "pdf").content) > 40 * 1024 * 1024


def test_a_file_that_takes_too_long_is_too_complicated() -> None:
    """The child does nothing at all, which the limit on processor time does not notice."""
    with sent_to_the_child(signal.SIGSTOP), pytest.raises(Unfit) as unfit:
        judge(LABORIOUS, "pdf", Limits(wall_seconds=6))
    assert unfit.value.code == "document_too_complicated"
    assert not [pid for pid in children(os.getpid()) if b"documents.inspection" in cmdline(pid)]


@pytest.mark.django_db
def test_a_file_that_kills_the_child_is_refused_once_and_for_all(upload: Upload) -> None:
    document = upload(LABORIOUS, checked=False)
    with sent_to_the_child(signal.SIGSEGV):
        check_due()
    version = DocumentVersion.objects.get(document=document)
    assert (version.state, version.reason, version.strikes) == (VersionState.REFUSED, "document_too_complicated", 1)
    assert check_due() == 0


@pytest.mark.django_db
def test_a_child_that_cannot_start_is_no_fault_of_the_file(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    document = upload(checked=False)
    monkeypatch.setattr(judging.sys, "executable", shutil.which("false"))
    with pytest.raises(InspectorUnavailable):
        judge(pdf(), "pdf")
    check_due()
    version = DocumentVersion.objects.get(document=document)
    assert (version.state, version.strikes) == (VersionState.QUARANTINED, 0)


WORKER = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from documents.inspection.judge import judge
judge(sys.stdin.buffer.read(), "pdf")
"""


def test_no_child_outlives_its_worker() -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE)
    assert worker.stdin is not None
    worker.stdin.write(LABORIOUS)
    worker.stdin.close()
    child = reading_child(worker.pid)
    os.kill(child, signal.SIGSTOP)  # so that it cannot end by itself
    worker.kill()
    worker.wait()
    try:
        until(lambda: not is_there(child))
    finally:
        if is_there(child):
            os.kill(child, signal.SIGKILL)


def is_there(pid: int) -> bool:
    """Is the process running, and not a zombie?"""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_the_child_knows_no_secret_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PORTAL", "swordfish")
    held: dict[str, bytes] = {}

    def look() -> None:
        child = reading_child(os.getpid())
        held["environment"] = Path(f"/proc/{child}/environ").read_bytes()
        held["maps"] = Path(f"/proc/{child}/limits").read_bytes()

    thread = threading.Thread(target=look)
    thread.start()
    judge(LABORIOUS, "pdf")
    thread.join()
    assert b"swordfish" not in held["environment"]
    assert b"PATH" not in held["environment"]
    for limit in (b"Max core file size        0                    0", b"Max cpu time              20"):
        assert limit in held["maps"]
    program = PROGRAM.partition("sys.exit")[0] + "print(*sys.modules)"
    told = subprocess.run([sys.executable, "-I", "-c", program, str(ROOT)], capture_output=True, text=True, check=True)
    assert "pikepdf" in told.stdout
    assert not {"django", "celery", "careerconnect", "psycopg2"} & set(told.stdout.split())


def test_starting_it_costs_a_fraction_of_a_second() -> None:
    took = []
    for _ in range(3):
        began = time.perf_counter()
        judge(pdf(), "pdf")
        took.append(time.perf_counter() - began)
    assert min(took) < 2.0


def judged_elsewhere(out: Any) -> None:
    out.put(judge(docx(), "docx").taken_out)


def test_a_daemonic_process_may_judge() -> None:
    """Celery's workers are daemonic and may not have children by `multiprocessing`."""
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    process = context.Process(target=judged_elsewhere, args=(out,), daemon=True)
    process.start()
    assert out.get(timeout=30) == (TakenOut.LINK,)
    process.join()


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="an ordinary user runs these tests already")
def test_an_ordinary_user_may_judge() -> None:
    nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    if subprocess.run([*nobody, "true"], check=False).returncode:
        pytest.skip("the kernel allows no user namespaces here")
    done = subprocess.run([*nobody, sys.executable, "-c", WORKER], input=pdf(), check=False)
    assert done.returncode == 0
