"""May this person be checked in, and are they late? Writes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.rules.policy import Policy
from events.models import EventSession, Registration, RegistrationStatus
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import told_when


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
        return refuse("attendance_closed", "The attendance of this event is closed.", "Reopen it to change it.")
    return ALLOWED


def is_late(session: EventSession, at: datetime, minutes: int) -> bool:
    """More than so many minutes after the start; 0: never late."""
    return minutes > 0 and at > session.starts_at + timedelta(minutes=minutes)


def may_close_attendance(registrations: Sequence[Registration], now: datetime) -> Decision:
    if not registrations or now >= registrations[0].event.ends_at:
        return ALLOWED
    return refuse("too_early", "The event is not over yet.", "Close the attendance after it ends.")


def outcome_of(registration: Registration, sessions_attended: int, sessions: int, percent: int) -> RegistrationStatus:
    """What attending amounts to: enough of it, in part, or nothing.

    In person: `sessions_attended` of `sessions`; all of them is attending, some is in part. Online with minutes: the
    share of the event that its type asks for (`percent`).
    """
    if registration.minutes_there is not None:
        event = registration.event
        whole = int((event.ends_at - event.starts_at).total_seconds() // 60)
        enough = registration.minutes_there * 100 >= whole * percent
        partly = RegistrationStatus.PARTLY if registration.minutes_there else RegistrationStatus.MISSED
        return RegistrationStatus.ATTENDED if enough and registration.minutes_there else partly
    if sessions_attended == 0:
        return RegistrationStatus.MISSED
    return RegistrationStatus.ATTENDED if sessions_attended >= sessions else RegistrationStatus.PARTLY
