"""How many places an event has left, for each way of attending. The operations count under the event's lock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q

from eligibility.models import WaitingEntry, WaitingState
from events.models import Event, EventReserve, Registration
from foundation.values.counted import counted
from foundation.values.sources import SourceKind


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


def places_of(events: Sequence[Event]) -> dict[int, EventPlaces]:
    """By primary key of the event. Three queries for any number of events."""
    taken = _taken(events)
    lists = _lists(events)
    kept: dict[tuple[int, str], list[EventReserve]] = {}
    for reserve in EventReserve.objects.filter(event__in=events).select_related("group").order_by("pk"):
        kept.setdefault((reserve.event_id, reserve.mode), []).append(reserve)
    found: dict[int, EventPlaces] = {}
    for event in events:
        found[event.pk] = {
            mode: ModePlaces(
                total=event.places(mode),
                taken=sum(count for count, _ in taken.get((event.pk, mode), {}).values()),
                highest=max((top for _, top in taken.get((event.pk, mode), {}).values()), default=0),
                kept=tuple(
                    KeptPlaces(each, max(each.places - taken.get((event.pk, mode), {}).get(each.pk, (0, 0))[0], 0))
                    for each in kept.get((event.pk, mode), ())
                ),
                **lists.get((event.public_id, mode), {}),
            )
            for mode in event.modes
        }
    return found


def free_words(event: Event) -> str:
    """Three queries. `No place is free.`, `3 places are free.`: in the first way of attending, as for walking in."""
    left = places_of([event])[event.pk][event.modes[0]].open if event.modes else 0
    return f"{counted(left, 'place')} {'is' if left == 1 else 'are'} free." if left else "No place is free."


def _taken(events: Sequence[Event]) -> dict[tuple[int, str], dict[int | None, tuple[int, int]]]:
    """Count and highest seat by reserve, for each event and way of attending."""
    rows = Registration.objects.with_places().filter(event__in=events).order_by()
    found: dict[tuple[int, str], dict[int | None, tuple[int, int]]] = {}
    for event, mode, reserve, count, top in rows.values_list("event", "mode", "reserve").annotate(
        count=Count("pk"), top=Max("seat")
    ):
        found.setdefault((event, mode), {})[reserve] = (count, top)
    return found


def _lists(events: Sequence[Event]) -> dict[tuple[str, str], dict[str, int]]:
    is_waiting = Q(state=WaitingState.WAITING)
    rows = (
        WaitingEntry.objects.on_the_list()
        .filter(source_kind=SourceKind.EVENT, source_id__in=[event.public_id for event in events])
        .order_by()
        .values("source_id", "lane")
        .annotate(
            waiting=Count("pk", filter=is_waiting & Q(skipped_at__isnull=True)),
            skipped=Count("pk", filter=is_waiting & Q(skipped_at__isnull=False)),
            offered=Count("pk", filter=Q(state=WaitingState.OFFERED)),
        )
    )
    return {
        (row["source_id"], row["lane"]): {
            "waiting": row["waiting"],
            "skipped": row["skipped"],
            "offered": row["offered"],
        }
        for row in rows
    }


def lowest_free_seat(event: Event, mode: str, places: ModePlaces) -> int:
    """One query, and none if no place was given back."""
    if places.highest == places.taken:
        return places.taken + 1
    seats = Registration.objects.with_places().filter(event=event, mode=mode).values_list("seat", flat=True)
    taken = set(seats)
    return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)
