"""Records uses of allocations. The caller has locked the student and read the facts under the lock."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import User
from eligibility.models import AllocationPolicy, AllocationUse, Grant
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
    minutes: int,
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
            granted = grant_to_use(policy, facts, on, calendar, source.id, minutes)
            grant_id, grant_ordinal = granted or (None, None)
            rows.append(
                AllocationUse(
                    student=student,
                    policy=policy,
                    **source.fields,
                    on=on,
                    ends_at=ends_at,
                    minutes=minutes,
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


def leave_uses_to(*, source: Source, to: Source) -> None:
    """What the source used stays used, by something else."""
    AllocationUse.objects.filter(**source.fields).update(**to.fields)


def _renew(use: AllocationUse) -> None:
    context, grant = student_context(use.student_id), use.grant
    last = last_day_of_grant(use.policy, context.facts, context.calendar)
    if grant and grant.expires_on < last:
        grant.expires_on = last
        grant.save(update_fields=["expires_on"])


def uses_of_source(*, source: Source) -> list[list[Any]]:
    """What `use_again` needs, as JSON."""
    found = AllocationUse.objects.filter(**source.fields).select_related("grant").order_by("pk")
    return [
        [
            *(use.policy_id, use.period_key, use.ordinal, use.minutes, use.grant_id, use.grant_ordinal),
            str(use.grant.expires_on) if use.grant else None,
        ]
        for use in found
    ]


def use_again(*, student: User, source: Source, uses: Iterable[Sequence[Any]], on: date, ends_at: datetime) -> None:
    """Restores the uses of a booking whose cancellation is undone, with the same ordinals: a use that was taken since
    violates a constraint. A grant ends on the day on which it ended before."""
    shared = {"student": student, **source.fields, "on": on, "ends_at": ends_at}
    rows = []
    for policy, period, ordinal, minutes, grant, grant_ordinal, grant_ends in uses:
        given = {"minutes": minutes, "grant_id": grant, "grant_ordinal": grant_ordinal}
        rows.append(AllocationUse(policy_id=policy, period_key=period, ordinal=ordinal, **given, **shared))
        if grant:
            Grant.objects.filter(pk=grant).update(expires_on=grant_ends)
    insert_rows(rows)
