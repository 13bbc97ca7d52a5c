"""Booking against what makes appointments impossible: real connections, and no appointment that nobody knows about."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.diary import withdraw_block
from appointments.operations.tell_who_must_move import tell_who_must_move
from appointments.operations.time_out import take_time_out
from appointments.selectors.rearrange import bookings_to_tell_of
from eligibility.models import AcademicPeriod, PeriodKind
from foundation.values.times import database_now
from places.models import Location
from tests.appointments.racing import race
from tests.appointments.test_taking_place_admin import person_form
from tests.cast import Cast, assemble
from tests.factories import StudentFactory, period

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

TIMES = [(9, 0), (9, 40), (10, 20), (11, 0), (11, 40), (12, 20), (13, 0), (13, 40)]


@pytest.fixture
def racers(transactional_db: None) -> Cast:
    return assemble()


def switch_off(cast: Cast) -> Callable[[], object]:
    """Confirms as often as it is asked, as a patient administrator would."""

    def run() -> object:
        client, url = Client(), reverse("admin:accounts_user_change", args=[cast.adviser.pk])
        client.force_login(cast.administrator)
        typed = person_form(cast.adviser, is_active=None)
        for _ in range(20):
            answer = client.post(url, typed)
            if answer.status_code == 302:
                return None
            typed["confirmed"] = answer.context["seal"]
        raise AssertionError("asked too often")

    return run


def close_the_day(cast: Cast) -> object:
    with transaction.atomic():
        period(PeriodKind.CLOSURE, cast.day, cast.day.fromordinal(cast.day.toordinal() + 1))
        return tell_who_must_move(by=cast.manager)


def close_the_room(cast: Cast) -> object:
    with transaction.atomic():
        Location.objects.filter(pk=cast.room.pk).update(is_open=False)
        return tell_who_must_move(by=cast.manager)


def away(cast: Cast) -> object:
    span = {"starts_at": cast.starts(8), "ends_at": cast.starts(18)}
    return take_time_out(adviser=cast.adviser, reason="ill", by=cast.adviser, **span)


def withdraw(cast: Cast) -> object:
    return withdraw_block(block=cast.adviser.diary_blocks.get(), by=cast.adviser)


@pytest.mark.parametrize("change", [switch_off, close_the_day, close_the_room, away, withdraw])
def test_whoever_books_meanwhile_is_refused_or_told(racers: Cast, change: Callable[[Cast], object]) -> None:
    run = change(racers) if change is switch_off else partial(change, racers)
    bookings = [
        partial(
            book_appointment,
            student=student,
            choice=racers.choice(hour, minute),
            details=Details(),
            by=student,
        )
        for (hour, minute), student in zip(TIMES, [StudentFactory() for _ in TIMES], strict=True)
    ]
    outcome = race([*bookings[:4], run, *bookings[4:]])
    assert not outcome.broken
    assert outcome.codes <= {"not_offered", "closed", "account_inactive"}
    assert not bookings_to_tell_of(database_now()).exists()
    assert all(each.move_asked_at for each in Booking.objects.all())
    assert len(outcome.done) + len(outcome.refused) == len(TIMES) + 1
    adviser = User.objects.get(pk=racers.adviser.pk)
    assert (adviser.is_active, adviser.roles) == (change is not switch_off, [Role.ADVISER])
    assert AcademicPeriod.objects.exists() == (change is close_the_day)
