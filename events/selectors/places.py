"""How many places an event has left, for each way of attending. The operations count under the event's lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from eligibility.models import Group
from events.models import Event, EventReserve, Registration
from foundation.values.counted import counted
from places.models import MeetingMode


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """What is left of the places kept for a group."""

    reserve: EventReserve
    left: int


@dataclass(frozen=True, slots=True)
class ModePlaces:
    """The places of one event in one way of attending.

    `waiting`: people on the waiting list to whom a place would be offered first; `skipped` wait too, but could not have
    one when it was free. `highest`: the highest seat in use.
    """

    total: int
    taken: int = 0
    offered: int = 0
    waiting: int = 0
    skipped: int = 0
    highest: int = 0
    kept: tuple[KeptPlaces, ...] = field(default=())

    @property
    def free(self) -> int:
        """Free for anybody: not taken, not offered and not kept for a group."""
        return max(self.total - self.taken - self.offered - sum(each.left for each in self.kept), 0)

    @property
    def open(self) -> int:
        """What somebody can register for now: free places go to those who wait first."""
        return max(self.free - self.waiting, 0)

    @property
    def on_list(self) -> int:
        return self.waiting + self.skipped + self.offered

    def kept_for(self, groups: Collection[str]) -> KeptPlaces | None:
        """A place kept for one of these groups (slugs), if one is left."""
        return next((each for each in self.kept if each.left and each.reserve.group.slug in groups), None)

    def can_have_one(self, groups: Collection[str]) -> bool:
        return self.open > 0 or self.kept_for(groups) is not None


EventPlaces = dict[str, ModePlaces]
"""By way of attending; only the ways that the event offers."""

HAS_PLACE = "status NOT IN ('cancelled', 'cancelled_by_service')"


def counted_places(match: str) -> str:
    """Part of a `json_build_object`. `match` is `= %s` for one event, `= ANY(%s)` for several; its parameters are their
    keys, public ids and keys.

    In SQL, because building the three queries with the ORM cost more CPU than the rest of a list's (docs/bench.md).
    """
    return f"""
  'taken', (SELECT json_agg(row_to_json(counted)) FROM (
    SELECT event_id AS event, mode, reserve_id AS reserve, count(*) AS count, max(seat) AS top
    FROM events_registration WHERE event_id {match} AND {HAS_PLACE} GROUP BY event_id, mode, reserve_id) counted),
  'lists', (SELECT json_agg(row_to_json(counted)) FROM (
    SELECT source_id AS source, lane, count(*) FILTER (WHERE state = 'waiting' AND skipped_at IS NULL) AS waiting,
           count(*) FILTER (WHERE state = 'waiting' AND skipped_at IS NOT NULL) AS skipped,
           count(*) FILTER (WHERE state = 'offered') AS offered
    FROM eligibility_waitingentry
    WHERE source_kind = 'event' AND source_id {match} AND state IN ('waiting', 'offered')
    GROUP BY source_id, lane) counted),
  'kept', (SELECT json_agg(row_to_json(kept)) FROM (
    SELECT reserve.event_id AS event, reserve.id, reserve.mode, reserve.places, of.slug
    FROM events_eventreserve reserve JOIN eligibility_group of ON of.id = reserve.group_id
    WHERE reserve.event_id {match} ORDER BY reserve.id) kept)
"""  # noqa: S608 - SQL of our own, no input


OF_SEVERAL = f"SELECT json_build_object({counted_places('= ANY(%s)')})"


def places_of(events: Sequence[Event]) -> dict[int, EventPlaces]:
    """By primary key of the event. One query for any number of events."""
    keys = [event.pk for event in events]
    with connection.cursor() as cursor:
        cursor.execute(OF_SEVERAL, [keys, [event.public_id for event in events], keys])
        return places_from(cursor.fetchone()[0], events)


def places_from(found: Mapping[str, Any], events: Sequence[Event]) -> dict[int, EventPlaces]:
    """`found` answers `counted_places`."""
    taken: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in found["taken"] or []:
        taken.setdefault((row["event"], row["mode"]), []).append(row)
    kept: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in found["kept"] or []:
        kept.setdefault((row["event"], row["mode"]), []).append(row)
    lists = {(row.pop("source"), row.pop("lane")): row for row in found["lists"] or []}
    return {
        event.pk: {
            mode: _mode_places(
                event,
                mode,
                taken.get((event.pk, mode), []),
                kept.get((event.pk, mode), []),
                lists.get((event.public_id, mode), {}),
            )
            for mode in event.modes
        }
        for event in events
    }


def _mode_places(
    event: Event,
    mode: MeetingMode,
    taken: Sequence[Mapping[str, Any]],
    kept: Sequence[Mapping[str, Any]],
    line: Mapping[str, int],
) -> ModePlaces:
    used = {row["reserve"]: row["count"] for row in taken}
    reserves = [
        KeptPlaces(
            EventReserve(pk=row["id"], event=event, group=Group(slug=row["slug"]), mode=mode, places=row["places"]),
            max(row["places"] - used.get(row["id"], 0), 0),
        )
        for row in kept
    ]
    return ModePlaces(
        total=event.places(mode),
        taken=sum(used.values()),
        highest=max((row["top"] for row in taken), default=0),
        kept=tuple(reserves),
        **line,
    )


def free_words(event: Event) -> str:
    """One query. `No place is free.`, `3 places are free.`: in the first way of attending, as for walking in."""
    left = places_of([event])[event.pk][event.modes[0]].open if event.modes else 0
    return f"{counted(left, 'place')} {'is' if left == 1 else 'are'} free." if left else "No place is free."


def lowest_free_seat(event: Event, mode: str, places: ModePlaces) -> int:
    """One query, and none if no place was given back."""
    if places.highest == places.taken:
        return places.taken + 1
    seats = Registration.objects.with_places().filter(event=event, mode=mode).values_list("seat", flat=True)
    taken = set(seats)
    return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)
