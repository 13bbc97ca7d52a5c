"""Accepts extenuating circumstances: excuses the absence and grants another appointment in one action (ELIG-2)."""

from dataclasses import dataclass

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from eligibility.models import Grant, Strike
from eligibility.notices.strikes import excused
from eligibility.operations.strikes import excuse_strike
from eligibility.rules.allocation import one_more_words
from eligibility.selectors.grants import PossibleGrant, possible_grants, was_granted
from foundation.outcomes.refusals import Refused, in_one_transaction
from messaging.operations.queue_message import queue_messages


@dataclass(frozen=True, slots=True)
class Accepted:
    strike: Strike
    grants: tuple[Grant, ...]

    @property
    def sentences(self) -> list[str]:
        """For the student: `One more under “Guidance a semester”, for appointments until 31 January 2027.`"""
        return [one_more_words(grant.policy, grant.expires_on) for grant in self.grants]


@in_one_transaction
def accept_circumstances(*, strike: Strike, because: str, by: User) -> Accepted:
    """Excuses the strike and grants another appointment, for a full period from today. The booking is not changed.

    Grants one for each allocation that the missed booking used, except “at one time”, which is free again anyway. Locks
    the student. Raises Refused: already_excused, strike_gone, reason_needed, not_yours.
    """
    lock_people(strike.student)
    excused = excuse_strike(strike=strike, because=because, by=by)
    return Accepted(excused, tuple(_grant(each, excused, by) for each in possible_grants(excused)))


@in_one_transaction
def excuse_with_one_more(*, strike: Strike, because: str, by: User) -> Accepted:
    """Does what `accept_circumstances` does without a query, and emails the student what they can book."""
    accepted = accept_circumstances(strike=strike, because=because, by=by)
    if accepted.grants:
        queue_messages([excused(accepted.strike, accepted.grants)])
    return accepted


@in_one_transaction
def grant_one_more(*, strike: Strike, because: str, by: User) -> Accepted:
    """Grants another appointment for an absence that was excused without one, and emails the student.

    Locks the student. Raises Refused: not_yours, strike_gone, not_excused, granted_already, reason_needed.
    """
    if not by.may_read_notes:
        raise Refused("not_yours", "Only advisers and managers can give another appointment.", status=403)
    if not because.strip():
        raise Refused("reason_needed", "Enter why you are giving another appointment.", field="because", status=422)
    lock_people(strike.student)
    found = Strike.objects.select_for_update(no_key=True, of=("self",)).filter(pk=strike.pk).first()
    if found is None or not found.is_excused:
        raise Refused("not_excused", "This absence is not excused.", "Excuse it first.")
    if was_granted(found):
        raise Refused("granted_already", "The student has the extra appointment already.", "Nothing more needs doing.")
    accepted = Accepted(found, tuple(_grant(each, found, by, because) for each in possible_grants(found)))
    if accepted.grants:
        queue_messages([excused(found, accepted.grants)])
    return accepted


def _grant(possible: PossibleGrant, strike: Strike, by: User, because: str = "") -> Grant:
    grant = Grant.objects.create(
        student=strike.student,
        policy=possible.policy,
        starts_on=possible.first_day,
        expires_on=possible.last_day,
        reason=because.strip()[:300] or strike.excused_because,
        granted_by=by,
    )
    record_audit(actor=by, action="grant_made", on=strike, student=strike.student)
    return grant
