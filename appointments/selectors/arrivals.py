"""Whose appointment somebody arrives for."""

from datetime import datetime

from appointments.models import Booking, BookingStatus
from appointments.models.booking import OCCUPYING
from appointments.rules.attendance import ARRIVAL_OPENS
from places.models import MeetingMode


def booking_to_arrive_for(number: str, now: datetime) -> Booking | None:
    """One query. The next appointment in person, by University number, for which arriving can be marked now; the one
    that is marked already if there is no other."""
    rows = Booking.objects.filter(student__university_id__in=[number, number.upper()], mode=MeetingMode.IN_PERSON)
    soon = rows.filter(status__in=OCCUPYING, during__startswith__lt=now + ARRIVAL_OPENS, during__endswith__gt=now)
    found = list(soon.select_related("student", "adviser", "type").order_by("during"))
    waiting = [each for each in found if each.status != BookingStatus.ARRIVED]
    return next(iter([*waiting, *found]), None)
