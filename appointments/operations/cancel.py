from accounts.models import User
from accounts.operations.record_audit import record_audit
from appointments.models import Booking, BookingStatus
from appointments.operations.as_seen import require_booking_as_seen
from appointments.operations.choice import context_under_lock
from appointments.operations.queue_notices import queue_booking_notices
from appointments.rules.booking import may_book_for, may_change, may_take_back
from documents.operations.share import end_shares_of
from eligibility.operations.allocation import give_allocation_back
from foundation.outcomes.refusals import Refused, in_one_transaction, require

CANNOT_HOLD_IT = "We can’t hold it at that time."
"""What the student reads if staff give no other reason."""


@in_one_transaction
def cancel_booking(
    *, booking: Booking, by: User, reason: str = "", by_service: bool = False, told_reason: str = ""
) -> Booking:
    """Cancels a booking before it starts. Cancelled early enough, or after we asked the student to move it, it does not
    count (ELIG-2). A second attempt is refused.

    With `by_service` the service cancels: this never counts against the student and is possible until attendance is
    marked. The student then reads `told_reason`; `reason` is for staff. Attached documents are no longer shared. Locks
    the student and the adviser, then the booking.
    """
    require(may_book_for(booking.student, by), status=403)
    if by_service and not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can cancel for the service.", status=403)
    context = context_under_lock(booking.student, booking.adviser)
    now = context.facts.now
    cancelled = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    decision = may_change(cancelled, now)
    if not (by_service and cancelled.occupies_time):
        require(decision)
    require_booking_as_seen(booking, cancelled, by)
    cancelled.status = BookingStatus.CANCELLED_BY_SERVICE if by_service else BookingStatus.CANCELLED
    by_us = by_service or cancelled.move_asked_at is not None
    if by_us or may_take_back(cancelled.type, cancelled, now):
        give_allocation_back(source=cancelled.source, by_us=by_us)
    cancelled.ended_at, cancelled.ended_by, cancelled.status_reason = now, by, reason
    cancelled.told_reason = (told_reason.strip() or CANNOT_HOLD_IT) if by_service else ""
    cancelled.sequence += 1
    cancelled.save()
    end_shares_of(source=cancelled.source, by=by)
    record_audit(
        actor=by,
        action=str(cancelled.status),
        on=cancelled,
        student=cancelled.student,
    )
    queue_booking_notices("cancelled", cancelled, context.policy, now)
    return cancelled
