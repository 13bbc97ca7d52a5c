"""What the operations promise about uploading, checking, sharing, reading and deleting."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, PolicySetting, Role
from documents.models import Document, DocumentShare, DocumentVersion, StoredFile, VersionState
from documents.operations.check import check_due, check_version
from documents.operations.delete import delete_document, delete_version
from documents.operations.files import sweep_files
from documents.operations.forget import forget_documents
from documents.operations.read import read_version
from documents.operations.rename import rename_document
from documents.operations.share import share_with_adviser
from documents.operations.upload import add_version, upload_document
from documents.tasks import check_versions as check_task
from documents.tasks import sweep_documents
from foundation.outcomes.refusals import Refused
from tests.cast import Cast
from tests.documents.conftest import Upload
from tests.documents.hostile_pdf import PDF
from tests.documents.hostile_word import WORD
from tests.documents.papers import docx, pdf
from tests.documents.reading import everything_in
from tests.factories import StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]

Kept = Callable[[], list[str]]


def newest(document: Document) -> DocumentVersion:
    return DocumentVersion.objects.filter(document=document).select_related("file", "document__owner")[0]


def audit() -> list[str]:
    return list(AuditEntry.objects.filter(subject="document").order_by("pk").values_list("action", flat=True))


def test_a_document_is_in_quarantine_until_it_is_checked(cast: Cast, upload: Upload, kept: Kept) -> None:
    content = docx()
    document = upload(content, "C:\\Users\\amara\\My.CV.docx", checked=False)
    version = newest(document)
    assert (document.name, version.format, version.state, version.number) == (
        "My CV",
        "docx",
        VersionState.QUARANTINED,
        1,
    )
    assert version.file is not None
    assert kept() == [version.file.name]
    assert "CV" not in version.file.name
    assert not DocumentVersion.objects.readable_by(cast.student).exists()
    check_task([str(version.pk)])
    version = newest(document)
    assert (version.state, version.scanned_by) == (VersionState.CLEAN, "")
    assert version.checked_at is not None
    assert version.uploaded_sha256 == hashlib.sha256(content).hexdigest() != version.sha256
    with read_version(version=version, reader=cast.student) as file:
        served = file.read()
    assert (hashlib.sha256(served).hexdigest(), len(served)) == (version.sha256, version.size)
    assert audit() == ["document_uploaded", "document_released"]


def test_the_quarantined_original_is_removed_when_its_copy_is_released(
    upload: Upload, kept: Kept, django_capture_on_commit_callbacks: Any
) -> None:
    document = upload(checked=False)
    before = kept()
    with django_capture_on_commit_callbacks(execute=True):
        check_due()
    after = kept()
    assert len(after) == 1
    assert after != before
    file = newest(document).file
    assert file is not None
    assert after == [file.name]
    assert StoredFile.objects.count() == 1


def test_a_file_that_the_worker_refuses_is_not_stored(
    cast: Cast, upload: Upload, kept: Kept, django_capture_on_commit_callbacks: Any
) -> None:
    document = upload(docx({"word/vbaProject.bin": b"macros"}), "cv.docx", checked=False)
    with django_capture_on_commit_callbacks(execute=True):
        check_due()
    version = newest(document)
    assert (version.state, version.reason, version.file) == (VersionState.REFUSED, "document_active", None)
    assert kept() == []
    assert not StoredFile.objects.exists()
    assert not DocumentVersion.objects.readable_by(cast.student).exists()
    assert audit() == ["document_uploaded", "document_refused"]


def test_the_version_records_what_the_copy_leaves_out(cast: Cast, upload: Upload) -> None:
    version = newest(upload(WORD["an embedded object"].content, "cv.docx"))
    assert (version.state, version.taken_out) == (VersionState.CLEAN, ["object"])
    assert AuditEntry.objects.get(action="document_released").details["taken_out"] == "object"
    with read_version(version=version, reader=cast.student) as file:
        assert b"evil.example" not in everything_in(file.read())
    assert newest(upload(PDF["a script on opening"].content)).taken_out == ["script"]
    assert newest(upload()).taken_out == []


@pytest.mark.parametrize(
    ("state", "taken_out", "constraint"),
    [
        (VersionState.CLEAN, ["unheard_of"], "version_taken_out_are_known"),
        (VersionState.QUARANTINED, ["script"], "version_taken_out_is_of_a_released_copy"),
    ],
    ids=["unknown", "unchecked"],
)
def test_only_known_things_are_taken_out_and_only_of_copies(
    upload: Upload, state: VersionState, taken_out: list[str], constraint: str
) -> None:
    version = newest(upload())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(state=state, taken_out=taken_out)


def test_a_file_that_kills_its_worker_is_refused_after_three_strikes(upload: Upload) -> None:
    document = upload(checked=False)
    versions = DocumentVersion.objects.filter(document=document)
    versions.update(strikes=3)
    check_due()
    assert newest(document).reason == "document_unreadable"


def test_a_version_is_checked_by_one_worker_at_a_time(upload: Upload) -> None:
    document = upload(checked=False)
    versions = DocumentVersion.objects.filter(document=document)
    versions.update(try_at=timezone.now() + timedelta(seconds=100))  # another worker holds it
    assert check_version(newest(document).pk) is None
    assert newest(document).state == VersionState.QUARANTINED
    versions.update(try_at=timezone.now() - timedelta(seconds=1))  # and died
    assert check_version(newest(document).pk) is not None
    assert newest(document).state == VersionState.CLEAN
    assert check_version(newest(document).pk) is None


def test_deleting_during_a_check_leaves_nothing(
    cast: Cast, upload: Upload, kept: Kept, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    document = upload(checked=False)
    storage = storages["documents"]
    opened = storage.open

    def delete_then_open(name: str, mode: str = "rb") -> Any:
        """The owner deletes the document while the worker that claimed it reads it."""
        file = opened(name, mode)
        with django_capture_on_commit_callbacks(execute=True):
            delete_document(document=document, by=cast.student)
        return file

    monkeypatch.setattr(storage, "open", delete_then_open)
    check_due()
    assert not Document.objects.exists()
    assert kept() == []
    assert not StoredFile.objects.exists()


def test_a_worker_that_comes_too_late_changes_nothing(
    upload: Upload, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ended while it was reading, and another worker has released the version since."""
    document = upload(checked=False)
    storage = storages["documents"]
    opened = storage.open

    def overtaken(name: str, mode: str = "rb") -> Any:
        file = opened(name, mode)
        monkeypatch.undo()
        DocumentVersion.objects.update(try_at=timezone.now() - timedelta(seconds=1))
        check_due()
        return file

    monkeypatch.setattr(storage, "open", overtaken)
    check_due()
    sweep_files()
    assert audit() == ["document_uploaded", "document_released"]
    file = newest(document).file
    assert file is not None
    assert kept() == [file.name]


def test_a_full_disk_leaves_neither_row_nor_file(cast: Cast, kept: Kept) -> None:
    """A real limit: the kernel does not let this process write more than a kilobyte to a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        with pytest.raises(Refused) as refused:
            upload_document(owner=cast.student, content=pdf(), filename="cv.pdf", kind="cv", by=cast.student)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (refused.value.code, refused.value.status) == ("document_not_stored", 503)
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()
    assert kept() == []
    assert audit() == []


def test_a_full_disk_while_the_copy_is_written_leaves_it_in_quarantine(upload: Upload, kept: Kept) -> None:
    document = upload(checked=False)
    original = kept()
    folder = storages["documents"].location
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        check_due()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert newest(document).state == VersionState.QUARANTINED
    assert kept() == original
    assert os.path.isdir(folder)
    DocumentVersion.objects.update(try_at=timezone.now())
    check_due()
    assert newest(document).state == VersionState.CLEAN


def test_the_sweep_removes_what_no_version_names(cast: Cast, upload: Upload, kept: Kept) -> None:
    document = upload()
    broken_off = StoredFile.objects.create(made_at=timezone.now() - timedelta(hours=2))
    under_way = StoredFile.objects.create()
    for each in (broken_off, under_way):
        storages["documents"].save(each.name, ContentFile(b"left"))
    sweep_documents()
    file = newest(document).file
    assert file is not None
    assert kept() == sorted([file.name, under_way.name])
    forget_documents([cast.student.pk])
    assert not Document.objects.exists()
    StoredFile.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert sweep_files() == 2
    assert kept() == []
    assert not StoredFile.objects.exists()


def test_deleting_is_for_good(cast: Cast, upload: Upload, kept: Kept, django_capture_on_commit_callbacks: Any) -> None:
    document, other = upload(), upload()
    add_version(document=document, content=docx(), filename="cv.docx", by=cast.student)
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    with pytest.raises(Refused) as refused:
        delete_document(document=document, by=cast.adviser)
    assert refused.value.status == 403
    with django_capture_on_commit_callbacks(execute=True):
        delete_document(document=document, by=cast.student)
        assert len(kept()) >= 3, "not before the commit"
    sweep_files()
    file = newest(other).file
    assert file is not None
    assert kept() == [file.name]
    assert list(Document.objects.all()) == [other]
    assert not DocumentShare.objects.exists()
    delete_document(document=document, by=cast.student)
    assert audit().count("document_deleted") == 1


def test_a_deletion_that_is_rolled_back_loses_no_file(cast: Cast, upload: Upload, kept: Kept) -> None:
    document = upload()
    before = kept()
    with transaction.atomic():
        delete_document(document=document, by=cast.student)
        transaction.set_rollback(True)
    sweep_files()
    assert kept() == before
    read_version(version=newest(document), reader=cast.student).close()


def test_versions_are_kept_until_they_are_deleted(cast: Cast, upload: Upload) -> None:
    document = upload()
    add_version(document=document, content=docx(), filename="cv.docx", by=cast.student)
    check_due()
    assert [each.number for each in document.versions.all()] == [2, 1]
    delete_version(document=document, number=2, by=cast.student)
    assert newest(document).number == 1
    with pytest.raises(Refused) as refused:
        delete_version(document=document, number=1, by=cast.student)
    assert refused.value.code == "last_version"
    for number in range(2, 12):
        if number == 11:
            with pytest.raises(Refused, check=lambda refused: refused.code == "versions_full"):
                add_version(document=document, content=pdf(), filename="cv.pdf", by=cast.student)
        else:
            add_version(document=document, content=pdf(), filename="cv.pdf", by=cast.student)


def test_a_version_of_a_document_deleted_meanwhile_is_refused(cast: Cast, upload: Upload, kept: Kept) -> None:
    document = upload()
    delete_document(document=document, by=cast.student)
    sweep_files()
    with pytest.raises(Refused) as refused:
        add_version(document=document, content=pdf(), filename="cv.pdf", by=cast.student)
    assert refused.value.code == "document_gone"
    assert kept() == []


def test_the_limits_of_the_policy_apply(cast: Cast, upload: Upload, kept: Kept) -> None:
    for key, value in (("documents_a_person", 2), ("document_megabytes", 1)):
        PolicySetting.objects.create(key=key, value=value, effective_from="2020-01-01")
    upload()
    with pytest.raises(Refused) as refused:
        upload(pdf() + b" " * 1024 * 1024)
    assert refused.value.code == "document_too_large"
    upload()
    with pytest.raises(Refused) as refused:
        upload()
    assert refused.value.code == "documents_full"
    assert Document.objects.count() == len(kept()) - StoredFile.objects.filter(discarded=True).count() == 2


def test_only_students_upload_and_only_for_themselves(cast: Cast) -> None:
    for owner, by in ((cast.student, cast.other_student), (cast.student, cast.adviser), (cast.adviser, cast.adviser)):
        with pytest.raises(Refused) as refused:
            upload_document(owner=owner, content=pdf(), filename="cv.pdf", kind="cv", by=by)
        assert refused.value.status == 403
    assert not StoredFile.objects.exists()


def test_a_missing_file_is_a_refusal_not_an_error(cast: Cast, upload: Upload) -> None:
    document, waiting = upload(), upload(checked=False)
    for each in (document, waiting):
        file = newest(each).file
        assert file is not None
        storages["documents"].delete(file.name)
    with pytest.raises(Refused) as refused:
        read_version(version=newest(document), reader=cast.student)
    assert refused.value.status == 503
    check_due()
    assert newest(waiting).reason == "document_lost"


def test_renaming_cleans_the_name(cast: Cast, upload: Upload) -> None:
    document = upload()
    rename_document(document=document, name="../../Okafor\r\n<b>.pdf", kind="application", by=cast.student)
    document.refresh_from_db()
    assert (document.name, document.kind) == ("Okafor b pdf", "application")


def test_a_graduate_keeps_documents_too(upload: Upload) -> None:
    graduate = StudentFactory(roles=[Role.GRADUATE])
    assert upload(owner=graduate).owner == graduate
