from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.rules.policy import Policy
from appointments.models import Booking
from appointments.notices.booking import reminders, told
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.queue_message import queue_messages


def queue_booking_notices(
    event: str, booking: Booking, policy: Policy, now: datetime, what_was: Mapping[str, Any] | None = None
) -> None:
    """`event` is booked, moved, changed, cancelled, held or released. `what_was`: for a move, from `before_move`.

    In the operation's own transaction: withdraws outdated messages, queues the new one, and reminders if the
    appointment still takes place (APPT-5).
    """
    if event != "booked":
        cancel_messages(regarding=booking.public_id, reason=f"The booking was {event}.")
    notices = [told(event, booking, what_was or {})]
    if booking.occupies_time and not booking.is_held:
        notices += reminders(booking, policy, now)
    queue_messages(notices, now)
