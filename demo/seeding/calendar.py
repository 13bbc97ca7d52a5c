"""Semesters, teaching, reading weeks, exams, bank holidays and closures, computed for the years around today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from psycopg2.extras import DateRange

from eligibility.models import AcademicPeriod, PeriodKind

Span = tuple[PeriodKind, str, date, date]
"""Kind, name, first day, first day after."""

WEEK = timedelta(days=7)


def seed_calendar(today: date) -> None:
    """This academic year, two before and two after it: history reaches back and diaries look ahead."""
    begins = today.year if (today.month, today.day) >= (8, 1) else today.year - 1
    rows = [span for year in range(begins - 2, begins + 3) for span in academic_year(year)]
    AcademicPeriod.objects.bulk_create(
        [AcademicPeriod(kind=kind, name=name, during=DateRange(first, after)) for kind, name, first, after in rows]
    )


def academic_year(year: int) -> Iterator[Span]:
    """The year that begins on 1 August of `year`."""
    label = f"{year}/{(year + 1) % 100:02d}"
    one, two = monday_from(date(year, 9, 15)), monday_from(date(year + 1, 1, 28))
    easter = easter_sunday(year + 1)
    vacation = monday_from(easter - timedelta(days=12)), monday_from(easter + WEEK)
    weeks_before = (vacation[0] - two) // WEEK
    over = vacation[1] + (12 - weeks_before) * WEEK
    exams = over + WEEK
    yield PeriodKind.SEMESTER, f"Semester 1, {label}", one, two
    yield PeriodKind.TERM, f"Autumn teaching, {label}", one, one + 12 * WEEK
    yield PeriodKind.READING_WEEK, f"Autumn reading week, {label}", one + 6 * WEEK, one + 7 * WEEK
    yield PeriodKind.EXAMS, f"January exams, {label}", two - 3 * WEEK, two - WEEK
    yield PeriodKind.SEMESTER, f"Semester 2, {label}", two, exams + 3 * WEEK
    yield PeriodKind.TERM, f"Spring teaching, {label}", two, vacation[0]
    yield PeriodKind.READING_WEEK, f"Spring reading week, {label}", two + 4 * WEEK, two + 5 * WEEK
    yield PeriodKind.TERM, f"Summer teaching, {label}", vacation[1], over
    yield PeriodKind.EXAMS, f"Summer exams, {label}", exams, exams + 3 * WEEK
    yield from closures(year, easter)


def closures(year: int, easter: date) -> Iterator[Span]:
    """England's bank holidays, the winter closure and the Tuesday after Easter, from 1 August of `year`."""
    first_days = {
        "Summer bank holiday": last_monday(date(year, 8, 31)),
        "Early May bank holiday": monday_from(date(year + 1, 5, 1)),
        "Spring bank holiday": last_monday(date(year + 1, 5, 31)),
    }
    for name, day in first_days.items():
        yield PeriodKind.CLOSURE, name, day, day + timedelta(days=1)
    back = first_working_day_from(date(year + 1, 1, 2), substitute=date(year + 1, 1, 1).weekday() >= 5)
    yield PeriodKind.CLOSURE, "Winter closure", date(year, 12, 24), back
    yield PeriodKind.CLOSURE, "Easter closure", easter - timedelta(days=2), easter + timedelta(days=3)


def first_working_day_from(day: date, substitute: bool) -> date:
    """`substitute`: New Year's Day fell on a weekend, so the next Monday is the holiday."""
    while day.weekday() >= 5 or (substitute and day.weekday() == 0):
        day += timedelta(days=1)
    return day


def monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def last_monday(last: date) -> date:
    return last - timedelta(days=last.weekday())


def easter_sunday(year: int) -> date:
    """Gauss's rule for the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
