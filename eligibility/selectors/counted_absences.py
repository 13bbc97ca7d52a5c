"""Absences that may count, read together with the facts about a student."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from eligibility.models import Strike
from eligibility.rules.facts import Context
from eligibility.rules.situations import Counter, counters
from eligibility.selectors.student_facts import context_with
from foundation.db.extra_columns import ExtraColumn

NOT_EXCUSED = ExtraColumn(
    "SELECT ARRAY(SELECT kind || ' ' || \"on\"::text FROM eligibility_strike "
    'WHERE student_id = student.pk AND excused_at IS NULL ORDER BY "on")'
)


def context_and_absences(student_id: int) -> tuple[Context, list[Counter]]:
    """One query. Raises User.DoesNotExist."""
    return context_and_absences_with(student_id)[:2]


def context_and_absences_with(student_id: int, *beside: ExtraColumn) -> tuple[Context, list[Counter], list[Any]]:
    """One query. As above, and the results of `beside` in order."""
    context, (found, *answers) = context_with(student_id, NOT_EXCUSED, *beside)
    return context, counters(_strikes(found), context.facts.today, context.policy), answers


def _strikes(found: Iterable[str]) -> list[Strike]:
    parts = (each.split() for each in found)
    return [Strike(kind=kind, on=date.fromisoformat(day)) for kind, day in parts]
