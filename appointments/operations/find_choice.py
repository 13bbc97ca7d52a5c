from datetime import datetime

from accounts.models import User
from appointments.models import AppointmentType, Location
from appointments.operations.choice import Choice
from careerconnect.foundation.refusals import Refused


def find_choice(type: AppointmentType, *, start: datetime, adviser: str, mode: str, location: str) -> Choice:
    """From the five fields of a free time. Whether it may be had is asked under the locks."""
    person = User.objects.advisers().filter(public_id=adviser).first()
    place = Location.objects.filter(public_id=location).first()
    if person is None or place is None:
        raise Refused("not_offered", "This time is not offered.", "Choose one of the free times.", field="start")
    return Choice(type, start, person, mode, place)
