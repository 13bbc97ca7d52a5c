"""What registering needs to know of an event and of one student in it, in the query that reads the student's facts.

Written in SQL: building these six queries with the ORM cost more CPU than the rest of a registration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.models import Event
from events.selectors.places import HAS_PLACE, EventPlaces, counted_places, places_from
from foundation.db.extra_columns import ExtraColumn

AHEAD = "status IN ('held', 'registered')"
FACTS = f"""
SELECT json_build_object({counted_places("= %s")},
  'registered', EXISTS (SELECT FROM events_registration WHERE event_id = %s AND student_id = %s AND {HAS_PLACE}),
  'waits', EXISTS (SELECT FROM eligibility_waitingentry WHERE source_kind = 'event' AND source_id = %s
    AND student_id = %s AND state IN ('waiting', 'offered')),
  'clash', (SELECT other.title FROM events_registration mine JOIN events_event other ON other.id = mine.event_id
    JOIN events_eventsession theirs ON theirs.event_id = other.id
    JOIN events_eventsession ours ON ours.event_id = %s AND ours.during && theirs.during
    WHERE mine.student_id = %s AND mine.event_id <> %s AND mine.{AHEAD} LIMIT 1),
  'asks', EXISTS (SELECT FROM events_eventquestion WHERE event_id = %s),
  'limits', EXISTS (SELECT FROM events_eventtype_policies WHERE eventtype_id = %s)
)
"""  # noqa: S608 - SQL of our own, no input
"""Sessions are compared for a clash, not whole events: an event of two days leaves the evening between them free."""


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What one student has in the event.

    `clash`: the title of another event at the same time that they are registered for. `asks`: the event has questions.
    """

    is_registered: bool
    is_waiting: bool
    clash: str
    asks: bool


def event_facts_column(event: Event, student_id: int) -> ExtraColumn:
    """What `places_in` and `own_facts` read. The caller has locked the event."""
    key, source, type = event.pk, event.public_id, event.type_id
    return ExtraColumn(FACTS, [key, source, key, key, student_id, source, student_id, key, student_id, key, key, type])


def own_facts(found: Mapping[str, Any]) -> OwnFacts:
    return OwnFacts(found["registered"], found["waits"], found["clash"] or "", found["asks"])


def places_in(found: Mapping[str, Any], event: Event) -> EventPlaces:
    """The same as `places_of` for one event."""
    return places_from(found, [event])[event.pk]
