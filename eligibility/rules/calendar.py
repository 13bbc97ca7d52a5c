"""The academic calendar as plain values: the period of a day, and when the service is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of days: `after` is the day after the last."""

    key: str
    name: str
    first: date
    after: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.after


@dataclass(frozen=True, slots=True)
class AcademicCalendar:
    semesters: tuple[Span, ...] = ()
    terms: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()
    year_ends: tuple[int, int] = (7, 31)
    """Month and day of the last day of the academic year (a policy setting)."""

    def semester_of(self, day: date) -> Span:
        """The semester of a day. A vacation belongs to the semester before it."""
        return _with_vacation("semester", self.semesters, day)

    def term_of(self, day: date) -> Span:
        """The teaching term of a day. A vacation belongs to the term before it."""
        return _with_vacation("term", self.terms, day)

    def academic_year_of(self, day: date) -> Span:
        """From the day after the academic year's last day: 1 August to 31 July by default."""
        month, last = self.year_ends
        ends = date(day.year, month, last)
        if day > ends:
            ends = date(day.year + 1, month, last)
        first = date(ends.year - 1, month, last) + timedelta(days=1)
        return Span(f"year:{first.year}", f"{first.year}/{ends:%y}", first, ends + timedelta(days=1))

    def closed_on(self, day: date) -> bool:
        return any(day in span for span in self.closures)

    def in_term(self, day: date) -> bool:
        return any(day in span for span in self.terms)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.closed_on(day)

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`. Gives up after a year without enough and returns the day reached."""
        reached, left = day, count
        for _ in range(366):
            if left == 0:
                break
            reached += timedelta(days=1)
            left -= self.is_working_day(reached)
        return reached


def _with_vacation(kind: str, spans: tuple[Span, ...], day: date) -> Span:
    begun = [span for span in spans if span.first <= day]
    after = min((span.first for span in spans if span.first > day), default=date.max)
    if not begun:
        return Span(f"{kind}:0", f"before the first {kind}", date.min, after)
    current = max(begun, key=lambda span: span.first)
    return Span(current.key, current.name, current.first, after)


def spans(rows: Iterable[tuple[int, str, str, date, date]], kind: str) -> tuple[Span, ...]:
    return tuple(
        Span(f"{kind}:{pk}", name, first, after) for pk, row_kind, name, first, after in rows if row_kind == kind
    )
