"""Records uses of allocations. The caller has locked the student and read the facts under the lock."""

from collections.abc import Iterable
from datetime import date, datetime

from accounts.models import User
from eligibility.models import AllocationPolicy, AllocationUse
from eligibility.rules.allocation import applies, grant_to_use, last_day_of_grant, period_of, uses_of
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.facts import StudentFacts
from eligibility.selectors.student_facts import student_context
from foundation.db.inserts import insert_rows
from foundation.values.sources import Source


def use_allocation(
    *,
    student: User,
    source: Source,
    policies: Iterable[AllocationPolicy],
    on: date,
    ends_at: datetime,
    facts: StudentFacts,
    calendar: AcademicCalendar,
) -> None:
    """Creates a row for each policy that applies.

    Its ordinal is the lowest free one, so that a lost race violates a constraint. It uses a grant if the allocation is
    used up; a booking that is moved keeps its grant.
    """
    rows = []
    for policy in policies:
        if applies(policy, facts, on):
            key = period_of(policy, on, calendar).key
            taken = {use.ordinal for use in uses_of(policy, facts, source.id) if use.period_key == key}
            ordinal = next(number for number in range(1, len(taken) + 2) if number not in taken)
            grant_id, grant_ordinal = grant_to_use(policy, facts, on, calendar, source.id) or (None, None)
            rows.append(
                AllocationUse(
                    student=student,
                    policy=policy,
                    **source.fields,
                    on=on,
                    ends_at=ends_at,
                    period_key=key,
                    ordinal=ordinal,
                    grant_id=grant_id,
                    grant_ordinal=grant_ordinal,
                )
            )
    insert_rows(rows)


def give_allocation_back(*, source: Source, by_us: bool = False) -> None:
    """Deletes the uses of a booking that was cancelled in time or moved.

    A grant among them can be used again, and for a full period from today if we cancelled (`by_us`).
    """
    uses = AllocationUse.objects.filter(**source.fields)
    if by_us:
        for use in uses.filter(grant__isnull=False).select_related("grant", "policy"):
            _renew(use)
    uses.delete()


def _renew(use: AllocationUse) -> None:
    context, grant = student_context(use.student_id), use.grant
    last = last_day_of_grant(use.policy, context.facts, context.calendar)
    if grant and grant.expires_on < last:
        grant.expires_on = last
        grant.save(update_fields=["expires_on"])
