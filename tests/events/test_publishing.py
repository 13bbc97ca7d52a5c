"""Publishing, changing and cancelling an event."""

from datetime import timedelta

import pytest

from events.models import EventState, Registration
from events.operations.publish import SessionTimes, publish_event, set_sessions
from events.operations.still_coming import say_still_coming
from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.events.factories import an_event, registered

pytestmark = pytest.mark.django_db


def test_an_event_is_published_when_people_can_find_it(cast: Cast) -> None:
    draft = an_event(state=EventState.DRAFT)
    draft.sessions.update(venue="")
    with pytest.raises(Refused) as caught:
        publish_event(event=draft, by=cast.adviser)
    assert caught.value.code == "event_incomplete"
    draft.sessions.update(venue="1 Example Street")
    with pytest.raises(Refused) as caught:
        publish_event(event=draft, by=cast.front_desk)
    assert caught.value.code == "not_yours"
    assert publish_event(event=draft, by=cast.adviser).is_published


def test_a_place_with_two_events_at_once_is_refused_by_the_database(cast: Cast) -> None:
    first, second = an_event(), an_event()
    times = SessionTimes(first.starts_at, first.ends_at, cast.room, public_id=first.sessions.get().public_id)
    set_sessions(event=first, sessions=[times], by=cast.adviser)
    there = SessionTimes(
        first.starts_at + timedelta(minutes=30), first.ends_at + timedelta(minutes=30), cast.room,
        public_id=second.sessions.get().public_id,
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        set_sessions(event=second, sessions=[there], by=cast.adviser)
    assert caught.value.code == "place_taken"
    after = SessionTimes(first.ends_at, first.ends_at + timedelta(hours=1), cast.room)
    set_sessions(event=second, sessions=[after], by=cast.adviser)


def test_a_change_tells_everybody_and_asks_whether_they_still_come(cast: Cast) -> None:
    event = an_event()
    registration = registered(event, cast.student)
    later = SessionTimes(
        event.starts_at + timedelta(days=1), event.ends_at + timedelta(days=1), venue="1 Example Street",
        public_id=event.sessions.get().public_id,
    )  # fmt: skip
    set_sessions(event=event, sessions=[later], by=cast.adviser)
    registration.refresh_from_db()
    assert registration.asked_again_at is not None
    queued = OutboxMessage.objects.filter(regarding=registration.public_id, state="queued")
    assert sorted(queued.values_list("kind", flat=True)) == [
        "events.changed",
        "events.reminder",
        "events.reminder_text",
    ]
    say_still_coming(registration=registration, by=cast.student)
    assert Registration.objects.get().still_coming_at is not None
    set_sessions(event=event, sessions=[later], by=cast.adviser)
    assert queued.filter(kind="events.changed").count() == 1


def test_sessions_that_swap_their_times_never_overlap_on_the_way(cast: Cast) -> None:
    event = an_event()
    one = event.sessions.get()
    hour = timedelta(hours=1)
    two = SessionTimes(event.ends_at, event.ends_at + hour, venue="Two")
    first_of_two = SessionTimes(one.starts_at, one.ends_at, venue="One", public_id=one.public_id)
    set_sessions(event=event, sessions=[first_of_two, two], by=cast.adviser)
    first, second = event.sessions.all()
    swapped = [
        SessionTimes(first.starts_at, first.ends_at, venue="Two", public_id=second.public_id),
        SessionTimes(second.starts_at, second.ends_at, venue="One", public_id=first.public_id),
    ]
    set_sessions(event=event, sessions=swapped, by=cast.adviser)
    assert [each.public_id for each in event.sessions.all()] == [second.public_id, first.public_id]
