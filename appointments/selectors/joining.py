"""Which appointments ahead depend on a link."""

from appointments.models import Booking
from foundation.values.times import database_now
from places.models import Location, MeetingMode


def needs_the_places_link(location: Location) -> bool:
    """One or two queries. Would an appointment ahead be without a link if the place had none?"""
    ahead = Booking.objects.upcoming(database_now()).filter(location=location, mode=MeetingMode.ONLINE, own_link="")
    return bool(location.link) and ahead.filter(adviser__online_room__isnull=True).exists()
