from datetime import datetime

from django.db.models import Q

from appointments.models import Booking, BookingStatus
from appointments.models.booking import BookingQuerySet
from appointments.selectors.taking_place import with_hindrance

CAN = Q(hindrance="")
TOLD = Q(move_asked_at__isnull=False)


def bookings_to_rearrange(now: datetime) -> BookingQuerySet:
    """Upcoming bookings that cannot take place, each with `.hindrance`.

    Held bookings are left out, because nobody can move them.
    """
    ahead = Booking.objects.upcoming(now).with_people().exclude(status=BookingStatus.HELD)
    found: BookingQuerySet = with_hindrance(ahead).exclude(CAN)
    return found


def bookings_to_tell_of(now: datetime) -> BookingQuerySet:
    """Bookings that have not begun and whose student knows the wrong thing: not yet that the appointment cannot take
    place, or not yet that it can after all.
    """
    ahead = Booking.objects.occupying().filter(during__startswith__gt=now).exclude(status=BookingStatus.HELD)
    found: BookingQuerySet = with_hindrance(ahead).filter((CAN & TOLD) | (~CAN & ~TOLD))
    return found
