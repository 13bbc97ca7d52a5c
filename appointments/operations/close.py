from accounts.models import User
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
) -> Booking:
    """Records attendance, note and next step in one transaction. An empty note is not written."""
    marked = mark_attendance(booking=booking, outcome=outcome, by=by, minutes_late=minutes_late)
    if text.strip():
        write_note(booking=marked, text=text.strip(), next_step=next_step.strip(), by=by)
    return marked
