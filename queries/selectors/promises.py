from datetime import date, datetime

from accounts.rules.policy import policy_in_force
from eligibility.selectors.calendar import academic_calendar
from queries.rules.answering import due_on


def answer_day(asked_at: datetime) -> date:
    """The day by which we answer what somebody asked at this moment."""
    policy = policy_in_force()
    return due_on(asked_at, academic_calendar(policy.academic_year_ends), policy.query_answer_days)
