from accounts.models import User
from accounts.operations.once import Once
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, write_note
from foundation.outcomes.refusals import in_one_transaction


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
) -> Booking:
    """Records attendance, note and next step in one transaction. An empty note is not written.

    Sent twice with one key (`once`), it is recorded once.
    """
    key = Once(by, once, ("closed", booking.public_id, outcome, minutes_late, text, next_step))
    if key.earlier():
        return Booking.objects.with_people().get(pk=booking.pk)
    marked = mark_attendance(booking=booking, outcome=outcome, by=by, minutes_late=minutes_late)
    if text.strip():
        write_note(booking=marked, text=text.strip(), next_step=next_step.strip(), by=by)
    key.remember(booking.public_id)
    return marked
