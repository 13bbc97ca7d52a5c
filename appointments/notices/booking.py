"""Which messages a booking causes, to whom and when. Each is checked again when it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.rules.policy import Policy
from appointments.models import Booking
from messaging.models import Channel
from messaging.notices.notice import Notice
from messaging.rules.reminders import reminder_due, wants_texts

BOOKED, MOVED, CANCELLED = "appointments.booked", "appointments.moved", "appointments.cancelled"
MUST_MOVE, GOES_AHEAD = "appointments.must_move", "appointments.goes_ahead"
HELD, RELEASED, CHANGED = "appointments.held", "appointments.released", "appointments.changed"
REMINDER, REMINDER_TEXT = "appointments.reminder", "appointments.reminder_text"


def told(event: str, booking: Booking, what_was: Mapping[str, Any]) -> Notice:
    """The email sent at once when a booking is booked, moved, changed, cancelled, held or released, can no longer
    take place or goes ahead after all (`event`; APPT-5, SEC-4). `what_was` comes from `before_move`.
    """
    return _notice(f"appointments.{event}", Channel.EMAIL, booking, **what_was)


def before_move(booking: Booking, *, by_us: bool) -> dict[str, Any]:
    """What the message about a move says of the time before, and whether staff moved the booking."""
    return {
        "was": [booking.starts_at.isoformat(), booking.ends_at.isoformat()],
        "was_with": booking.adviser.public_id,
        "by_us": by_us,
    }


def reminders(booking: Booking, policy: Policy, now: datetime) -> list[Notice]:
    """Reminders by email and, to a usable mobile, by text unless the student turned texts off (APPT-5). Only for
    bookings made more than the policy's number of hours ahead.

    See `reminder_due` for when.
    """
    due = reminder_due(booking.starts_at, now, policy)
    if due is None:
        return []
    times = {"not_before": due, "expires_at": booking.starts_at}
    wanted = [_notice(REMINDER, Channel.EMAIL, booking, **times)]
    if wants_texts(booking.student, policy):
        wanted.append(_notice(REMINDER_TEXT, Channel.SMS, booking, **times))
    return wanted


def _notice(
    kind: str,
    channel: Channel,
    booking: Booking,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    **what_was: Any,
) -> Notice:
    return Notice(
        kind=kind,
        channel=channel,
        recipient=booking.student,
        regarding=booking.public_id,
        dedupe_key=f"{kind}:{booking.public_id}:{booking.sequence}",
        context={"booking": booking.public_id, "sequence": booking.sequence, **what_was},
        not_before=not_before,
        expires_at=expires_at,
    )
