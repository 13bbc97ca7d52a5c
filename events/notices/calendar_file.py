"""Calendar entries of events. A public one says what the event is; a registration's also how to cancel it.

Neither has the link to join online: calendars are shared, and the link is only for those who registered.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from events.models import Event, EventSession, Registration
from messaging.notices.calendar_entry import CANCEL, PUBLISH, REQUEST, CalendarEntry, calendar_text
from places.models import MeetingMode


def event_calendar(events: Sequence[Event], name: str = "") -> str:
    """The public events, to import or subscribe to. Each session is an entry."""
    return calendar_text([entry for event in events for entry in event_entries(event)], PUBLISH, name=name)


def registration_calendar(registration: Registration) -> str:
    """The file to import by hand; for a cancelled registration, it removes the entries."""
    method = CANCEL if registration.is_cancelled else PUBLISH
    return calendar_text(registration_entries(registration), method)


def registration_invitation(registration: Registration) -> str:
    """The invitation in an email. An event of several sessions has an entry for each."""
    method = CANCEL if registration.is_cancelled else REQUEST
    return calendar_text(registration_entries(registration), method, attendee=registration.student.contact_email)


def event_entries(event: Event) -> list[CalendarEntry]:
    link = settings.SITE_URL + reverse("event_detail", args=[event.public_id])
    return [
        _entry(event, session, f"{session.public_id}-event", event.sequence, link, f"{event.summary}\n{link}")
        for session in event.sessions.all()
    ]


def registration_entries(registration: Registration) -> list[CalendarEntry]:
    event = registration.event
    link = settings.SITE_URL + reverse("registration_detail", args=[registration.public_id])
    words = f"Your registration is cancelled. Details: {link}" if registration.is_cancelled else _description(link)
    return [
        _entry(
            event,
            session,
            f"{registration.public_id}-{session.public_id}",
            registration.sequence,
            link,
            words,
            is_online=registration.mode == MeetingMode.ONLINE,
            is_cancelled=registration.is_cancelled,
            is_private=True,
        )
        for session in event.sessions.all()
    ]


def _description(link: str) -> str:
    return f"To see or cancel your registration: {link}\nDeclining or deleting this entry does not cancel it."


def _entry(
    event: Event,
    session: EventSession,
    uid: str,
    sequence: int,
    link: str,
    description: str,
    *,
    is_online: bool = False,
    is_cancelled: bool = False,
    is_private: bool = False,
) -> CalendarEntry:
    return CalendarEntry(
        uid=uid,
        sequence=sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=event.title,
        place="Online" if is_online else session.place_words or "Online",
        link=link,
        description=description,
        is_cancelled=is_cancelled or event.is_cancelled,
        is_private=is_private,
        has_alarm=is_private,
    )
