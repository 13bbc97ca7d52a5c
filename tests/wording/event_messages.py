"""Messages about events that no form of the scene causes."""

from collections.abc import Iterator
from datetime import timedelta

from eligibility.models import WaitingEntry
from events.models import Event, Registration
from events.operations.attendance import Marked, close_attendance
from events.operations.cancel_registration import cancel_registration
from events.operations.check_in import AtTheDoor, check_in
from events.operations.publish import SessionTimes, cancel_event, set_sessions
from events.operations.register import register
from events.operations.waiting import join_waiting_list, sweep_waiting_lists
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import an_event
from tests.factories import StudentFactory


def event_messages(cast: Cast) -> Iterator[object]:
    """Each step causes one kind or more."""
    now, by, student = database_now(), cast.adviser, StudentFactory(given_name="Amara")
    event = an_event(online=5, starts=now.replace(minute=0, second=0, microsecond=0) + timedelta(days=60), places=1)
    yield register(event=event, student=student, mode="online", by=student)
    moved = SessionTimes(event.starts_at + timedelta(days=1), event.ends_at + timedelta(days=1), venue="Room 2")
    yield set_sessions(event=event, sessions=[moved], by=by)
    first, second = StudentFactory(given_name="Amara"), StudentFactory()
    taken = register(event=event, student=second, mode="in_person", by=second)
    yield join_waiting_list(event=event, student=first, mode="in_person", by=first)
    yield cancel_registration(registration=taken, by=second)
    past = database_now() - timedelta(hours=1)
    WaitingEntry.objects.filter(student=first).update(offered_at=past - timedelta(hours=1), offer_ends_at=past)
    yield sweep_waiting_lists()
    register(event=event, student=second, mode="in_person", by=second)
    join_waiting_list(event=event, student=first, mode="in_person", by=first)
    yield cancel_event(event=Event.objects.get(pk=event.pk), reason="The speaker is ill.", by=by)
    yield _over(cast)


def _over(cast: Cast) -> Event:
    student, starts = StudentFactory(given_name="Amara"), database_now() - timedelta(hours=2)
    event = an_event(starts=starts, minutes=240)
    Event.objects.filter(pk=event.pk).update(registration_closes_at=event.ends_at)
    event.refresh_from_db()
    registration = register(event=event, student=student, mode="in_person", by=student)
    door = AtTheDoor("name", by=cast.front_desk)
    check_in(registration=registration, session=event.sessions.get(), door=door)
    ended = (starts, database_now() - timedelta(minutes=1))
    Event.objects.filter(pk=event.pk).update(during=ended)
    close_attendance(event=Event.objects.get(pk=event.pk), marked=Marked(), by=cast.adviser)
    return Registration.objects.get(pk=registration.pk).event
