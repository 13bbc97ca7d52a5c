"""The ten appointment types, from `tables/types.yaml`."""

from appointments.models import AppointmentType
from demo.seeding.institution import Institution, public_id
from demo.seeding.tables import table
from eligibility.models import AllocationPolicy, Audience


def seed_types(institution: Institution) -> None:
    random = institution.random("types")
    audiences = {audience.slug: audience for audience in Audience.objects.all()}
    policies = {policy.slug: policy for policy in AllocationPolicy.objects.all()}
    for number, fields in enumerate(table("types")):
        counted = [policies[slug] for slug in fields.pop("policies")]
        fields["audience"] = audiences[fields["audience"]]
        type = AppointmentType(public_id=public_id(random), order=number * 10, colour=number % 8, **fields)
        type.full_clean()
        type.save()
        type.policies.set(counted)
