"""What the API answers, with everything that depends on the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from accounts.rules.policy import policy_in_force
from eligibility.models import WaitingEntry
from eligibility.rules.facts import Context
from events.models import Event, Registration, RegistrationStatus
from events.rules.registering import may_cancel, may_register, registration_is_open
from events.selectors.places import EventPlaces, ModePlaces, places_of
from foundation.outcomes.decisions import Decision
from places.models import MeetingMode


@dataclass(frozen=True, slots=True)
class WayAnswer:
    """One way of attending. `decision` is None if nobody's eligibility was asked for."""

    mode: str
    places: ModePlaces
    decision: Decision | None

    @property
    def may_register(self) -> bool | None:
        """The rules allow it, and a place is free. None if nobody's eligibility was asked for."""
        return None if self.decision is None else bool(self.decision) and self.places.open > 0

    @property
    def reasons(self) -> tuple[Decision, ...]:
        return self.decision.reasons if self.decision else ()


@dataclass(frozen=True, slots=True)
class EventAnswer:
    event: Event
    places: EventPlaces
    context: Context | None
    now: datetime

    @property
    def ways(self) -> list[WayAnswer]:
        return [
            WayAnswer(mode, places, may_register(self.event, self.context, mode) if self.context else None)
            for mode, places in self.places.items()
        ]

    @property
    def is_open(self) -> bool:
        return bool(registration_is_open(self.event, self.now))


@dataclass(frozen=True, slots=True)
class RegistrationReading:
    """A registration as its reader may see it: only careers staff read why the rules were overridden."""

    registration: Registration
    reader: User
    now: datetime

    @property
    def may_cancel(self) -> bool:
        return bool(may_cancel(self.registration, self.now))

    @property
    def join_link(self) -> str:
        """For whoever attends online, shortly before the start and until the end; otherwise empty."""
        return shown_link(self.registration, self.now)

    @property
    def override_reason(self) -> str:
        return self.registration.override_reason if self.reader.is_careers_staff else ""


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    entry: WaitingEntry
    event: Event
    ahead: int
    now: datetime

    @property
    def place(self) -> int:
        """Their place in the line: how many wait before them, and one."""
        return self.ahead + 1

    @property
    def is_offered(self) -> bool:
        return self.entry.is_offered(self.now)


def event_answers(events: Sequence[Event], context: Context | None, now: datetime) -> list[EventAnswer]:
    """One query for any number of events."""
    places = places_of(events)
    return [EventAnswer(event, places[event.pk], context, now) for event in events]


def shown_link(registration: Registration, now: datetime) -> str:
    """No query unless the student attends online."""
    event = registration.event
    if registration.mode != MeetingMode.ONLINE or registration.status != RegistrationStatus.REGISTERED:
        return ""
    shown_from = event.starts_at - timedelta(minutes=policy_in_force().event_link_minutes)
    return event.online_link if event.is_published and shown_from <= now < event.ends_at else ""


def waiting_answers(entries: Sequence[WaitingEntry], now: datetime) -> list[WaitingAnswer]:
    """Two queries for any number of entries."""
    ids = {entry.source_id for entry in entries}
    events = {event.public_id: event for event in Event.objects.with_details().filter(public_id__in=ids)}
    lines: dict[tuple[str, str], list[int]] = {}
    waiting = WaitingEntry.objects.on_the_list().filter(source_id__in=ids).order_by("number")
    for source, lane, number in waiting.values_list("source_id", "lane", "number"):
        lines.setdefault((source, lane), []).append(number)
    return [
        WaitingAnswer(entry, events[entry.source_id], sum(number < entry.number for number in line), now)
        for entry in entries
        if (line := lines.get((entry.source_id, entry.lane), [])) is not None and entry.source_id in events
    ]
