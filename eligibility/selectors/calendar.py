from collections.abc import Iterable
from datetime import date

from eligibility.models import AcademicPeriod, PeriodKind
from eligibility.rules.calendar import AcademicCalendar, spans
from foundation.values.month_days import month_and_day

PeriodRow = tuple[int, str, str, date, date]
"""Key, kind, name, first day, day after the last."""


def academic_calendar(year_ends: str) -> AcademicCalendar:
    """One query. `year_ends` is the policy setting `academic_year_ends`."""
    rows = [
        (pk, kind, name, during.lower, during.upper)
        for pk, kind, name, during in AcademicPeriod.objects.values_list("pk", "kind", "name", "during")
    ]
    return calendar_from(rows, year_ends)


def calendar_from(rows: Iterable[PeriodRow], year_ends: str) -> AcademicCalendar:
    listed = list(rows)
    return AcademicCalendar(
        semesters=spans(listed, PeriodKind.SEMESTER),
        terms=spans(listed, PeriodKind.TERM),
        closures=spans(listed, PeriodKind.CLOSURE),
        year_ends=month_and_day(year_ends),
    )
