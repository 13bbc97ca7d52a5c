"""A person's last day of retention, and day of deletion."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from accounts.models import Enrolment, User
from accounts.rules.policy import Policy
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.retention_dates import CourseEnd, kept_until, last_end
from foundation.values.month_days import month_and_day
from retention.models import RetentionWarning


def course_ends(people: Collection[int]) -> dict[int, list[CourseEnd]]:
    """The courses of each person. One query."""
    found: dict[int, list[CourseEnd]] = {}
    rows = Enrolment.objects.filter(student__in=people).values_list(
        "student_id", "status", "completed_on", Coalesce("left_feed_on", "expected_end_on")
    )
    for person, *course in rows:
        found.setdefault(person, []).append(CourseEnd(*course))
    return found


@dataclass(frozen=True, slots=True)
class Dates:
    """None while a course is current, or if its end is unknown."""

    kept_until: date | None
    forgotten_on: date | None


def told_days(people: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """What each person was told: the end of their last course by then, and the day. One query."""
    found: dict[int, list[tuple[date, date]]] = {}
    rows = RetentionWarning.objects.filter(person__in=people).values_list("person_id", "ended_on", "kept_until")
    for person, *told in rows:
        found.setdefault(person, []).append((told[0], told[1]))
    return found


def told_day(told: Iterable[tuple[date, date]], ended_on: date) -> date:
    """The latest day that somebody was told since their last course ended. We delete nothing before it has passed."""
    return max((day for ended, day in told if ended >= ended_on), default=date.min)


def dates_of(person: User, policy: Policy) -> Dates:
    """Two queries for somebody whose courses have ended, otherwise one."""
    courses = course_ends([person.pk]).get(person.pk, [])
    calendar = AcademicCalendar(year_ends=month_and_day(policy.academic_year_ends))
    until, ended_on = kept_until(courses, policy.retention_years, calendar), last_end(courses)
    if until and ended_on:
        until = max(until, told_day(told_days([person.pk]).get(person.pk, ()), ended_on))
    return Dates(until, until + timedelta(days=1) if until else None)
