"""Events as the public and a student see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from accounts.models import User
from eligibility.models import WaitingEntry
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import context_with
from events.models import Event, EventType, Registration, RegistrationStatus
from events.models.registration import AHEAD, RegistrationQuerySet
from events.rules.registering import is_late_cancelling, may_attend, may_cancel, may_register, registration_is_open
from events.selectors.api_answers import shown_link
from events.selectors.places import EventPlaces, ModePlaces, places_of
from foundation.db.extra_columns import STUDENT, ExtraColumn, rows_column, rows_of
from foundation.outcomes.decisions import Decision
from foundation.values.counted import counted
from foundation.values.sources import SourceKind
from foundation.values.times import local_day, spoken_day, spoken_time
from places.models import MeetingMode

WAYS = {MeetingMode.IN_PERSON: "In the room", MeetingMode.ONLINE: "Online"}
FEW = 10


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way of attending. `context` is that of the student; None if nobody is signed in as one."""

    event: Event
    mode: MeetingMode
    places: ModePlaces
    context: Context | None

    @property
    def decision(self) -> Decision | None:
        """Of the rules about registering. Asked for on the page of one event, not in lists."""
        return may_register(self.event, self.context, self.mode) if self.context else None

    @property
    def label(self) -> str:
        return WAYS[self.mode]

    @property
    def has_place(self) -> bool:
        return self.places.can_have_one(self.context.facts.groups if self.context else ())

    @property
    def places_words(self) -> str:
        """`12 of 40 places left`, `Full, 3 waiting`"""
        if self.has_place:
            left = max(self.places.open, 1)
            return f"{counted(left, 'place')} left"
        return f"Full, {self.places.on_list} waiting" if self.places.on_list else "Full"


@dataclass(frozen=True, slots=True)
class ShownEvent:
    event: Event
    ways: list[ShownWay]
    now: datetime
    registration: Registration | None = None
    entry: WaitingEntry | None = None
    decision: Decision | None = None
    """Of the rules about who may attend, for a student; None for anybody else."""

    @property
    def is_open(self) -> bool:
        return bool(registration_is_open(self.event, self.now))

    @property
    def closed_words(self) -> str:
        """Why nobody can register now; empty if registration is open."""
        decision = registration_is_open(self.event, self.now)
        return "" if decision else decision.message

    @property
    def is_over(self) -> bool:
        return self.event.ends_at <= self.now

    @property
    def badge(self) -> tuple[str, str]:
        """Words and tone of the one badge in lists; empty words if there is nothing to say."""
        if self.event.is_cancelled:
            return "Cancelled", "error"
        if self.registration:
            return ("On hold", "warning") if self.registration.is_held else ("You’re registered", "success")
        if self.entry:
            offered = self.entry.is_offered(self.now)
            return ("A place is kept for you", "warning") if offered else ("You’re on the waiting list", "info")
        if self.is_over:
            return "", ""
        return self._open_badge()

    def _open_badge(self) -> tuple[str, str]:
        if not self.is_open:
            return self.closed_words.rstrip("."), "neutral"
        left = sum(way.places.open for way in self.ways)
        if not left:
            return "Full", "warning"
        return (f"{counted(left, 'place')} left", "info") if left <= FEW else ("", "")

    @property
    def time_words(self) -> str:
        """`14:00 to 15:00`, or the last day too if it ends on another."""
        ends = spoken_time(self.event.ends_at)
        if local_day(self.event.ends_at) != self.event.local_date:
            ends = f"{ends} on {spoken_day(local_day(self.event.ends_at))}"
        return f"{spoken_time(self.event.starts_at)} to {ends}"

    @property
    def place_words(self) -> str:
        """Where, in a few words: the first place and online."""
        first = next(iter(self.event.sessions.all()), None)
        there = first.place_words if first and self.event.places(MeetingMode.IN_PERSON) else ""
        online = "Online" if self.event.places(MeetingMode.ONLINE) else ""
        return " and ".join(filter(None, [there, online.lower() if there else online]))

    @property
    def asks(self) -> bool:
        """Something has to be filled in before registering."""
        return len(self.event.modes) > 1 or self.event.shares_with_employers or bool(self.event.questions.all())

    @property
    def open_way(self) -> ShownWay | None:
        """The first way with a place, of those that the rules allow."""
        return next((way for way in self.ways if way.decision and way.has_place), None)

    @property
    def registers_at_once(self) -> bool:
        """Nothing has to be filled in, and there is a place: it can be chosen together with others."""
        return not self.asks and not self.registration and self.open_way is not None

    @property
    def full_ways(self) -> list[ShownWay]:
        """Those that the rules allow but that have no place: the student can wait."""
        return [way for way in self.ways if way.decision and not way.has_place]


def shown_events(events: Iterable[Event], user: User | None, now: datetime) -> list[ShownEvent]:
    """One query for any number of events; one more for a student."""
    events = list(events)  # a page is a query, and would be asked again inside each of the following
    places = places_of(events)
    if user is None or not user.is_authenticated or not user.is_student:
        return [ShownEvent(event, _ways(event, places[event.pk], None), now) for event in events]
    context, (registrations, waits) = context_with(user.pk, *own_columns())
    mine, entries = own_registrations(registrations), own_entries(waits)
    return [
        ShownEvent(
            event,
            _ways(event, places[event.pk], context),
            now,
            mine.get(event.pk),
            entries.get(event.public_id),
            may_attend(event, context),
        )
        for event in events
    ]


def _ways(event: Event, places: EventPlaces, context: Context | None) -> list[ShownWay]:
    return [ShownWay(event, mode, places[mode], context) for mode in event.modes]


@cache
def own_columns() -> tuple[ExtraColumn, ExtraColumn]:
    """A student's registrations with a place and their places on waiting lists, asked for with the facts about them."""
    places = Registration.objects.with_places().filter(student=STUDENT).order_by()
    waits = WaitingEntry.objects.on_the_list().filter(student=STUDENT, source_kind=SourceKind.EVENT).order_by()
    return (
        rows_column(places, event_id="event_id", public_id="public_id", status="status"),
        rows_column(waits, source_id="source_id", public_id="public_id", state="state", offer_ends_at="offer_ends_at"),
    )


def own_registrations(found: list[str]) -> dict[int, Registration]:
    """By primary key of the event. `found` answers the first of `own_columns`, and has its fields only."""
    return {row["event_id"]: Registration(**row) for row in rows_of(found)}


def own_entries(found: list[str]) -> dict[str, WaitingEntry]:
    """By public id of the event. `found` answers the second of `own_columns`, and has its fields only."""
    entries = {row["source_id"]: WaitingEntry(**row) for row in rows_of(found)}
    for entry in entries.values():
        ends: Any = entry.offer_ends_at
        entry.offer_ends_at = datetime.fromisoformat(ends) if ends else None
    return entries


def by_day(shown: Iterable[ShownEvent]) -> list[tuple[date, list[ShownEvent]]]:
    return [(day, list(rows)) for day, rows in groupby(shown, key=lambda each: each.event.local_date)]


@dataclass(frozen=True, slots=True)
class ShownRegistration:
    registration: Registration
    now: datetime

    @property
    def event(self) -> Event:
        return self.registration.event

    @property
    def is_upcoming(self) -> bool:
        return self.registration.status in AHEAD and self.event.ends_at > self.now

    @property
    def may_cancel(self) -> bool:
        return bool(may_cancel(self.registration, self.now))

    @property
    def is_late(self) -> bool:
        """Cancelling now counts as missing it."""
        return is_late_cancelling(self.registration, self.now)

    @property
    def is_asked(self) -> bool:
        """We changed it, and wait for the answer whether they still come."""
        asked = self.registration.asked_again_at is not None and self.registration.still_coming_at is None
        return asked and self.is_upcoming

    @property
    def may_give_feedback(self) -> bool:
        return self.registration.status in (RegistrationStatus.ATTENDED, RegistrationStatus.PARTLY)

    @property
    def join_link(self) -> str:
        return shown_link(self.registration, self.now)

    @property
    def way(self) -> str:
        return WAYS[MeetingMode(self.registration.mode)]

    @property
    def status_tone(self) -> str:
        tones = {"registered": "success", "held": "warning", "attended": "success", "partly": "info", "missed": "error"}
        return tones.get(self.registration.status, "neutral")

    @property
    def status_words(self) -> str:
        return str(self.registration.get_status_display())


def own_list(person: User, now: datetime, *, is_past: bool) -> RegistrationQuerySet:
    """Coming registrations, the next first; or past and cancelled ones, the latest first."""
    mine = Registration.objects.visible_to(person).filter(student=person).with_event()
    ahead = mine.filter(status__in=AHEAD, event__during__endswith__gt=now)
    if not is_past:
        return ahead.order_by("event__during", "pk")
    return mine.exclude(pk__in=ahead.values("pk")).order_by("-event__during", "-pk")


def waits_of(person: User) -> list[WaitingEntry]:
    """One query. Where the student waits, or has been offered a place."""
    rows = WaitingEntry.objects.on_the_list().filter(student=person, source_kind=SourceKind.EVENT)
    return list(rows.order_by("pk"))


MOST_ON_HOME = 20


def latest_registrations(person: User | RawSQL) -> RegistrationQuerySet:
    """The person's own that are not marked or cancelled, the latest event first; over or not."""
    return Registration.objects.filter(student=person, status__in=AHEAD).order_by("-event__during", "-pk")[
        :MOST_ON_HOME
    ]


def kept_places(person: User | RawSQL) -> QuerySet[WaitingEntry]:
    """Places that are offered to the person, with the event's `title`; run out or not."""
    title = Event.objects.filter(public_id=OuterRef("source_id")).values("title")
    rows = WaitingEntry.objects.offered().filter(student=person, source_kind=SourceKind.EVENT)
    return rows.annotate(title=Subquery(title)).order_by("offer_ends_at")[:MOST_ON_HOME]


def place_in_line(entry: WaitingEntry) -> int:
    """One query. 1: next."""
    before = WaitingEntry.objects.of(entry.source).on_the_list().filter(lane=entry.lane, number__lt=entry.number)
    return before.count() + 1


def usual_cancellations(type: EventType, places: int) -> int:
    """One query. How many of so many places usually become free again at events of this type; 0 without a history.

    Counted over all past events of the type: students who cancelled, of those who had a place.
    """
    past = Registration.objects.filter(event__type=type, event__attendance_closed_at__isnull=False)
    cancelled = past.filter(status=RegistrationStatus.CANCELLED).count()
    whole = past.exclude(status=RegistrationStatus.CANCELLED_BY_SERVICE).count()
    return round(places * cancelled / whole) if whole else 0
