"""Records uses of allocations. The caller has locked the student and read the facts under the lock."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import User
from eligibility.models import AllocationPolicy, AllocationUse
from eligibility.rules.allocation import applies, period_of, uses_of
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.facts import StudentFacts
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

    Its ordinal is the lowest free one, so that a lost race violates a constraint.
    """
    rows = []
    for policy in policies:
        if applies(policy, facts, on):
            key = period_of(policy, on, calendar).key
            taken = {use.ordinal for use in uses_of(policy, facts, source.id) if use.period_key == key}
            ordinal = next(number for number in range(1, len(taken) + 2) if number not in taken)
            rows.append(
                AllocationUse(
                    student=student,
                    policy=policy,
                    **source.fields,
                    on=on,
                    ends_at=ends_at,
                    period_key=key,
                    ordinal=ordinal,
                )
            )
    insert_rows(rows)


def uses_of_source(*, source: Source) -> list[list[Any]]:
    """What `use_again` needs, as JSON."""
    found = AllocationUse.objects.filter(**source.fields).order_by("pk")
    return [list(each) for each in found.values_list("policy_id", "period_key", "ordinal")]


def use_again(*, student: User, source: Source, uses: Iterable[Sequence[Any]], on: date, ends_at: datetime) -> None:
    """Restores the uses of a booking whose cancellation is undone, with the same ordinals: a use that was taken since
    violates a constraint."""
    shared = {"student": student, **source.fields, "on": on, "ends_at": ends_at}
    insert_rows([AllocationUse(policy_id=use[0], period_key=use[1], ordinal=use[2], **shared) for use in uses])


def give_allocation_back(*, source: Source) -> None:
    """Deletes the uses of a booking that was cancelled in time or moved."""
    AllocationUse.objects.filter(**source.fields).delete()
