"""Absences that may count, read together with the facts about a student."""

from collections.abc import Iterable
from datetime import date

from eligibility.models import Strike
from eligibility.rules.facts import Context
from eligibility.rules.situations import Counter, counters
from eligibility.selectors.student_facts import ExtraColumn, context_with

NOT_EXCUSED = (
    "SELECT ARRAY(SELECT kind || ' ' || \"on\"::text FROM eligibility_strike "
    'WHERE student_id = %s AND excused_at IS NULL ORDER BY "on")'
)


def context_and_absences(student_id: int) -> tuple[Context, list[Counter]]:
    """One query. Raises User.DoesNotExist."""
    context, (found,) = context_with(student_id, ExtraColumn(NOT_EXCUSED, [student_id]))
    return context, counters(_strikes(found), context.facts.today, context.policy)


def _strikes(found: Iterable[str]) -> list[Strike]:
    parts = (each.split() for each in found)
    return [Strike(kind=kind, on=date.fromisoformat(day)) for kind, day in parts]
