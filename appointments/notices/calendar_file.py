"""The calendar entry of a booking. It says when, where, how to join and how to change the booking, but not what it is
about, because calendars are shared. It is marked as private for the same reason."""

from django.conf import settings
from django.urls import reverse

from appointments.models import Booking
from appointments.rules.joining import link_of
from foundation.values.telephones import shown_number
from messaging.notices.calendar_entry import CANCEL, PUBLISH, REQUEST, CalendarEntry, calendar_text

SUMMARY = "Careers appointment"


def calendar_file(booking: Booking) -> str:
    """The file to import by hand (`PUBLISH`). For a cancelled booking, it removes the entry (`CANCEL`)."""
    return calendar_text([calendar_entry(booking)], CANCEL if booking.is_cancelled else PUBLISH)


def invitation(booking: Booking) -> str:
    """The invitation in an email (`REQUEST`, or `CANCEL` for a cancelled booking)."""
    return calendar_text([calendar_entry(booking)], invitation_method(booking), attendee=booking.student.contact_email)


def invitation_method(booking: Booking) -> str:
    return CANCEL if booking.is_cancelled else REQUEST


def calendar_entry(booking: Booking) -> CalendarEntry:
    link = settings.SITE_URL + reverse("booking_detail", args=[booking.public_id])
    return CalendarEntry(
        uid=booking.public_id,
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=SUMMARY,
        place=", ".join(part for part in (booking.location.name, booking.location.building) if part),
        link=link,
        description=_description(booking, link),
        is_cancelled=booking.is_cancelled,
    )


def _description(booking: Booking, link: str) -> str:
    if booking.is_cancelled:
        return f"This appointment is cancelled. Details: {link}"
    lines = [f"Join: {join}"] if (join := link_of(booking)) else []
    lines += [f"We call: {shown_number(booking.phone)}"] if booking.phone else []
    lines += [f"To see, move or cancel it: {link}"]
    return "\n".join([*lines, "Declining or deleting this entry does not cancel your appointment."])
