"""When a reminder of an appointment or event is due (APPT-5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from messaging.rules.heartbeats import usable_mobile

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.rules.policy import Policy


def reminder_due(starts_at: datetime, now: datetime, policy: Policy) -> datetime | None:
    """When to send the reminder of something booked now; None if it is too near for one.

    Hours are elapsed hours, also when the clocks change. If the reminder's time has already passed, it is due at once.
    """
    if starts_at - now <= timedelta(hours=policy.reminder_only_if_booked_hours_ahead):
        return None
    return max(starts_at - timedelta(hours=policy.reminder_hours_before), now)


def wants_texts(person: User, policy: Policy) -> bool:
    """Has a usable mobile, and neither the service nor the person has turned texts off."""
    return bool(policy.reminder_by_text and person.text_reminders and usable_mobile(person.phone))
