from dataclasses import dataclass

from eligibility.models import Activity
from eligibility.rules.activity_results import standing_words
from eligibility.rules.facts import StudentFacts


@dataclass(frozen=True, slots=True)
class ActivityStanding:
    """One student's progress in one activity; `words` is for example `complete since 3 October 2026`, or empty."""

    activity: Activity
    words: str


def activity_standings(facts: StudentFacts) -> list[ActivityStanding]:
    """One query. All activities by name, done or not."""
    return [
        ActivityStanding(activity, standing_words(activity, facts.activities.get(activity.slug)))
        for activity in Activity.objects.order_by("name")
    ]
