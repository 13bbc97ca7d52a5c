"""How the two meet: the link of an online appointment, and the number of a telephone one."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from accounts.rules.policy import Policy
from appointments.models import Booking
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from places.models import MeetingMode


def link_of(booking: Booking) -> str:
    """The link typed for this appointment, otherwise the adviser's own, otherwise the place's. Empty unless online.

    No query for bookings fetched `with_people`.
    """
    if booking.mode != MeetingMode.ONLINE:
        return ""
    return booking.own_link or _own_room(booking.adviser) or str(booking.location.link)


def _own_room(adviser: Any) -> str:
    try:
        return str(adviser.online_room.link)
    except ObjectDoesNotExist:
        return ""


def may_see_link(booking: Booking, reader: User) -> bool:
    """Only the two who meet. Other staff can replace a link, but not read it."""
    return reader.pk in (booking.student_id, booking.adviser_id)


def may_join(booking: Booking, now: datetime, policy: Policy) -> bool:
    """From the policy's number of minutes before the start until the end."""
    opens = booking.starts_at - timedelta(minutes=policy.join_minutes_before)
    return booking.occupies_time and not booking.is_held and opens <= now < booking.ends_at


def may_change_joining(booking: Booking, now: datetime) -> Decision:
    """Staff may change how the two meet until the end."""
    if booking.mode == MeetingMode.IN_PERSON:
        return refuse("in_person", "This appointment is in person.")
    if not booking.occupies_time or now >= booking.ends_at:
        return refuse("too_late", "This appointment is over or cancelled.")
    return ALLOWED
