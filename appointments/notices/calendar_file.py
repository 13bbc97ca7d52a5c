"""The calendar entry of a booking (RFC 5545): its UID never changes, its sequence rises with every change.

It says when, where, how to join and how to change the booking, but not what it is about, because calendars are shared.
It is marked as private for the same reason. An email
carries it as an invitation, which calendars add, update and remove by themselves (RFC 5546). A student’s page offers
the same entry as a file to import. Both have one UID, so a calendar shows the appointment once.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event, vCalAddress

from appointments.models import Booking
from appointments.rules.joining import link_of
from foundation.values.telephones import shown_number

SUMMARY = "Careers appointment"
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def calendar_file(booking: Booking) -> str:
    """The file to import by hand (`PUBLISH`). For a cancelled booking, it removes the entry (`CANCEL`)."""
    return _calendar(booking, CANCEL if booking.is_cancelled else PUBLISH)


def invitation(booking: Booking) -> str:
    """The invitation in an email (`REQUEST`, or `CANCEL` for a cancelled booking). It contains the student's address:
    a calendar only acts on an invitation to its owner."""
    return _calendar(booking, invitation_method(booking), attendee=booking.student.contact_email)


def invitation_method(booking: Booking) -> str:
    return CANCEL if booking.is_cancelled else REQUEST


def _calendar(booking: Booking, method: str, attendee: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//CareerConnect//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = _event(booking)
    if attendee:
        event.add("attendee", _attendee(attendee), encode=False)
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _event(booking: Booking) -> Event:
    event = Event()
    link = settings.SITE_URL + reverse("booking_detail", args=[booking.public_id])
    event.add("uid", f"{booking.public_id}@{settings.SITE_URL.partition('//')[2]}")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", _utc(booking.starts_at))
    event.add("dtend", _utc(booking.ends_at))
    event.add("organizer", _organizer(), encode=False)
    event.add("summary", SUMMARY)
    place = ", ".join(part for part in (booking.location.name, booking.location.building) if part)
    event.add("location", place)
    event.add("class", "PRIVATE")  # people who share a calendar show others only that they are busy
    event.add("url", link)
    event.add("description", _description(booking, link))
    event.add("status", "CANCELLED" if booking.is_cancelled else "CONFIRMED")
    if not booking.is_cancelled:
        event.add_component(_alarm())
    return event


def _description(booking: Booking, link: str) -> str:
    if booking.is_cancelled:
        return f"This appointment is cancelled. Details: {link}"
    lines = [f"Join: {join}"] if (join := link_of(booking)) else []
    lines += [f"We call: {shown_number(booking.phone)}"] if booking.phone else []
    lines += [f"To see, move or cancel it: {link}"]
    return "\n".join([*lines, "Declining or deleting this entry does not cancel your appointment."])


def _organizer() -> vCalAddress:
    """The address our email comes from: calendars compare the two before they act on a change."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name or settings.BRAND["name"]
    return organizer


def _attendee(address: str) -> vCalAddress:
    """The student, who has accepted by booking, so no answer is asked for."""
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", SUMMARY)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
