from collections.abc import Iterable
from datetime import datetime

from psycopg2.extras import DateTimeTZRange

from foundation.values.sources import Source
from places.models import Location, PlaceUse


def use_places(*, source: Source, uses: Iterable[tuple[Location, datetime, datetime]]) -> None:
    """Takes these places for these times, instead of what the source took before. In the caller's transaction.

    Places for several meetings at a time are never taken. A place that something else uses violates a constraint:
    `place_taken`.
    """
    give_places_back(source=source)
    PlaceUse.objects.bulk_create(
        PlaceUse(location=location, during=DateTimeTZRange(starts, ends), **source.fields)
        for location, starts, ends in uses
        if location.exclusive
    )


def give_places_back(*, source: Source) -> None:
    PlaceUse.objects.filter(**source.fields).delete()
