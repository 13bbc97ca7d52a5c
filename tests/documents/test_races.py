"""Several actions at once, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import PolicySetting, User
from documents.models import Document, DocumentVersion, StoredFile, VersionState
from documents.operations.check import check_due, check_version
from documents.operations.delete import delete_document
from documents.operations.files import sweep_files
from documents.operations.share import share_with_adviser
from documents.operations.upload import add_version, upload_document
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.documents.papers import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races, pytest.mark.policy("DATA-3")]

Kept = Callable[[], list[str]]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return assemble()


def upload(owner: User) -> Document:
    return upload_document(owner=owner, content=pdf(), filename="cv.pdf", kind="cv", by=owner)


def test_uploads_at_once_keep_to_the_number_a_person_may_have(people: Cast, kept: Kept) -> None:
    PolicySetting.objects.create(key="documents_a_person", value=3, effective_from="2020-01-01")
    outcome = race([lambda: upload(people.student)] * 8)
    assert not outcome.broken
    assert len(outcome.done) == 3
    assert outcome.codes == {"documents_full"}
    assert Document.objects.count() == StoredFile.objects.count() == len(kept()) == 3


def test_versions_at_once_have_numbers_of_their_own(people: Cast) -> None:
    document = upload(people.student)
    outcome = race([lambda: add_version(document=document, content=pdf(), filename="cv.pdf", by=people.student)] * 5)
    assert not outcome.broken
    assert [each.number for each in document.versions.all()] == [6, 5, 4, 3, 2, 1]


def test_many_workers_check_one_version_once(people: Cast, kept: Kept) -> None:
    version = upload(people.student).versions.get()
    outcome = race([lambda: check_version(version.pk)] * 6)
    assert not outcome.broken
    assert sum(each is not None for each in outcome.done) == 1
    version.refresh_from_db()
    assert version.state == VersionState.CLEAN
    assert len(kept()) == StoredFile.objects.count() == 1


def test_deleting_sharing_checking_and_adding_at_once_leave_nothing_half_made(people: Cast, kept: Kept) -> None:
    student = people.student
    for _ in range(6):
        document = upload(student)
        outcome = race(
            [
                lambda: delete_document(document=document, by=student),  # noqa: B023 - raced within this round
                lambda: share_with_adviser(document=document, adviser=people.adviser, by=student),  # noqa: B023 - raced within this round
                lambda: check_due(),
                lambda: add_version(document=document, content=pdf(), filename="cv.pdf", by=student),  # noqa: B023 - raced within this round
            ]
        )
        assert not outcome.broken, outcome.broken
        assert outcome.codes <= {"document_gone"}
    sweep_files()
    assert not Document.objects.exists()
    assert not DocumentVersion.objects.exists()
    assert not StoredFile.objects.exists()
    assert kept() == []
