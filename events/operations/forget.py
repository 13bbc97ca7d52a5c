"""Deletes event data about people. Retention decides when, and records each step."""

from collections.abc import Collection

from events.models import (
    CheckIn,
    EventFeedback,
    EventOrganiser,
    Registration,
    RegistrationAnswer,
    RegistrationNeeds,
)
from foundation.db.deleting import delete_rows

PARTS = (EventFeedback, RegistrationNeeds, RegistrationAnswer, CheckIn)


def forget_registrations(people: Collection[int]) -> int:
    """Deletes registrations with their answers, access needs, check-ins and feedback."""
    parts = sum(delete_rows(part._default_manager.filter(registration__student__in=people)) for part in PARTS)
    return parts + delete_rows(Registration.objects.filter(student__in=people))


def forget_organisers(people: Collection[int]) -> int:
    """Former colleagues organise nothing. The events stay."""
    return delete_rows(EventOrganiser.objects.filter(person__in=people))
