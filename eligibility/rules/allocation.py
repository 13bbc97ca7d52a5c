"""How many appointments are left, and when one is available again. Counts the facts; writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.models import AllocationPolicy, Period
from eligibility.rules.audiences import may_use
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.facts import StudentFacts, UseFact
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from foundation.values.times import local_day, plain_day, spoken_day, week_start

LOOK_AHEAD_DAYS = 200


@dataclass(frozen=True, slots=True)
class AllocationBalance:
    """A student's balance under one policy on one day. `again_on` is the first later day with one left, if known."""

    policy: AllocationPolicy
    limit: int
    used: int
    again_on: date | None
    span: str = ""
    """`for Semester 1`, `in any 14 days`: the period counted, to follow “left”."""

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def sentence(self) -> str:
        """`1 of 2 left for Semester 1`, `0 of 1 left in any 14 days until Monday 7 December 2026`"""
        return f"{self.counted} until {spoken_day(self.again_on)}" if not self.left and self.again_on else self.counted

    @property
    def counted(self) -> str:
        """`0 of 1 left in any 14 days`, without the day: several limits may have to be waited for."""
        return f"{self.left} of {self.limit} left {self.span or self.policy.period_words}"


def period_of(policy: AllocationPolicy, on: date, calendar: AcademicCalendar) -> Span:
    """The calendar period that contains `on`. Rolling days and “at one time” have none, so the key is empty."""
    match policy.period:
        case Period.WEEK:
            monday = week_start(on)
            return Span(f"week:{monday}", "this week", monday, monday + timedelta(days=7))
        case Period.MONTH:
            first = on.replace(day=1)
            return Span(f"month:{first:%Y-%m}", f"{on:%B}", first, (first + timedelta(days=32)).replace(day=1))
        case Period.SEMESTER:
            return calendar.semester_of(on)
        case Period.ACADEMIC_YEAR:
            return calendar.academic_year_of(on)
        case Period.EVER:
            return Span("ever", "altogether", date.min, date.max)
    return Span("", "", on, on + timedelta(days=1))


def span_words(policy: AllocationPolicy, on: date, calendar: AcademicCalendar) -> str:
    """The period that contains `on`, in words that follow “left”."""
    match policy.period:
        case Period.WEEK:
            return f"for the week of {plain_day(week_start(on))}"
        case Period.MONTH:
            return f"for {on:%B %Y}"
        case Period.SEMESTER if not calendar.semesters:
            return policy.period_words
        case Period.SEMESTER | Period.ACADEMIC_YEAR:
            return f"for {period_of(policy, on, calendar).name}"
    return policy.period_words


def applies(policy: AllocationPolicy, facts: StudentFacts, on: date) -> bool:
    return policy.audience is None or bool(may_use(policy.audience.condition_on(on), facts, on))


def limit_on(policy: AllocationPolicy, facts: StudentFacts, on: date) -> int:
    extra = sum(g.extra for g in facts.grants if g.policy_id == policy.pk and g.starts_on <= on <= g.expires_on)
    return policy.limit + extra


def uses_of(policy: AllocationPolicy, facts: StudentFacts, except_source: str = "") -> list[UseFact]:
    """`except_source` is the booking being moved, which must not count against itself."""
    return [use for use in facts.uses if use.policy_id == policy.pk and use.source_id != except_source]


def used_on(
    policy: AllocationPolicy, facts: StudentFacts, on: date, calendar: AcademicCalendar, except_source: str = ""
) -> int:
    uses = uses_of(policy, facts, except_source)
    if policy.period == Period.AT_ONE_TIME:
        return sum(use.ends_at > facts.now for use in uses)
    if policy.period == Period.ROLLING_DAYS:
        return _most_in_a_run([use.on for use in uses], on, policy.rolling_days or 1)
    span = period_of(policy, on, calendar)
    return sum(use.on in span for use in uses)


def _most_in_a_run(days: Iterable[date], on: date, length: int) -> int:
    """The most uses in any run of `length` days that contains `on`."""
    near = [day for day in days if abs((day - on).days) < length]
    starts = {on} | {day for day in near if day <= on} | {on - timedelta(days=length - 1)}
    return max(
        sum(first <= day < first + timedelta(days=length) for day in near)
        for first in starts
        if first <= on < first + timedelta(days=length)
    )


def allocation_balance(
    policy: AllocationPolicy, facts: StudentFacts, on: date, calendar: AcademicCalendar, except_source: str = ""
) -> AllocationBalance:
    limit = limit_on(policy, facts, on)
    used = used_on(policy, facts, on, calendar, except_source)
    again = _again_on(policy, facts, on, calendar, except_source) if used >= limit else None
    return AllocationBalance(policy, limit, used, again, span_words(policy, on, calendar))


def _again_on(
    policy: AllocationPolicy, facts: StudentFacts, on: date, calendar: AcademicCalendar, except_source: str
) -> date | None:
    if policy.period == Period.EVER:
        return None
    if policy.period == Period.AT_ONE_TIME:
        upcoming = [use.ends_at for use in uses_of(policy, facts, except_source) if use.ends_at > facts.now]
        return local_day(min(upcoming))
    day = on
    for _ in range(LOOK_AHEAD_DAYS):
        day += timedelta(days=1)
        if used_on(policy, facts, day, calendar, except_source) < limit_on(policy, facts, day):
            return day
    return None


def may_take_one(
    policies: Iterable[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    contact: str = "",
) -> Decision:
    """Whether every applicable policy allows one more on the day `on` (ELIG-1). `contact`: the service's address."""
    limits = list(policies)
    used_up = [where for where in balances_on(limits, facts, on, calendar, except_source) if not where.left]
    if not used_up:
        return ALLOWED
    next_on = next_day_with_one(limits, facts, on, calendar, except_source)
    return all_of([_used_up(where, next_on, contact) for where in used_up])


def balances_on(
    policies: Iterable[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
) -> list[AllocationBalance]:
    """The balances of those policies that apply to this student on that day."""
    return [
        allocation_balance(policy, facts, on, calendar, except_source)
        for policy in policies
        if applies(policy, facts, on)
    ]


def next_day_with_one(
    policies: Sequence[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
) -> date | None:
    """The first day from `on` for which every policy has one left. None if it is not known."""
    day = on
    while day <= on + timedelta(days=LOOK_AHEAD_DAYS):
        again = [
            where.again_on for where in balances_on(policies, facts, day, calendar, except_source) if not where.left
        ]
        if not again:
            return day
        later = max((each for each in again if each), default=day)
        if None in again or later <= day:
            return None
        day = later
    return None


def next_words(next_on: date | None) -> str:
    """The one date of an allocation that is used up, for students and for staff who book on their behalf."""
    return f"The next one can be on {spoken_day(next_on)} or later." if next_on else ""


def _used_up(where: AllocationBalance, next_on: date | None, contact: str) -> Decision:
    """Worded for both the student and staff who book on their behalf."""
    policy = where.policy
    if policy.period == Period.AT_ONE_TIME:
        return refuse(
            "allocation_used",
            f"{policy.name}: {where.limit} can be booked at a time, and {where.used} "
            f"{'is' if where.used == 1 else 'are'} booked already.",
            "Attend or cancel that one first." if where.used == 1 else "Attend or cancel one of them first.",
        )
    remedy = f"{next_words(next_on)} Missed one for a good reason? {_tell(contact)}".strip()
    return refuse("allocation_used", f"{policy.name}: {where.counted}.", remedy)


def _tell(contact: str) -> str:
    return f"Tell the careers service at {contact}." if contact else "Tell the careers service."


def may_book_at_all(facts: StudentFacts, on: date, contact: str = "", open_on_hold: bool = False) -> Decision:
    """Refuses inactive accounts, and every hold in force today or on the day of the appointment.

    `open_on_hold`: the type can be booked by students on hold (ELIG-3).
    """
    at = f" at {contact}" if contact else ""
    closed = refuse("account_suspended", "This account is not active.", f"Contact the careers service{at}.")
    held = [
        refuse(
            "on_hold",
            f"{hold.message} You can book again from {spoken_day(hold.after)}.",
            f"To talk about this or to appeal, contact the careers service{at}.",
        )
        for hold in facts.holds
        if "appointments" in hold.covers and not open_on_hold
        if hold.first <= facts.today < hold.after or hold.first <= on < hold.after
    ]
    return all_of([ALLOWED if facts.is_active else closed, *held])
