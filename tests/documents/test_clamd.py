"""With a real clamd: what it finds is refused, and files without a verdict stay in quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from documents.models import Document, DocumentVersion, StoredFile, VersionState
from documents.operations.check import check_due
from documents.operations.files import sweep_files
from documents.providers.clamd import ClamdScanner
from documents.providers.scanner import ScannerUnavailable
from tests.cast import Cast
from tests.documents import papers
from tests.documents.answering import Answering
from tests.documents.conftest import Clamd, Upload
from tests.documents.papers import EICAR, document, docx, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def version_of(document: Document) -> DocumentVersion:
    return DocumentVersion.objects.get(document=document)


INFECTED = {
    "PDF, as text of a page": (
        pdf(text=EICAR.decode().replace("\\", "\\\\").replace("(", "[").replace(")", "]")),
        False,
    ),
    "PDF, packed": (papers.pdf_with_stream(EICAR), True),
    "PDF, in its open": (pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%" + EICAR + b"\n"), True),
    "Word, as a part": (docx({"word/media/x.emf": EICAR}), True),
    "Word, in its text": (docx({"word/document.xml": document() + f"<!--{EICAR.decode()}-->"}), True),
}


@pytest.mark.clamd
@pytest.mark.parametrize("which", INFECTED)
def test_a_virus_is_found_anywhere_in_a_file(
    upload: Upload, clamd: Clamd, settings: Any, kept: Callable[[], list[str]], which: str
) -> None:
    """The first file has changed brackets, so it is not a virus any more: an ordinary page, which is released."""
    settings.CLAMD_ADDRESS = clamd.address
    content, is_virus = INFECTED[which]
    name = "cv.pdf" if content.startswith(b"%PDF") else "cv.docx"
    version = version_of(upload(content, name))
    assert version.scanned_by == "clamd"
    assert (version.state, version.reason) == (
        (VersionState.REFUSED, "virus_found") if is_virus else (VersionState.CLEAN, "")
    )
    sweep_files()
    assert len(kept()) == StoredFile.objects.count() == int(not is_virus)


@pytest.mark.clamd
def test_ordinary_documents_pass_the_scanner(upload: Upload, clamd: Clamd, settings: Any) -> None:
    settings.CLAMD_ADDRESS = clamd.address
    for content, name in ((pdf(), "cv.pdf"), (docx(), "cv.docx"), (papers.latex_pdf(), "cv.pdf")):
        version = version_of(upload(content, name))
        assert (version.state, version.scanned_by) == (VersionState.CLEAN, "clamd")


@pytest.mark.clamd
def test_nothing_is_released_while_the_scanner_is_away(
    cast: Cast, upload: Upload, clamd: Clamd, settings: Any, client: Client
) -> None:
    settings.CLAMD_ADDRESS = "unix:/nowhere/clamd.sock"
    first, second = upload(), upload(papers.pdf_with_stream(EICAR))
    for each in (first, second):
        assert version_of(each).state == VersionState.QUARANTINED
    waiting = version_of(first)
    assert waiting.strikes == 0, "it is not the file's fault"
    assert waiting.try_at > timezone.now()
    client.force_login(cast.student)
    assert client.get(f"/documents/{first.public_id}/versions/1/file/").status_code == 404
    client.force_login(cast.administrator)
    assert "2 documents waiting in quarantine" in client.get("/configuration/").content.decode()

    settings.CLAMD_ADDRESS = clamd.address
    DocumentVersion.objects.update(try_at=timezone.now())
    check_due()
    assert (version_of(first).state, version_of(second).state) == (VersionState.CLEAN, VersionState.REFUSED)
    client.force_login(cast.administrator)
    assert "irus scanner" not in client.get("/configuration/").content.decode()


def test_without_a_scanner_files_are_released_and_administrators_are_told(
    cast: Cast, upload: Upload, client: Client
) -> None:
    assert version_of(upload()).state == VersionState.CLEAN
    client.force_login(cast.administrator)
    answer = client.get("/configuration/")
    (warning,) = [each for each in answer.context["warnings"] if "CLAMD_ADDRESS" in each]
    assert warning in answer.content.decode()
    client.force_login(cast.student)
    assert "data-unscanned" in client.get("/documents/").content.decode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK and more\0",
    ],
)
def test_without_a_verdict_nothing_is_released(upload: Upload, settings: Any, answer: bytes) -> None:
    settings.CLAMD_ADDRESS = Answering(answer).address
    assert version_of(upload()).state == VersionState.QUARANTINED


def test_verdicts_are_read_as_clamd_writes_them() -> None:
    assert ClamdScanner(Answering(b"stream: OK\0").address).scan(b"x").clean
    assert ClamdScanner(Answering(b"stream: Win.Test-1 FOUND\0").address).scan(b"x").signature == "Win.Test-1"
    with pytest.raises(ScannerUnavailable):
        ClamdScanner("tcp://127.0.0.1:1").scan(b"x")
    assert not ClamdScanner("tcp://127.0.0.1:1").answers()
    with pytest.raises(ImproperlyConfigured):
        ClamdScanner("/run/clamd.sock")
