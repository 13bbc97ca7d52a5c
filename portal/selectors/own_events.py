"""A student's events on their home page. They are asked for together with the facts about the student."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.urls import reverse

from eligibility.rules.situations import Situation
from events.selectors.student_events import kept_places, latest_registrations
from foundation.db.extra_columns import STUDENT, ExtraColumn, rows_column
from foundation.values.times import spoken_when, told_when


@dataclass(frozen=True, slots=True)
class HomeEvent:
    """An event that the student is registered for. `is_asked`: we changed it, and wait for their answer."""

    title: str
    when: str
    is_held: bool
    is_asked: bool
    url: str


@cache
def event_columns() -> tuple[ExtraColumn, ExtraColumn]:
    return (
        rows_column(
            latest_registrations(STUDENT),
            public_id="public_id",
            title="event__title",
            starts="event__during__startswith",
            ends="event__during__endswith",
            status="status",
            asked="asked_again_at",
            answered="still_coming_at",
        ),
        rows_column(kept_places(STUDENT), public_id="public_id", title="title", until="offer_ends_at"),
    )


def home_events(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[HomeEvent]:
    """Those that are not over, the next first. `rows` answer the first of `event_columns`."""
    found = []
    for row in rows:
        starts, ends = (datetime.fromisoformat(row[name]) for name in ("starts", "ends"))
        if ends > now:
            asked = row["asked"] is not None and row["answered"] is None
            url = reverse("registration_detail", args=[row["public_id"]])
            found.append(HomeEvent(row["title"], spoken_when(starts, ends), row["status"] == "held", asked, url))
    return found[::-1]


def about_events(events: Iterable[HomeEvent], kept: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[Situation]:
    """What the student should answer. `kept` answers the second of `event_columns`."""
    for row in kept:
        until = datetime.fromisoformat(row["until"])
        if until > now:
            url, text = reverse("waiting_offer", args=[row["public_id"]]), f"Until {told_when(until)}."
            yield Situation(
                "place_kept", f"A place is kept for you: {row['title']}", text, url, "Accept or decline", "ticket"
            )
    for event in events:
        if event.is_asked:
            title, text = f"We changed {event.title}", f"It is now {event.when}."
            yield Situation("still_coming", title, text, event.url, "Do you still come?", "calendar-clock")
