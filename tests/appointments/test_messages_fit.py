"""What messages about appointments say fits what happened, in text and HTML alike."""

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from accounts.operations.account_status import suspend_account
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import CANNOT_HOLD_IT, cancel_booking
from appointments.operations.choice import Details
from appointments.operations.hold import BOOKING_ON_HOLD, cancel_bookings_ahead, cancel_held_bookings
from appointments.operations.joining import change_joining
from appointments.operations.move import move_booking
from foundation.outcomes.refusals import Refused
from foundation.values.telephones import shown_number
from foundation.values.times import told_when
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from tests.appointments.student_browser import as_, booked, page_of
from tests.appointments.test_joining import OWN, at_place, online
from tests.appointments.test_telephone import called
from tests.cast import Cast
from tests.factories import TelephoneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("APPT-5")]


def sent(kind: str, booking: Booking) -> OutboxMessage:
    """The last message of this kind, sent now."""
    message = OutboxMessage.objects.filter(kind=f"appointments.{kind}", regarding=booking.public_id).latest("pk")
    now = booking.booked_at
    OutboxMessage.objects.filter(pk=message.pk).update(not_before=now, try_at=now)
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert message.state == "sent"
    return message


def texts(message: OutboxMessage) -> tuple[str, str]:
    """The plain text and the words of the HTML, in single spaces."""
    page = html.fromstring(message.body_html)
    links = " ".join(str(each) for each in page.xpath("//body//a/@href"))
    shown = " ".join("".join(page.xpath("//body//text()")).split())
    return " ".join(message.body_text.split()), f"{shown} {links}"


def in_both(message: OutboxMessage, *facts: str) -> None:
    for text in texts(message):
        for fact in facts:
            assert fact in text


def in_neither(message: OutboxMessage, *facts: str) -> None:
    for text in texts(message):
        for fact in facts:
            assert fact not in text


def own_page(booking: Booking) -> str:
    return reverse("booking_detail", args=[booking.public_id])


def test_cancelled_by_us_says_why_and_offers_another_time(cast: Cast) -> None:
    booking = booked(cast)
    cancel_booking(booking=booking, by=cast.adviser, by_service=True, told_reason="Helen is ill.", reason="Flu again")
    message = sent("cancelled", booking)
    in_both(message, "Sorry", "Helen is ill.", reverse("time_list", args=[cast.type.slug]), "Helen Marsh")
    in_neither(message, "Flu again", own_page(booking), "View, move or cancel")
    page = as_(cast.student).get(page_of("booking_detail", booking)).content.decode()
    assert "Helen is ill." in page
    assert "Flu again" not in page


def test_a_cancellation_by_us_never_lacks_a_reason(cast: Cast) -> None:
    booking = booked(cast)
    page = page_of("staff_booking_cancel", booking)
    assert as_(cast.adviser).get(page).context["form"]["told_reason"].value() == CANNOT_HOLD_IT
    as_(cast.adviser).post(page, {"who": "service", "told_reason": " "})
    in_both(sent("cancelled", booking), CANNOT_HOLD_IT)


def test_cancelled_by_the_student_gives_no_reason_of_ours(cast: Cast) -> None:
    booking = booked(cast)
    as_(cast.adviser).post(page_of("staff_booking_cancel", booking), {"who": "student", "told_reason": CANNOT_HOLD_IT})
    message = sent("cancelled", booking)
    in_neither(message, CANNOT_HOLD_IT, "Sorry", own_page(booking))
    in_both(message, reverse("time_list", args=[cast.type.slug]))


def test_a_type_that_is_no_longer_offered_is_not_linked(cast: Cast) -> None:
    booking = booked(cast)
    cast.type.is_offered = False
    cast.type.save()
    cancel_booking(booking=booking, by=cast.adviser, by_service=True)
    message = sent("cancelled", booking)
    in_neither(message, reverse("time_list", args=[cast.type.slug]))
    in_both(message, reverse("type_list"))


def test_who_cannot_book_is_not_asked_to(cast: Cast) -> None:
    booking = booked(cast)
    cancel_bookings_ahead(student=cast.student, by=cast.manager)
    message = sent("cancelled", booking)
    in_both(message, BOOKING_ON_HOLD)
    in_neither(message, reverse("type_list"), own_page(booking))


def test_a_suspension_is_not_the_reason_that_people_read(cast: Cast) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=cast.manager)
    cancel_held_bookings(student=cast.student)
    message = sent("cancelled", booking)
    in_neither(message, "suspended", "account", reverse("type_list"))
    booking.refresh_from_db()
    assert "account" not in booking.told_reason


@pytest.mark.parametrize("by", ["student", "adviser"])
def test_moved_says_was_and_now_and_with_whom(cast: Cast, by: str) -> None:
    booking = booked(cast)
    was = told_when(booking.starts_at, booking.ends_at)
    choice = cast.choice(11, adviser=cast.other_adviser)
    moved = move_booking(booking=booking, choice=choice, by=getattr(cast, by))
    message = sent("moved", booking)
    now = told_when(moved.starts_at, moved.ends_at)
    in_both(message, f"{was}, with Helen Marsh", now, "Tariq Aziz", cast.other_room.name)
    for text in texts(message):
        assert text.index(was) < text.index(now)
        assert ("You moved" in text) is (by == "student")
        assert ("We’ve moved" in text) is (by == "adviser")


def test_moved_twice_says_what_the_student_was_last_told(cast: Cast) -> None:
    """A move that is moved again before its email was sent is not what the student knows."""
    booking = booked(cast)
    sent("booked", booking)
    first = told_when(booking.starts_at, booking.ends_at)
    second = move_booking(booking=booking, choice=cast.choice(11), by=cast.adviser)
    between = told_when(second.starts_at, second.ends_at)
    third = move_booking(booking=second, choice=cast.choice(13), by=cast.adviser)
    message = sent("moved", booking)
    in_both(message, first, told_when(third.starts_at, third.ends_at))
    in_neither(message, between)
    move_booking(booking=third, choice=cast.choice(15), by=cast.adviser)
    later = sent("moved", booking)
    in_both(later, told_when(third.starts_at, third.ends_at))
    in_neither(later, first)


def test_every_message_names_the_zone_once_for_each_time(cast: Cast, settings: Any) -> None:
    settings.INSTITUTION_TIME_ZONE_NAME = "Berlin time"
    booking = booked(cast)
    for message in (sent("booked", booking), sent("reminder", booking)):
        assert message.subject.endswith("Berlin time")
        in_both(message, f"{told_when(booking.starts_at, booking.ends_at)}")
        in_neither(message, "UK time")
        assert message.body_text.count("Berlin time") == 1
    text = sent("reminder_text", booking)
    assert "Berlin time" in text.body_text


def test_text_and_html_say_the_same_facts(cast: Cast) -> None:
    place = TelephoneFactory(directions="We call from a withheld number.")
    cast.adviser.diary_blocks.get().locations.add(place)
    call = called(cast, place, "07700 900456", hour=13)
    meeting = change_joining(booking=online(cast), link=OWN, by=cast.adviser)
    for kind in ("booked", "reminder"):
        in_both(sent(kind, call), shown_number("+447700900456"), place.name, place.directions, call.told_when)
    for kind in ("changed", "reminder"):
        in_both(sent(kind, meeting), OWN, cast.online.name, cast.type.name, "Helen Marsh", own_page(meeting))
    moved = move_booking(booking=meeting, choice=at_place(cast, cast.online, 11), by=cast.student)
    in_both(sent("moved", moved), OWN)
    cancel_booking(booking=moved, by=cast.student)
    in_neither(sent("cancelled", moved), OWN)


def test_the_page_says_the_zone_of_the_time(cast: Cast, settings: Any) -> None:
    settings.INSTITUTION_TIME_ZONE_NAME = "Berlin time"
    booking, client = booked(cast), as_(cast.student)
    for name in ("booking_detail", "booking_booked"):
        assert booking.told_when in client.get(page_of(name, booking)).content.decode()
    for page in (reverse("booking_list"), reverse("time_list", args=[cast.type.slug])):
        assert client.get(page).content.decode().count("Berlin time") == 1


def test_a_refusal_names_the_zone(cast: Cast, settings: Any) -> None:
    settings.INSTITUTION_TIME_ZONE_NAME = "Berlin time"
    cast.type.notice_minutes = 60 * 24 * 10
    cast.type.save()
    with pytest.raises(Refused) as refused:
        book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=cast.student)
    assert "Berlin time" in refused.value.remedy
