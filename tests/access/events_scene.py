"""The events of the access tests: one to register for, one that is on now, one whose place is kept for the student."""

from datetime import timedelta

from events.models import (
    Event,
    EventOrganiser,
    EventPicture,
    EventQuestion,
    EventSeries,
    EventState,
    EventType,
    Registration,
)
from events.operations.admit import RegistrationDetails
from events.operations.cancel_registration import cancel_registration
from events.operations.devices import open_device
from events.operations.register import register
from events.operations.waiting import join_waiting_list
from events.rules.room_code import room_code
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import EventTypeFactory, an_event, registered
from tests.factories import StudentFactory

Ids = dict[str, dict[str, str]]


def set_events(cast: Cast, needs: str, answer: str) -> Ids:
    """URL arguments by object. The student's registration says `needs` and `answer`."""
    type, now = EventTypeFactory(), database_now()
    event = _event(type, starts=now + timedelta(days=20))
    question = EventQuestion.objects.create(event=event, label="What do you hope for?")
    EventOrganiser.objects.create(event=event, person=cast.adviser)
    mine = register(
        event=event, student=cast.student, mode="in_person", by=cast.student,
        details=RegistrationDetails({question.public_id: answer}, needs),
    )  # fmt: skip
    on_now = _event(type, starts=now - timedelta(minutes=10))
    Event.objects.filter(pk=on_now.pk).update(registration_closes_at=now + timedelta(minutes=30))
    on_now.refresh_from_db()
    present = registered(on_now, cast.student)
    waits = _event(type, starts=now + timedelta(days=33), places=1)
    registered(waits, StudentFactory())
    in_line = join_waiting_list(event=waits, student=cast.student, mode="in_person", by=cast.student)
    over = registered(_event(type, starts=now + timedelta(days=55)), cast.student)
    Registration.objects.filter(pk=over.pk).update(status="attended", ended_at=now)
    full = _event(type, starts=now + timedelta(days=30), places=1)
    taken = registered(full, StudentFactory())
    offered = join_waiting_list(event=full, student=cast.student, mode="in_person", by=cast.student)
    cancel_registration(registration=taken, by=taken.student)
    draft = _event(type, starts=now + timedelta(days=40), state=EventState.DRAFT)
    series = EventSeries.objects.create(title="CV workshops", created_by=cast.adviser)
    Event.objects.filter(pk=event.pk).update(series=series)
    EventPicture.objects.create(event=event, image=b"picture", alt="Talk", width=1, height=1)
    device, _ = open_device(event=on_now, name="Entrance", by=cast.front_desk)
    free = _event(type, starts=now + timedelta(days=50))
    return {
        "event": {"public_id": event.public_id},
        "event_on_now": {"public_id": on_now.public_id},
        "event_full": {"public_id": full.public_id},
        "series": {"public_id": series.public_id},
        "event_draft": {"public_id": draft.public_id},
        "event_free": {"public_id": free.public_id},
        "event_with_picture": {"public_id": event.public_id},
        "room_code": {"public_id": on_now.public_id, "code": room_code(on_now.public_id, now, 10)},
        "device_at_the_door": {"public_id": device.public_id},
        "registration": {"public_id": mine.public_id},
        "present_registration": {"public_id": present.public_id},
        "attended_registration": {"public_id": over.public_id},
        "in_line": {"public_id": in_line.public_id},
        "waiting": {"public_id": offered.public_id},
    }


def _event(type: EventType, **more: object) -> Event:
    return an_event(type=type, **more)  # type: ignore[arg-type]  # the factory's own arguments
