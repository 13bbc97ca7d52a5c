"""Validates activity results, and describes a result in words."""

from dataclasses import dataclass
from datetime import date

from eligibility.models import Activity, ActivityKind, ActivityResult
from eligibility.rules.facts import ActivityFact
from foundation.values.counted import counted
from foundation.values.times import plain_day


@dataclass(frozen=True, slots=True)
class SentResult:
    """One row with its number (line of the file or index in the list).

    None means not given, so the stored value is kept.
    """

    number: int
    university_id: str
    activity: str
    completed_on: date | None = None
    score: int | None = None
    count: int | None = None


MEASURES = {
    ActivityKind.COMPLETION: ("completed_on", "a day of completion"),
    ActivityKind.SCORE: ("score", "a score"),
    ActivityKind.ATTENDANCE: ("count", "a count"),
}


def what_is_wrong(sent: SentResult, activity: Activity, today: date) -> str:
    """Empty if the row can be recorded."""
    field, words = MEASURES[ActivityKind(activity.kind)]
    given = {name for name, _ in MEASURES.values() if getattr(sent, name) is not None}
    if field not in given:
        return f"{activity.name} needs {words}."
    for name, other in MEASURES.values():
        # A score may have the day on which it was reached.
        if name in given - {field} and (name, field) != ("completed_on", "score"):
            return f"{activity.name} takes {words}, not {other}."
    if sent.completed_on and sent.completed_on > today:
        return "The day of completion is still to come."
    if sent.score is not None and not 0 <= sent.score <= activity.highest_score:
        return f"The score is not between 0 and {activity.highest_score}."
    if sent.count is not None and not 0 <= sent.count <= 10_000:
        return "The count is not between 0 and 10,000."
    return ""


def undoes(sent: SentResult, held: ActivityResult, activity: Activity) -> bool:
    """Whether the row is lower than the result we hold and not of a later day, or the same and of an earlier day."""
    field, _ = MEASURES[ActivityKind(activity.kind)]
    new, old = getattr(sent, field), getattr(held, field)
    if activity.lower_replaces or old is None:
        return False
    before, after = held.completed_on, sent.completed_on
    later = (after - before).days if before and after else 0
    return bool(new < old and later <= 0) or (new == old and later < 0)


def standing_words(activity: Activity, result: ActivityFact | None) -> str:
    """`complete since 3 October 2026`, `82`, `8 out of 10`, `attended twice`; empty if there is nothing yet."""
    if result is None:
        return ""
    if activity.kind == ActivityKind.SCORE:
        scale = "" if activity.highest_score == 100 else f" out of {activity.highest_score}"
        return "" if result.score is None else f"{result.score}{scale}"
    if activity.kind == ActivityKind.ATTENDANCE:
        times = {1: "once", 2: "twice"}.get(result.count, counted(result.count, "time"))
        return f"attended {times}" if result.count else ""
    return f"complete since {plain_day(result.completed_on)}" if result.completed_on else ""
