from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from eligibility.rules.audiences import may_use
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.decisions import Decision


@transaction.atomic
def try_person(*, person: User, audience: str, rule: object, on: date, by: User) -> Decision:
    """What the rule decides for this person on the day of an appointment, for somebody else to see.

    The answer reveals courses, activities and perhaps a disability, so reading it is recorded first. Raises Refused if
    it cannot be recorded.
    """
    record_reading(reader=by, on=Subject("eligibility", audience), student=person)
    return may_use(rule, student_context(person.pk).facts, on)
