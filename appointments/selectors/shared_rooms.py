"""Rooms that other advisers have at the same time: whoever is booked there first gets the room."""

from collections.abc import Iterable, Sequence

from django.db.models import F
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from appointments.models import DiaryBlock
from foundation.outcomes.consequences import Consequence
from foundation.values.counted import counted
from foundation.values.person_names import shown_name
from foundation.values.times import local_day, spoken_when
from places.models import Location

ROOM = "room:"
"""How the keys of these consequences begin."""


def shared_rooms(adviser: User, spans: Sequence[DateTimeTZRange], locations: Iterable[Location]) -> list[Consequence]:
    """One query. Each other adviser and room once, with the first time and the number of days."""
    rooms = [place.pk for place in locations if place.exclusive]
    days = {local_day(span.lower): span for span in spans}
    rows = (
        DiaryBlock.objects.filter(locations__in=rooms, local_date__in=days)
        .filter(adviser__in=User.objects.advisers())
        .exclude(adviser=adviser)
        .order_by("during", "adviser")
        .values_list(
            "during",
            "local_date",
            F("locations__name"),
            "adviser__given_name",
            "adviser__family_name",
            "adviser__preferred_name",
        )
    )
    found: dict[tuple[str, str], list[DateTimeTZRange]] = {}
    for during, day, room, *names in rows if rooms and days else ():
        if during.lower < days[day].upper and days[day].lower < during.upper:
            found.setdefault((shown_name(*names), room), []).append(during)
    return [_consequence(name, room, times) for (name, room), times in found.items()]


def _consequence(name: str, room: str, times: list[DateTimeTZRange]) -> Consequence:
    when = spoken_when(times[0].lower, times[0].upper)
    more = f", and on {counted(len(times) - 1, 'more day')}" if len(times) > 1 else ""
    return Consequence(f"{ROOM}{room}:{name}:{len(times)}:{times[0].lower}", f"{name} also has {room}: {when}{more}.")
