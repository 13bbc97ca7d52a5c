"""Graduates are booked only if the confirmation reaches them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Enrolment, Role, Status
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.move import move_booking
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from tests.appointments.student_browser import as_, booked, page_of, step
from tests.cast import Cast
from tests.page_parts import refusals, tree_of

pytestmark = pytest.mark.django_db

AFTER_COURSE = 30
"""Days that the University's sign-on lasts after the course: the setting's default."""


def graduates(cast: Cast, *, days_ago: int, personal_email: str = "", **course: Any) -> None:
    cast.student.roles, cast.student.personal_email = [Role.GRADUATE], personal_email
    cast.student.save()
    ended = local_day(database_now()) - timedelta(days=days_ago)
    said = {"status": Status.COMPLETED, "completed_on": ended, **course}
    Enrolment.objects.filter(student=cast.student).update(**said)


def attempt(cast: Cast, by: str = "student") -> str:
    """The refusal's code; empty if it was booked."""
    try:
        book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=getattr(cast, by))
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(
    ("days_ago", "personal_email", "code"),
    [
        (AFTER_COURSE, "", ""),
        (AFTER_COURSE + 1, "", "address_ended"),
        (AFTER_COURSE + 1, "amara@elsewhere.example", ""),
    ],
)
@pytest.mark.parametrize("by", ["student", "front_desk"])
def test_a_graduate_whose_address_has_ended_gives_another_first(
    cast: Cast, days_ago: int, personal_email: str, code: str, by: str
) -> None:
    graduates(cast, days_ago=days_ago, personal_email=personal_email)
    assert attempt(cast, by) == code
    assert Booking.objects.exists() is (not code)


def test_what_is_not_known_to_have_ended_is_no_reason(cast: Cast) -> None:
    graduates(cast, days_ago=400, status=Status.CURRENT, completed_on=None)
    assert attempt(cast) == ""


def test_a_student_with_an_old_course_is_booked(cast: Cast) -> None:
    graduates(cast, days_ago=400)
    cast.student.roles = [Role.STUDENT, Role.GRADUATE]
    cast.student.save()
    assert attempt(cast) == ""


def test_a_graduate_who_works_here_is_booked(cast: Cast) -> None:
    graduates(cast, days_ago=400)
    cast.student.roles = [Role.GRADUATE, Role.EDITOR]
    cast.student.save()
    assert attempt(cast) == ""


def test_a_move_is_confirmed_too(cast: Cast) -> None:
    booking = booked(cast)
    graduates(cast, days_ago=400)
    with pytest.raises(Refused) as refused:
        move_booking(booking=booking, choice=cast.choice(11), by=cast.student)
    assert refused.value.code == "address_ended"


def test_the_refusal_has_one_next_step(cast: Cast) -> None:
    graduates(cast, days_ago=400)
    client = as_(cast.student)
    for page in (reverse("time_list", args=[cast.type.slug]), step("booking_details", cast)):
        answer = client.get(page)
        assert (answer.status_code, refusals(answer)) == (409, ["address_ended"])
        links = tree_of(answer).xpath("//main//a[contains(@class, 'btn')]/@href")
        assert links == [reverse("keep_access")]


def test_a_booking_made_earlier_can_still_be_cancelled(cast: Cast) -> None:
    booking = booked(cast)
    graduates(cast, days_ago=400)
    assert as_(cast.student).post(page_of("booking_cancel", booking)).status_code == 302
    booking.refresh_from_db()
    assert booking.is_cancelled


def test_the_page_names_the_address_we_write_to(cast: Cast) -> None:
    booking = booked(cast)
    graduates(cast, days_ago=400, personal_email="amara@elsewhere.example")
    page = tree_of(as_(cast.student).get(page_of("booking_booked", booking)))
    (told,) = page.xpath("//*[@aria-labelledby='next-steps']")
    assert "amara@elsewhere.example" in told.text_content()
    assert cast.student.email not in told.text_content()
