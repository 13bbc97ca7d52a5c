from accounts.models import User
from accounts.operations.require_as_seen import require_as_seen
from appointments.models import Booking
from appointments.rules.booking import present_state

VERBS = {
    "booked": "booked it",
    "booked_with_override": "booked it",
    "moved": "moved it",
    "cancelled": "cancelled it",
    "cancelled_by_service": "cancelled it",
    "cancellation_undone": "undid the cancellation",
    "joining_changed": "changed how to join",
    "details_changed": "changed what the student told us",
    "marked_arrived": "marked the student as arrived",
    "marked_attended": "marked it as attended",
    "marked_late": "marked it as attended, late",
    "marked_missed": "marked it as missed",
    "mark_undone": "undid the attendance",
    "mark_reversed": "undid the attendance",
    "note_written": "wrote a note",
}
"""By action of the audit trail."""


def require_booking_as_seen(seen: Booking, locked: Booking, by: User) -> None:
    """Raises `Changed` with the present time, adviser and place, or what became of the appointment."""
    require_as_seen(seen, locked, by=by, verbs=VERBS, state=present_state(locked))
