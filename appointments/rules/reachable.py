"""Can we write to this person? Facts are passed in."""

from accounts.models import Status, User
from accounts.rules.sign_on import sign_on_ends_on
from eligibility.rules.facts import Context
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import spoken_day

ADDRESS_ENDED = "address_ended"


def may_be_written_to(student: User, context: Context) -> Decision:
    """Refuses graduates whose confirmation would go to a University address that has ended: it ends with the
    University's sign-on."""
    if not student.has_left or student.personal_email:
        return ALLOWED
    courses = [course.ends_on for course in context.facts.courses if course.status != Status.WITHDRAWN]
    ends_on = sign_on_ends_on(courses, context.policy.sign_on_days_after_course)
    if ends_on is None or context.facts.today <= ends_on:
        return ALLOWED
    return refuse(
        ADDRESS_ENDED,
        f"The University email address ended on {spoken_day(ends_on)}, so our confirmation would not arrive.",
        "Add a personal email address first.",
    )
