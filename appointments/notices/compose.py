"""Composes a booking's message at the moment it is sent, from the booking's current state."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.rules.policy import policy_in_force
from appointments.models import Booking, BookingStatus
from appointments.notices.booking import (
    BOOKED,
    CANCELLED,
    CHANGED,
    GOES_AHEAD,
    HELD,
    MOVED,
    MUST_MOVE,
    RELEASED,
    REMINDER,
    REMINDER_TEXT,
)
from appointments.notices.calendar_file import invitation, invitation_method
from appointments.rules.confidentiality import privacy_of
from appointments.rules.joining import link_of
from appointments.selectors.taking_place import with_hindrance
from foundation.values.times import database_now, spoken_time, told_when, zone_name
from messaging.models import DeliveryState, OutboxMessage
from messaging.notices.wording import compose_email, compose_text
from messaging.rules.kinds import Attachment, Compose, Composed, Withdrawn, register_kind
from places.models import MeetingMode

NO_TEXTS = "The student wants no reminders by text any more."
"""Why a text is not sent."""

CANNOT = "The appointment cannot take place as booked."
WITHOUT_CALENDAR = ("reminder", "held", "must_move", "goes_ahead")

Check = Callable[[Booking, OutboxMessage], Withdrawn | None]
Context = dict[str, Any]


def register_notices() -> None:
    register_kind(BOOKED, _email("booked", "Booked: {when}", _still_stands))
    register_kind(MOVED, _email("moved", "Moved: {when}", _still_stands))
    register_kind(CHANGED, _email("changed", "How to join has changed: {when}", _still_stands))
    register_kind(CANCELLED, _email("cancelled", "{cancelled}: {when}", _nothing))
    register_kind(HELD, _email("held", "On hold: {when}", _is_held), confidential=True)
    register_kind(RELEASED, _email("released", "Going ahead: {when}", _still_stands), confidential=True)
    register_kind(MUST_MOVE, _email("must_move", "We need to move your appointment: {when}", _must_move))
    register_kind(GOES_AHEAD, _email("goes_ahead", "Going ahead: {when}", _still_stands))
    register_kind(REMINDER, _email("reminder", "Reminder: {when}", _still_ahead))
    register_kind(REMINDER_TEXT, _reminder_text)


def _email(template: str, subject: str, check: Check) -> Compose:
    def compose(message: OutboxMessage) -> Composed | Withdrawn:
        booking = _booking(message)
        if booking is None:
            return Withdrawn("The booking is no longer there.")
        if withdrawn := check(booking, message):
            return withdrawn
        return compose_email(
            f"appointments/messages/{template}",
            subject=subject.format(when=told_when(booking.starts_at), cancelled=_cancelled(booking)),
            context={**_context(booking), **_what_was(message)},
            attachments=[_calendar(booking)] if template not in WITHOUT_CALENDAR else [],
        )

    return compose


def _reminder_text(message: OutboxMessage) -> Composed | Withdrawn:
    booking = _booking(message)
    if booking is None:
        return Withdrawn("The booking is no longer there.")
    if not booking.student.text_reminders:
        return Withdrawn(NO_TEXTS)
    return _still_ahead(booking, message) or compose_text("appointments/messages/reminder_text.txt", _context(booking))


def _booking(message: OutboxMessage) -> Booking | None:
    return with_hindrance(Booking.objects.with_people()).filter(public_id=message.context["booking"]).first()


def _cancelled(booking: Booking) -> str:
    return "Cancelled by us" if booking.status == BookingStatus.CANCELLED_BY_SERVICE else "Cancelled"


def _nothing(booking: Booking, message: OutboxMessage) -> Withdrawn | None:
    return None


def _still_stands(booking: Booking, message: OutboxMessage) -> Withdrawn | None:
    """Withdraws a message if the booking has changed since: the change has its own message, and this one would
    mislead."""
    changed = booking.sequence != message.context["sequence"] or booking.is_cancelled or booking.is_held
    return Withdrawn("The booking has changed since.") if changed else None


def _is_held(booking: Booking, message: OutboxMessage) -> Withdrawn | None:
    return None if booking.is_held else Withdrawn("The booking has changed since.")


def _must_move(booking: Booking, message: OutboxMessage) -> Withdrawn | None:
    if not booking.hindrance:
        return Withdrawn("The appointment can take place after all.")
    return _still_stands(booking, message)


def _still_ahead(booking: Booking, message: OutboxMessage) -> Withdrawn | None:
    if booking.hindrance:
        return Withdrawn(CANNOT)
    if not booking.occupies_time:
        return Withdrawn("The booking no longer takes place.")
    if booking.starts_at <= database_now():
        return Withdrawn("The appointment has begun.", missed=True)
    return _still_stands(booking, message)


def _context(booking: Booking) -> Context:
    """The template's context. There is no link to the portal if the student's account is not active."""
    words, address = _action(booking)
    return {
        "booking": booking,
        "by_service": booking.status == BookingStatus.CANCELLED_BY_SERVICE,
        "first_name": booking.student.first_name,
        "when": booking.told_when,
        "starts": f"{spoken_time(booking.starts_at)} {zone_name()}",
        "join_link": "" if booking.is_cancelled else link_of(booking),
        "call": booking.phone if booking.mode == MeetingMode.TELEPHONE and not booking.is_cancelled else "",
        "privacy": privacy_of(booking.type, booking.location),
        "action_url": settings.SITE_URL + address if booking.student.is_active else "",
        "action_words": words,
        "policy": policy_in_force(),
    }


def _what_was(message: OutboxMessage) -> Context:
    """What a move changed since the student was last told: earlier moves may not have been sent."""
    if message.kind != MOVED:
        cannot_book = {"action_url": "", "action_words": ""} if message.context.get("cannot_book") else {}
        return {"was_when": "", "was_with": "", "by_us": True, **cannot_book}
    earlier = OutboxMessage.objects.filter(regarding=message.regarding, kind=MOVED, pk__lte=message.pk)
    since = message
    for each in earlier.order_by("-pk"):
        if each.pk != message.pk and each.state == DeliveryState.SENT:
            break
        since = each
    was = since.context.get("was")
    adviser = User.objects.filter(public_id=since.context.get("was_with", "")).first()
    return {
        "by_us": bool(message.context.get("by_us", True)),
        "was_when": told_when(*map(datetime.fromisoformat, was)) if was else "",
        "was_with": adviser.name if adviser else "",
    }


def _action(booking: Booking) -> tuple[str, str]:
    """The label and URL of the message's link."""
    if booking.move_asked_at and not booking.is_cancelled:
        return "Choose another time", reverse("booking_move", args=[booking.public_id])
    if not booking.is_cancelled:
        return "View, move or cancel", reverse("booking_detail", args=[booking.public_id])
    if booking.type.is_offered:
        return "Book another time", reverse("time_list", args=[booking.type.slug])
    return "Book another appointment", reverse("type_list")


def _calendar(booking: Booking) -> Attachment:
    return {
        "name": "appointment.ics",
        "content_type": f"text/calendar; method={invitation_method(booking)}",
        "text": invitation(booking),
        "alternative": True,
    }
