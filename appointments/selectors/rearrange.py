from datetime import datetime

from django.db.models import Exists, OuterRef

from appointments.models import Booking, TimeOut
from appointments.models.booking import BookingQuerySet


def bookings_to_rearrange(now: datetime) -> BookingQuerySet:
    """Upcoming bookings whose adviser is away at that time."""
    away = TimeOut.objects.filter(adviser=OuterRef("adviser"), during__overlap=OuterRef("during"))
    found: BookingQuerySet = Booking.objects.upcoming(now).with_people().filter(Exists(away))
    return found
