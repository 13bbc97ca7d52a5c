"""Who may edit events, and what an event needs before it is published. Writes nothing."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Role, User
from events.models import Event, EventSession
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from places.models import MeetingMode


def may_edit(user: User) -> Decision:
    """Advisers and careers managers. The front desk works at the door and registers people, and edits nothing."""
    if user.is_active and user.has_role(Role.ADVISER, Role.CAREERS_MANAGER):
        return ALLOWED
    return refuse("not_yours", "Only advisers and careers managers can edit events.")


def may_change(event: Event) -> Decision:
    """A cancelled event stays as people were told of it, and uses no place."""
    if event.is_cancelled:
        return refuse("event_cancelled", "This event has been cancelled.", "Copy it to hold it at another time.")
    return ALLOWED


def may_move(session: EventSession, starts_at: datetime | None) -> Decision:
    """`starts_at`: when it is to start; None to remove it. People were checked in at the time that it has."""
    if starts_at == session.starts_at or not session.check_ins.exists():
        return ALLOWED
    return refuse(
        "session_attended",
        f"People are checked in to the session on {session.when}, so its start can’t change.",
        "Add another session, or copy the event.",
    )


def may_publish(event: Event, sessions: Sequence[EventSession], now: datetime) -> Decision:
    """Everything that people need to decide whether to come is there."""
    if not (decision := may_change(event)):
        return decision
    missing = []
    if not sessions:
        missing.append(_missing("when it takes place"))
    if event.ends_at <= now:
        missing.append(refuse("event_incomplete", "This event is over already.", "Change its date."))
    if event.places(MeetingMode.IN_PERSON) and not all(each.place_words for each in sessions):
        missing.append(_missing("the place of each session"))
    if event.places(MeetingMode.ONLINE) and not event.online_link:
        missing.append(_missing("the link to join online"))
    return all_of(missing)


def _missing(what: str) -> Decision:
    return refuse("event_incomplete", f"Before you publish this event, enter {what}.")
