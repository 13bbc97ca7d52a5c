"""Accepts extenuating circumstances: excuses the absence and grants another appointment in one action (ELIG-2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from eligibility.models import AllocationPolicy, AllocationUse, Grant, Period, Strike
from eligibility.operations.strikes import excuse_strike
from eligibility.rules.allocation import period_of
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import plain_day

FURTHEST = date(9999, 12, 30)


@dataclass(frozen=True, slots=True)
class Accepted:
    strike: Strike
    grants: tuple[Grant, ...]

    @property
    def sentences(self) -> list[str]:
        """For the student: `One more under “Guidance a semester”, for appointments until 31 January 2027.`"""
        return [
            f"One more under “{grant.policy.name}”"
            + (f", for appointments until {plain_day(grant.expires_on)}." if grant.expires_on < FURTHEST else ".")
            for grant in self.grants
        ]


@in_one_transaction
def accept_circumstances(*, strike: Strike, because: str, by: User) -> Accepted:
    """Excuses the strike and grants another appointment in the period of the missed one. The booking is not changed.

    Grants one for each allocation that the missed booking used, except “at one time”, which is free again anyway. If
    the period has ended, the grant is for today's period, so that it can always be used. Locks the student. Raises
    Refused: already_excused, strike_gone, reason_needed, not_yours.
    """
    lock_people(strike.student)
    excused = excuse_strike(strike=strike, because=because, by=by)
    context = student_context(strike.student_id)
    uses = AllocationUse.objects.filter(source_id=strike.source_id, student=strike.student, consumes=True)
    used_up = uses.exclude(policy__period=Period.AT_ONE_TIME).select_related("policy").order_by("policy__name")
    grants = tuple(_grant(use, context, excused, by) for use in used_up)
    return Accepted(excused, grants)


def _grant(use: AllocationUse, context: Context, strike: Strike, by: User) -> Grant:
    today = context.facts.today
    grant = Grant.objects.create(
        student=strike.student,
        policy=use.policy,
        starts_on=today,
        expires_on=last_day_of_use(use.policy, use.on, today, context),
        reason=strike.excused_because,
        granted_by=by,
    )
    record_audit(actor=by, action="grant_made", on=strike, student=strike.student)
    return grant


def last_day_of_use(policy: AllocationPolicy, missed_on: date, today: date, context: Context) -> date:
    """The last day of the period in which the missed one counts, or of today's period if that has ended."""
    if policy.period == Period.ROLLING_DAYS:
        length = timedelta(days=(policy.rolling_days or 1) - 1)
        return missed_on + length if missed_on + length >= today else today + length
    period = period_of(policy, missed_on, context.calendar)
    after = period.after if period.after > today else period_of(policy, today, context.calendar).after
    return min(after - timedelta(days=1), FURTHEST)
