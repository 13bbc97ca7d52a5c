"""The locks that every operation on an event's places takes, in this order: people, then the event (docs/events.md)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.require_as_seen import require_as_seen
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import context_with
from events.models import Event
from events.rules.publishing import may_change, may_edit
from events.selectors.event_facts import OwnFacts, event_facts_column, own_facts, places_in
from events.selectors.places import EventPlaces, places_of
from foundation.outcomes.refusals import require
from foundation.values.times import database_now


@dataclass(frozen=True, slots=True)
class LockedEvent:
    """An event whose row is locked, with its places as they are now and the database's clock."""

    event: Event
    places: EventPlaces
    now: datetime


@dataclass(frozen=True, slots=True)
class LockedPair(LockedEvent):
    """The student is locked too: their facts, and what they have in this event."""

    context: Context
    own: OwnFacts


def lock_event(event: Event) -> LockedEvent:
    """Locks the event: whoever takes, frees or offers a place waits here. Lock people first."""
    locked = _locked(event)
    return LockedEvent(locked, places_of([locked])[locked.pk], database_now())


def lock_student_and_event(student: User, event: Event) -> LockedPair:
    """Locks both, and reads everything that the rules need in one query while holding the locks."""
    lock_people(student)
    locked = _locked(event)
    context, (found,) = context_with(student.pk, event_facts_column(locked, student.pk))
    if not found["limits"]:
        locked.type.limits = []
    return LockedPair(locked, places_in(found, locked), context.facts.now, context, own_facts(found))


def lock_to_change(event: Event, by: User) -> LockedEvent:
    """Locks an event that `by` changes. Refused: other people, a cancelled event, and a page that is out of date."""
    require(may_edit(by), status=403)
    locked = lock_event(event)
    require(may_change(locked.event))
    require_as_seen(event, locked.event, by=by)
    return locked


def _locked(event: Event) -> Event:
    rows = Event.objects.select_for_update(no_key=True, of=("self",)).select_related("type", "audience")
    locked = rows.get(pk=event.pk)
    locked.seen_versions = event.seen_versions
    return locked
