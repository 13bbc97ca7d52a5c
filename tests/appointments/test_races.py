"""No overbooking and no deadlock that reaches a person: real threads and PostgreSQL, at least 20 connections each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice, pairwise

import pytest
from django.db import connection

from accounts.models import User
from appointments.models import Booking, BookingStatus
from appointments.models.booking import OCCUPYING
from appointments.operations import choice as choice_module
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details
from appointments.operations.move import move_booking
from eligibility.models import AllocationUse, Period, Strike
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    StudentFactory,
    stored_booking,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

CLIENTS = 24


@pytest.fixture
def racers(transactional_db: None) -> Cast:
    return assemble()


def students(count: int = CLIENTS) -> list[User]:
    return [StudentFactory() for _ in range(count)]


def booking_by(student: User, choice: Choice, key: str = "") -> Callable[[], Booking]:
    return partial(book_appointment, student=student, choice=choice, details=Details(), by=student, idempotency_key=key)


def test_one_time_goes_to_exactly_one_of_many(racers: Cast) -> None:
    outcome = race([booking_by(student, racers.choice(9)) for student in students()])
    assert not outcome.broken
    assert len(outcome.done) == 1
    assert outcome.codes == {"time_taken"}
    assert all(len(refusal.alternatives) == 3 for refusal in outcome.refused)
    assert Booking.objects.count() == AllocationUse.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="appointments.booked").count() == 1


def test_overlapping_lengths_never_share_an_adviser(racers: Cast) -> None:
    long = AppointmentTypeFactory(minutes=60, turnaround_minutes=20)
    racers.adviser.diary_blocks.get().types.add(long)
    short = [racers.choice(9), racers.choice(9, 40), racers.choice(10, 20)]
    longer = [Choice(long, racers.starts(9), racers.adviser, "in_person", racers.room)]
    choices = islice(cycle([*short, *longer]), CLIENTS)
    outcome = race([booking_by(student, choice) for student, choice in zip(students(), choices, strict=True)])
    assert not outcome.broken
    taken = sorted((b.occupies.lower, b.occupies.upper) for b in Booking.objects.all())
    assert taken
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(taken))


def test_one_student_is_never_in_two_places(racers: Cast) -> None:
    choices = [racers.choice(9), racers.choice(9, adviser=racers.other_adviser)] * (CLIENTS // 2)
    outcome = race([booking_by(racers.student, choice) for choice in choices])
    assert not outcome.broken
    assert len(outcome.done) == 1
    assert outcome.codes <= {"student_busy", "time_taken"}


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize("period", [Period.ACADEMIC_YEAR, Period.ROLLING_DAYS, Period.AT_ONE_TIME])
def test_the_last_of_an_allocation_is_used_once(racers: Cast, period: Period) -> None:
    days = 14 if period == Period.ROLLING_DAYS else None
    racers.type.policies.set([AllocationPolicyFactory(limit=1, period=period, rolling_days=days)])
    choices = [
        racers.choice(hour, adviser=adviser)
        for hour in (9, 11, 13, 15)
        for adviser in (racers.adviser, racers.other_adviser)
    ]
    outcome = race([booking_by(racers.student, choice) for choice in choices * 3])
    assert not outcome.broken
    assert len(outcome.done) == 1
    assert AllocationUse.objects.count() == 1


def test_a_group_session_never_exceeds_its_places(racers: Cast) -> None:
    group = AppointmentTypeFactory(capacity=12, minutes=90, turnaround_minutes=0)
    racers.adviser.diary_blocks.get().types.add(group)
    choice = Choice(group, racers.starts(9), racers.adviser, "in_person", racers.room)
    outcome = race([booking_by(student, choice) for student in students()])
    assert not outcome.broken
    assert len(outcome.done) == 12
    assert outcome.codes == {"session_full"}


def test_a_double_submit_is_one_booking(racers: Cast) -> None:
    outcome = race([booking_by(racers.student, racers.choice(9), key="once")] * CLIENTS)
    assert not outcome.broken
    assert not outcome.refused
    assert {booking.public_id for booking in outcome.done} == {Booking.objects.get().public_id}


@pytest.mark.policy("ELIG-2")
def test_cancel_against_attended_at_the_very_start(racers: Cast) -> None:
    """Cancelling and marking as attended race around the start. One wins, and the allocation agrees with it.

    Missed cannot race with cancelling: it can be marked only once it is too late to arrive.
    """
    starts = database_now() + timedelta(milliseconds=400)
    booking = stored_booking(racers.student, racers.adviser, racers.type, racers.room, starts)
    AllocationUse.objects.create(
        student=racers.student,
        policy=racers.policy,
        source_id=booking.public_id,
        on=booking.local_date,
        ends_at=booking.ends_at,
        period_key="x",
        ordinal=1,
    )

    def until_settled(attempt: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            while database_now() < starts + timedelta(seconds=10):
                try:
                    return attempt()
                except choice_module.Refused as refused:
                    if refused.code not in {"not_begun", "too_late"}:
                        raise
            return None

        return run

    cancel = until_settled(partial(cancel_booking, booking=booking, by=racers.student))
    attended = until_settled(partial(mark_attendance, booking=booking, outcome="attended", by=racers.adviser))

    def late_cancel() -> object:
        while database_now() < starts - timedelta(milliseconds=3):
            pass
        return cancel()

    outcome = race([attended] * 10 + [late_cancel] * 10)
    assert not outcome.broken
    booking.refresh_from_db()
    came = booking.status == BookingStatus.ATTENDED
    assert came or booking.status == BookingStatus.CANCELLED
    assert AllocationUse.objects.filter(consumes=True).exists() is came
    assert not Strike.objects.exists()


def test_cancel_against_move(racers: Cast) -> None:
    """A cancelled booking stays cancelled, even if it was moved just before."""
    booking = book_appointment(student=racers.student, choice=racers.choice(9), details=Details(), by=racers.student)
    moves = [
        partial(move_booking, booking=booking, choice=racers.choice(hour), by=racers.student)
        for hour in (11, 13, 15)
        for _ in range(7)
    ]
    outcome = race([*moves, partial(cancel_booking, booking=booking, by=racers.student)])
    assert not outcome.broken
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED
    assert not AllocationUse.objects.exists()
    assert not Booking.objects.filter(status__in=OCCUPYING).exists()


def test_crossing_moves_do_not_deadlock(racers: Cast) -> None:
    """Half of them move from one adviser to the other, half the opposite way. People are locked in a fixed order."""
    times = [choice.starts_at for choice in grid(racers)]
    rooms = {racers.adviser: racers.room, racers.other_adviser: racers.other_room}
    across = {racers.adviser: racers.other_adviser, racers.other_adviser: racers.adviser}

    def place(starts_at: datetime, adviser: User) -> Choice:
        return Choice(racers.type, starts_at, adviser, "in_person", rooms[adviser])

    booked = [
        booking_by(student, place(times[index // 2], [*rooms][index % 2]))()
        for index, student in enumerate(students(20))
    ]
    moves = [
        partial(
            move_booking,
            booking=booking,
            choice=place(times[10 + index % 2], across[booking.adviser]),
            by=booking.student,
        )
        for index, booking in enumerate(booked)
    ]
    outcome = race(moves)
    assert not outcome.broken
    assert outcome.codes <= {"time_taken"}


def grid(cast: Cast) -> list[Choice]:
    """The twelve times of the day."""
    return [
        Choice(cast.type, cast.starts(9) + timedelta(minutes=40 * n), cast.adviser, "in_person", cast.room)
        for n in range(12)
    ]


# Each guard is needed: without it, one of the races above fails.


def test_without_the_lock_an_allocation_is_overrun(racers: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """No constraint can express any 14 days in a row, so only the student's lock enforces this limit."""
    monkeypatch.setattr(choice_module, "lock_people", lambda *people: None)
    policy = AllocationPolicyFactory(limit=1, period=Period.ROLLING_DAYS, rolling_days=14)
    racers.type.policies.set([policy])
    for _ in range(10):
        outcome = race([booking_by(racers.student, choice) for choice in grid(racers)])
        if len(outcome.done) > 1:
            break
        Booking.objects.all().delete()
        AllocationUse.objects.all().delete()
    assert AllocationUse.objects.count() > 1


def test_without_the_constraint_a_room_is_booked_twice(racers: Cast) -> None:
    """Two advisers share a room: they lock different people, so only the exclusion constraint prevents a double
    booking."""
    racers.other_adviser.diary_blocks.get().locations.add(racers.room)
    same_room = [
        Choice(racers.type, racers.starts(9), adviser, "in_person", racers.room)
        for adviser in (racers.adviser, racers.other_adviser)
    ]
    first, second = students(2)
    outcome = race([booking_by(first, same_room[0]), booking_by(second, same_room[1])])
    assert len(outcome.done) == 1
    Booking.objects.all().delete()
    with constraint_removed(Booking, "booking_room_has_one_session"):
        outcome = race([booking_by(first, same_room[0]), booking_by(second, same_room[1])])
        assert len(outcome.done) == 2
        Booking.objects.all().delete()


class constraint_removed:
    def __init__(self, model: type[Booking], name: str) -> None:
        self.model = model
        self.constraint = next(c for c in model._meta.constraints if c.name == name)

    def __enter__(self) -> None:
        with connection.schema_editor() as editor:
            editor.remove_constraint(self.model, self.constraint)

    def __exit__(self, *exception: object) -> None:
        with connection.schema_editor() as editor:
            editor.add_constraint(self.model, self.constraint)


def test_each_client_of_a_race_has_its_own_connection(racers: Cast) -> None:
    """Each client of a race has a connection of its own."""
    seen: list[int] = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.2)")
            seen.append(cursor.fetchone()[0])

    assert not race([look] * CLIENTS).broken
    assert len(set(seen)) == CLIENTS >= 20
