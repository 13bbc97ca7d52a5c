"""Administrators see which appointments a change hits before it is saved."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.operations.account_status import reinstate_account, suspend_account
from appointments.selectors.rearrange import bookings_to_rearrange
from eligibility.models import AcademicPeriod, PeriodKind
from foundation.values.times import database_now
from places.models import Location
from tests.appointments.test_taking_place import booked, waiting
from tests.cast import Cast
from tests.factories import period

pytestmark = pytest.mark.django_db


def person_form(person: User, **changed: Any) -> dict[str, Any]:
    said = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email}
    said |= {"preferred_name": "", "phone": "", "university_id": "", "text_reminders": "on"}
    said |= {"roles": person.roles, "is_active": "on"}
    inline = {"enrolments-TOTAL_FORMS": "0", "enrolments-INITIAL_FORMS": "0"}
    return {name: value for name, value in {**said, **inline, **changed}.items() if value is not None}


def place_form(place: Location, **changed: Any) -> dict[str, Any]:
    said = {"name": place.name, "building": place.building, "mode": place.mode, "exclusive": "on", "is_open": "on"}
    said |= {"confidentiality": place.confidentiality, "confidentiality_note": place.confidentiality_note}
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def changes(cast: Cast) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    person = reverse("admin:accounts_user_change", args=[cast.adviser.pk])
    good = person_form(cast.adviser)
    yield "switched off", person, person_form(cast.adviser, is_active=None), good
    yield "made editor", person, person_form(cast.adviser, roles=["editor"]), good
    room = reverse("admin:places_location_change", args=[cast.room.pk])
    yield "room not in use", room, place_form(cast.room, is_open=None), place_form(cast.room)


@pytest.mark.parametrize("number", range(3), ids=["switched off", "made editor", "room not in use"])
def test_an_administrator_is_asked_first(cast: Cast, client: Client, number: int) -> None:
    booking = booked(cast)
    _, url, bad, good = list(changes(cast))[number]
    client.force_login(cast.administrator)
    asked = client.post(url, bad)
    assert asked.status_code == 409
    assert [each.key for each in asked.context["consequences"]] == [booking.public_id]
    shown = asked.content.decode()
    assert booking.when in shown
    assert cast.student.name not in shown, "administrators do not see who has an appointment (APPT-4)"
    assert not bookings_to_rearrange(database_now()).exists(), "nothing is saved"
    assert "must_move" not in waiting(booking)

    again = {**dict_of(asked.context["typed"]), "confirmed": asked.context["seal"]}
    assert client.post(url, again).status_code == 302
    assert bookings_to_rearrange(database_now()).get() == booking
    assert waiting(booking) == {"must_move"}
    assert client.post(url, good).status_code == 302, "taking it back asks nothing"
    assert not bookings_to_rearrange(database_now()).exists()
    assert "goes_ahead" in waiting(booking)


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_a_closure_asks_and_is_asked_again_if_more_is_booked(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.administrator)
    url = reverse("admin:eligibility_academicperiod_add")
    typed = {"kind": "closure", "name": "Strike", "first_day": str(cast.day), "last_day": str(cast.day)}
    asked = client.post(url, typed)
    assert (asked.status_code, AcademicPeriod.objects.count()) == (409, 0)
    later = booked(cast, cast.other_student, 11)
    again = client.post(url, {**typed, "confirmed": asked.context["seal"]})
    assert (again.status_code, len(again.context["consequences"])) == (409, 2)
    assert client.post(url, {**typed, "confirmed": again.context["seal"]}).status_code == 302
    assert set(bookings_to_rearrange(database_now())) == {booking, later}
    closure = AcademicPeriod.objects.get()
    client.post(reverse("admin:eligibility_academicperiod_delete", args=[closure.pk]), {"post": "yes"})
    assert not bookings_to_rearrange(database_now()).exists()
    assert "goes_ahead" in waiting(booking)


def test_a_change_that_hits_nobody_asks_nothing(cast: Cast, client: Client) -> None:
    booked(cast)
    client.force_login(cast.administrator)
    url = reverse("admin:places_location_change", args=[cast.other_room.pk])
    assert client.post(url, place_form(cast.other_room, is_open=None)).status_code == 302


def test_a_suspended_adviser_counts_as_switched_off(cast: Cast) -> None:
    booking = booked(cast)
    suspend_account(person=cast.adviser, by=cast.manager)
    assert waiting(booking) == {"must_move"}
    reinstate_account(person=cast.adviser, by=cast.manager)
    assert waiting(booking) >= {"goes_ahead", "reminder"}


def test_the_last_day_of_a_closure_counts_and_the_next_does_not(cast: Cast) -> None:
    booking = booked(cast)
    first: date = cast.day - timedelta(days=3)
    made = period(PeriodKind.CLOSURE, first, cast.day)
    assert not bookings_to_rearrange(database_now()).exists()
    made.delete()
    period(PeriodKind.CLOSURE, first, cast.day + timedelta(days=1))
    assert bookings_to_rearrange(database_now()).get() == booking
