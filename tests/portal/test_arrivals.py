"""The tablet at the front desk: who is marked as arrived, and what it does not do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from events.models import CheckInDevice
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import an_event
from tests.events.test_staff_pages import as_
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db


def tablet(cast: Cast) -> Client:
    client = as_(cast.front_desk)
    assert client.post(reverse("arrivals_device_create"), {"name": "Desk"})["Location"] == reverse("arrivals_door")
    return client


def arrive(client: Client, number: str | None) -> int:
    return client.post(reverse("arrivals_door"), {"number": number or ""}).status_code


def test_the_next_appointment_is_marked_once(cast: Cast) -> None:
    now = database_now()
    later = stored_booking(cast.student, cast.adviser, cast.type, cast.room, now + timedelta(minutes=90))
    first = stored_booking(cast.student, cast.other_adviser, cast.type, cast.room, now + timedelta(minutes=10))
    client = tablet(cast)
    assert arrive(client, cast.student.university_id) == 200
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.status, later.status) == ("arrived", "booked")
    entry = AuditEntry.objects.filter(action="marked_arrived").latest("pk")
    assert entry.actor == cast.front_desk
    for _ in range(2):  # the second one, and then once more
        assert arrive(client, cast.student.university_id) == 200
    later.refresh_from_db()
    assert later.status == "arrived"
    assert AuditEntry.objects.filter(action="marked_arrived").count() == 2


def test_nobody_else_is(cast: Cast) -> None:
    now, client = database_now(), tablet(cast)
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, now + timedelta(hours=3))
    for number in (cast.student.university_id, cast.other_student.university_id, "", "%", cast.student.email):
        assert arrive(client, number) == 409
    assert arrive(Client(), cast.student.university_id) == 409
    assert client.get(reverse("today")).status_code == 302


def test_a_device_is_for_one_thing_and_ends(cast: Cast) -> None:
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() + timedelta(minutes=10))
    at_event = as_(cast.front_desk)
    at_event.post(reverse("device_create", args=[an_event().public_id]), {"name": "Door"})
    assert arrive(at_event, cast.student.university_id) == 409
    client = tablet(cast)
    assert client.post(reverse("device_door"), {"code": "x"}).status_code == 409
    device = CheckInDevice.objects.get(event=None)
    ended = as_(cast.manager).post(reverse("device_end", args=[device.public_id]))
    assert ended["Location"] == reverse("arrivals_device_create")
    assert arrive(client, cast.student.university_id) == 409


def test_a_closed_account_closes_its_tablets(cast: Cast) -> None:
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() + timedelta(minutes=10))
    client = tablet(cast)
    cast.front_desk.is_active = False
    cast.front_desk.save()
    assert arrive(client, cast.student.university_id) == 409
    assert "home/arrivals_door.html" not in [each.name for each in client.get(reverse("arrivals_door")).templates]
