from datetime import datetime

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from accounts.operations.undo import mark_undone, note_undo, require_undo, undo_until
from eligibility.models import HowMissed, StrikeKind
from eligibility.operations.allocation import give_allocation_back, use_again, uses_of_source
from eligibility.operations.strikes import place_strike, remove_strike
from eligibility.rules.facts import Context
from events.models import Event, Registration, RegistrationStatus
from events.notices.registration import CANCELLED
from events.operations.admit import event_full
from events.operations.locked import lock_event, lock_student_and_event
from events.operations.queue_notices import queue_registration_notices
from events.operations.waiting import offer_places
from events.rules.registering import is_late_cancelling, may_attend, may_cancel, may_register_for, takes_place
from events.selectors.places import lowest_free_seat
from foundation.outcomes.decisions import all_of
from foundation.outcomes.refusals import in_one_transaction, require
from messaging.operations.hold_back import requeue_messages, waiting_about, withdraw_messages

CANCELLATION = "registration_cancelled"
"""What `undo_cancelled_registration` undoes."""
CANCELS = ("status", "ended_at", "ended_by_id", "sequence")


def strike_kind(event: Event) -> str:
    """Employers' events are counted apart from other sessions (ELIG-3)."""
    return StrikeKind.EVENT if event.is_employer_led else StrikeKind.OTHER


@in_one_transaction
def cancel_registration(*, registration: Registration, by: User, undo: bool = False) -> Registration:
    """Cancels until the event starts. The place is offered to the next person who waits.

    Cancelling in time gives the allocation back. After the event's last day for it, cancelling counts as a miss. With
    `undo`, it can be undone for some seconds, and the place is offered afterwards. Locks the student, then the event.
    """
    require(may_register_for(registration.student, by), status=403)
    locked = lock_student_and_event(registration.student, registration.event)
    context, row = locked.context, _locked_row(registration)
    require(may_cancel(row, locked.now))
    require_as_seen(registration, row, by=by)
    until = undo_until(locked.now) if undo else locked.now
    uses, waiting = uses_of_source(source=row.source), waiting_about(row.public_id)
    before, is_late = row.values_of(CANCELS), is_late_cancelling(row, locked.now)
    row.status, row.ended_at, row.ended_by = RegistrationStatus.CANCELLED, locked.now, by
    row.sequence += 1
    queued = queue_registration_notices(CANCELLED, row, context.policy, locked.now, until, is_late=is_late)
    row.undo = None
    if until > locked.now:
        note_undo(row, CANCELLATION, by=by, until=until, before=before, queued=queued, uses=uses, waiting=waiting)
    row.save()
    _settle(row, is_late, context, until)
    record_audit(actor=by, action="registration_cancelled", on=row, student=row.student, late=is_late)
    if until == locked.now:
        offer_places(lock_event(locked.event), context.policy)
    return row


@in_one_transaction
def undo_cancelled_registration(*, registration: Registration, by: User) -> Registration:
    """Registers the student again as before, for some seconds. Refused if the place has gone meanwhile."""
    locked = lock_student_and_event(registration.student, registration.event)
    row = _locked_row(registration)
    undo = require_undo(row, by=by, remedy="Register again.", of=(CANCELLATION,))
    if not undo:
        return row
    require(all_of([takes_place(locked.event, locked.now), may_attend(locked.event, locked.context)]))
    places = locked.places[row.mode]
    if places.taken + places.offered >= places.total:
        raise event_full(places.on_list > 0)
    withdraw_messages(undo["queued"], "The cancellation was undone.")
    mark_undone(row, undo)
    row.seat = lowest_free_seat(locked.event, row.mode, places)
    row.save()
    remove_strike(source=row.source)
    give_allocation_back(source=row.source)
    event = locked.event
    use_again(student=row.student, source=row.source, uses=undo["uses"], on=event.local_date, ends_at=event.ends_at)
    requeue_messages(undo["waiting"])
    record_audit(actor=by, action="registration_cancellation_undone", on=row, student=row.student)
    return row


def _settle(row: Registration, is_late: bool, context: Context, until: datetime) -> None:
    """In time: the allocation is given back. Late: it stays used, and the student has missed the event."""
    if not is_late:
        give_allocation_back(source=row.source)
        return
    what = {"about": row.event.title, "kind": strike_kind(row.event), "how": HowMissed.CANCELLED_LATE}
    place_strike(student=row.student, source=row.source, on=context.facts.today, until=until, **what)


def _locked_row(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(no_key=True, of=("self",)).select_related("student", "event__type")
    return rows.get(pk=registration.pk)
