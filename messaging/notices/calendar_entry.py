"""Calendar entries (RFC 5545): a UID that never changes, and a sequence that rises with every change.

An email carries one as an invitation, which calendars add, update and remove by themselves (RFC 5546). A page offers
the same entry as a file to import. Both have one UID, so a calendar shows it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Alarm, Calendar, vCalAddress
from icalendar import Event as Component

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
ALARM_MINUTES = 15


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar shows. `uid` is the public id of what it is about; `summary` is also what the alarm says.

    `is_private`: people who share a calendar show others only that they are busy.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    link: str
    description: str
    is_cancelled: bool = False
    is_private: bool = True
    has_alarm: bool = True


def calendar_text(entries: Sequence[CalendarEntry], method: str, *, attendee: str = "", name: str = "") -> str:
    """The calendar as text. `attendee`: the address of an invitation, because a calendar only acts on an invitation to
    its owner. `name`: what a program calls a subscribed calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//CareerConnect//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        component = _component(entry)
        if attendee:
            component.add("attendee", _attendee(attendee), encode=False)
        calendar.add_component(component)
    text: str = calendar.to_ical().decode()
    return text


def _component(entry: CalendarEntry) -> Component:
    component = Component()
    component.add("uid", f"{entry.uid}@{settings.SITE_URL.partition('//')[2]}")
    component.add("sequence", entry.sequence)
    component.add("dtstamp", datetime.now(UTC))
    component.add("dtstart", entry.starts_at.astimezone(UTC))
    component.add("dtend", entry.ends_at.astimezone(UTC))
    component.add("organizer", _organizer(), encode=False)
    component.add("summary", entry.summary)
    component.add("location", entry.place)
    component.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    component.add("url", entry.link)
    component.add("description", entry.description)
    component.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.has_alarm and not entry.is_cancelled:
        component.add_component(_alarm(entry.summary))
    return component


def _organizer() -> vCalAddress:
    """The address our email comes from: calendars compare the two before they act on a change."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name or settings.BRAND["name"]
    return organizer


def _attendee(address: str) -> vCalAddress:
    """The student, who has accepted already, so no answer is asked for."""
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(minutes=-ALARM_MINUTES))
    return alarm
