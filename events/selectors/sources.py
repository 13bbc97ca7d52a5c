from collections.abc import Collection

from events.models import Event, Registration


def existing_events(ids: Collection[str]) -> set[str]:
    """One query. Those of the public ids that exist."""
    return set(Event.objects.filter(public_id__in=ids).values_list("public_id", flat=True))


def existing_registrations(ids: Collection[str]) -> set[str]:
    """One query. Those of the public ids that exist."""
    return set(Registration.objects.filter(public_id__in=ids).values_list("public_id", flat=True))
