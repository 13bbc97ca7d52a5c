from datetime import date

from accounts.models import User
from eligibility.models import BEGINNING, Audience, AudienceRule
from eligibility.operations.schedule_rule import schedule_rule
from foundation.values.times import plain_day


def roll_back(*, audience: Audience, version: AudienceRule, effective_from: date, by: User) -> AudienceRule:
    """Schedules an earlier rule again from that day; the history is kept. Refuses as `schedule_rule` does."""
    first = version.effective_from
    which = "the first rule" if first == BEGINNING else f"the rule from {plain_day(first)} on"
    note = f"Back to {which}."
    return schedule_rule(audience=audience, rule=version.rule, effective_from=effective_from, by=by, note=note)
