from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import note_undo
from appointments.models import Booking, BookingStatus, LateCancelling
from appointments.operations.as_seen import require_booking_as_seen
from appointments.operations.choice import context_under_lock
from appointments.operations.late_changes import place_late_change
from appointments.operations.queue_notices import queue_booking_notices
from appointments.rules.booking import late_change, may_book_for, may_move_or_cancel
from documents.operations.share import end_shares_of, shared_for
from eligibility.operations.allocation import give_allocation_back, uses_of_source
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from messaging.operations.hold_back import waiting_about

CANCELLATION = "cancelled"
"""What `undo_cancellation` undoes."""
CANCELS = ("status", "status_reason", "told_reason", "ended_at", "ended_by_id", "sequence")
"""The fields that cancelling changes."""

CANNOT_HOLD_IT = "We can’t hold it at that time."
"""What the student reads if staff give no other reason."""


@in_one_transaction
def cancel_booking(
    *,
    booking: Booking,
    by: User,
    reason: str = "",
    by_service: bool = False,
    told_reason: str = "",
    undo: bool = False,
) -> Booking:
    """Cancels a booking before it starts. Cancelled early enough, or after we asked the student to move it, it does not
    count (ELIG-2). Later, it counts, is a miss, or is refused: as its type says. A second attempt is refused.

    With `by_service` the service cancels: this never counts against the student and is possible until attendance is
    marked. The student then reads `told_reason`; `reason` is for staff. Attached documents are no longer shared. Locks
    the student and the adviser, then the booking.

    With `undo`, it can be undone for some seconds (`undo_cancellation`). Until then, the student is told nothing. The
    time is free for others at once.
    """
    require(may_book_for(booking.student, by), status=403)
    if by_service and not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can cancel for the service.", status=403)
    context = context_under_lock(booking.student, booking.adviser)
    now = context.facts.now
    cancelled = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    decision = may_move_or_cancel(cancelled, now)
    if not (by_service and cancelled.occupies_time):
        require(decision)
    require_booking_as_seen(booking, cancelled, by)
    before, had = cancelled.values_of(CANCELS), _had(cancelled) if undo else {}
    cancelled.status = BookingStatus.CANCELLED_BY_SERVICE if by_service else BookingStatus.CANCELLED
    by_us = by_service or cancelled.move_asked_at is not None
    late = "" if by_us else late_change(cancelled, now)
    if not late:
        give_allocation_back(source=cancelled.source, by_us=by_us)
    cancelled.ended_at, cancelled.ended_by, cancelled.status_reason = now, by, reason
    cancelled.told_reason = (told_reason.strip() or CANNOT_HOLD_IT) if by_service else ""
    cancelled.sequence += 1
    end_shares_of(source=cancelled.source, by=by)
    record_audit(actor=by, action=str(cancelled.status), on=cancelled, student=cancelled.student)
    until = now + timedelta(seconds=context.policy.undo_seconds if undo else 0)
    queued = queue_booking_notices("cancelled", cancelled, context.policy, now, until=until)
    cancelled.undo = None
    if until > now:
        note_undo(cancelled, CANCELLATION, by=by, until=until, before=before, queued=queued, **had)
    cancelled.save()
    if late == LateCancelling.MISS:
        place_late_change(booking=cancelled, source=cancelled.source, on=context.facts.today, until=until)
    return cancelled


def _had(booking: Booking) -> dict[str, Any]:
    """What cancelling takes from a booking, so that undoing can restore it: messages, shared documents, allocation."""
    return {
        "waiting": waiting_about(booking.public_id),
        "shared": shared_for(source=booking.source),
        "uses": uses_of_source(source=booking.source),
    }
