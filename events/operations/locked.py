"""The locks that every operation on an event's places takes, in this order: people, then the event (docs/events.md)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import student_context
from events.models import Event
from events.selectors.places import EventPlaces, places_of
from foundation.values.times import database_now


@dataclass(frozen=True, slots=True)
class LockedEvent:
    """An event whose row is locked, with its places as they are now and the database's clock."""

    event: Event
    places: EventPlaces
    now: datetime


def lock_event(event: Event) -> LockedEvent:
    """Locks the event: whoever takes, frees or offers a place waits here. Lock people first."""
    found = Event.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "type", "audience", "counts_as", "series"
    )
    locked = found.get(pk=event.pk)
    locked.seen_versions = event.seen_versions
    return LockedEvent(locked, places_of([locked])[locked.pk], database_now())


def lock_student_and_event(student: User, event: Event) -> tuple[Context, LockedEvent]:
    """Locks both. The student's facts are read before the event is locked, so that others wait for a short time."""
    lock_people(student)
    context = student_context(student.pk)
    return context, lock_event(event)
