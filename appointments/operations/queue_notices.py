from datetime import datetime

from accounts.rules.policy import Policy
from appointments.models import Booking
from appointments.notices.booking import reminders, told
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.queue_message import queue_messages

REASONS = {
    "must_move": "The appointment cannot take place as booked.",
    "goes_ahead": "The appointment can take place after all.",
}
"""Why waiting messages are withdrawn, where the event’s name does not say it."""


def queue_booking_notices(event: str, booking: Booking, policy: Policy, now: datetime) -> None:
    """`event` is booked, moved, cancelled, held, released, must_move or goes_ahead.

    In the operation's own transaction: withdraws outdated messages, queues the new one, and reminders if the
    appointment still takes place (APPT-5).
    """
    if event != "booked":
        reason = REASONS.get(event, f"The booking was {event}.")
        cancel_messages(regarding=booking.public_id, reason=reason)
    notices = [told(event, booking)]
    if booking.occupies_time and not booking.is_held and booking.move_asked_at is None:
        notices += reminders(booking, policy, now)
    queue_messages(notices, now)
