"""Telephone appointments: the number to call is asked for, shown, checked and can be changed."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.details import change_details
from appointments.operations.move import move_booking
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from places.models import Location
from tests.appointments.student_browser import as_, page_of, step, time_of
from tests.appointments.test_joining import again, at_place, code_of
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import TelephoneFactory
from tests.page_parts import codes, refusals, tree_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def telephone(cast: Cast) -> Location:
    place = TelephoneFactory()
    cast.adviser.diary_blocks.get().locations.add(place)
    return place


def called(cast: Cast, place: Location, phone: str = "", by: User | None = None, hour: int = 9) -> Booking:
    return book_appointment(
        student=cast.student, choice=at_place(cast, place, hour), details=Details(phone=phone), by=by or cast.student
    )


@pytest.mark.policy("TEL-1")
def test_the_number_to_call_is_given_or_the_profiles(cast: Cast, telephone: Location) -> None:
    assert called(cast, telephone).phone == cast.student.phone
    assert called(cast, telephone, "07700 900456", hour=11).phone == "+447700900456"


@pytest.mark.parametrize("by", ["student", "front_desk"])
@pytest.mark.parametrize(("said", "code"), [("", "phone_missing"), ("12", "phone_unreadable")])
def test_nobody_books_a_call_without_a_number(cast: Cast, telephone: Location, by: str, said: str, code: str) -> None:
    cast.student.phone = ""
    cast.student.save()
    attempt: dict[str, Any] = {"cast": cast, "place": telephone, "phone": said, "by": getattr(cast, by)}
    assert code_of(called, **attempt) == (code, "phone")


def test_the_number_is_asked_for_and_checked_while_booking(cast: Cast, telephone: Location) -> None:
    client, wanted = as_(cast.student), {"mode": "telephone", "location": telephone.public_id}
    page = client.get(step("booking_details", cast, **wanted))
    assert page.context["form"]["phone"].value() == "+44 7700 900123"
    for said, code in (("", "required"), ("123", "phone_unreadable")):
        answer = client.post(step("booking_check", cast, **wanted), {"phone": said})
        assert (answer.status_code, codes(answer)["phone"]) == (422, [code])
    client.post(step("booking_check", cast, **wanted), {"phone": "07700 900456"})
    check = client.get(step("booking_check", cast, **wanted))
    assert "+44 7700 900456" in check.content.decode()
    answer = client.post(step("booking_create", cast, **wanted), {**check.context["hidden"]})
    booking = Booking.objects.get()
    assert booking.phone == "+447700900456"
    assert "+44 7700 900456" in client.get(answer["Location"]).content.decode()
    assert "phone" not in client.get(step("booking_details", cast, 11)).context["form"].fields


def test_a_student_changes_the_number_until_the_start(cast: Cast, telephone: Location) -> None:
    booking, client = called(cast, telephone), as_(cast.student)
    assert client.get(page_of("booking_prepare", booking)).context["form"]["phone"].value() == "+44 7700 900123"
    client.post(page_of("booking_prepare", booking), {"phone": "07700 900456"})
    assert again(booking).phone == "+447700900456"
    stop_database_clock(booking.starts_at)
    assert (
        code_of(change_details, booking=booking, details=Details(phone="07700 900789"), by=cast.student)[0]
        == "too_late"
    )
    assert "too_late" in refusals(client.post(page_of("booking_prepare", booking), {"phone": "07700 900789"}))
    assert again(booking).phone == "+447700900456"


def test_staff_change_the_number_and_the_student_is_told(cast: Cast, telephone: Location) -> None:
    booking = called(cast, telephone)
    as_(cast.front_desk).post(page_of("joining_edit", booking), {"phone": "07700 900456"})
    assert again(booking).phone == "+447700900456"
    message = OutboxMessage.objects.get(kind="appointments.changed")
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert "+44 7700 900456" in message.body_text


def test_the_number_is_on_today_and_in_the_diary(cast: Cast, telephone: Location) -> None:
    called(cast, telephone, "07700 900456")
    client = as_(cast.adviser)
    today = client.get(reverse("today") + f"?day={cast.day}").content.decode()
    assert 'href="tel:+447700900456"' in today
    assert "+44 7700 900456" in client.get(reverse("diary_week") + f"?week={cast.day}").content.decode()


def test_a_number_goes_when_the_appointment_is_no_call_any_more(cast: Cast, telephone: Location) -> None:
    booking = called(cast, telephone, "07700 900456")
    moved = move_booking(booking=booking, choice=cast.choice(11), by=cast.student)
    assert again(moved).phone == ""
    back = move_booking(booking=moved, choice=at_place(cast, telephone, 13), by=cast.student)
    assert again(back).phone == cast.student.phone


def test_a_move_to_a_call_without_a_number_leads_to_the_profile(cast: Cast, telephone: Location) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=cast.student)
    cast.student.phone = ""
    cast.student.save()
    wanted = time_of(cast, 11, mode="telephone", location=telephone.public_id)
    answer = as_(cast.student).post(f"{page_of('booking_move', booking)}?{wanted}")
    assert (answer.status_code, refusals(answer)) == (409, ["phone_missing"])
    assert tree_of(answer).xpath("//main//a[contains(@class, 'btn')]/@href") == [reverse("profile_edit")]
