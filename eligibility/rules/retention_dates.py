"""Until when a person's data is kept (DATA-4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Status
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.times import years_after


@dataclass(frozen=True, slots=True)
class CourseEnd:
    """`left_on`: for a withdrawn course, the day it left the student feed, or else its expected end."""

    status: str
    completed_on: date | None
    left_on: date | None = None

    @property
    def ended_on(self) -> date | None:
        return self.completed_on or (self.left_on if self.status == Status.WITHDRAWN else None)


def last_end(courses: Iterable[CourseEnd]) -> date | None:
    return max((course.ended_on for course in courses if course.ended_on), default=None)


def kept_until(courses: Iterable[CourseEnd], years: int, calendar: AcademicCalendar) -> date | None:
    """The last day on which data is kept: `years` years after the end of the academic year in which the last course was
    completed (or withdrawn from).

    None while a course is current or interrupted, or if the end of the course is unknown.
    """
    known = list(courses)
    ended_on = last_end(known)
    if ended_on is None or any(course.status in (Status.CURRENT, Status.INTERRUPTED) for course in known):
        return None
    last_day = calendar.academic_year_of(ended_on).after - timedelta(days=1)
    return years_after(last_day, years)


def forgotten_if_ended_by(night: date, years: int, calendar: AcademicCalendar) -> date:
    """The inverse of `kept_until`: people whose last course ended by this day are due on `night`, all others later."""
    month, day = calendar.year_ends
    year = night.year - years
    while years_after(date(year, month, day), years) >= night:
        year -= 1
    return date(year, month, day)
