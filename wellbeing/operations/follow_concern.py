"""What leads do about a concern. The concern's log records every step; the audit entries do not name the student."""

from datetime import date

from accounts.models import User
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.record_reading import record_reading
from accounts.operations.require_as_seen import require_as_seen
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day
from messaging.operations.queue_message import queue_messages
from wellbeing.models import Concern, ConcernState, ConcernStep, Disclosure, StepKind, is_lead
from wellbeing.notices.concerns import disclosed

VERBS = dict.fromkeys(["concern_contact", "concern_note", "concern_escalated"], "added to the log")
"""By action of the audit trail."""

STEPS = frozenset({StepKind.CONTACT, StepKind.NOTE, StepKind.ESCALATED})


@in_one_transaction
def read_concern(*, concern: Concern, by: User) -> Concern:
    """Records the reading before the concern is shown; refuses if it cannot be recorded (DATA-6)."""
    require_lead(by, concern)
    record_reading(reader=by, on=concern, student=None)
    return concern


@in_one_transaction
def take_step(*, concern: Concern, kind: str, words: str, next_on: date, by: User, once: str = "") -> ConcernStep:
    """Adds a contact, note or escalation to the log, and sets the next date to look at the concern.

    Sent twice with one key (`once`), it is added once.
    """
    if kind not in STEPS:
        raise Refused("unknown_step", "Enter what you did.", field="kind", status=422)
    require_lead(by, concern)
    key = Once(by, once, ("step", concern.public_id, kind, words, next_on))
    if earlier := key.earlier():
        return ConcernStep.objects.get(pk=int(earlier))
    held = lock_concern(concern, by)
    if next_on < local_day(database_now()):
        raise Refused("next_in_the_past", "Choose today or a later day.", field="next_on", status=422)
    held.next_on = next_on
    if kind == StepKind.ESCALATED:
        held.state = ConcernState.ESCALATED
    held.save(update_fields=["next_on", "state"])
    step = _log(held, kind, words, by, next_on)
    key.remember(str(step.pk))
    return step


@in_one_transaction
def close_concern(*, concern: Concern, words: str, by: User) -> ConcernStep:
    held = lock_concern(concern, by)
    held.state, held.closed_at = ConcernState.CLOSED, database_now()
    held.save(update_fields=["state", "closed_at"])
    return _log(held, StepKind.CLOSED, words, by)


@in_one_transaction
def reopen_concern(*, concern: Concern, words: str, by: User) -> ConcernStep:
    require_lead(by, concern)
    held = Concern.objects.select_for_update(no_key=True).get(pk=concern.pk)
    if not held.is_closed:
        raise Refused("open_already", "This concern is open.", "Add to its log.")
    require_as_seen(concern, held, by=by, verbs=VERBS)
    held.state, held.closed_at, held.next_on = ConcernState.OPEN, None, local_day(database_now())
    held.save(update_fields=["state", "closed_at", "next_on"])
    return _log(held, StepKind.REOPENED, words, by)


@in_one_transaction
def disclose(*, disclosure: Disclosure, by: User, once: str = "") -> Disclosure:
    """Saves a disclosure that a form has filled in, and emails it if it has an address.

    Only the disclosure keeps the content. Sent twice with one key (`once`), it is saved and sent once.
    """
    require_lead(by, disclosure.concern)
    said = (disclosure.to, disclosure.to_whom, disclosure.address, disclosure.shared, disclosure.why)
    key = Once(by, once, ("disclosure", disclosure.concern.public_id, *said, disclosure.not_told_because))
    if earlier := key.earlier():
        return Disclosure.objects.get(public_id=earlier)
    held = lock_concern(disclosure.concern, by)
    if not disclosure.student_told and not disclosure.not_told_because.strip():
        raise Refused("not_told", "Enter why the student was not told.", field="not_told_because", status=422)
    disclosure.decided_by, disclosure.decided_at = by, database_now()
    disclosure.save()
    _log(held, StepKind.DISCLOSED, f"To {disclosure.to_whom}: {disclosure.why}", by)
    record_audit(actor=by, action="disclosed", on=disclosure, to=disclosure.to)
    if disclosure.address:
        queue_messages([disclosed(disclosure)])
    key.remember(disclosure.public_id)
    return disclosure


def lock_concern(concern: Concern, by: User) -> Concern:
    require_lead(by, concern)
    held = Concern.objects.select_for_update(no_key=True).get(pk=concern.pk)
    if held.is_closed:
        raise Refused("concern_closed", "This concern is closed.", "Open it again first.")
    require_as_seen(concern, held, by=by, verbs=VERBS)
    return held


def require_lead(by: User, concern: Concern) -> None:
    if not is_lead(by) or concern.student_id == by.pk:
        raise Refused("not_yours", "Only wellbeing leads can see concerns.", status=403)


def _log(concern: Concern, kind: str, words: str, by: User, next_on: date | None = None) -> ConcernStep:
    if not words.strip():
        raise Refused("no_words", "Enter what you did and why.", field="words", status=422)
    record_audit(actor=by, action=f"concern_{kind}", on=concern)
    return ConcernStep.objects.create(
        concern=concern, kind=kind, words=words.strip(), by=by, at=database_now(), next_on=next_on
    )
