"""Invitations as a mail server receives them, and the calendar file on the student's page (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.operations.hold import hold_bookings, release_bookings
from appointments.operations.move import move_booking
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.rules.kinds import Composed
from tests.cast import Cast
from tests.messaging.peers.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _peers(peers: None) -> None:
    pass


def booked(cast: Cast) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=cast.student)


def sent(mail_server: MailServer) -> EmailMessage:
    """The one email that is sent now."""
    mail_server.accepted.clear()
    deliver_due()
    (mail,) = mail_server.accepted
    return mail


def calendar_parts(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar"]  # type: ignore[misc]  # parts are EmailMessages under this policy


def read(mail: EmailMessage) -> tuple[Calendar, Event]:
    (part,) = calendar_parts(mail)
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    assert part.get_param("method") == calendar["METHOD"]
    return calendar, event


def on_the_page(client: Client, booking: Booking) -> tuple[Calendar, Event]:
    client.force_login(booking.student)
    calendar = Calendar.from_ical(client.get(reverse("booking_calendar", args=[booking.public_id])).content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.policy("APPT-5")
def test_a_confirmation_is_an_invitation_beside_the_text(cast: Cast, mail_server: MailServer) -> None:
    booking = booked(cast)
    mail = sent(mail_server)
    calendar, event = read(mail)
    assert mail.get_content_type() == "multipart/alternative"
    assert calendar["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:careers@example.ac.uk"
    assert event["ORGANIZER"].params["CN"] == "Careers Service"
    assert event["ATTENDEE"] == f"mailto:{mail['To']}" == f"mailto:{cast.student.email}"
    assert (event["ATTENDEE"].params["RSVP"], event["ATTENDEE"].params["PARTSTAT"]) == ("FALSE", "ACCEPTED")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.starts_at, booking.ends_at)
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")


def test_a_calendar_part_has_one_charset(cast: Cast, mail_server: MailServer) -> None:
    booked(cast)
    (part,) = calendar_parts(sent(mail_server))
    assert as_sent(part).count("charset") == 1
    assert part.get_content_charset() == "utf-8"


def as_sent(part: EmailMessage) -> str:
    """The part's Content-Type as the server received it: reading it drops a second parameter of one name."""
    return str(dict(part.raw_items())["Content-Type"]).lower()


@pytest.mark.parametrize("content_type", ["text/csv; charset=utf-8", "text/csv; header=present; charset=UTF-8"])
def test_no_attachment_has_two_charsets(
    queue: Callable[..., OutboxMessage], composing: Callable[..., str], mail_server: MailServer, content_type: str
) -> None:
    table = {"name": "table.csv", "content_type": content_type, "text": "name\nZoë\n"}
    queue(kind=composing(Composed("A table", "Here it is.\n", attachments=[table])))  # type: ignore[list-item]  # a plain dict
    (part,) = sent(mail_server).iter_attachments()
    assert as_sent(part).count("charset") == 1
    assert ("header=" in as_sent(part)) is ("header=" in content_type)


@pytest.mark.policy("APPT-5")
def test_a_calendar_follows_a_booking_to_its_end(cast: Cast, mail_server: MailServer) -> None:
    """Booked, moved, held, going ahead, cancelled: one UID and organizer, and a sequence that rises."""
    booking = booked(cast)
    entries = [read(sent(mail_server))]
    moved = move_booking(booking=booking, choice=cast.choice(10, 20), by=cast.student)
    entries.append(read(sent(mail_server)))
    assert entries[-1][1]["DTSTART"].dt == moved.starts_at
    hold_bookings(student=cast.student)
    assert not calendar_parts(sent(mail_server))
    (released,) = release_bookings(student=cast.student)
    entries.append(read(sent(mail_server)))
    cancel_booking(booking=released, by=cast.student)
    entries.append(read(sent(mail_server)))
    assert [calendar["METHOD"] for calendar, _ in entries] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for _, event in entries] == [0, 1, 3, 4]
    assert [event["STATUS"] for _, event in entries] == [*["CONFIRMED"] * 3, "CANCELLED"]
    for name in ("UID", "ORGANIZER", "ATTENDEE"):
        assert len({str(event[name]) for _, event in entries}) == 1
    (_, last) = entries[-1]
    assert not last.walk("VALARM")


def test_the_file_on_the_page_is_the_entry_of_the_email(cast: Cast, client: Client, mail_server: MailServer) -> None:
    booking = booked(cast)
    _, mailed = read(sent(mail_server))
    calendar, event = on_the_page(client, booking)
    assert calendar["METHOD"] == "PUBLISH"
    for name in ("UID", "SEQUENCE", "ORGANIZER", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS"):
        assert str(event[name]) == str(mailed[name])
    assert "ATTENDEE" not in event
    cancel_booking(booking=booking, by=cast.student)
    _, mailed = read(sent(mail_server))
    calendar, event = on_the_page(client, booking)
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("CANCEL", mailed["UID"], mailed["SEQUENCE"])


def test_a_cancelled_entry_offers_nothing_that_is_gone(cast: Cast, mail_server: MailServer) -> None:
    cancel_booking(booking=booked(cast), by=cast.student)
    _, event = read(sent(mail_server))
    assert "cancel it" not in event["DESCRIPTION"]


def test_a_graduates_invitation_is_for_the_address_it_goes_to(cast: Cast, mail_server: MailServer) -> None:
    """The address they read may change between the booking and the email."""
    booked(cast)
    cast.student.roles, cast.student.personal_email = ["graduate"], "amara@elsewhere.example"
    cast.student.save()
    mail = sent(mail_server)
    assert read(mail)[1]["ATTENDEE"] == f"mailto:{mail['To']}" == "mailto:amara@elsewhere.example"


def test_a_mail_service_without_alternatives_gets_a_file(
    cast: Cast, mail_server: MailServer, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.MESSAGING_EMAIL_CONNECTION = "django.core.mail.backends.locmem.EmailBackend"
    booked(cast)
    deliver_due()
    (mail,) = mailoutbox
    ((name, text, content_type),) = mail.attachments
    assert (name, content_type) == ("appointment.ics", "text/calendar; method=REQUEST")
    assert Calendar.from_ical(text)["METHOD"] == "REQUEST"
