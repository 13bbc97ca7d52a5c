from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.rules.policy import Policy
from appointments.models import Booking
from appointments.notices.booking import reminders, told
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.hold_back import hold_back

REASONS = {
    "must_move": "The appointment cannot take place as booked.",
    "goes_ahead": "The appointment can take place after all.",
}
"""Why waiting messages are withdrawn, where the event’s name does not say it."""


def queue_booking_notices(
    event: str,
    booking: Booking,
    policy: Policy,
    now: datetime,
    what_was: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> list[str]:
    """`event` is booked, moved, changed, cancelled, held, released, must_move or goes_ahead. `what_was`: for a
    move, from `before_move`.

    In the operation's own transaction: withdraws outdated messages, queues the new one, and reminders if the
    appointment still takes place (APPT-5). They wait until `until`, the end of the time in which it can be undone.
    Returns their public ids.
    """
    if event != "booked":
        reason = REASONS.get(event, f"The booking was {event}.")
        cancel_messages(regarding=booking.public_id, reason=reason)
    notices = [told(event, booking, what_was or {})]
    if booking.occupies_time and not booking.is_held and booking.move_asked_at is None:
        notices += reminders(booking, policy, now)
    return hold_back(notices, now, until or now)
