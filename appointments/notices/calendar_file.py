"""The calendar entry of a booking (RFC 5545): its UID never changes, its sequence rises with every change.

It says when, where and how to change the booking, but not what it is about, because calendars are shared.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event

from appointments.models import Booking

SUMMARY = "Careers appointment"


def calendar_file(booking: Booking) -> str:
    """Uses METHOD:PUBLISH, or METHOD:CANCEL for a cancelled booking, which removes the entry from the calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//CareerConnect//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if booking.is_cancelled else "PUBLISH")
    calendar.add_component(_event(booking))
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
    event.add("summary", SUMMARY)
    place = ", ".join(part for part in (booking.location.name, booking.location.building) if part)
    event.add("location", place)
    event.add("url", link)
    event.add("description", f"To see, move or cancel it: {link}")
    event.add("status", "CANCELLED" if booking.is_cancelled else "CONFIRMED")
    if not booking.is_cancelled:
        event.add_component(_alarm())
    return event


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", SUMMARY)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
