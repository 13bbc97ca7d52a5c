"""Where a period begins and ends, for a student who books, moves, cancels, misses or has a grant (ELIG-1, ELIG-2)."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import User
from appointments.models import AppointmentType, Booking
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details, Override
from appointments.operations.move import move_booking
from eligibility.models import AllocationPolicy, AllocationUse, Grant, Period, PeriodKind
from eligibility.operations.circumstances import accept_circumstances
from foundation.outcomes.refusals import Refused
from foundation.values.times import at
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import period, publish

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1", "ELIG-2")]

NOW = at(date(2026, 9, 1), time(9))


@pytest.fixture
def year() -> Cast:
    """Booking up to 400 days ahead, with two semesters and a vacation between them."""
    stop_database_clock(NOW)
    cast = assemble()
    cast.type.horizon_days = 400
    cast.type.save()
    period(PeriodKind.SEMESTER, date(2026, 9, 21), date(2027, 1, 23), "Semester 1")
    period(PeriodKind.SEMESTER, date(2027, 2, 1), date(2027, 6, 12), "Semester 2")
    return cast


def limit(cast: Cast, kind: str, most: int = 1, days: int | None = None) -> AllocationPolicy:
    policy = AllocationPolicy.objects.create(
        slug=f"{kind}-limit", name="Guidance", limit=most, period=kind, rolling_days=days
    )
    cast.type.policies.set([policy])
    return policy


def raise_to(cast: Cast, policy: AllocationPolicy, most: int) -> None:
    """Changes a limit. A type caches its limits, so it is fetched again, as in the next request."""
    policy.limit = most
    policy.save()
    cast.type = AppointmentType.objects.get(pk=cast.type.pk)


def choice(cast: Cast, day: date, hour: int = 9) -> Choice:
    if not cast.adviser.diary_blocks.filter(local_date=day).exists():
        publish(cast.adviser, cast.type, cast.room, cast.online, day=day)
    return cast.choice(hour, day=day)


def book(cast: Cast, day: date, hour: int = 9, by: User | None = None, override: Override | None = None) -> Booking:
    return book_appointment(
        student=cast.student,
        choice=choice(cast, day, hour),
        details=Details(),
        by=by or cast.student,
        override=override,
    )


def refused(cast: Cast, day: date, hour: int = 9) -> str:
    with pytest.raises(Refused) as found:
        book(cast, day, hour)
    return found.value.code


def later(moment: datetime) -> None:
    stop_database_clock(moment)


@pytest.mark.parametrize(
    ("kind", "days", "last", "first"),
    [
        # The weeks of the Sundays when the clocks go back and when they go forward.
        (Period.WEEK, None, date(2026, 10, 25), date(2026, 10, 26)),
        (Period.WEEK, None, date(2027, 3, 28), date(2027, 3, 29)),
        (Period.MONTH, None, date(2026, 10, 31), date(2026, 11, 1)),
        (Period.MONTH, None, date(2027, 2, 28), date(2027, 3, 1)),
        # The vacation counts with the semester before it.
        (Period.SEMESTER, None, date(2027, 1, 31), date(2027, 2, 1)),
        (Period.ACADEMIC_YEAR, None, date(2027, 7, 31), date(2027, 8, 1)),
    ],
)
def test_the_last_day_counts_and_the_next_is_a_new_period(
    year: Cast, kind: str, days: int | None, last: date, first: date
) -> None:
    limit(year, kind, days=days)
    book(year, last)
    assert refused(year, last, 11) == "allocation_used"
    assert book(year, first)
    assert refused(year, first, 11) == "allocation_used"


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_run_of_days_across_a_clock_change(year: Cast, day: date) -> None:
    """Two weeks are fourteen local days, whether they last 335, 336 or 337 hours."""
    limit(year, Period.ROLLING_DAYS, days=14)
    book(year, day)
    assert refused(year, day + timedelta(days=13)) == "allocation_used"
    assert refused(year, day - timedelta(days=13)) == "allocation_used"
    assert book(year, day + timedelta(days=14))
    assert book(year, day - timedelta(days=14))


def test_ever_means_ever(year: Cast) -> None:
    limit(year, Period.EVER)
    book(year, date(2026, 10, 5))
    assert refused(year, date(2027, 9, 6)) == "allocation_used"


def test_at_one_time_is_free_again_when_it_is_over(year: Cast) -> None:
    limit(year, Period.AT_ONE_TIME)
    first = book(year, date(2026, 10, 5))
    assert refused(year, date(2026, 12, 7)) == "allocation_used"
    later(first.ends_at + timedelta(seconds=1))
    assert book(year, date(2026, 12, 7))


def test_of_several_limits_the_strictest_applies(year: Cast) -> None:
    semester = limit(year, Period.SEMESTER, most=3)
    fortnight = AllocationPolicy.objects.create(
        slug="fortnight", name="Guidance", limit=1, period=Period.ROLLING_DAYS, rolling_days=14
    )
    year.type.policies.add(fortnight)
    for day in (date(2026, 10, 5), date(2026, 10, 19), date(2026, 11, 2)):
        book(year, day)
    assert refused(year, date(2026, 11, 5)) == "allocation_used"
    assert refused(year, date(2026, 11, 30)) == "allocation_used"
    raise_to(year, semester, 4)
    assert book(year, date(2026, 11, 30))


def test_a_move_moves_its_use_and_does_not_count_against_itself(year: Cast) -> None:
    limit(year, Period.MONTH)
    booking = book(year, date(2026, 10, 30))
    moved = move_booking(booking=booking, choice=choice(year, date(2026, 10, 5)), by=year.student)
    assert AllocationUse.objects.get().on == date(2026, 10, 5)
    moved = move_booking(booking=moved, choice=choice(year, date(2026, 11, 2)), by=year.student)
    assert AllocationUse.objects.get().period_key == "month:2026-11"
    assert book(year, date(2026, 10, 30), 11)
    with pytest.raises(Refused) as found:
        move_booking(booking=moved, choice=choice(year, date(2026, 10, 9)), by=year.student)
    assert found.value.code == "allocation_used"


def test_cancelled_in_time_it_is_given_back_and_late_it_is_not(year: Cast) -> None:
    limit(year, Period.SEMESTER)
    year.type.cancel_notice_minutes = 24 * 60
    year.type.save()
    booking = book(year, date(2026, 10, 26))
    later(booking.starts_at - timedelta(hours=24))
    cancel_booking(booking=booking, by=year.student)
    again = book(year, date(2026, 10, 28))
    later(again.starts_at - timedelta(hours=24) + timedelta(seconds=1))
    cancel_booking(booking=again, by=year.student)
    assert refused(year, date(2026, 11, 9)) == "allocation_used"


def test_missed_it_counts_and_accepted_circumstances_give_one_more_altogether(year: Cast) -> None:
    limit(year, Period.SEMESTER)
    booking = book(year, date(2026, 10, 26))
    later(booking.ends_at)
    mark_attendance(booking=booking, outcome="missed", by=year.adviser)
    assert refused(year, date(2026, 11, 9)) == "allocation_used"
    (strike,) = year.student.strikes.all()
    accept_circumstances(strike=strike, because="In hospital.", by=year.manager)
    assert Grant.objects.get().expires_on > date(2027, 2, 15), "a full period from the decision"
    assert book(year, date(2026, 11, 9))
    assert refused(year, date(2026, 11, 16)) == "allocation_used"
    assert book(year, date(2027, 2, 8))
    assert refused(year, date(2027, 2, 15)) == "allocation_used"


def test_a_grant_is_for_its_days_both_included(year: Cast) -> None:
    policy = limit(year, Period.ACADEMIC_YEAR)
    book(year, date(2026, 9, 28))
    Grant.objects.create(
        student=year.student, policy=policy, starts_on=date(2026, 10, 25), expires_on=date(2026, 11, 1),
        reason="Placement interview.", granted_by=year.manager,
    )  # fmt: skip
    assert refused(year, date(2026, 10, 24)) == "allocation_used"
    assert refused(year, date(2026, 11, 2)) == "allocation_used"
    assert book(year, date(2026, 11, 1))
    assert refused(year, date(2026, 10, 26)) == "allocation_used"


@pytest.mark.parametrize("counts", [True, False])
def test_what_staff_book_over_a_limit_counts_or_does_not_as_they_say(year: Cast, counts: bool) -> None:
    policy = limit(year, Period.SEMESTER)
    book(year, date(2026, 10, 5))
    extra = book(year, date(2026, 10, 12), by=year.adviser, override=Override("Interview tomorrow.", counts=counts))
    assert AllocationUse.objects.filter(source_id=extra.public_id, consumes=True).exists() is counts
    raise_to(year, policy, 2)
    if counts:
        assert refused(year, date(2026, 10, 19)) == "allocation_used"
    else:
        assert book(year, date(2026, 10, 19))
