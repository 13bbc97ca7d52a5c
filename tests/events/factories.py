"""Events for tests: a published talk with places in the room, a week ahead."""

from datetime import datetime, timedelta
from typing import Any

import factory
from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from events.models import Event, EventSession, EventState, EventType, Registration
from events.operations.register import register
from foundation.values.times import database_now, local_day
from places.models import Location
from tests.factories import UserFactory


class EventTypeFactory(factory.django.DjangoModelFactory[EventType]):
    slug = factory.Sequence(lambda n: f"event-type-{n}")
    name = "Employer session"
    is_employer_led = True

    class Meta:
        model = EventType


def an_event(
    *,
    starts: datetime | None = None,
    minutes: int = 60,
    places: int | None = 2,
    online: int | None = None,
    room: Location | None = None,
    state: EventState = EventState.PUBLISHED,
    **more: Any,
) -> Event:
    """One session. `places` in the room, `online` places online."""
    now = database_now()
    starts = starts or (now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    during = DateTimeTZRange(starts, starts + timedelta(minutes=minutes))
    more.setdefault("is_employer_led", True)
    event = Event.objects.create(
        type=more.pop("type", None) or EventTypeFactory(),
        title=more.pop("title", "Careers in engineering"),
        summary=more.pop("summary", "Meet four engineering firms."),
        during=during,
        local_date=local_day(starts),
        places_in_person=places,
        places_online=online,
        online_link="https://meet.example.ac.uk/talk" if online else "",
        state=state,
        published_at=None if state == EventState.DRAFT else now,
        cancelled_at=now if state == EventState.CANCELLED else None,
        created_by=UserFactory(given_name="Olive", roles=[Role.ADVISER]),
        **more,
    )
    venue = "" if room else "1 Example Street"
    EventSession.objects.create(event=event, during=during, location=room, venue=venue)
    return event


def registered(event: Event, student: User, mode: str = "in_person") -> Registration:
    return register(event=event, student=student, mode=mode, by=student)
