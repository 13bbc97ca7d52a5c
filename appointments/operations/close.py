from accounts.models import User
from accounts.operations.once import Once
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, write_note
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def close_appointment(
    *,
    booking: Booking,
    outcome: str,
    by: User,
    minutes_late: int | None = None,
    text: str = "",
    next_step: str = "",
    once: str = "",
    undo: bool = False,
) -> Booking:
    """Records attendance, note and next step in one transaction. An empty note is not written.

    Sent twice with one key (`once`), it is recorded once. With `undo`, all of it can be undone for some seconds
    (`undo_mark`); the form sent before is then refused (`undone_already`).
    """
    key = Once(by, once, ("closed", booking.public_id, outcome, minutes_late, text, next_step))
    if key.earlier():
        closed: Booking = Booking.objects.with_people().get(pk=booking.pk)
        if closed.occupies_time:
            raise Refused("undone_already", "You undid this.", "Close the appointment again from its page.")
        return closed
    marked = mark_attendance(booking=booking, outcome=outcome, by=by, minutes_late=minutes_late, undo=undo)
    if text.strip():
        note = write_note(booking=marked, text=text.strip(), next_step=next_step.strip(), by=by)
        if marked.undo:
            marked.undo["note"] = note.public_id
            marked.save(update_fields=["undo"])
    key.remember(booking.public_id)
    return marked
