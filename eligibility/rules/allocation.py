"""How many appointments are left, and when one is available again. Counts the facts; writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.models import AllocationPolicy, Period
from eligibility.models.hold import HoldCovers, appeal_words
from eligibility.rules.audiences import may_use
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.facts import GrantFact, StudentFacts, UseFact
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from foundation.values.times import local_day, plain_day, spoken_day, week_start

LOOK_AHEAD_DAYS = 200
FURTHEST = date(9999, 12, 30)
"""The last day of a grant for a period without an end."""
LONGEST_PERIOD_DAYS = 732


@dataclass(frozen=True, slots=True)
class AllocationBalance:
    """A student's balance under one policy on one day. `again_on` is the first later day with one left, if known.

    `limit` and `used` include grants; `granted` is how many of `left` are from grants, the first of which ends on
    `granted_until`. In minutes if the policy counts them: `left` is then 0 if the appointment asked about does not fit
    into the `remaining` minutes.
    """

    policy: AllocationPolicy
    limit: int
    used: int
    left: int
    again_on: date | None
    span: str = ""
    """`for Semester 1`, `in any 14 days`: the period counted, to follow “left”."""
    granted: int = 0
    granted_until: date | None = None
    remaining: int = 0

    @property
    def extra(self) -> str:
        """`1 extra, until 31 January 2027`; empty without a grant."""
        if self.granted_until is None:
            return ""
        until = f", until {plain_day(self.granted_until)}" if self.granted_until < FURTHEST else ""
        return f"{self.granted} extra{until}"

    @property
    def sentence(self) -> str:
        """`1 of 2 left for Semester 1`, `0 of 1 left in any 14 days until Monday 7 December 2026`, `1 of 2 left for
        Semester 1 (1 extra, until 31 January 2027)`
        """
        return f"{self.counted} until {spoken_day(self.again_on)}" if not self.left and self.again_on else self.counted

    @property
    def amount_words(self) -> str:
        """`1 of 2`, `30 of 90 minutes`"""
        unit = " minutes" if self.policy.counts_minutes else ""
        return f"{self.remaining} of {self.limit}{unit}"

    @property
    def counted(self) -> str:
        """The same without the day: several limits may have to be waited for."""
        text = f"{self.amount_words} left {self.span or self.policy.period_words}"
        return f"{text} ({self.extra})" if self.granted else text


def period_of(policy: AllocationPolicy, on: date, calendar: AcademicCalendar) -> Span:
    """The calendar period that contains `on`. Rolling days and “at one time” have none, so the key is empty."""
    match policy.period:
        case Period.DAY:
            return Span(f"day:{on}", "this day", on, on + timedelta(days=1))
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
        case Period.DAY:
            return f"for {plain_day(on)}"
        case Period.WEEK:
            return f"for the week of {plain_day(week_start(on))}"
        case Period.MONTH:
            return f"for {on:%B %Y}"
        case Period.SEMESTER if not calendar.semesters:
            return policy.period_words
        case Period.SEMESTER | Period.ACADEMIC_YEAR:
            return f"for {period_of(policy, on, calendar).name}"
    return policy.period_words


def takes(policy: AllocationPolicy, minutes: int) -> int:
    """What an appointment of this length takes from the policy."""
    return minutes if policy.counts_minutes else 1


def applies(policy: AllocationPolicy, facts: StudentFacts, on: date) -> bool:
    return policy.audience is None or bool(may_use(policy.audience.condition_on(on), facts, on))


def uses_of(policy: AllocationPolicy, facts: StudentFacts, except_source: str = "") -> list[UseFact]:
    """`except_source` is the booking being moved, which must not count against itself."""
    return [use for use in facts.uses if use.policy_id == policy.pk and use.source_id != except_source]


def used_on(
    policy: AllocationPolicy, facts: StudentFacts, on: date, calendar: AcademicCalendar, except_source: str = ""
) -> int:
    """Uses of the allocation itself. Those that used a grant do not count."""
    own = [use for use in uses_of(policy, facts, except_source) if use.grant_id is None]
    return _in_period(policy, own, facts, on, calendar)


def _in_period(
    policy: AllocationPolicy, uses: list[UseFact], facts: StudentFacts, on: date, calendar: AcademicCalendar
) -> int:
    taken = [(use, takes(policy, use.minutes)) for use in uses]
    if policy.period == Period.AT_ONE_TIME:
        return sum(amount for use, amount in taken if use.ends_at > facts.now)
    if policy.period == Period.ROLLING_DAYS:
        return _most_in_a_run([(use.on, amount) for use, amount in taken], on, policy.rolling_days or 1)
    span = period_of(policy, on, calendar)
    return sum(amount for use, amount in taken if use.on in span)


def usable_grants(
    policy: AllocationPolicy, facts: StudentFacts, on: date, except_source: str = ""
) -> list[tuple[GrantFact, list[int]]]:
    """Grants with something unused for an appointment on `on`, the first to end first, each with its free ordinals."""
    mine = [grant for grant in facts.grants if grant.policy_id == policy.pk]
    found = [grant for grant in mine if grant.starts_on <= on <= grant.expires_on]
    if not found:
        return []
    taken = {(use.grant_id, use.grant_ordinal) for use in uses_of(policy, facts, except_source)}
    free = [
        (grant, [number for number in range(1, grant.extra + 1) if (grant.id, number) not in taken]) for grant in found
    ]
    return sorted((each for each in free if each[1]), key=lambda each: (each[0].expires_on, each[0].id))


def left_on(
    policy: AllocationPolicy,
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    minutes: int = 1,
) -> int:
    """0 if an appointment of so many minutes does not fit."""
    return allocation_balance(policy, facts, on, calendar, except_source, minutes, look_ahead=False).left


def grant_to_use(
    policy: AllocationPolicy, facts: StudentFacts, on: date, calendar: AcademicCalendar, source_id: str, minutes: int
) -> tuple[int, int] | None:
    """The grant that an appointment on `on` uses, and which of its appointments; None if it uses the allocation.

    A booking that is moved keeps its grant while it can. Otherwise a grant is used only if the allocation is used up.
    """
    grants = usable_grants(policy, facts, on, source_id)
    had = {use.grant_id for use in facts.uses if use.policy_id == policy.pk and use.source_id == source_id}
    kept = [each for each in grants if each[0].id in had]
    if not kept and used_on(policy, facts, on, calendar, source_id) + takes(policy, minutes) <= policy.limit:
        return None
    return next(((grant.id, free[0]) for grant, free in kept or grants), None)


def last_day_of_grant(policy: AllocationPolicy, facts: StudentFacts, calendar: AcademicCalendar) -> date:
    """A grant can be used for a full period from the decision (ELIG-2): as many days as today's period has.

    Days on which the service is closed or the student is on hold do not count.
    """
    today = facts.today
    span = period_of(policy, today, calendar)
    days = (policy.rolling_days or 1) if policy.period == Period.ROLLING_DAYS else (span.after - span.first).days
    if days > LONGEST_PERIOD_DAYS:
        return FURTHEST
    day = today - timedelta(days=1)
    while days and day < today + timedelta(days=2 * LONGEST_PERIOD_DAYS):
        day += timedelta(days=1)
        days -= not (
            calendar.closed_on(day) or any(hold.covers_on(HoldCovers.APPOINTMENTS, day) for hold in facts.holds)
        )
    return day


def one_more_words(policy: AllocationPolicy, last_day: date) -> str:
    """`One more under “Guidance a semester”, for appointments until 31 January 2027.`"""
    until = f", for appointments until {plain_day(last_day)}" if last_day < FURTHEST else ""
    return f"One more under “{policy.name}”{until}."


def _most_in_a_run(taken: Iterable[tuple[date, int]], on: date, length: int) -> int:
    """The most taken in any run of `length` days that contains `on`."""
    near = [(day, amount) for day, amount in taken if abs((day - on).days) < length]
    starts = {on} | {day for day, _ in near if day <= on} | {on - timedelta(days=length - 1)}
    return max(
        sum(amount for day, amount in near if first <= day < first + timedelta(days=length))
        for first in starts
        if first <= on < first + timedelta(days=length)
    )


def allocation_balance(
    policy: AllocationPolicy,
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    minutes: int = 1,
    *,
    look_ahead: bool = True,
) -> AllocationBalance:
    """For an appointment of so many minutes. Each granted appointment is worth one of that length."""
    one = takes(policy, minutes)
    used = used_on(policy, facts, on, calendar, except_source)
    grants = usable_grants(policy, facts, on, except_source)
    granted = sum(len(free) for _, free in grants)
    with_grants = [use for use in uses_of(policy, facts, except_source) if use.grant_id is not None]
    used_granted = _in_period(policy, with_grants, facts, on, calendar)
    remaining = max(policy.limit - used, 0) + granted * one
    left = remaining if granted or policy.limit - used >= one else 0
    again = None if left or not look_ahead else _again_on(policy, facts, on, calendar, except_source, minutes)
    limit = policy.limit + granted * one + used_granted
    span, until = span_words(policy, on, calendar), grants[0][0].expires_on if grants else None
    return AllocationBalance(policy, limit, used + used_granted, left, again, span, granted, until, remaining)


def _again_on(
    policy: AllocationPolicy,
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str,
    minutes: int,
) -> date | None:
    if policy.period == Period.EVER or takes(policy, minutes) > policy.limit:
        return None
    if policy.period == Period.AT_ONE_TIME:
        own = [use for use in uses_of(policy, facts, except_source) if use.grant_id is None]
        upcoming = [use.ends_at for use in own if use.ends_at > facts.now]
        return local_day(min(upcoming))
    day = on
    for _ in range(LOOK_AHEAD_DAYS):
        day += timedelta(days=1)
        if left_on(policy, facts, day, calendar, except_source, minutes):
            return day
    return None


def may_take_one(
    policies: Iterable[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    contact: str = "",
    minutes: int = 1,
) -> Decision:
    """Whether every applicable policy allows one more of so many minutes on the day `on` (ELIG-1).

    `contact`: the service's address.
    """
    limits = list(policies)
    used_up = [where for where in balances_on(limits, facts, on, calendar, except_source, minutes) if not where.left]
    if not used_up:
        return ALLOWED
    next_on = next_day_with_one(limits, facts, on, calendar, except_source, minutes)
    return all_of([_used_up(where, next_on, contact) for where in used_up])


def balances_on(
    policies: Iterable[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    minutes: int = 1,
) -> list[AllocationBalance]:
    """The balances of those policies that apply to this student on that day, for an appointment of so many minutes."""
    return [
        allocation_balance(policy, facts, on, calendar, except_source, minutes)
        for policy in policies
        if applies(policy, facts, on)
    ]


def next_day_with_one(
    policies: Sequence[AllocationPolicy],
    facts: StudentFacts,
    on: date,
    calendar: AcademicCalendar,
    except_source: str = "",
    minutes: int = 1,
) -> date | None:
    """The first day from `on` for which every policy has one left. None if it is not known."""
    day = on
    while day <= on + timedelta(days=LOOK_AHEAD_DAYS):
        balances = balances_on(policies, facts, day, calendar, except_source, minutes)
        again = [where.again_on for where in balances if not where.left]
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


def may_book_at_all(
    facts: StudentFacts,
    on: date,
    contact: str = "",
    open_on_hold: bool = False,
    type: str = "",
    what: str = HoldCovers.APPOINTMENTS,
) -> Decision:
    """Refuses inactive accounts, and every hold on `what` in force today or on the day of the appointment or event.

    `open_on_hold`: the type can be booked by students on hold (ELIG-3). `type` is its slug: a hold may leave it open.
    """
    at = f" at {contact}" if contact else ""
    talk = f"To talk about this or to appeal, contact the careers service{at}."
    closed = refuse("account_suspended", "This account is not active.", f"Contact the careers service{at}.")
    held = [
        refuse(
            "on_hold",
            hold.sentence,
            appeal_words(hold.appealed_at, hold.appeal_answered_at) or talk,
        )
        for hold in facts.holds
        if not open_on_hold and any(hold.covers_on(what, day, type) for day in (facts.today, on))
    ]
    return all_of([ALLOWED if facts.is_active else closed, *held])
