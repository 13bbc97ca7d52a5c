"""When a completed course stops opening services: derived from the rules that are enforced, so that no setting can say
otherwise (ELIG-1)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from eligibility.models import Audience
from eligibility.models.conditions import RuleProblem
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import StudentFacts
from foundation.values.times import years_after

MOST_YEARS = 100
"""The most that a rule can ask for (`completed_within_years`)."""
DAY = timedelta(days=1)


def services_end(audiences: Iterable[Audience], facts: StudentFacts) -> date | None:
    """The last day on which one of these rules admits the student, of those that stop at some time after their course.

    Rules that never stop, such as “everybody”, have no end and do not count. May be past. None without a completed
    course, or if no rule stops.
    """
    return max((last for audience in audiences for last in _last_days(audience, facts)), default=None)


def _last_days(audience: Audience, facts: StudentFacts) -> Iterator[date]:
    days = sorted(_days_of_change(audience, facts))
    try:
        if days and not _admits(audience, facts, days[-1] + DAY):
            yield from (
                day for day in days if _admits(audience, facts, day) and not _admits(audience, facts, day + DAY)
            )
    except RuleProblem:
        return


def _days_of_change(audience: Audience, facts: StudentFacts) -> set[date]:
    """Days after which a rule about years since the course, or another rule, could answer otherwise."""
    completed = [course.completed_on for course in facts.courses if course.completed_on]
    years = {years_after(day, number) for day in completed for number in range(MOST_YEARS + 1)}
    return years | {day - DAY for day in audience.days_of_new_rules} if years else set()


def _admits(audience: Audience, facts: StudentFacts, day: date) -> bool:
    return bool(may_use(audience.condition_on(day), facts, day))
