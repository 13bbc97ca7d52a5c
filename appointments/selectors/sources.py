from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from appointments.models import Booking
from documents.selectors.sources import SourceName
from foundation.values.times import spoken_day


def name_bookings(ids: Collection[str], reader: User) -> dict[str, SourceName]:
    """One query. Names and links of the student's own bookings, for the pages of the documents attached to them."""
    mine = Booking.objects.visible_to(reader).filter(student=reader, public_id__in=ids).select_related("type")
    return {
        booking.public_id: SourceName(
            f"{booking.type.name}, {spoken_day(booking.local_date)}",
            reverse("booking_detail", args=[booking.public_id]),
        )
        for booking in mine
    }


def existing_bookings(ids: Collection[str]) -> set[str]:
    """One query. Those of the public ids that exist."""
    return set(Booking.objects.filter(public_id__in=ids).values_list("public_id", flat=True))
