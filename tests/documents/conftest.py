from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from accounts.models import User
from documents.models import Document
from documents.operations.check import check_due
from documents.operations.files import sweep_files
from documents.operations.upload import upload_document
from documents.providers.clamd import ClamdScanner
from tests.cast import Cast
from tests.conftest import CLAMD
from tests.documents.papers import EICAR, pdf

Upload = Callable[..., Document]


@pytest.fixture
def upload(cast: Cast) -> Upload:
    """Uploads a document of the student's, checked by default."""

    def uploaded(
        content: bytes | None = None, filename: str = "My CV.pdf", owner: User | None = None, checked: bool = True
    ) -> Document:
        owner = owner or cast.student
        document = upload_document(owner=owner, content=content or pdf(), filename=filename, kind="cv", by=owner)
        if checked:
            check_due()
            sweep_files()  # removes the original, as the commit would, which a test's transaction never reaches
        return Document.objects.get(pk=document.pk)

    return uploaded


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Callable[[], list[str]]:
    """The files in a storage of this test's own."""
    location = tmp_path / "documents"
    documents = {**settings.STORAGES["documents"]}
    documents["OPTIONS"] = {**documents["OPTIONS"], "location": str(location)}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    assert storages["documents"].location == str(location)
    return lambda: sorted(str(each.relative_to(location)) for each in location.rglob("*") if each.is_file())


class Clamd:
    """A real clamd that knows one virus: the EICAR test file, anywhere in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "clamd.sock"
        self.address = f"unix:{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "signatures").mkdir(exist_ok=True)
        (self.folder / "signatures" / "test.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
        (self.folder / "clamd.conf").write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {self.folder}/signatures\nForeground yes\n"
            f"LogFile {self.folder}/clamd.log\nStreamMaxLength 30M\nMaxThreads 2\nTemporaryDirectory {self.folder}\n"
        )
        command = [str(CLAMD), f"--config-file={self.folder / 'clamd.conf'}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while not ClamdScanner(self.address).answers():
            assert self.process.poll() is None, (self.folder / "clamd.log").read_text()
            assert time.monotonic() < until, "clamd does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)


@pytest.fixture(scope="session")
def clamd() -> Iterator[Clamd]:
    folder = Path(tempfile.mkdtemp(prefix="cc-clamd-"))  # the path of a unix socket must be short
    daemon = Clamd(folder)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
        shutil.rmtree(folder, ignore_errors=True)
