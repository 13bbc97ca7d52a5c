"""Arriving too late, and moving or cancelling inside the notice: each costs what the type says (ELIG-2, ELIG-3)."""

from datetime import date, time, timedelta

import pytest

from appointments.models import AppointmentType, Booking
from appointments.operations.attendance import mark_attendance, undo_mark
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.operations.move import move_booking
from appointments.operations.undo_cancellation import undo_cancellation
from eligibility.models import AllocationUse, Period, Strike
from foundation.outcomes.refusals import Refused
from foundation.values.times import at
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import AllocationPolicyFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-2", "ELIG-3")]

DAY = date(2027, 1, 13)
NINE = at(DAY, time(9))
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def winter(cast: Cast) -> Cast:
    """Two days before Wednesday 13 January 2027; a day of notice, and three appointments a month."""
    cast.day = DAY
    publish(cast.adviser, cast.type, cast.room, cast.online, day=DAY)
    publish(cast.adviser, cast.type, cast.room, cast.online, day=DAY + timedelta(days=1))
    cast.type.policies.set([AllocationPolicyFactory(limit=3, period=Period.MONTH)])
    stop_database_clock(NINE - timedelta(days=2))
    return cast


def asks(cast: Cast, **fields: object) -> None:
    AppointmentType.objects.filter(pk=cast.type.pk).update(**fields)
    cast.type.refresh_from_db()


def booked(cast: Cast, hour: int = 9) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)


def tomorrow(cast: Cast, hour: int = 9) -> object:
    return cast.choice(hour, day=DAY + timedelta(days=1))


def cost() -> tuple[int, list[str]]:
    return AllocationUse.objects.filter(consumes=True).count(), list(Strike.objects.values_list("how", flat=True))


def refusal(attempt: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as refused:
        attempt(*args, **kwargs)
    return refused.value.code


COSTS = [("counts", (1, [])), ("miss", (1, ["cancelled_late"]))]


@pytest.mark.parametrize(("late", "costs"), COSTS)
@pytest.mark.parametrize("moves", [False, True])
def test_moving_and_then_cancelling_costs_what_cancelling_costs(
    winter: Cast, late: str, costs: tuple[int, list[str]], moves: bool
) -> None:
    """Five minutes before the start: moved to tomorrow and then cancelled a day ahead, or cancelled at once."""
    asks(winter, cancel_notice_minutes=60, late_cancelling=late)
    booking = booked(winter)
    stop_database_clock(NINE - timedelta(minutes=5))
    if moves:
        booking = move_booking(booking=booking, choice=tomorrow(winter), by=winter.student)
        assert cost() == (2, costs[1])
    cancel_booking(booking=booking, by=winter.student)
    assert cost() == costs
    assert {use.on for use in AllocationUse.objects.all()} == {DAY}
    assert set(Strike.objects.values_list("on", "type")) <= {(DAY, winter.type.slug)}


@pytest.mark.parametrize("late", ["counts", "miss"])
def test_in_time_neither_costs_anything(winter: Cast, late: str) -> None:
    asks(winter, cancel_notice_minutes=60, late_cancelling=late)
    booking = booked(winter)
    stop_database_clock(NINE - timedelta(minutes=60))
    moved = move_booking(booking=booking, choice=tomorrow(winter), by=winter.student)
    assert cost() == (1, [])
    cancel_booking(booking=moved, by=winter.student)
    assert cost() == (0, [])


def test_inside_the_notice_both_are_refused_where_the_type_says_so(winter: Cast) -> None:
    asks(winter, cancel_notice_minutes=60, late_cancelling="refused")
    booking = booked(winter)
    stop_database_clock(NINE - timedelta(minutes=60) + MOMENT)
    assert refusal(cancel_booking, booking=booking, by=winter.student) == "inside_notice"
    assert refusal(move_booking, booking=booking, choice=tomorrow(winter), by=winter.student) == "inside_notice"
    assert cost() == (1, [])
    cancel_booking(booking=booking, by=winter.adviser, by_service=True)
    assert cost() == (0, [])


def test_a_late_move_needs_another_of_the_allocation_and_staff_move_freely(winter: Cast) -> None:
    winter.type.policies.set([AllocationPolicyFactory(limit=1, period=Period.MONTH)])
    asks(winter, cancel_notice_minutes=60)
    winter.type = AppointmentType.objects.get(pk=winter.type.pk)
    booking = booked(winter)
    stop_database_clock(NINE - timedelta(minutes=5))
    assert refusal(move_booking, booking=booking, choice=tomorrow(winter), by=winter.student) == "allocation_used"
    booking.refresh_from_db()
    assert (booking.starts_at, cost()) == (NINE, (1, []))
    move_booking(booking=booking, choice=tomorrow(winter), by=winter.adviser)
    assert cost() == (1, [])


def test_an_appointment_that_we_asked_to_move_costs_nothing(winter: Cast) -> None:
    asks(winter, cancel_notice_minutes=60, late_cancelling="miss")
    booking = booked(winter)
    Booking.objects.filter(pk=booking.pk).update(move_asked_at=NINE - timedelta(days=2))
    stop_database_clock(NINE - timedelta(minutes=5))
    cancel_booking(booking=booking, by=winter.student)
    assert cost() == (0, [])


def test_undoing_a_late_cancellation_removes_its_miss(winter: Cast) -> None:
    asks(winter, cancel_notice_minutes=60, late_cancelling="miss")
    booking = booked(winter)
    stop_database_clock(NINE - timedelta(minutes=5))
    cancelled = cancel_booking(booking=booking, by=winter.student, undo=True)
    assert cost() == (1, ["cancelled_late"])
    undo_cancellation(booking=cancelled, by=winter.student)
    assert cost() == (1, [])


LATE = [
    # minutes, percent of 50, minutes late, status, how
    (10, None, 10, "attended", []),
    (10, None, 12, "missed", ["late"]),
    (10, 50, 25, "attended", []),
    (10, 50, 26, "missed", ["late"]),
    (0, None, 40, "attended", []),
]


@pytest.mark.parametrize(("minutes", "percent", "late", "status", "how"), LATE)
def test_too_late_is_missed(
    winter: Cast, minutes: int, percent: int | None, late: int, status: str, how: list[str]
) -> None:
    asks(winter, late_after_minutes=minutes, late_after_percent=percent, minutes=50)
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=45))
    marked = mark_attendance(booking=booking, outcome="late", by=winter.adviser, minutes_late=late, undo=True)
    assert (marked.status, marked.minutes_late) == (status, late)
    assert cost() == (1, how)
    undo_mark(booking=marked, by=winter.adviser)
    booking.refresh_from_db()
    assert (booking.status, booking.minutes_late) == ("booked", None)
    assert cost() == (1, [])


@pytest.mark.parametrize(("minutes", "percent", "up"), [(10, None, 10), (10, 50, 25), (0, None, 50)])
def test_missed_is_not_accepted_before_the_time_is_up(winter: Cast, minutes: int, percent: int | None, up: int) -> None:
    asks(winter, late_after_minutes=minutes, late_after_percent=percent, minutes=50)
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=up) - MOMENT)
    assert refusal(mark_attendance, booking=booking, outcome="missed", by=winter.adviser) == "not_begun"
    stop_database_clock(NINE + timedelta(minutes=up))
    assert mark_attendance(booking=booking, outcome="missed", by=winter.adviser).status == "missed"


def test_lateness_is_not_recorded_before_it_has_passed(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=5))
    attempt = {"booking": booking, "outcome": "late", "by": winter.adviser, "minutes_late": 12}
    assert refusal(mark_attendance, **attempt) == "not_begun"
    mark_attendance(booking=booking, outcome="arrived", by=winter.front_desk)
    stop_database_clock(NINE + timedelta(minutes=12))
    assert mark_attendance(**attempt).status == "missed"
