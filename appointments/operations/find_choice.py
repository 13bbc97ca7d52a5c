from datetime import datetime

from accounts.models import User
from appointments.models import AppointmentType
from appointments.operations.choice import Choice, not_offered
from appointments.selectors.booking_targets import find_people_and_place
from places.models import Location


def find_choice(type: AppointmentType, *, start: datetime, adviser: str, mode: str, location: str) -> Choice:
    """The choice with these five fields of a free time. One query. Whether it is free is checked later, under locks."""
    person, place, _ = find_people_and_place(adviser=adviser, location=location)
    return choice_of(type, start, person, mode, place)


def choice_of(type: AppointmentType, start: datetime, person: User | None, mode: str, place: Location | None) -> Choice:
    """A choice from rows already fetched; refused if the adviser or the location does not exist."""
    if person is None or place is None:
        raise not_offered()
    return Choice(type, start, person, mode, place)
