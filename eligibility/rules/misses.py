"""How many misses count on a day, and which step they lead to. No queries, and nothing is stored (ELIG-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.models import UNTIL_LIFTED
from eligibility.models.misses import HoldEnd, MissRule, MissStep, Per, StepHold
from eligibility.rules.calendar import AcademicCalendar, Span
from foundation.values.month_days import last_of, next_of
from foundation.values.times import months_after


@dataclass(frozen=True, slots=True)
class MissFact:
    """A miss that is not excused. `type` is the slug of the appointment type, or empty."""

    kind: str
    how: str
    type: str
    on: date
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class MissCount:
    """What counts under one rule on one day. `since` is the first day that counts."""

    rule: MissRule
    misses: tuple[MissFact, ...]
    since: date

    @property
    def count(self) -> int:
        return len(self.misses)

    @property
    def step(self) -> MissStep | None:
        return self.rule.step(self.count)

    @property
    def proposes_hold(self) -> bool:
        return self.step is not None and self.step.hold is not None and not self.step.hold.by_itself


def counts_under(rule: MissRule, miss: MissFact) -> bool:
    return miss.how in rule.what and miss.kind in rule.kinds and (not rule.types or miss.type in rule.types)


def state(
    misses: Iterable[MissFact], rules: Iterable[MissRule], on: date, calendar: AcademicCalendar
) -> list[MissCount]:
    """For each rule, what counts on the day `on`."""
    known = list(misses)
    found = []
    for rule in rules:
        since = counts_from(rule, on, calendar)
        found.append(
            MissCount(rule, tuple(each for each in known if counts_under(rule, each) and since <= each.on <= on), since)
        )
    return found


def counts_from(rule: MissRule, on: date, calendar: AcademicCalendar) -> date:
    """The first day whose misses count on `on`."""
    first = period_of_rule(rule, on, calendar).first
    if rule.days:
        first = on - timedelta(days=rule.days - 1)
    return max(first, last_of(rule.since, on)) if rule.since else first


def period_of_rule(rule: MissRule, on: date, calendar: AcademicCalendar) -> Span:
    match rule.per:
        case Per.TERM:
            return calendar.term_of(on)
        case Per.SEMESTER:
            return calendar.semester_of(on)
        case Per.ACADEMIC_YEAR:
            return calendar.academic_year_of(on)
    return Span("ever", "altogether", date.min, date.max)


def hold_ends(hold: StepHold, rule: MissRule, first: date, calendar: AcademicCalendar) -> date:
    """The day after the last of a hold that begins on `first`. `UNTIL_LIFTED` if no end is known."""
    match hold.end:
        case HoldEnd.DAYS:
            return first + timedelta(days=hold.length)
        case HoldEnd.MONTHS:
            return months_after(first, hold.length)
        case HoldEnd.DAY:
            return next_of(hold.day, first)
        case HoldEnd.PERIOD:
            restarts = next_of(rule.since, first) if rule.since else date.max
            return min(period_of_rule(rule, first, calendar).after, restarts, UNTIL_LIFTED)
    return UNTIL_LIFTED


def horizon_of(miss_counts: Iterable[MissCount], type: str) -> int | None:
    """The most days ahead that a student with these misses can book this type; None without a limit."""
    steps = [each.step for each in miss_counts if not each.rule.types or type in each.rule.types]
    return min((step.horizon_days for step in steps if step and step.horizon_days is not None), default=None)
