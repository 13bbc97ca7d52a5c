"""Finds the first day that a student may book without checking every day of the window (ELIG-1)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.rules.policy import policy_from
from appointments.models import AppointmentType
from appointments.rules.booking import may_book_on
from appointments.selectors.student_types import first_bookable_day
from eligibility.models import AllocationPolicy, Audience, Period
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.facts import ActivityFact, Context, CourseFact, GrantFact, HoldFact, StudentFacts, UseFact
from foundation.values.times import at

pytestmark = pytest.mark.policy("ELIG-1")

NOW = at(date(2026, 11, 23), time(10))
TODAY = date(2026, 11, 23)
WINDOW = 30
EVERYBODY, RESEARCH = {"everybody": True}, {"course": {"level": ["postgraduate_research"]}}
GRADUATE = {"course": {"status": ["completed"], "completed_within_years": 2}}
PAST_GRADUATE = {"course": {"status": ["completed"], "completed_more_than_years": 2}}
ENDING = {"course": {"ends_within_months": 1}}


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


def moment(ahead: int) -> datetime:
    return at(day(ahead), time(11))


def course(**more: Any) -> CourseFact:
    said = ("history", "Arts", "Humanities", "undergraduate", "full_time", "current", "home", 2, False, None)
    return replace(CourseFact(*said), **more)


def facts(*courses: CourseFact, **more: Any) -> StudentFacts:
    return replace(StudentFacts(1, NOW, True, False, courses or (course(),), {}, (), (), ()), **more)


def appointment_type(
    rule: dict[str, Any], coming: list[Any] | None = None, limits: tuple[AllocationPolicy, ...] = (), **more: Any
) -> AppointmentType:
    made = AppointmentType(name="Talk", audience=Audience(rule=rule, coming=coming or []), horizon_days=WINDOW, **more)
    made.limits = list(limits)
    return made


def policy(period: Period, **more: Any) -> AllocationPolicy:
    return AllocationPolicy(pk=1, name="Talks", limit=1, period=period, **more)


def use(ahead: int) -> UseFact:
    return UseFact(1, f"b{ahead}", day(ahead), moment(ahead), "", 1)


HELD = HoldFact("Please talk with us first.", day(0), day(12))
FORTNIGHT = policy(Period.ROLLING_DAYS, rolling_days=14)

CASES: dict[str, tuple[AppointmentType, StudentFacts, int | None]] = {
    "open to all": (appointment_type(EVERYBODY), facts(), 0),
    "for others": (appointment_type(RESEARCH), facts(), None),
    "for others until a coming rule": (appointment_type(RESEARCH, [[str(day(9)), EVERYBODY]]), facts(), 9),
    "for others until after the window": (appointment_type(RESEARCH, [[str(day(31)), EVERYBODY]]), facts(), None),
    "open on the last day": (appointment_type(RESEARCH, [[str(day(30)), EVERYBODY]]), facts(), 30),
    "second of two coming rules": (
        appointment_type(RESEARCH, [[str(day(4)), {"group": "aspire"}], [str(day(8)), EVERYBODY]]),
        facts(),
        8,
    ),
    "course that ends soon enough later": (
        appointment_type(ENDING),
        facts(course(expected_end_on=date(2027, 1, 4))),
        11,
    ),
    "completed long enough ago later": (
        appointment_type(PAST_GRADUATE),
        facts(course(status="completed", completed_on=date(2024, 12, 1))),
        9,
    ),
    "completed too long ago": (
        appointment_type(GRADUATE),
        facts(course(status="completed", completed_on=date(2024, 11, 22))),
        None,
    ),
    "not for those who did it lately": (
        appointment_type({"none": [{"activity": "cv", "completed": True, "within_days": 5}]}),
        facts(activities={"cv": ActivityFact(day(-3), None, 0)}),
        3,
    ),
    "on hold today": (appointment_type(EVERYBODY), facts(holds=(HELD,)), None),
    "on hold from tomorrow": (appointment_type(EVERYBODY), facts(holds=(replace(HELD, first=day(1)),)), 0),
    "on hold, and open to those on hold": (appointment_type(EVERYBODY, open_on_hold=True), facts(holds=(HELD,)), 0),
    "account closed": (appointment_type(EVERYBODY), facts(is_active=False), None),
    "no longer offered": (appointment_type(EVERYBODY, is_offered=False), facts(), None),
    "used up for a fortnight": (appointment_type(EVERYBODY, limits=(FORTNIGHT,)), facts(uses=(use(0),)), 14),
    "used up, and granted one later": (
        appointment_type(EVERYBODY, limits=(FORTNIGHT,)),
        facts(uses=(use(0),), grants=(GrantFact(1, 1, day(6), day(9)),)),
        6,
    ),
    "used up for the month": (
        appointment_type(EVERYBODY, limits=(policy(Period.MONTH),)),
        facts(uses=(use(0),)),
        8,
    ),
    "used up for ever": (
        appointment_type(EVERYBODY, limits=(policy(Period.EVER),)),
        facts(uses=(use(-90),)),
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_first_day_is_the_first_that_the_rules_allow(case: str) -> None:
    type, student, ahead = CASES[case]
    context = Context(student, AcademicCalendar(), policy_from({}))
    allowed = [day(number) for number in range(WINDOW + 1) if may_book_on(type, context, day(number))]
    assert first_bookable_day(type, context) == next(iter(allowed), None)
    assert first_bookable_day(type, context) == (None if ahead is None else day(ahead))


class CountedList(list[AllocationPolicy]):
    """Counts reads. A decision about a day reads a type's limits once, and what follows a refusal reads them once
    more."""

    reads = 0

    def __iter__(self) -> Iterator[AllocationPolicy]:
        self.reads += 1
        return super().__iter__()


@pytest.mark.parametrize("case", ["for others", "on hold today", "account closed", "used up for ever"])
def test_no_further_day_is_asked_about_where_none_can_be_allowed(case: str) -> None:
    type, student, _ = CASES[case]
    limits = type.limits = CountedList(type.limits)
    assert first_bookable_day(type, Context(student, AcademicCalendar(), policy_from({}))) is None
    assert limits.reads <= 2
