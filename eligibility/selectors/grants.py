"""What excusing a missed appointment can give back."""

from dataclasses import dataclass
from datetime import date

from accounts.models import AuditEntry
from accounts.operations.record_audit import subject_of
from eligibility.models import AllocationPolicy, AllocationUse, Period, Strike
from eligibility.rules.allocation import last_day_of_grant, one_more_words
from eligibility.selectors.student_facts import student_context


@dataclass(frozen=True, slots=True)
class PossibleGrant:
    policy: AllocationPolicy
    first_day: date
    last_day: date

    @property
    def sentence(self) -> str:
        return one_more_words(self.policy, self.last_day)


def was_granted(strike: Strike) -> bool:
    """One query. Has this absence given another appointment? The trail says so; a grant does not name its absence."""
    subject = subject_of(strike)
    made = AuditEntry.objects.filter(subject=subject.name, subject_id=subject.id, action="grant_made")
    return made.exists()


def possible_grants(strike: Strike) -> list[PossibleGrant]:
    """Two queries. One more of each allocation that the missed booking used, for a full period from today.

    None of those “at one time”, which are free again anyway, and none for what did not count.
    """
    context = student_context(strike.student_id)
    today = context.facts.today
    uses = AllocationUse.objects.filter(source_id=strike.source_id, student=strike.student, consumes=True)
    used_up = uses.exclude(policy__period=Period.AT_ONE_TIME).select_related("policy").order_by("policy__name")
    return [
        PossibleGrant(use.policy, today, last_day_of_grant(use.policy, context.facts, context.calendar))
        for use in used_up
    ]
