"""May this person be checked in, and are they late? Writes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.rules.policy import Policy
from events.models import Event, EventSession, Registration, RegistrationStatus
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import told_when

CLOSED = refuse("attendance_closed", "The attendance of this event is closed.", "Reopen it to change it.")


def session_at_the_door(sessions: Sequence[EventSession], now: datetime) -> EventSession | None:
    """The session that people are checked in to now: the first that is not over, or the last. None without sessions."""
    ahead = [each for each in sessions if now < each.ends_at]
    return ahead[0] if ahead else sessions[-1] if sessions else None


def may_check_in(registration: Registration, session: EventSession, now: datetime, policy: Policy) -> Decision:
    """From some time before the session until the attendance is closed. Only those with a place."""
    if registration.is_held:
        return refuse("held", "This registration is on hold.", "Ask a careers manager.")
    if registration.is_cancelled:
        return refuse("registration_cancelled", "This registration was cancelled.", "Admit them if a place is free.")
    return may_open_door(session, now, policy, registration.event.attendance_closed_at is not None)


def may_open_door(session: EventSession, now: datetime, policy: Policy, is_closed: bool) -> Decision:
    opens = session.starts_at - timedelta(minutes=policy.check_in_minutes)
    if now < opens:
        return refuse("too_early", f"Check-in opens on {told_when(opens)}.", "Come back then.")
    if is_closed:
        return CLOSED
    return ALLOWED


def is_late(session: EventSession, at: datetime, minutes: int) -> bool:
    """More than so many minutes after the start; 0: never late."""
    return minutes > 0 and at > session.starts_at + timedelta(minutes=minutes)


def may_close_attendance(registrations: Sequence[Registration], now: datetime) -> Decision:
    if not registrations or now >= registrations[0].event.ends_at:
        return ALLOWED
    return refuse("too_early", "The event is not over yet.", "Close the attendance after it ends.")


def may_record_report(event: Event, now: datetime) -> Decision:
    """A webinar's report: once it has started, until the attendance is closed."""
    if now < event.starts_at:
        return refuse("too_early", "The event has not started yet.", "Record the report after it ends.")
    if event.attendance_closed_at is not None:
        return CLOSED
    return ALLOWED


def attended_sessions(attended: int, sessions: int) -> RegistrationStatus:
    """By check-ins: all sessions is attending, some is in part, none is missed."""
    if attended == 0:
        return RegistrationStatus.MISSED
    return RegistrationStatus.ATTENDED if attended >= sessions else RegistrationStatus.PARTLY


def attended_online(event: Event, minutes: int) -> RegistrationStatus:
    """By minutes: the share of the event's length that its type asks for is attending, less is in part."""
    if minutes == 0:
        return RegistrationStatus.MISSED
    enough = minutes * 100 >= minutes_of(event) * event.type.partial_percent
    return RegistrationStatus.ATTENDED if enough else RegistrationStatus.PARTLY


def minutes_of(event: Event) -> int:
    """How long its sessions last together. The nights between them are not part of an event."""
    lengths = (each.ends_at - each.starts_at for each in event.sessions.all())
    return sum(int(length.total_seconds() // 60) for length in lengths)
