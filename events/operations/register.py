from dataclasses import dataclass

from accounts.models import User
from accounts.operations.once import Once
from events.models import Event, Registration
from events.operations.admit import NO_DETAILS, RegistrationDetails, admit
from events.operations.locked import lock_student_and_event
from events.rules.registering import may_override, may_register, may_register_for
from foundation.outcomes.decisions import Decision
from foundation.outcomes.refusals import Refused, in_one_transaction, require


@dataclass(frozen=True, slots=True)
class RegistrationOverride:
    """A staff override of what the rules refuse. The student reads the reason."""

    reason: str


@in_one_transaction
def register(
    *,
    event: Event,
    student: User,
    mode: str,
    by: User,
    details: RegistrationDetails = NO_DETAILS,
    override: RegistrationOverride | None = None,
    once: str = "",
) -> Registration:
    """Registers the student for one way of attending, or raises Refused and writes nothing.

    Locks the student, then the event. Refuses what `may_register` refuses (unless staff override it) and an event
    without a place: those who wait come first. Sent twice with one key (`once`), it registers once. The student is told
    by email and reminded (APPT-5). Nobody can register for somebody else but careers staff (SEC-2).
    """
    require(may_register_for(student, by), status=403)
    said = (event.public_id, student.public_id, mode, sorted(details.answers.items()), details.access_needs)
    key = Once(by, once, ("register", *said, details.shares_with_employers, override))
    if earlier := key.earlier():
        return Registration.objects.with_event().get(public_id=earlier)
    locked = lock_student_and_event(student, event)
    if locked.own.is_registered:
        raise Refused("registered_already", "You are registered for this event already.", "You need do nothing more.")
    decision = may_register(locked.event, locked.context, mode, locked.own.clash)
    require_or_override(decision, by, override)
    reason = override.reason if override else ""
    registration = admit(locked, student, mode, details, by, override_reason=reason)
    key.remember(registration.public_id)
    return registration


def require_or_override(decision: Decision, by: User, override: RegistrationOverride | None) -> None:
    if override is not None and not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can override a rule.", field="override", status=403)
    if override is not None and not override.reason.strip():
        raise Refused("reason_needed", "Enter why you are overriding the rules.", field="reason", status=422)
    if decision.allowed:
        return
    if override is None:
        require(decision)
    require(may_override(decision, by), status=403)
