"""Locations, from `tables/places.yaml`."""

from demo.seeding.institution import Institution, public_id
from demo.seeding.tables import table
from places.models import Location


def seed_places(institution: Institution) -> None:
    random = institution.random("places")
    rows = [(name, fields) for fields in table("places") for name in fields.pop("names")]
    Location.objects.bulk_create([Location(public_id=public_id(random), name=name, **fields) for name, fields in rows])
