"""Until when information about a person is kept (DATA-4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Status
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.times import years_after


@dataclass(frozen=True, slots=True)
class CourseEnd:
    """`left_on`: for a course that was given up, the day it left the student feed, or was to end."""

    status: str
    completed_on: date | None
    left_on: date | None = None

    @property
    def ended_on(self) -> date | None:
        return self.completed_on or (self.left_on if self.status == Status.WITHDRAWN else None)


def kept_until(courses: Iterable[CourseEnd], years: int, calendar: AcademicCalendar) -> date | None:
    """The last day: so many years after the end of the academic year in which the last course was completed
    (or given up).

    None while a course is under way (or interrupted), and where the University has not said when it ended.
    """
    known = list(courses)
    ends = [course.ended_on for course in known if course.ended_on]
    if not ends or any(course.status in (Status.CURRENT, Status.INTERRUPTED) for course in known):
        return None
    last_day = calendar.academic_year_of(max(ends)).after - timedelta(days=1)
    return years_after(last_day, years)


def forgotten_if_ended_by(night: date, years: int, calendar: AcademicCalendar) -> date:
    """The same question from the other side: whose last course ended by that day is kept until the day before `night`
    or an earlier one, and everybody else longer."""
    month, day = calendar.year_ends
    year = night.year - years
    while years_after(date(year, month, day), years) >= night:
        year -= 1
    return date(year, month, day)
