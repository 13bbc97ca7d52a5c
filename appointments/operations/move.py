from accounts.models import User
from accounts.operations.record_audit import record_audit
from appointments.models import Booking
from appointments.notices.booking import before_move
from appointments.operations.as_seen import require_booking_as_seen
from appointments.operations.book import count_use
from appointments.operations.choice import (
    Choice,
    Override,
    assign_time,
    locked_context,
    require_offered,
    require_or_override,
    require_rate,
    with_alternatives,
)
from appointments.operations.late_changes import leave_behind
from appointments.operations.number_to_call import number_to_call
from appointments.operations.queue_notices import queue_booking_notices
from appointments.rules.booking import late_change, may_book_at, may_book_for, may_move_or_cancel
from appointments.rules.in_confidence import may_be_told_the_decision
from appointments.rules.reachable import may_be_written_to
from eligibility.operations.allocation import give_allocation_back
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.outcomes.versions import as_seen
from foundation.values.times import local_day


def move_booking(*, booking: Booking, choice: Choice, by: User, override: Override | None = None) -> Booking:
    """Moves a booking to another time, before it starts and under the rules for a new one. It never blocks its own
    move. A student who moves it inside the notice leaves behind what cancelling it then would cost.

    Refuses (`changed_since`) a page that saw it elsewhere, unless it already is where that page moves it: the form was
    sent twice. Locks the student and both advisers, then the booking. Raises the calendar sequence by one, withdraws
    the old reminders and tells the student. If refused, the booking does not change.
    """
    require(may_book_for(booking.student, by), status=403)
    require(may_be_told_the_decision(choice.type, booking.student, by), status=403)
    try:
        return _move(booking, choice, by, override)
    except Refused as refused:
        raise with_alternatives(refused, choice, booking.student, by, booking) from refused


@in_one_transaction
def _move(booking: Booking, choice: Choice, by: User, override: Override | None) -> Booking:
    student = booking.student
    locked = locked_context(choice, student, booking.adviser, by_staff=by != student)
    context = locked.context
    moved = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    moved.student = student
    require(may_move_or_cancel(moved, context.facts.now))
    require(may_be_written_to(student, context))
    if is_at(moved, choice) and not as_seen(booking, moved):
        return moved
    require_booking_as_seen(booking, moved, by)
    require_rate(locked)
    if choice.type.pk != moved.type_id:
        raise Refused(
            "other_type",
            "You cannot change the type of appointment when you move it.",
            "Cancel this one and book the other.",
        )
    if by == student and (late := late_change(moved, context.facts.now)):
        context = leave_behind(booking=moved, late=late, context=context)
    decision = may_book_at(choice.type, context, choice.starts_at, except_source=moved.public_id)
    require_or_override(decision, by, override)
    require_offered(choice, locked, by_staff=by != student)
    was, what_was = moved.starts_at, before_move(moved, by_us=by != student)
    if (moved.adviser_id, moved.mode) != (choice.adviser.pk, choice.mode):
        moved.own_link = ""  # it may be the other adviser's
    moved.phone = number_to_call(choice.mode, moved.phone, student)
    assign_time(moved, choice)
    moved.sequence += 1
    moved.move_asked_at = None
    if override:
        moved.override_reason, moved.consumes = override.reason, override.counts
    moved.save()
    give_allocation_back(source=moved.source)
    if moved.consumes:
        count_use(moved, choice.type, student, context)
    day = str(local_day(moved.starts_at))
    record_audit(actor=by, action="moved", on=moved, student=student, moved_from=was.isoformat(), day=day)
    queue_booking_notices("moved", moved, context.policy, context.facts.now, what_was)
    return moved


def is_at(booking: Booking, choice: Choice) -> bool:
    there = (booking.starts_at, booking.adviser_id, booking.location_id, booking.mode)
    return there == (choice.starts_at, choice.adviser.pk, choice.location.pk, choice.mode)
