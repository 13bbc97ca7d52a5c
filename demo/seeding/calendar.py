"""Semesters, teaching, reading weeks, exams, bank holidays and closures, computed for the years around today."""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.easter import easter
from psycopg2.extras import DateRange

from eligibility.models import AcademicPeriod, PeriodKind
from retention.rules.clock import bank_holidays, next_working_day

Span = tuple[PeriodKind, str, date, date]
"""Kind, name, first day, day after the last."""

WEEK = timedelta(days=7)


def seed_calendar(today: date) -> None:
    """Creates this academic year, two before and two after it, for the history and for diaries.

    The service is open today, whatever day it is: somebody wants to try it.
    """
    begins = today.year if (today.month, today.day) >= (8, 1) else today.year - 1
    rows = [
        part for year in range(begins - 2, begins + 3) for span in academic_year(year) for part in open_on(today, span)
    ]
    AcademicPeriod.objects.bulk_create(
        [AcademicPeriod(kind=kind, name=name, during=DateRange(first, after)) for kind, name, first, after in rows]
    )


def open_on(today: date, span: Span) -> Iterator[Span]:
    """The span, and if it is a closure of today what lies before and after today."""
    kind, name, first, after = span
    if kind != PeriodKind.CLOSURE or not first <= today < after:
        yield span
        return
    if first < today:
        yield kind, name, first, today
    if today + timedelta(days=1) < after:
        yield kind, name, today + timedelta(days=1), after


def academic_year(year: int) -> Iterator[Span]:
    """The academic year that begins on 1 August of `year`."""
    label = f"{year}/{(year + 1) % 100:02d}"
    one, two = monday_from(date(year, 9, 15)), monday_from(date(year + 1, 1, 28))
    sunday = easter(year + 1)
    vacation = monday_from(sunday - timedelta(days=12)), monday_from(sunday + WEEK)
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
    yield from closures(year, sunday)


def closures(year: int, easter_sunday: date) -> Iterator[Span]:
    """England's bank holidays, the winter closure and the Tuesday after Easter, from 1 August of `year`."""
    longer = {
        "Winter closure": (date(year, 12, 24), next_working_day(date(year + 1, 1, 2))),
        "Easter closure": (easter_sunday - timedelta(days=2), easter_sunday + timedelta(days=3)),
    }
    for name, (first, after) in longer.items():
        yield PeriodKind.CLOSURE, name, first, after
    begins, ends = date(year, 8, 1), date(year + 1, 8, 1)
    for day in (begins + timedelta(days=number) for number in range((ends - begins).days)):
        if day in bank_holidays() and not any(first <= day < after for first, after in longer.values()):
            yield PeriodKind.CLOSURE, bank_holidays()[day], day, day + timedelta(days=1)


def monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
