"""Students may turn text reminders off; email reminders are always sent (APPT-5, DATA-1)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from appointments.models import Booking
from appointments.notices.compose import NO_TEXTS
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("APPT-5"), pytest.mark.policy("DATA-1")]

TEXT, EMAIL = "appointments.reminder_text", "appointments.reminder"


def booked(cast: Cast) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)


def choose(cast: Cast, wanted: bool) -> None:
    client = Client()
    client.force_login(cast.student)
    said = {"phone": cast.student.phone, **({"text_reminders": "on"} if wanted else {})}
    assert client.post(reverse("profile_edit"), said).status_code == 302
    cast.student.refresh_from_db()


def kinds() -> set[str]:
    return set(OutboxMessage.objects.values_list("kind", flat=True))


def test_texts_are_sent_unless_turned_off(cast: Cast) -> None:
    booked(cast)
    assert {TEXT, EMAIL} <= kinds()


def test_turned_off_only_the_email_is_queued(cast: Cast) -> None:
    choose(cast, wanted=False)
    booked(cast)
    assert TEXT not in kinds()
    assert EMAIL in kinds()
    assert AuditEntry.objects.filter(action="profile_updated").exists()


def test_turning_texts_off_stops_a_waiting_one_and_its_promise(cast: Cast) -> None:
    booking = booked(cast)
    client = Client()
    client.force_login(cast.student)
    url = reverse("booking_detail", args=[booking.public_id])
    assert "text message" in client.get(url).content.decode()
    choose(cast, wanted=False)
    page = client.get(url).content.decode()
    assert "text message" not in page
    assert "Reminder by email" in page
    message = OutboxMessage.objects.get(kind=TEXT)
    OutboxMessage.objects.filter(pk=message.pk).update(try_at=database_now() - timedelta(minutes=1))
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert (message.state, message.reason) == (DeliveryState.CANCELLED, NO_TEXTS)


def test_no_mobile_is_asked_for_while_texts_are_off(cast: Cast) -> None:
    cast.student.phone = ""
    cast.student.save()
    client = Client()
    client.force_login(cast.student)
    assert "smartphone" in [todo.icon for todo in client.get("/").context["home"].todos]
    choose(cast, wanted=False)
    assert "smartphone" not in [todo.icon for todo in client.get("/").context["home"].todos]


def test_the_choice_is_shown_as_it_is(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.student)
    assert client.get(reverse("profile_edit")).context["form"]["text_reminders"].value() is True
    choose(cast, wanted=False)
    assert client.get(reverse("profile_edit")).context["form"]["text_reminders"].value() is False
