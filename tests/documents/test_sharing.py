"""Who may see, share and read a document; and that reading is recorded first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEntry, Role
from documents.models import Document, DocumentShare, DocumentVersion
from documents.operations.check import check_due
from documents.operations.read import read_version
from documents.operations.rename import rename_document
from documents.operations.share import end_share, end_shares_of, share_for_source, share_with_adviser
from documents.operations.upload import add_version
from foundation.outcomes.refusals import Refused
from foundation.values.sources import Source, SourceKind
from tests.cast import Cast
from tests.documents.conftest import Upload
from tests.documents.papers import docx
from tests.documents.test_documents import audit, newest
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


@pytest.mark.policy("DATA-6")
def test_who_sees_a_document(cast: Cast, upload: Upload) -> None:
    by_name, for_booking, private = upload(), upload(), upload()
    share_with_adviser(document=by_name, adviser=cast.adviser, by=cast.student)
    share_for_source(documents=[for_booking], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.student)
    alumni, governance = UserFactory(roles=[Role.ALUMNI_RELATIONS]), UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    sees = {
        cast.student: {by_name, for_booking, private},
        cast.adviser: {by_name, for_booking},
        cast.other_adviser: {for_booking},
        cast.manager: {for_booking},
        cast.front_desk: set(),
        cast.other_student: set(),
        cast.administrator: set(),
        cast.outsider: set(),
        alumni: set(),
        governance: set(),
    }
    for person, expected in sees.items():
        assert set(Document.objects.visible_to(person)) == expected, person
        readable = {each.document for each in DocumentVersion.objects.readable_by(person)}
        assert readable == expected, person


@pytest.mark.policy("DATA-6")
def test_others_get_the_newest_checked_version_and_never_what_it_replaced(cast: Cast, upload: Upload) -> None:
    document = upload()
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)

    def numbers(person: Any) -> list[int]:
        return [version.number for version in DocumentVersion.objects.readable_by(person)]

    add_version(document=document, content=docx(), filename="cv.docx", by=cast.student)
    assert (numbers(cast.adviser), numbers(cast.student)) == ([1], [1])
    check_due()
    assert (numbers(cast.adviser), numbers(cast.student)) == ([2], [2, 1])


@pytest.mark.policy("DATA-6")
def test_an_adviser_who_leaves_sees_nothing_any_more(cast: Cast, upload: Upload) -> None:
    document = upload()
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    for change in ({"is_active": False}, {"is_active": True, "roles": [Role.FRONT_DESK]}):
        for field, value in change.items():
            setattr(cast.adviser, field, value)
        cast.adviser.save()
        assert not Document.objects.visible_to(cast.adviser).exists()
        assert not Document.objects.shared_by_name_with(cast.adviser).exists()


def test_shares_are_made_once_and_taken_back(cast: Cast, upload: Upload) -> None:
    document = upload()
    share = share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    assert share_with_adviser(document=document, adviser=cast.adviser, by=cast.student) == share
    for number, other in enumerate((cast.front_desk, cast.other_student)):
        with pytest.raises(Refused) as refused:
            share_with_adviser(document=document, adviser=other, by=cast.student)
        assert refused.value.code == "not_an_adviser", number
    for deed in (
        lambda: share_with_adviser(document=document, adviser=cast.other_adviser, by=cast.adviser),
        lambda: share_for_source(
            documents=[document], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.other_student
        ),
        lambda: end_share(share=share, by=cast.adviser),
        lambda: rename_document(document=document, name="x", kind="cv", by=cast.adviser),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.status == 403
    end_share(share=share, by=cast.student)
    end_share(share=share, by=cast.student)
    assert not Document.objects.visible_to(cast.adviser).exists()
    assert audit() == ["document_uploaded", "document_released", "document_shared", "document_unshared"]


def test_ending_the_shares_of_a_source_leaves_others(cast: Cast, upload: Upload) -> None:
    document = upload()
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    share_for_source(documents=[document, upload()], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.student)
    assert end_shares_of(source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.adviser) == 2
    assert DocumentShare.objects.get().adviser == cast.adviser


@pytest.mark.policy("DATA-6")
def test_reading_by_another_is_recorded_before_it_is_served(cast: Cast, upload: Upload) -> None:
    document = upload()
    read_version(version=newest(document), reader=cast.student).close()
    assert not AuditEntry.objects.filter(action="read").exists()
    read_version(version=newest(document), reader=cast.adviser).close()
    entry = AuditEntry.objects.get(action="read")
    assert (entry.actor, entry.subject, entry.subject_id, entry.student) == (
        cast.adviser,
        "document",
        document.public_id,
        cast.student,
    )


@pytest.mark.policy("DATA-6")
def test_what_cannot_be_recorded_is_not_read(cast: Cast, upload: Upload) -> None:
    document = upload()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$;"
            "CREATE TRIGGER full_trail BEFORE INSERT ON accounts_auditentry EXECUTE FUNCTION refuse()"
        )
    with pytest.raises(Refused) as refused:
        read_version(version=newest(document), reader=cast.adviser)
    assert (refused.value.code, refused.value.status) == ("reading_unrecorded", 503)
