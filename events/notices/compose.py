"""Composes a message about an event at the moment it is sent, from the registration or waiting entry as it is then."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from eligibility.models import WaitingEntry, WaitingState
from events.models import Event, EventNote, Registration, RegistrationStatus
from events.notices.calendar_file import registration_invitation
from events.notices.registration import (
    CALLED_OFF,
    CANCELLED,
    CHANGED,
    FEEDBACK,
    HELD,
    LAPSED,
    LAPSING,
    LINK,
    LIST_CLOSED,
    NOTE,
    OFFERED,
    REGISTERED,
    RELEASED,
    REMINDER,
    REMINDER_TEXT,
    WAITING,
)
from foundation.values.times import database_now, spoken_time, told_when, zone_name
from foundation.web.plain_text import render_plain
from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email, compose_text
from messaging.rules.kinds import Attachment, Composed, Withdrawn, register_kind
from places.models import MeetingMode

NO_TEXTS = "The student wants no reminders by text any more."

SUBJECTS = {
    REGISTERED: "Registered: {title}, {when}",
    CANCELLED: "Registration cancelled: {title}, {when}",
    CALLED_OFF: "Cancelled by us: {title}, {when}",
    CHANGED: "Changed: {title}, now {when}",
    HELD: "On hold: {title}, {when}",
    RELEASED: "Going ahead: {title}, {when}",
    REMINDER: "Reminder: {title}, {when}",
    LINK: "How to join: {title}, {when}",
    NOTE: "About {title}, {when}",
    FEEDBACK: "How was {title}?",
    WAITING: "On the waiting list: {title}, {when}",
    OFFERED: "A place for you: {title}, {when}",
    LAPSING: "Your place is kept until {until}: {title}",
    LAPSED: "Your place has gone to the next person: {title}",
    LIST_CLOSED: "The waiting list is closed: {title}",
}
LEADS = {
    REGISTERED: "events/messages/lead/registered.txt",
    CANCELLED: "events/messages/lead/cancelled.txt",
    CALLED_OFF: "events/messages/lead/called_off.txt",
    CHANGED: "events/messages/lead/changed.txt",
    HELD: "events/messages/lead/held.txt",
    RELEASED: "events/messages/lead/released.txt",
    REMINDER: "events/messages/lead/reminder.txt",
    LINK: "events/messages/lead/link.txt",
    NOTE: "events/messages/lead/note.txt",
    FEEDBACK: "events/messages/lead/feedback.txt",
    WAITING: "events/messages/lead/waiting.txt",
    OFFERED: "events/messages/lead/offered.txt",
    LAPSING: "events/messages/lead/lapsing.txt",
    LAPSED: "events/messages/lead/lapsed.txt",
    LIST_CLOSED: "events/messages/lead/list_closed.txt",
}
STILL = frozenset({REGISTERED, CHANGED, RELEASED, REMINDER, LINK, NOTE})
"""Sent only to those who are still registered."""
WITH_CALENDAR = frozenset({REGISTERED, CANCELLED, CALLED_OFF, CHANGED, RELEASED})
ABOUT_WAITING = (WAITING, OFFERED, LAPSING, LAPSED, LIST_CLOSED)

Context = dict[str, Any]


def register_notices() -> None:
    for kind in SUBJECTS:
        compose = _about_waiting if kind in ABOUT_WAITING else _about_registration
        register_kind(kind, compose, confidential=kind in (HELD, RELEASED))
    register_kind(REMINDER_TEXT, _reminder_text)


def _about_registration(message: OutboxMessage) -> Composed | Withdrawn:
    registration = _registration(message)
    if registration is None:
        return Withdrawn("The registration is no longer there.")
    if withdrawn := _outdated(registration, message):
        return withdrawn
    context = registration_context(registration) | {
        "is_late": bool(message.context.get("is_late")),
        "note": _note(message),
        "was": message.context.get("was", []),
    }
    if message.kind == FEEDBACK:
        page = reverse("feedback_create", args=[registration.public_id])
        context |= _action("Tell us how it was", page, registration.student)
    files = [_calendar(registration)] if message.kind in WITH_CALENDAR else []
    return _email(message.kind, context, files)


def _about_waiting(message: OutboxMessage) -> Composed | Withdrawn:
    entry = WaitingEntry.objects.select_related("student").filter(public_id=message.context["entry"]).first()
    event = Event.objects.with_details().filter(public_id=message.context["event"]).first()
    if entry is None or event is None:
        return Withdrawn("The place in the waiting list is no longer there.")
    if message.kind in (OFFERED, LAPSING) and not entry.is_offered(database_now()):
        return Withdrawn("The offer is over.", missed=entry.state == WaitingState.OFFERED)
    if message.kind == WAITING and entry.state != WaitingState.WAITING:
        return Withdrawn("The student is no longer waiting.")
    until = told_when(entry.offer_ends_at) if entry.offer_ends_at else ""
    context = _context(event, entry.student, entry.lane) | {"entry": entry, "until": until}
    if message.kind in (OFFERED, LAPSING):
        answer = reverse("waiting_offer", args=[entry.public_id])
        context |= _action("Accept or decline the place", answer, entry.student)
    elif message.kind == WAITING:
        context |= _action("See or leave the list", reverse("waiting_detail", args=[entry.public_id]), entry.student)
    return _email(message.kind, context, [])


def _reminder_text(message: OutboxMessage) -> Composed | Withdrawn:
    registration = _registration(message)
    if registration is None:
        return Withdrawn("The registration is no longer there.")
    if not registration.student.text_reminders:
        return Withdrawn(NO_TEXTS)
    context = registration_context(registration)
    return _outdated(registration, message) or compose_text("events/messages/reminder_text.txt", context)


def _registration(message: OutboxMessage) -> Registration | None:
    found = Registration.objects.with_event().filter(public_id=message.context["registration"])
    return found.first()


def _note(message: OutboxMessage) -> str:
    found = EventNote.objects.filter(public_id=message.context.get("note", "")).first()
    return found.text if found else ""


def _outdated(registration: Registration, message: OutboxMessage) -> Withdrawn | None:
    """A change has its own message, and an older one would mislead."""
    if registration.sequence != message.context["sequence"]:
        return Withdrawn("The registration has changed since.")
    if message.kind not in STILL and message.kind != REMINDER_TEXT:
        return None
    if registration.status != RegistrationStatus.REGISTERED:
        return Withdrawn("The student is no longer registered.")
    begun = registration.event.starts_at <= database_now()
    return (
        Withdrawn("The event has begun.", missed=True) if begun and message.kind in (REMINDER, REMINDER_TEXT) else None
    )


def _email(kind: str, context: Context, files: list[Attachment]) -> Composed:
    event: Event = context["event"]
    subject = SUBJECTS[kind].format(title=event.title, when=event.told_when, until=context.get("until", ""))
    lead = render_plain(LEADS[kind], context)
    paragraphs = [" ".join(each.split()) for each in lead.strip().split("\n\n") if each.strip()]
    return compose_email("events/messages/notice", subject, {**context, "paragraphs": paragraphs}, files)


def registration_context(registration: Registration) -> Context:
    event, student = registration.event, registration.student
    shown = event.starts_at if registration.is_cancelled else None
    context = _context(event, student, registration.mode) | {"registration": registration}
    page = reverse("registration_detail", args=[registration.public_id])
    label = "See the event" if shown else "View or cancel your registration"
    return context | _action(label, page, student)


def _context(event: Event, student: User, mode: str) -> Context:
    sessions = list(event.sessions.all())
    online = mode == MeetingMode.ONLINE
    return {
        "event": event,
        "first_name": student.first_name,
        "when": event.told_when,
        "starts": f"{spoken_time(event.starts_at)} {zone_name()}",
        "sessions": sessions,
        "is_online": online,
        "join_link": event.online_link if online and not event.is_cancelled else "",
        "free_until": told_when(event.free_until),
        "action_url": "",
        "action_words": "",
    }


def _action(words: str, path: str, student: User) -> Context:
    """No link to the portal if the student's account is not active."""
    return {"action_words": words, "action_url": settings.SITE_URL + path if student.is_active else ""}


def _calendar(registration: Registration) -> Attachment:
    method = "CANCEL" if registration.is_cancelled else "REQUEST"
    return {
        "name": "event.ics",
        "content_type": f"text/calendar; method={method}",
        "text": registration_invitation(registration),
        "alternative": True,
    }
