"""Until when information about a person is kept (DATA-4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Status
from careerconnect.foundation.times import years_after
from eligibility.calendar import AcademicCalendar


@dataclass(frozen=True, slots=True)
class CourseEnd:
    status: str
    completed_on: date | None


def kept_until(courses: Iterable[CourseEnd], years: int, calendar: AcademicCalendar) -> date | None:
    """The last day: so many years after the end of the academic year in which the last course was completed.

    None while a course is under way (or interrupted), and where the University has not said when it ended.
    """
    known = list(courses)
    ends = [course.completed_on for course in known if course.completed_on]
    if not ends or any(course.status in (Status.CURRENT, Status.INTERRUPTED) for course in known):
        return None
    last_day = calendar.academic_year_of(max(ends)).after - timedelta(days=1)
    return years_after(last_day, years)
