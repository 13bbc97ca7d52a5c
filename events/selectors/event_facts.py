"""What registering needs to know of an event and of one student in it, in the query that reads the student's facts.

Written in SQL: building these six queries with the ORM cost more CPU than the rest of a registration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.models import Group
from events.models import Event, EventReserve
from events.selectors.places import EventPlaces, KeptPlaces, ModePlaces
from foundation.db.extra_columns import ExtraColumn

HAS_PLACE = "status NOT IN ('cancelled', 'cancelled_by_service')"
AHEAD = "status IN ('held', 'registered')"
FACTS = f"""
SELECT json_build_object(
  'taken', (SELECT json_agg(row_to_json(counted)) FROM (
    SELECT mode, reserve_id AS reserve, count(*) AS count, max(seat) AS top
    FROM events_registration WHERE event_id = %s AND {HAS_PLACE} GROUP BY mode, reserve_id) counted),
  'lists', (SELECT json_agg(row_to_json(counted)) FROM (
    SELECT lane, count(*) FILTER (WHERE state = 'waiting' AND skipped_at IS NULL) AS waiting,
           count(*) FILTER (WHERE state = 'waiting' AND skipped_at IS NOT NULL) AS skipped,
           count(*) FILTER (WHERE state = 'offered') AS offered
    FROM eligibility_waitingentry
    WHERE source_kind = 'event' AND source_id = %s AND state IN ('waiting', 'offered') GROUP BY lane) counted),
  'kept', (SELECT json_agg(row_to_json(kept)) FROM (
    SELECT reserve.id, reserve.mode, reserve.places, of.slug FROM events_eventreserve reserve
    JOIN eligibility_group of ON of.id = reserve.group_id WHERE reserve.event_id = %s ORDER BY reserve.id) kept),
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
    lists = {row.pop("lane"): row for row in found["lists"] or []}
    return {str(mode): _mode_places(found, event, mode, lists.get(mode, {})) for mode in event.modes}


def _mode_places(found: Mapping[str, Any], event: Event, mode: str, line: Mapping[str, int]) -> ModePlaces:
    rows = {row["reserve"]: row for row in found["taken"] or [] if row["mode"] == mode}
    kept = [
        KeptPlaces(
            EventReserve(pk=row["id"], event=event, group=Group(slug=row["slug"]), mode=mode, places=row["places"]),
            max(row["places"] - rows.get(row["id"], {}).get("count", 0), 0),
        )
        for row in found["kept"] or []
        if row["mode"] == mode
    ]
    return ModePlaces(
        total=event.places(mode),
        taken=sum(row["count"] for row in rows.values()),
        highest=max((row["top"] for row in rows.values()), default=0),
        kept=tuple(kept),
        **line,
    )
