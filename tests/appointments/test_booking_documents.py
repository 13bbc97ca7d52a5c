"""Documents of a booking: chosen or uploaded while booking or later; no longer shared once it is cancelled."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from appointments.operations.attach import attach_documents, detach_document
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from documents.models import Document, DocumentShare
from documents.operations.check import check_due
from documents.operations.upload import upload_document
from foundation.outcomes.refusals import Refused
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.page_parts import codes, fields_at_fault, markup

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def cv(cast: Cast, owner: Any = None) -> Document:
    owner = owner or cast.student
    document = upload_document(owner=owner, content=pdf(), filename="Okafor CV.pdf", kind="cv", by=owner)
    check_due()
    return document


def booked(cast: Cast, *documents: Document, hour: int = 9) -> Booking:
    by = cast.student
    return book_appointment(student=by, choice=cast.choice(hour), details=Details(), by=by, documents=documents)


def query(cast: Cast) -> str:
    return f"start={cast.starts(9).isoformat().replace('+', '%2B')}&adviser={cast.adviser.public_id}&mode=in_person"


def address(cast: Cast, name: str) -> str:
    return f"{reverse(name, args=[cast.type.slug])}?{query(cast)}"


def test_a_document_is_chosen_and_another_uploaded_while_booking(cast: Cast) -> None:
    mine, not_mine, client = cv(cast), cv(cast, cast.other_student), as_(cast.student)
    content = client.get(address(cast, "booking_details")).content.decode()
    assert "Okafor CV (CV)" in content
    assert not_mine.public_id not in content
    file = SimpleUploadedFile("advert.pdf", pdf(), "application/pdf")
    said = {"help_wanted": "", "access_needs": "", "documents": [mine.public_id], "kind": "advert", "file": file}
    answer = client.post(address(cast, "booking_check"), said)
    assert answer.status_code == 302
    advert = Document.objects.get(kind="advert")
    content = client.get(answer["Location"]).content.decode()
    assert "Okafor CV" in content
    assert "advert" in content
    hidden = {"help_wanted": "", "access_needs": "", "key": "k", "documents": f"{mine.public_id} {advert.public_id}"}
    client.post(address(cast, "booking_create"), hidden)
    booking = Booking.objects.get()
    assert set(Document.objects.filter(shares__source_id=booking.public_id)) == {mine, advert}
    client.post(address(cast, "booking_create"), hidden)
    assert (Booking.objects.count(), DocumentShare.objects.count()) == (1, 2)
    assert "Attached: " in client.get(reverse("booking_booked", args=[booking.public_id])).content.decode()


def test_chosen_documents_are_kept_while_details_are_changed(cast: Cast) -> None:
    mine, client = cv(cast), as_(cast.student)
    client.post(address(cast, "booking_check"), {"documents": [mine.public_id]})
    content = markup(client.get(address(cast, "booking_details")))
    assert f'value="{mine.public_id}" id="attach_documents_0" checked' in content.replace(" class", "")


def test_a_refused_file_while_booking_says_why_and_loses_nothing(cast: Cast) -> None:
    client, file = as_(cast.student), SimpleUploadedFile("cv.pdf", b"<html>", "application/pdf")
    answer = client.post(address(cast, "booking_check"), {"help_wanted": "Placements", "file": file})
    assert answer.status_code == 422
    assert fields_at_fault(answer) == ["attach_file"]
    assert codes(answer, "attach") == {"file": ["document_type"]}
    assert "Placements" in answer.content.decode()


def test_ids_of_other_peoples_documents_are_refused(cast: Cast) -> None:
    theirs, client = cv(cast, cast.other_student), as_(cast.student)
    answer = client.post(address(cast, "booking_check"), {"documents": [theirs.public_id]})
    assert answer.status_code == 422
    client.post(address(cast, "booking_create"), {"key": "k", "documents": f"{theirs.public_id} x \0"})
    assert Booking.objects.exists()
    assert not DocumentShare.objects.exists()
    with pytest.raises(Refused):
        booked(cast, theirs, hour=11)
    assert Booking.objects.count() == 1


def test_a_type_says_which_document_helps(cast: Cast) -> None:
    cast.type.document_wanted = "the job advert"
    cast.type.save()
    content = as_(cast.student).get(address(cast, "booking_details")).content.decode()
    assert "the job advert" in content


@pytest.mark.policy("DATA-6")
def test_document_attach_later_and_who_sees_it(cast: Cast) -> None:
    booking, mine, student = booked(cast), cv(cast), as_(cast.student)
    url = reverse("document_attach", args=[booking.public_id])
    assert "Okafor CV (CV)" in student.get(url).content.decode()
    assert student.post(url, {}).status_code == 422
    answer = student.post(url, {"documents": [mine.public_id]}, follow=True)
    assert "Okafor CV" in answer.content.decode()
    assert "Okafor CV" not in student.get(url).content.decode(), "it is attached already"
    page = reverse("staff_booking_detail", args=[booking.public_id])
    for person in (cast.adviser, cast.manager, cast.other_adviser):
        assert "Okafor CV" in as_(person).get(page).content.decode()
    desk = as_(cast.front_desk).get(page).content.decode()
    assert "Okafor CV" not in desk
    assert "Documents</h2>" not in desk
    detail = student.get(reverse("document_detail", args=[mine.public_id])).content.decode()
    assert reverse("booking_detail", args=[booking.public_id]) in detail, "the document says where it is attached"


def test_a_new_file_is_attached_later(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    url = reverse("document_attach", args=[booking.public_id])
    client.post(url, {"file": SimpleUploadedFile("cv.pdf", pdf(), "application/pdf")})
    document = Document.objects.get()
    assert document.shares.get().source_id == booking.public_id
    page = reverse("staff_booking_detail", args=[booking.public_id])
    content = as_(cast.adviser).get(page).content.decode()
    assert "Being checked" in content
    assert "/file/" not in content
    check_due()
    assert "/file/" in as_(cast.adviser).get(page).content.decode()


def test_document_detach(cast: Cast) -> None:
    mine = cv(cast)
    booking, client = booked(cast, mine), as_(cast.student)
    url = reverse("document_detach", args=[booking.public_id, mine.public_id])
    assert as_(cast.other_student).post(url).status_code == 404
    client.post(url)
    client.post(url)
    assert not DocumentShare.objects.exists()
    assert Document.objects.exists()


@pytest.mark.parametrize("by_service", [False, True])
def test_a_cancelled_booking_no_longer_shares_documents(cast: Cast, by_service: bool) -> None:
    mine = cv(cast)
    booking = booked(cast, mine)
    cancel_booking(booking=booking, by=cast.manager if by_service else cast.student, by_service=by_service)
    assert not DocumentShare.objects.exists()
    assert list(Document.objects.visible_to(cast.adviser)) == []
    with pytest.raises(Refused) as refused:
        attach_documents(booking=booking, documents=[mine], by=cast.student)
    assert refused.value.code == "booking_over"


def test_only_the_student_attaches_and_detaches(cast: Cast) -> None:
    mine = cv(cast)
    booking = booked(cast, mine)
    for deed in (
        lambda: attach_documents(booking=booking, documents=[mine], by=cast.adviser),
        lambda: detach_document(booking=booking, document=mine, by=cast.adviser),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.status == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_booking_pages_ask_the_same_number_of_queries(cast: Cast, rows: int, django_assert_num_queries: Any) -> None:
    booking = booked(cast, *(cv(cast) for _ in range(rows)))
    student, adviser = as_(cast.student), as_(cast.adviser)
    with django_assert_num_queries(7):
        student.get(reverse("booking_detail", args=[booking.public_id]))
    with django_assert_num_queries(12):  # including one for the access needs
        adviser.get(reverse("staff_booking_detail", args=[booking.public_id]))
    with django_assert_num_queries(8):
        student.get(reverse("document_attach", args=[booking.public_id]))
