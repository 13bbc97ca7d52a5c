from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import mark_undone, require_undo
from appointments.models import Booking
from appointments.operations.cancel import CANCELLATION
from appointments.operations.choice import Choice, context_under_lock, take_seat, with_alternatives
from appointments.rules.booking import may_be_restored, may_book_for
from documents.operations.share import share_again
from eligibility.models import Hold
from eligibility.operations.allocation import use_again, uses_of_source
from eligibility.operations.strikes import remove_strike
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from messaging.operations.hold_back import requeue_messages, withdraw_messages

BOOK_AGAIN = "Book again instead."
NEVER_SENT = "The cancellation was undone before this was sent."


def undo_cancellation(*, booking: Booking, by: User) -> Booking:
    """Puts a booking back that this person has just cancelled: allocation, shared documents and reminders as they were.

    The student never hears of it. Pressed twice, it is done once. Locks the student and the adviser, then the booking.
    The time was free for others meanwhile: refused, with other times, if somebody has taken it or the student has used
    what the cancellation gave back. Refused as well as `require_undo` and `withdraw_messages` say.
    """
    require(may_book_for(booking.student, by), status=403)
    try:
        return _undo(booking, by)
    except Refused as refused:
        raise with_alternatives(refused, _choice(booking), booking.student, by) from refused


@in_one_transaction
def _undo(booking: Booking, by: User) -> Booking:
    context = context_under_lock(booking.student, booking.adviser)
    restored = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    undo = require_undo(restored, by=by, remedy=BOOK_AGAIN, of=(CANCELLATION,))
    if not undo:
        return restored
    remove_strike(source=restored.source)
    given_back = [] if uses_of_source(source=restored.source) else undo["uses"]
    held = Hold.objects.filter(student=restored.student, keeps_bookings=False, decided_at__gte=restored.ended_at)
    require(may_be_restored(restored, context, counts=bool(given_back), held_since=held.exists()))
    withdraw_messages(undo["queued"], NEVER_SENT)
    mark_undone(restored, undo)
    if restored.type.is_group:
        take_seat(_choice(restored), restored)
    restored.save()
    day, ends_at = restored.local_date, restored.ends_at
    use_again(student=restored.student, source=restored.source, uses=given_back, on=day, ends_at=ends_at)
    share_again(documents=undo["shared"], source=restored.source, by=by)
    requeue_messages(undo["waiting"])
    record_audit(actor=by, action="cancellation_undone", on=restored, student=restored.student)
    return restored


def _choice(booking: Booking) -> Choice:
    return Choice(booking.type, booking.starts_at, booking.adviser, booking.mode, booking.location)
