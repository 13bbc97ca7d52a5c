"""A person's last day of retention, and day of deletion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from accounts.models import Enrolment, User
from accounts.rules.policy import Policy
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.retention_dates import CourseEnd, kept_until
from foundation.values.month_days import month_and_day


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


def dates_of(person: User, policy: Policy) -> Dates:
    """One query."""
    courses = course_ends([person.pk]).get(person.pk, [])
    calendar = AcademicCalendar(year_ends=month_and_day(policy.academic_year_ends))
    until = kept_until(courses, policy.retention_years, calendar)
    return Dates(until, until + timedelta(days=1) if until else None)
