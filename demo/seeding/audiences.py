"""Northbridge's audiences, activities and allocation, from `tables/rules.yaml`."""

from demo.seeding.tables import table
from eligibility.models import Activity, AllocationPolicy, Audience


def seed_audiences() -> None:
    rules = table("rules")
    Audience.objects.bulk_create([Audience(**fields) for fields in rules["audiences"]])
    Activity.objects.bulk_create([Activity(**fields) for fields in rules["activities"]])
    AllocationPolicy.objects.bulk_create([AllocationPolicy(**fields) for fields in rules["policies"]])
