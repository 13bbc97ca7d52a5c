from datetime import datetime

from django.db.models import Exists, OuterRef

from appointments.models import Booking, BookingStatus, TimeOut
from appointments.models.booking import BookingQuerySet


def bookings_to_rearrange(now: datetime) -> BookingQuerySet:
    """Upcoming bookings whose adviser is away at that time.

    Held bookings are left out, because nobody can move them.
    """
    away = TimeOut.objects.filter(adviser=OuterRef("adviser"), during__overlap=OuterRef("during"))
    found: BookingQuerySet = (
        Booking.objects.upcoming(now).with_people().filter(Exists(away)).exclude(status=BookingStatus.HELD)
    )
    return found
