"""How many are left, for every kind of period, computed from facts alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from eligibility.models import AllocationPolicy, Period, Unit
from eligibility.rules.allocation import allocation_balance, grant_to_use, may_book_at_all, may_take_one, period_of
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.facts import GrantFact, HoldFact, StudentFacts, UseFact
from foundation.values.times import at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CALENDAR = AcademicCalendar(
    semesters=(
        Span("semester:1", "Semester 1", date(2026, 9, 21), date(2027, 1, 23)),
        Span("semester:2", "Semester 2", date(2027, 2, 1), date(2027, 6, 12)),
    )
)


def policy(period: Period, limit: int = 1, days: int | None = None) -> AllocationPolicy:
    return AllocationPolicy(pk=1, name="Careers guidance", limit=limit, period=period, rolling_days=days)


def facts(*used: date, grants: tuple[GrantFact, ...] = (), holds: tuple[HoldFact, ...] = ()) -> StudentFacts:
    uses = tuple(UseFact(1, f"b{n}", day, at(day, datetime.min.time()), "", n) for n, day in enumerate(used))
    return StudentFacts(1, NOON, True, False, (), {}, uses, grants, holds)


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(
    ("period", "used", "asked", "again"),
    [
        (Period.WEEK, date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 30)),
        (Period.MONTH, date(2026, 11, 2), date(2026, 11, 30), date(2026, 12, 1)),
        (Period.SEMESTER, date(2026, 10, 1), date(2026, 12, 1), date(2027, 2, 1)),
        (Period.SEMESTER, date(2026, 10, 1), date(2027, 1, 25), date(2027, 2, 1)),
        (Period.ACADEMIC_YEAR, date(2026, 8, 1), date(2027, 7, 31), date(2027, 8, 1)),
        (Period.EVER, date(2020, 1, 1), date(2026, 12, 1), None),
    ],
)
def test_the_allocation_of_a_period(period: Period, used: date, asked: date, again: date | None) -> None:
    where = allocation_balance(policy(period), facts(used), asked, CALENDAR)
    assert (where.left, where.again_on) == (0, again)
    if again:
        assert allocation_balance(policy(period), facts(used), again, CALENDAR).left == 1


@pytest.mark.policy("ELIG-1")
def test_any_run_of_days_looks_both_ways() -> None:
    rolling = policy(Period.ROLLING_DAYS, days=14)
    used = facts(date(2026, 12, 15))
    assert [allocation_balance(rolling, used, date(2026, 12, d), CALENDAR).left for d in (1, 2, 28, 29)] == [1, 0, 0, 1]


@given(
    used=st.lists(st.integers(0, 60), max_size=8),
    asked=st.integers(0, 60),
    length=st.integers(1, 30),
    limit=st.integers(1, 4),
)
def test_no_run_of_days_ever_holds_more_than_the_limit(used: list[int], asked: int, length: int, limit: int) -> None:
    """Compared with the definition: after an allowed booking, every run of that many days around it keeps the limit."""
    base = date(2026, 9, 1)
    days = [base + timedelta(days=n) for n in used]
    on = base + timedelta(days=asked)
    left = allocation_balance(policy(Period.ROLLING_DAYS, limit, length), facts(*days), on, CALENDAR).left
    runs = [on - timedelta(days=n) for n in range(length)]
    fits = all(sum(first <= day < first + timedelta(days=length) for day in [*days, on]) <= limit for first in runs)
    assert (left > 0) is fits


@pytest.mark.policy("ELIG-1")
def test_at_one_time_counts_what_is_still_to_come() -> None:
    at_once = policy(Period.AT_ONE_TIME)
    assert allocation_balance(at_once, facts(TODAY - timedelta(days=1)), TODAY, CALENDAR).left == 1
    assert allocation_balance(at_once, facts(TODAY + timedelta(days=9)), TODAY, CALENDAR).left == 0


@pytest.mark.policy("ELIG-2")
def test_a_grant_adds_to_its_days_only() -> None:
    grant = GrantFact(1, 1, date(2026, 12, 1), date(2026, 12, 31))
    used = facts(date(2026, 10, 1), grants=(grant,))
    semester = policy(Period.SEMESTER)
    assert may_take_one([semester], used, date(2026, 12, 31), CALENDAR)
    assert not may_take_one([semester], used, date(2027, 1, 4), CALENDAR)


def test_a_booking_being_moved_does_not_count() -> None:
    used = facts(date(2026, 12, 1))
    assert not may_take_one([policy(Period.SEMESTER)], used, date(2026, 12, 8), CALENDAR)
    assert may_take_one([policy(Period.SEMESTER)], used, date(2026, 12, 8), CALENDAR, except_source="b0")


@pytest.mark.policy("ELIG-1")
def test_every_limit_that_is_used_up_is_named(snapshot: SnapshotAssertion) -> None:
    fortnight, semester = policy(Period.ROLLING_DAYS, days=14), policy(Period.SEMESTER)
    decision = may_take_one([fortnight, semester], facts(TODAY), TODAY + timedelta(days=1), CALENDAR)
    assert decision.code == "allocation_used"
    assert [(detail.message, detail.remedy) for detail in decision.details] == snapshot


@pytest.mark.policy("ELIG-3")
def test_a_hold_refuses_until_its_end_and_says_how_to_appeal() -> None:
    hold = HoldFact("You have missed three appointments.", TODAY - timedelta(days=3), TODAY + timedelta(days=4))
    held = facts(holds=(hold,))
    decision = may_book_at_all(held, TODAY)
    assert decision.code == "on_hold"
    assert "Friday 27 November 2026" in decision.message
    assert "appeal" in decision.remedy
    after = replace(held, now=NOON + timedelta(days=4))
    assert may_book_at_all(after, TODAY + timedelta(days=4))


def test_the_vacation_counts_with_the_semester_before_it() -> None:
    span = period_of(policy(Period.SEMESTER), date(2027, 7, 1), CALENDAR)
    assert span.key == "semester:2"


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(
    ("period", "days", "used", "asked", "minutes", "left"),
    [
        (Period.DAY, None, [(date(2026, 10, 25), 30)], date(2026, 10, 25), 30, 30),
        (Period.DAY, None, [(date(2026, 10, 25), 30)], date(2026, 10, 25), 45, 0),
        (Period.DAY, None, [(date(2026, 10, 25), 60)], date(2026, 10, 26), 60, 60),
        (Period.WEEK, None, [(date(2026, 11, 23), 20), (date(2026, 11, 27), 20)], date(2026, 11, 29), 20, 20),
        (Period.WEEK, None, [(date(2026, 11, 23), 20), (date(2026, 11, 27), 20)], date(2026, 11, 29), 21, 0),
        (Period.ROLLING_DAYS, 14, [(date(2026, 12, 15), 60)], date(2026, 12, 28), 10, 0),
        (Period.ROLLING_DAYS, 14, [(date(2026, 12, 15), 60)], date(2026, 12, 29), 10, 60),
        (Period.AT_ONE_TIME, None, [(date(2026, 12, 15), 40)], date(2026, 12, 29), 20, 20),
        (Period.AT_ONE_TIME, None, [(date(2026, 12, 15), 40)], date(2026, 12, 29), 30, 0),
    ],
)
def test_an_allocation_of_minutes(
    period: Period, days: int | None, used: list[tuple[date, int]], asked: date, minutes: int, left: int
) -> None:
    hour = replace_unit(policy(period, 60, days))
    uses = tuple(
        UseFact(1, f"b{n}", day, at(day, datetime.min.time()), "", n, minutes=length)
        for n, (day, length) in enumerate(used)
    )
    student = replace(facts(), uses=uses)
    where = allocation_balance(hour, student, asked, CALENDAR, minutes=minutes)
    assert where.left == left
    assert bool(may_take_one([hour], student, asked, CALENDAR, minutes=minutes)) == (left >= minutes)
    assert "minutes" in where.counted
    assert where.remaining >= left


def replace_unit(found: AllocationPolicy) -> AllocationPolicy:
    found.unit = Unit.MINUTES
    return found


@pytest.mark.policy("ELIG-2")
def test_a_granted_appointment_is_one_of_any_length() -> None:
    hour, day = replace_unit(policy(Period.WEEK, 60)), date(2026, 11, 25)
    used = UseFact(1, "b", day, at(day, datetime.min.time()), "", 1, minutes=60)
    grant = GrantFact(1, 1, day, day, 7)
    student = replace(facts(grants=(grant,)), uses=(used,))
    assert allocation_balance(hour, student, day, CALENDAR, minutes=45).left == 45
    assert grant_to_use(hour, student, day, CALENDAR, "new", 45) == (7, 1)
    assert grant_to_use(hour, replace(student, uses=()), day, CALENDAR, "new", 45) is None
    assert grant_to_use(hour, replace(student, uses=()), day, CALENDAR, "new", 61) == (7, 1)
