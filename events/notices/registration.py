"""Which messages a registration or a place in the waiting list causes. Each is checked again when it is sent."""

from datetime import datetime, timedelta
from typing import Any

from accounts.rules.policy import Policy
from eligibility.models import WaitingEntry
from events.models import Event, Registration
from messaging.models import Channel
from messaging.notices.notice import Notice
from messaging.rules.reminders import reminder_due, wants_texts
from places.models import MeetingMode

REGISTERED, CANCELLED, CALLED_OFF = "events.registered", "events.cancelled", "events.called_off"
CHANGED, HELD, RELEASED = "events.changed", "events.held", "events.released"
REMINDER, REMINDER_TEXT, LINK = "events.reminder", "events.reminder_text", "events.link"
WAITING, OFFERED, LAPSING, LAPSED, LIST_CLOSED = (
    "events.waiting",
    "events.offered",
    "events.lapsing",
    "events.lapsed",
    "events.list_closed",
)
NOTE, FEEDBACK = "events.note", "events.feedback"


def told(kind: str, registration: Registration, **more: Any) -> Notice:
    """The email sent at once when a registration is made, changed or cancelled (`kind`)."""
    return _notice(kind, Channel.EMAIL, registration, **more)


def reminders(registration: Registration, policy: Policy, now: datetime) -> list[Notice]:
    """Reminders by email and text (APPT-5), and the link to join shortly before an online event starts."""
    event, wanted = registration.event, []
    if due := reminder_due(event.starts_at, now, policy):
        times = {"not_before": due, "expires_at": event.starts_at}
        wanted.append(_notice(REMINDER, Channel.EMAIL, registration, **times))
        if wants_texts(registration.student, policy):
            wanted.append(_notice(REMINDER_TEXT, Channel.SMS, registration, **times))
    if registration.mode == MeetingMode.ONLINE:
        shown = max(event.starts_at - timedelta(minutes=policy.event_link_minutes), now)
        wanted.append(_notice(LINK, Channel.EMAIL, registration, not_before=shown, expires_at=event.ends_at))
    return wanted


def about_waiting(kind: str, entry: WaitingEntry, event: Event, **more: Any) -> Notice:
    """The email about a place in the waiting list. An offer is told once for each time it is made."""
    offer = f":{entry.offered_at.isoformat()}" if entry.offered_at else ""
    return Notice(
        kind=kind,
        channel=Channel.EMAIL,
        recipient=entry.student,
        regarding=entry.public_id,
        dedupe_key=f"{kind}:{entry.public_id}{offer}",
        context={"entry": entry.public_id, "event": event.public_id},
        **more,
    )


def offer_notices(entry: WaitingEntry, event: Event, policy: Policy) -> list[Notice]:
    """The offer, and a reminder before it runs out unless it is too short for one."""
    if entry.offer_ends_at is None or entry.offered_at is None:
        return []
    notices = [about_waiting(OFFERED, entry, event, expires_at=entry.offer_ends_at)]
    remind = entry.offer_ends_at - timedelta(minutes=policy.waiting_lapsing_minutes)
    if policy.waiting_lapsing_minutes and remind > entry.offered_at:
        notices.append(about_waiting(LAPSING, entry, event, not_before=remind, expires_at=entry.offer_ends_at))
    return notices


def _notice(
    kind: str,
    channel: Channel,
    registration: Registration,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    **more: Any,
) -> Notice:
    return Notice(
        kind=kind,
        channel=channel,
        recipient=registration.student,
        regarding=registration.public_id,
        dedupe_key=f"{kind}:{registration.public_id}:{registration.sequence}",
        context={"registration": registration.public_id, "sequence": registration.sequence, **more},
        not_before=not_before,
        expires_at=expires_at,
    )
